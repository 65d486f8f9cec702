//! A line of text that a person edits: cursor, selection, words, undo. Pure; positions count grapheme clusters.
//!
//! Nothing is trimmed and nothing is refused: a pasted newline stays in, since it is exactly what explains a refusal.

use unicode_segmentation::UnicodeSegmentation as _;
use zeroize::Zeroizing;

/// The grapheme clusters of a text, most of them a byte: what a person types is mostly ASCII, where only a carriage return
/// joins with what follows.
pub fn graphemes(text: &str) -> impl Iterator<Item = &str> {
    let bytes = is_bytes(text);
    let mut rest = text;
    std::iter::from_fn(move || {
        let length = if bytes {
            usize::from(!rest.is_empty())
        } else {
            rest.graphemes(true).next().map_or(0, str::len)
        };
        let (grapheme, behind) = rest.split_at(length);
        rest = behind;
        (length > 0).then_some(grapheme)
    })
}

/// Whether each byte is a grapheme cluster of its own.
fn is_bytes(text: &str) -> bool {
    text.is_ascii() && !text.contains('\r')
}

/// How many grapheme clusters a text has.
fn length(text: &str) -> usize {
    if is_bytes(text) {
        text.len()
    } else {
        graphemes(text).count()
    }
}

/// How far back [`TextField::undo`] goes.
const UNDO_DEPTH: usize = 50;

/// An editable line. `Debug` tells its length only: it may hold a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TextField {
    text: Zeroizing<String>,
    /// Position of the cursor, in graphemes from the start.
    cursor: usize,
    /// Where the selection began; it reaches to the cursor.
    anchor: Option<usize>,
    undo: Vec<(Zeroizing<String>, usize)>,
    /// The last change was a character that was typed: the next one belongs to the same step of undoing.
    typing: bool,
}

impl std::fmt::Debug for TextField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TextField({} bytes, cursor {})", self.text.len(), self.cursor)
    }
}

/// One step of editing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Put this text in place of the selection.
    Insert(String),
    /// Delete the selection, or the grapheme before the cursor.
    Backspace,
    /// Delete the selection, or the grapheme behind the cursor.
    Delete,
    /// Delete the word before the cursor.
    BackspaceWord,
    /// Delete the word behind the cursor.
    DeleteWord,
    /// Delete from the cursor to the end.
    DeleteToEnd,
    /// Delete from the start to the cursor.
    DeleteToStart,
    /// Move the cursor; extend the selection when the flag is set.
    Move(Motion, bool),
    /// Select everything.
    SelectAll,
    /// Take back the last change.
    Undo,
}

/// Where the cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One grapheme left.
    Left,
    /// One grapheme right.
    Right,
    /// To the start of this word or the one before.
    WordLeft,
    /// Behind the end of this word or the next.
    WordRight,
    /// To the start.
    Home,
    /// To the end.
    End,
}

impl TextField {
    /// A field that holds a text, the cursor at its end.
    pub fn new(text: impl Into<String>) -> Self {
        let text = Zeroizing::new(text.into());
        let cursor = graphemes(&text).count();
        Self {
            text,
            cursor,
            anchor: None,
            undo: Vec::new(),
            typing: false,
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The cursor, in graphemes from the start.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The selected graphemes `[from, to)`, where any are.
    pub fn selection(&self) -> Option<(usize, usize)> {
        let anchor = self.anchor?;
        (anchor != self.cursor).then(|| (anchor.min(self.cursor), anchor.max(self.cursor)))
    }

    /// The selected text.
    pub fn selected_text(&self) -> Option<&str> {
        let (from, to) = self.selection()?;
        Some(&self.text[self.byte(from)..self.byte(to)])
    }

    /// Replaces the whole text; [`Edit::Undo`] brings the old one back.
    pub fn set(&mut self, text: &str) {
        self.remember();
        text.clone_into(&mut self.text);
        self.cursor = self.len();
        self.anchor = None;
        self.typing = false;
    }

    /// Makes ready for another value: a secret is emptied, anything else selected, so that what is typed or pasted replaces it.
    pub fn replace(&mut self, is_secret: bool) {
        self.edit(Edit::SelectAll);
        if is_secret {
            self.edit(Edit::Delete);
        }
    }

    /// Does one step of editing.
    pub fn edit(&mut self, edit: Edit) {
        let goes_on = std::mem::take(&mut self.typing);
        match edit {
            Edit::Insert(text) => {
                self.typing = text.chars().nth(1).is_none();
                if !(self.typing && goes_on) {
                    self.remember();
                }
                self.remove_selection();
                let at = self.byte(self.cursor);
                self.text.insert_str(at, &text);
                // Counted anew from the start, since a combining mark joins the grapheme before it.
                self.cursor = length(&self.text[..at + text.len()]);
            }
            Edit::Backspace => self.delete(Motion::Left),
            Edit::Delete => self.delete(Motion::Right),
            Edit::BackspaceWord => self.delete(Motion::WordLeft),
            Edit::DeleteWord => self.delete(Motion::WordRight),
            Edit::DeleteToEnd => self.delete(Motion::End),
            Edit::DeleteToStart => self.delete(Motion::Home),
            Edit::Move(motion, extend) => {
                let selection = self.selection();
                if extend {
                    self.anchor.get_or_insert(self.cursor);
                } else {
                    self.anchor = None;
                }
                self.cursor = match (motion, selection, extend) {
                    // An arrow out of a selection goes to that end of it.
                    (Motion::Left, Some((from, _)), false) => from,
                    (Motion::Right, Some((_, to)), false) => to,
                    _ => self.target(motion),
                };
            }
            Edit::SelectAll => {
                self.anchor = Some(0);
                self.cursor = self.len();
            }
            Edit::Undo => {
                if let Some((text, cursor)) = self.undo.pop() {
                    self.text = text;
                    self.cursor = cursor;
                    self.anchor = None;
                }
            }
        }
    }

    /// Puts the cursor at a grapheme, as a mouse click does.
    pub fn place_cursor(&mut self, at: usize) {
        self.cursor = at.min(self.len());
        self.anchor = None;
        self.typing = false;
    }

    fn len(&self) -> usize {
        length(&self.text)
    }

    fn byte(&self, grapheme: usize) -> usize {
        if is_bytes(&self.text) {
            return grapheme.min(self.text.len());
        }
        self.text
            .grapheme_indices(true)
            .nth(grapheme)
            .map_or(self.text.len(), |(at, _)| at)
    }

    fn remember(&mut self) {
        if self.undo.len() == UNDO_DEPTH {
            self.undo.remove(0);
        }
        self.undo.push((self.text.clone(), self.cursor));
    }

    fn delete(&mut self, motion: Motion) {
        let before = self.cursor;
        if self.selection().is_none() {
            self.anchor = Some(self.cursor);
            self.cursor = self.target(motion);
        }
        if self.selection().is_some() {
            self.remember();
            if let Some((_, cursor)) = self.undo.last_mut() {
                *cursor = before;
            }
        }
        self.remove_selection();
    }

    fn remove_selection(&mut self) {
        if let Some((from, to)) = self.selection() {
            let range = self.byte(from)..self.byte(to);
            self.text.replace_range(range, "");
            self.cursor = from;
        }
        self.anchor = None;
    }

    fn target(&self, motion: Motion) -> usize {
        match motion {
            Motion::Left => self.cursor.saturating_sub(1),
            Motion::Right => (self.cursor + 1).min(self.len()),
            Motion::Home => 0,
            Motion::End => self.len(),
            Motion::WordLeft => {
                let before: Vec<&str> = graphemes(&self.text).take(self.cursor).collect();
                let end = before.iter().rposition(|g| is_word(g)).map_or(0, |at| at + 1);
                before[..end]
                    .iter()
                    .rposition(|g| !is_word(g))
                    .map_or(0, |at| at + 1)
            }
            Motion::WordRight => {
                let behind = || graphemes(&self.text).enumerate().skip(self.cursor);
                let Some(start) = behind().find(|(_, g)| is_word(g)).map(|(at, _)| at) else {
                    return self.len();
                };
                behind()
                    .skip(start - self.cursor)
                    .find(|(_, g)| !is_word(g))
                    .map_or(self.len(), |(at, _)| at)
            }
        }
    }
}

/// Words end at the delimiters of URIs, so that a host or a path segment can be taken at one stroke.
fn is_word(grapheme: &str) -> bool {
    grapheme.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use crate::ui::model::text_field::*;

    #[test]
    fn the_short_way_to_graphemes_finds_what_the_long_one_does() {
        for text in ["", "plain ascii\n", "cr\r\nlf", "a\u{301}é", "客户端 x", "👩‍👩‍👧🇨🇳"]
        {
            let long: Vec<&str> = text.graphemes(true).collect();
            assert_eq!(graphemes(text).collect::<Vec<_>>(), long, "{text:?}");
        }
    }

    /// Draws a field with `|` for the cursor and `[`, `]` around the selection.
    fn drawn(field: &TextField) -> String {
        let mut out = String::new();
        let selection = field.selection();
        for (at, grapheme) in graphemes(field.text()).chain([""]).enumerate() {
            for (mark, place) in [
                (']', selection.map(|s| s.1)),
                ('|', Some(field.cursor())),
                ('[', selection.map(|s| s.0)),
            ] {
                if place == Some(at) {
                    out.push(mark);
                }
            }
            out.push_str(grapheme);
        }
        out
    }

    fn field(text: &str) -> TextField {
        let mut field = TextField::new(text.replace('|', ""));
        field.place_cursor(graphemes(text.split('|').next().unwrap()).count());
        field
    }

    fn typed(key: &str) -> Edit {
        Edit::Insert(key.to_owned())
    }

    #[test]
    fn before_edit_after() {
        use Edit::*;
        use Motion::*;
        for (before, edits, after) in [
            ("ab|c", vec![Insert("X".into())], "abX|c"),
            ("ab|c", vec![Backspace], "a|c"),
            ("ab|c", vec![Delete], "ab|"),
            ("客户|端", vec![Backspace], "客|端"),
            ("e\u{301}|x", vec![Backspace], "|x"),
            ("http://a.b/call|back", vec![BackspaceWord], "http://a.b/|back"),
            ("http://a.b/|", vec![BackspaceWord], "http://a.|"),
            ("|http://a.b", vec![DeleteWord], "|://a.b"),
            ("ab|cd", vec![DeleteToEnd], "ab|"),
            ("ab|cd", vec![DeleteToStart], "|cd"),
            ("ab|cd", vec![Move(Left, true), Insert("X".into())], "aX|cd"),
            ("a b|", vec![Move(WordLeft, true)], "a |[b]"),
            ("|a b", vec![Move(WordRight, false)], "a| b"),
            ("ab|", vec![SelectAll, Backspace], "|"),
            ("ab|", vec![SelectAll, Move(Left, false)], "|ab"),
            ("ab|", vec![Insert("\n".into())], "ab\n|"),
            ("ab|", vec![Backspace, Undo], "ab|"),
            ("|", vec![Backspace, Delete, BackspaceWord, DeleteWord, Undo], "|"),
            // What was typed in one go is taken back in one go, what was pasted for itself.
            ("ab|", vec![typed("x"), typed("y"), Undo], "ab|"),
            ("ab|", vec![typed("x"), Insert("two".into()), Undo], "abx|"),
            ("ab|", vec![typed("x"), Backspace, typed("y"), Undo], "ab|"),
            (
                "ab|",
                vec![typed("x"), Move(Left, false), typed("y"), Undo],
                "ab|x",
            ),
        ] {
            let mut field = field(before);
            for edit in edits.clone() {
                field.edit(edit);
            }
            assert_eq!(drawn(&field), after, "{before} {edits:?}");
        }
    }
}
