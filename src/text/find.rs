//! Finding lines by what is typed: the words of a text in any order, or the letters of a name as far apart as they may be.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

/// Lines to look through, one behind the other in a single piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    text: String,
    ends: Vec<usize>,
}

impl Lines {
    /// Appends a line.
    pub fn push(&mut self, line: &str) {
        self.text.push_str(line);
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
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        let end = self.ends.get(at).copied().unwrap_or(start);
        &self.text[start..end]
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

/// The words of a text, each of which a line has to hold. Small letters stand for capitals too.
pub struct Words {
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Words {
    /// The words of that text; none of them matches every line.
    pub fn of(text: &str) -> Self {
        Self {
            pattern: Pattern::new(text, CaseMatching::Smart, Normalization::Smart, AtomKind::Substring),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
        }
    }

    /// True where a line holds all of them.
    pub fn are_in(&mut self, line: &str) -> bool {
        let line = Utf32Str::new(line, &mut self.buffer);
        self.pattern.score(line, &mut self.matcher).is_some()
    }

    /// The places of the lines that hold all of them, in order; only these are looked at where some are given.
    pub fn places(&mut self, lines: &Lines, among: Option<&[usize]>) -> Vec<usize> {
        match among {
            Some(among) => {
                let among = among.iter().copied();
                among.filter(|at| self.are_in(lines.line(*at))).collect()
            }
            None => (0..lines.len())
                .filter(|at| self.are_in(lines.line(*at)))
                .collect(),
        }
    }
}

/// The places of the lines that have these letters in this order, the best first; lines as good as each other stay in order.
pub fn ranked(letters: &str, lines: &Lines) -> Vec<usize> {
    let pattern = Pattern::new(letters, CaseMatching::Smart, Normalization::Smart, AtomKind::Fuzzy);
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
        let lines: Lines = ["POST /token", "200 OK {\"error\":\"x\"}", "POST /other", "结果：令牌"]
            .into_iter()
            .collect();
        for (text, expected) in [
            ("", &[0, 1, 2, 3][..]),
            ("post", &[0, 2]),
            ("token post", &[0]),
            ("Post", &[]),
            ("OK error", &[1]),
            ("令牌", &[3]),
            ("pst", &[]),
        ] {
            assert_eq!(Words::of(text).places(&lines, None), expected, "{text}");
        }
        assert_eq!(Words::of("post").places(&lines, Some(&[1, 2])), [2]);
    }

    #[test]
    fn letters_may_be_apart_and_the_nearest_comes_first() {
        let lines: Lines = ["scroll to the end", "save", "show secrets"].into_iter().collect();
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
        assert_eq!([lines.line(0), lines.line(1), lines.line(2), lines.line(3)], ["", "a", "bc", ""]);
        assert_eq!(lines.len(), 3);
    }
}
