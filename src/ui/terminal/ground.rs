//! The colour behind the text: asked for by OSC 11 once the first frame is drawn, its answer found among the key presses.
//!
//! crossterm knows no such answer: it reads `ESC ] 11 ; rgb:… BEL` as Alt-], letters, Ctrl-G. So what may be one is held back,
//! letter for letter, until it is the answer or can no longer be it; then it is what it was, key presses.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::ui::view::theme::Theme;

/// Asks the terminal which colour is behind the text.
pub const QUESTION: &str = "\u{1b}]11;?\u{7}";

/// How an answer begins.
const BEGINNINGS: [&str; 2] = ["11;rgb:", "11;rgba:"];
/// Four components of four digits each, and what is between them.
const LONGEST_COLOUR: usize = 19;

/// Looks for the answer among what is typed.
#[derive(Debug, Default)]
pub struct Answer {
    expected: bool,
    /// What may be the answer so far.
    held: Vec<Event>,
    /// Its letters, without the Alt-] that it begins with.
    text: String,
}

/// What became of an event.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was no part of an answer: these came, in order.
    Events(Vec<Event>),
    /// It may be part of an answer.
    Held,
    /// The answer is complete; the theme for that ground, where the colour can be read.
    Answer(Option<Theme>),
}

impl Answer {
    /// Begins to look: the question was asked.
    pub fn expect(&mut self) {
        self.expected = true;
    }

    /// True until the answer has come.
    pub fn is_outstanding(&self) -> bool {
        self.expected
    }

    /// Takes in what came from the terminal.
    pub fn take(&mut self, event: Event) -> Taken {
        let key = match &event {
            Event::Key(key) if self.expected && key.kind == KeyEventKind::Press => *key,
            // A resize or a mouse event in between is not part of the answer.
            _ => return Taken::Events(vec![event]),
        };
        match (self.held.is_empty(), part(key)) {
            (true, Part::Beginning) => {
                self.held.push(event);
                Taken::Held
            }
            (false, Part::Letter(c)) => {
                self.held.push(event);
                self.text.push(c);
                if may_be_answer(&self.text) {
                    Taken::Held
                } else {
                    self.let_go()
                }
            }
            (false, Part::End) if colour(&self.text).is_some() => {
                let theme = ground(&self.text).map(Theme::for_ground);
                *self = Self::default();
                Taken::Answer(theme)
            }
            _ => {
                self.held.push(event);
                self.let_go()
            }
        }
    }

    fn let_go(&mut self) -> Taken {
        self.text.clear();
        Taken::Events(std::mem::take(&mut self.held))
    }
}

/// What a key press would be in an answer.
enum Part {
    Beginning,
    Letter(char),
    End,
    None,
}

fn part(key: KeyEvent) -> Part {
    match (key.code, key.modifiers) {
        (KeyCode::Char(']'), KeyModifiers::ALT) => Part::Beginning,
        (KeyCode::Char('g'), KeyModifiers::CONTROL) | (KeyCode::Char('\\'), KeyModifiers::ALT) => Part::End,
        (KeyCode::Char(c), KeyModifiers::NONE | KeyModifiers::SHIFT) => Part::Letter(c),
        _ => Part::None,
    }
}

/// True for every beginning of an answer.
fn may_be_answer(text: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| beginning.starts_with(text)) || colour(text).is_some()
}

/// What follows the beginning, while it can be a colour.
fn colour(text: &str) -> Option<&str> {
    let colour = BEGINNINGS
        .iter()
        .find_map(|beginning| text.strip_prefix(beginning))?;
    let fits = |c: char| c.is_ascii_hexdigit() || c == '/';
    (colour.len() <= LONGEST_COLOUR && colour.chars().all(fits)).then_some(colour)
}

/// The three components, each as a part of 255.
fn ground(text: &str) -> Option<[u8; 3]> {
    let mut components = colour(text)?.split('/').map(|digits| {
        let most = (1_u32 << (4 * u32::try_from(digits.len()).ok()?)).checked_sub(1)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        u8::try_from(value * 255 / most).ok()
    });
    Some([components.next()??, components.next()??, components.next()??])
}

#[cfg(test)]
mod tests {
    use crate::ui::terminal::ground::*;

    fn press(c: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
    }

    /// An answer as crossterm reads it.
    fn typed(text: &str, end: Event) -> Vec<Event> {
        let letters = text.chars().map(|c| press(c, KeyModifiers::NONE));
        [press(']', KeyModifiers::ALT)]
            .into_iter()
            .chain(letters)
            .chain([end])
            .collect()
    }

    fn bell() -> Event {
        press('g', KeyModifiers::CONTROL)
    }

    fn string_terminator() -> Event {
        press('\\', KeyModifiers::ALT)
    }

    /// What is left of events: those that pass, and the theme that was told.
    fn pass(events: Vec<Event>) -> (Vec<Event>, Option<Theme>) {
        let mut answer = Answer::default();
        answer.expect();
        let (mut passed, mut theme) = (Vec::new(), None);
        for event in events {
            match answer.take(event) {
                Taken::Events(events) => passed.extend(events),
                Taken::Held => {}
                Taken::Answer(told) => theme = told,
            }
        }
        (passed, theme)
    }

    #[test]
    fn an_answer_is_no_key_press_and_tells_the_theme() {
        for (text, end, theme) in [
            ("11;rgb:ffff/ffff/ffff", bell(), Theme::Light),
            ("11;rgb:0000/0000/0000", bell(), Theme::Dark),
            ("11;rgb:1e1e/1e1e/2e2e", string_terminator(), Theme::Dark),
            ("11;rgb:fd/f6/e3", string_terminator(), Theme::Light),
            ("11;rgba:0000/2b2b/3636/ffff", bell(), Theme::Dark),
        ] {
            assert_eq!(pass(typed(text, end)), (Vec::new(), Some(theme)), "{text}");
        }
    }

    #[test]
    fn what_is_typed_stays_what_was_typed() {
        let alone = vec![press('1', KeyModifiers::NONE), bell()];
        let cut_short = typed("11;rgb:ffff/", press('x', KeyModifiers::NONE));
        let words = typed("11 o'clock", bell());
        let long = typed(&format!("11;rgb:{}", "f".repeat(40)), bell());
        for events in [alone, cut_short, words, long] {
            assert_eq!(pass(events.clone()), (events, None));
        }
    }

    #[test]
    fn what_comes_in_between_is_not_held_back_and_an_answer_without_a_colour_is_dropped() {
        let mut events = typed("11;rgb:ffff/ffff/ffff", bell());
        events.insert(5, Event::Resize(80, 24));
        assert_eq!(pass(events), (vec![Event::Resize(80, 24)], Some(Theme::Light)));
        assert_eq!(pass(typed("11;rgb://", bell())), (Vec::new(), None));
    }

    #[test]
    fn who_has_not_asked_takes_nothing() {
        let mut answer = Answer::default();
        for event in typed("11;rgb:ffff/ffff/ffff", bell()) {
            assert_eq!(answer.take(event.clone()), Taken::Events(vec![event]));
        }
    }
}
