//! From crossterm's events to messages.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::ui::{
    keys::{Key, KeyPress},
    message::Message,
    view::theme::Theme,
};

/// How far one notch of the wheel scrolls.
const WHEEL_LINES: i16 = 3;

/// What came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A message for the model.
    Message(Message),
    /// A click at a cell; the drawing knows what is there.
    Click(u16, u16),
    /// The wheel turned at a cell by so many lines, down being positive.
    Wheel(u16, u16, i16),
    /// The terminal has said which colour is behind the text: the theme for it.
    Ground(Theme),
    /// The program goes on after it was stopped: the terminal may be in any state.
    TakeAgain,
    /// The size changed: draw again.
    Resize,
    /// Nothing of interest.
    Nothing,
}

/// Reads an event.
pub fn read(event: &Event) -> Input {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            key_press(key).map_or(Input::Nothing, |press| Input::Message(Message::Key(press)))
        }
        Event::Paste(text) => Input::Message(Message::Paste(text.clone())),
        Event::Mouse(mouse) => read_mouse(*mouse),
        Event::Resize(..) => Input::Resize,
        _ => Input::Nothing,
    }
}

fn read_mouse(mouse: MouseEvent) -> Input {
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Input::Click(mouse.column, mouse.row),
        MouseEventKind::ScrollDown => Input::Wheel(mouse.column, mouse.row, WHEEL_LINES),
        MouseEventKind::ScrollUp => Input::Wheel(mouse.column, mouse.row, -WHEEL_LINES),
        _ => Input::Nothing,
    }
}

fn key_press(event: &KeyEvent) -> Option<KeyPress> {
    let modifiers = event.modifiers;
    let key = match event.code {
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::F(n) => Key::F(n),
        _ => return None,
    };
    let ctrl = modifiers.contains(KeyModifiers::CONTROL);
    let key = match key {
        // Some terminals send Ctrl-Shift-letter as a capital; the table has small letters.
        // What terminals send for Ctrl-/ and Ctrl-_ alike, crossterm reads as Ctrl-7.
        Key::Char('7' | '/') if ctrl => Key::Char('_'),
        Key::Char(c) if ctrl => Key::Char(c.to_ascii_lowercase()),
        key => key,
    };
    let folds_shift = matches!(key, Key::Char(_) | Key::BackTab);
    Some(KeyPress {
        key,
        ctrl,
        alt: modifiers.contains(KeyModifiers::ALT),
        shift: modifiers.contains(KeyModifiers::SHIFT) && !folds_shift,
    })
}

#[cfg(test)]
mod tests {
    use crate::ui::terminal::input::*;

    #[test]
    fn keys_lose_their_terminal() {
        let event = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        let press = |key, ctrl, alt, shift| {
            Input::Message(Message::Key(KeyPress {
                key,
                ctrl,
                alt,
                shift,
            }))
        };
        for (given, expected) in [
            (
                event(KeyCode::Char('A'), KeyModifiers::SHIFT),
                press(Key::Char('A'), false, false, false),
            ),
            (
                event(KeyCode::Char('R'), KeyModifiers::CONTROL),
                press(Key::Char('r'), true, false, false),
            ),
            (
                event(KeyCode::Char('7'), KeyModifiers::CONTROL),
                press(Key::Char('_'), true, false, false),
            ),
            (
                event(KeyCode::BackTab, KeyModifiers::SHIFT),
                press(Key::BackTab, false, false, false),
            ),
            (
                event(KeyCode::Left, KeyModifiers::SHIFT),
                press(Key::Left, false, false, true),
            ),
        ] {
            assert_eq!(read(&given), expected);
        }
        let mut release = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        release.kind = KeyEventKind::Release;
        assert_eq!(read(&Event::Key(release)), Input::Nothing);
    }
}
