//! The small language of the patterns in `assets/libraries`: literal pieces in order.
//!
//! `*` stands for any text up to [`LONGEST_GAP`] bytes, `{name}` for the same, kept under that name. A quotation mark stands
//! for one, however it is escaped, and for a single one; a brace without a name is a brace. Nothing else is special, so a message of a library can stand as it
//! is printed.

use std::collections::BTreeMap;

/// A gap is no longer than this, so that a match costs a bounded number of steps.
const LONGEST_GAP: usize = 400;
/// What is kept at the end of a pattern reaches to the end of the line, or so far.
const LONGEST_END: usize = 160;
/// A quotation mark with its escapes is no longer than this.
const LONGEST_QUOTE: usize = 6;

/// What is between two literal pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Between {
    /// Quotation marks, escaped or not.
    Quote,
    /// Any text, kept where it has a name.
    Gap(Option<String>),
}

/// A pattern, taken apart: `pieces[0] between[0] pieces[1] …`, and what is kept behind the last piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<String>,
    between: Vec<Between>,
    end: Option<String>,
    anchor: usize,
}

/// Where a pattern fits in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// What was kept, by name.
    pub kept: BTreeMap<String, String>,
}

impl Pattern {
    /// Reads a pattern; `None` where it holds no literal piece.
    pub fn read(text: &str) -> Option<Self> {
        let mut pieces = vec![String::new()];
        let mut between: Vec<Between> = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let gap = match c {
                '"' => Between::Quote,
                '*' => Between::Gap(None),
                '{' if rest.peek().is_some_and(char::is_ascii_lowercase) => {
                    Between::Gap(Some(rest.by_ref().take_while(|c| *c != '}').collect()))
                }
                c => {
                    pieces.last_mut()?.push(c);
                    continue;
                }
            };
            if pieces.last().is_some_and(String::is_empty) {
                // Two gaps are one, that which takes in more; one before the first piece asks for nothing.
                if let Some(last) = between.last_mut()
                    && (*last == Between::Quote || matches!(gap, Between::Gap(Some(_))))
                {
                    *last = gap;
                }
            } else {
                between.push(gap);
                pieces.push(String::new());
            }
        }
        let mut end = None;
        if pieces.last().is_some_and(String::is_empty) {
            pieces.pop();
            if let Some(Between::Gap(name)) = between.pop() {
                end = name;
            }
        }
        let anchor = (0..pieces.len()).max_by_key(|index| pieces[*index].len())?;
        Some(Self {
            pieces,
            between,
            end,
            anchor,
        })
    }

    /// The longest literal piece: where it stands, the pattern may fit.
    pub fn anchor(&self) -> &str {
        &self.pieces[self.anchor]
    }

    /// How many literal bytes the pattern asks for: of two that fit, the longer one says more.
    pub fn weight(&self) -> usize {
        self.pieces.iter().map(String::len).sum()
    }

    /// Fits the pattern around its anchor, which is at `at`.
    pub fn fit(&self, text: &str, at: usize) -> Option<Fit> {
        let mut kept = BTreeMap::new();
        let mut start = at;
        for index in (0..self.anchor).rev() {
            let (piece, between) = (&self.pieces[index], &self.between[index]);
            let from = floor(text, start.saturating_sub(between.longest() + piece.len()));
            let window = &text[from..start];
            let found = match between {
                Between::Quote => window
                    .trim_end_matches(is_quote)
                    .strip_suffix(piece.as_str())?
                    .len(),
                Between::Gap(_) => window.rfind(piece.as_str())?,
            };
            between.keep(&window[found + piece.len()..], &mut kept)?;
            start = from + found;
        }
        let mut end = at + self.anchor().len();
        for index in self.anchor + 1..self.pieces.len() {
            let (piece, between) = (&self.pieces[index], &self.between[index - 1]);
            let to = floor(text, end + between.longest() + piece.len());
            let window = &text[end..to];
            let found = match between {
                Between::Quote => {
                    let behind = window.trim_start_matches(is_quote);
                    behind
                        .starts_with(piece.as_str())
                        .then(|| window.len() - behind.len())?
                }
                Between::Gap(_) => window.find(piece.as_str())?,
            };
            between.keep(&window[..found], &mut kept)?;
            end += found + piece.len();
        }
        if let Some(name) = &self.end {
            let window = &text[end..floor(text, end + LONGEST_END)];
            let value = window.lines().next().unwrap_or_default();
            kept.insert(name.clone(), value.trim().to_owned());
            end += value.len();
        }
        Some(Fit { start, end, kept })
    }
}

impl Between {
    fn longest(&self) -> usize {
        match self {
            Self::Quote => LONGEST_QUOTE,
            Self::Gap(_) => LONGEST_GAP,
        }
    }

    /// Keeps what stands there; `None` where a quotation mark should.
    fn keep(&self, found: &str, kept: &mut BTreeMap<String, String>) -> Option<()> {
        match self {
            Self::Quote => (!found.is_empty()).then_some(()),
            Self::Gap(None) => Some(()),
            Self::Gap(Some(name)) => {
                kept.insert(name.clone(), found.trim_matches(is_quote).trim().to_owned());
                Some(())
            }
        }
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\' | '`' | '“' | '”')
}

/// The character boundary at or before `at`, which may lie behind the text.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::libraries::pattern::*;

    fn fit(pattern: &str, text: &str) -> Option<Fit> {
        let pattern = Pattern::read(pattern)?;
        text.match_indices(pattern.anchor())
            .find_map(|(at, _)| pattern.fit(text, at))
    }

    #[test]
    fn pieces_stand_in_order() {
        assert!(fit("one*two*three", "x one, two and three").is_some());
        assert!(fit("one*two*three", "three two one").is_none());
        assert!(fit("one*two", &format!("one{}two", " ".repeat(LONGEST_GAP + 1))).is_none());
        assert!(Pattern::read("*").is_none());
    }

    #[test]
    fn a_quotation_mark_may_be_escaped_and_must_be_there() {
        for text in [
            r#"the "name" is gone"#,
            r#"the \"name\" is gone"#,
            "the 'name' is gone",
        ] {
            assert!(fit(r#"the "name" is gone"#, text).is_some(), "{text}");
        }
        assert!(fit(r#"the "name" is gone"#, "the name is gone").is_none());
    }

    #[test]
    fn named_gaps_are_kept() {
        let found = fit(
            r#"from "{old}" to "{new}", end {rest}"#,
            "from \"a b\" to \"a,b\", end of it\nnext",
        )
        .unwrap();
        assert_eq!(found.kept["old"], "a b");
        assert_eq!(found.kept["new"], "a,b");
        assert_eq!(found.kept["rest"], "of it");
        assert_eq!(found.start, 0);
    }

    #[test]
    fn text_of_any_script_is_cut_between_characters() {
        let text = format!("{}state{}", "状".repeat(300), "态".repeat(300));
        assert!(fit("no*state", &text).is_none());
        assert!(fit("state {rest}", &text.replace("state", "state ")).is_some());
    }
}
