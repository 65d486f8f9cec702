//! Finding lines by what is typed: the words of a text in any order, or the letters of a name as far apart as they may be.

use memchr::memmem::Finder;
use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

/// Lines to look through, one behind the other in a single piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Each ends in a line break, so that nothing is found that begins in one and ends in the next.
    text: String,
    /// The same in small letters, as far as they are ASCII: a byte stands where it stands in `text`.
    small: String,
    /// Where each ends, its line break included.
    ends: Vec<usize>,
}

impl Lines {
    /// Appends a line.
    pub fn push(&mut self, line: &str) {
        let start = self.text.len();
        self.text.push_str(line);
        self.text.push('\n');
        self.small.push_str(&self.text[start..].to_ascii_lowercase());
        self.ends.push(self.text.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True while there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// One of them; empty where there is none.
    pub fn line(&self, at: usize) -> &str {
        let (start, end) = self.bounds(at);
        self.text[start..end].strip_suffix('\n').unwrap_or_default()
    }

    fn bounds(&self, at: usize) -> (usize, usize) {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.copied().unwrap_or(0);
        (start, self.ends.get(at).copied().unwrap_or(start))
    }
}

impl<'l> FromIterator<&'l str> for Lines {
    fn from_iter<I: IntoIterator<Item = &'l str>>(lines: I) -> Self {
        let mut all = Self::default();
        for line in lines {
            all.push(line);
        }
        all
    }
}

/// The words of a text, each of which a line has to hold. A word of small letters finds capitals too.
#[derive(Debug)]
pub struct Words(Vec<Word>);

#[derive(Debug)]
struct Word {
    finder: Finder<'static>,
    as_written: bool,
}

impl Words {
    /// The words of that text; none of them matches every line.
    pub fn of(text: &str) -> Self {
        let words = text.split_whitespace().map(|word| Word {
            finder: Finder::new(word).into_owned(),
            as_written: word.contains(|c: char| c.is_ascii_uppercase()),
        });
        Self(words.collect())
    }

    /// True where a line holds all of them.
    pub fn are_in(&self, line: &str) -> bool {
        let mut lines = Lines::default();
        lines.push(line);
        !self.places(&lines).is_empty()
    }

    /// The places of the lines that hold all of them, in order. The first word is looked for in all lines at once, whose
    /// number then costs little.
    pub fn places(&self, lines: &Lines) -> Vec<usize> {
        let Some((first, rest)) = self.0.split_first() else {
            return (0..lines.len()).collect();
        };
        let text = first.text(lines);
        let mut found = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(hit) = first.finder.find(&text[from..]) {
            let hit = from + hit;
            // Lines are short: the one with the hit is near.
            while lines.ends[at] <= hit {
                at += 1;
            }
            let (start, end) = lines.bounds(at);
            let holds = |word: &Word| word.finder.find(&word.text(lines)[start..end]).is_some();
            if rest.iter().all(holds) {
                found.push(at);
            }
            from = end;
        }
        found
    }
}

impl Word {
    fn text<'l>(&self, lines: &'l Lines) -> &'l [u8] {
        if self.as_written {
            lines.text.as_bytes()
        } else {
            lines.small.as_bytes()
        }
    }
}

/// The places of the lines that have these letters in this order, the best first; lines as good as each other stay in order.
pub fn ranked(letters: &str, lines: &Lines) -> Vec<usize> {
    let pattern = Pattern::new(
        letters,
        CaseMatching::Smart,
        Normalization::Smart,
        AtomKind::Fuzzy,
    );
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut found: Vec<(usize, u32)> = (0..lines.len())
        .filter_map(|at| {
            let line = Utf32Str::new(lines.line(at), &mut buffer);
            Some((at, pattern.score(line, &mut matcher)?))
        })
        .collect();
    found.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    found.into_iter().map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use crate::text::find::*;

    #[test]
    fn a_line_has_to_hold_every_word() {
        let lines: Lines = [
            "POST /token",
            "200 OK {\"error\":\"x\"}",
            "POST /other",
            "结果：令牌",
        ]
        .into_iter()
        .collect();
        for (text, expected) in [
            (" ", &[0, 1, 2, 3][..]),
            ("post", &[0, 2]),
            ("token post", &[0]),
            ("Post", &[]),
            ("OK error", &[1]),
            ("令牌", &[3]),
            ("pst", &[]),
        ] {
            assert_eq!(Words::of(text).places(&lines), expected, "{text}");
        }
        assert!(Words::of("12ab").are_in("x12AB") && !Words::of("12AB").are_in("12ab"));
        // What ends in one line and begins in the next is in neither.
        assert!(Words::of("enpo").places(&lines).is_empty());
    }

    #[test]
    fn letters_may_be_apart_and_the_nearest_comes_first() {
        let lines: Lines = ["scroll to the end", "save", "show secrets"]
            .into_iter()
            .collect();
        assert_eq!(ranked("sv", &lines), [1]);
        assert_eq!(ranked("sec", &lines)[0], 2);
        assert_eq!(ranked("", &lines), [0, 1, 2]);
    }

    #[test]
    fn lines_are_what_was_put_in() {
        let mut lines = Lines::default();
        assert!(lines.is_empty());
        lines.push("");
        lines.push("a");
        lines.push("bc");
        assert_eq!(
            [lines.line(0), lines.line(1), lines.line(2), lines.line(3)],
            ["", "a", "bc", ""]
        );
        assert_eq!(lines.len(), 3);
    }
}
