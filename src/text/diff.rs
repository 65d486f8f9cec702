//! Where a text departs from the one that it is held against: what is wrong in it, and where something is missing.

/// How one text departs from another. Only the first of the two is ever marked: the other is the one that is right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Its characters that the other text does not have, as character ranges `[from, to)`.
    pub marks: Vec<(usize, usize)>,
    /// Where characters of the other text are missing: before which character, and how many.
    pub missing: Vec<(usize, usize)>,
}

impl Difference {
    /// The whole text differs, of which there are `length` characters; an empty one lacks the `expected` ones.
    pub fn whole(length: usize, expected: usize) -> Self {
        let mut difference = Self::default();
        difference.departs((0, length), (0, expected));
        difference
    }

    /// The same in a text that has `by` more characters before it.
    #[must_use]
    pub fn moved(mut self, by: usize) -> Self {
        for (from, to) in &mut self.marks {
            (*from, *to) = (*from + by, *to + by);
        }
        for (at, _) in &mut self.missing {
            *at += by;
        }
        self
    }

    /// Adds what another stretch of the same text holds.
    pub fn extend(&mut self, other: Self) {
        self.marks.extend(other.marks);
        self.missing.extend(other.missing);
    }

    /// The place of the first departure, counted from 0.
    pub fn first(&self) -> Option<usize> {
        let marks = self.marks.iter().map(|mark| mark.0);
        marks.chain(self.missing.iter().map(|gap| gap.0)).min()
    }

    /// Notes that `own` stands where the other text has `other`.
    fn departs(&mut self, own: (usize, usize), other: (usize, usize)) {
        if own.0 < own.1 {
            self.marks.push(own);
        } else if other.0 < other.1 {
            self.missing.push((own.0, other.1 - other.0));
        }
    }
}

/// Compares character by character, as values without words are: secrets, codes, identifiers. All between the common
/// beginning and the common end differs.
pub fn characters(text: &str, other: &str) -> Difference {
    let (own, other): (Vec<char>, Vec<char>) = (text.chars().collect(), other.chars().collect());
    let (own, other) = between(&own, &other);
    let mut difference = Difference::default();
    difference.departs(own, other);
    difference
}

/// Compares texts that are made of words: one that is replaced by another differs as a whole, unless it is written in
/// another case only; words that were left out or added are told one by one.
pub fn words(text: &str, other: &str) -> Difference {
    let (own, theirs): (Vec<char>, Vec<char>) = (text.chars().collect(), other.chars().collect());
    let (mut a, b) = between(&own, &theirs);
    let mut difference = Difference::default();
    if a.0 == a.1 || b.0 == b.1 {
        difference.departs(a, b);
        return difference;
    }
    let stretch = |text: &[char], (from, to): (usize, usize)| text[from..to].iter().collect::<String>();
    let (mine, right) = (stretch(&own, a), stretch(&theirs, b));
    let place = |text: &str, part: &str| text.find(part).map(|at| text[..at].chars().count());
    if let Some(at) = place(&right, &mine) {
        difference.departs((a.0, a.0), (0, at));
        difference.departs((a.1, a.1), (at + (a.1 - a.0), b.1 - b.0));
    } else if let Some(at) = place(&mine, &right) {
        difference.departs((a.0, a.0 + at), (0, 0));
        difference.departs((a.0 + at + (b.1 - b.0), a.1), (0, 0));
    } else {
        if mine.to_lowercase() != right.to_lowercase() {
            while a.0 > 0 && own[a.0].is_alphanumeric() && own[a.0 - 1].is_alphanumeric() {
                a.0 -= 1;
            }
            while a.1 < own.len() && own[a.1 - 1].is_alphanumeric() && own[a.1].is_alphanumeric() {
                a.1 += 1;
            }
        }
        difference.departs(a, b);
    }
    difference
}

/// What lies between the common beginning and the common end, in each of the two.
fn between(one: &[char], other: &[char]) -> ((usize, usize), (usize, usize)) {
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let longest_end = one.len().min(other.len()) - start;
    let end = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take(longest_end)
        .take_while(|(a, b)| a == b)
        .count();
    ((start, one.len() - end), (start, other.len() - end))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Ranges = &'static [(usize, usize)];

    #[test]
    fn what_is_there_is_marked_and_what_is_missing_is_a_gap() {
        let table: [(&str, &str, Ranges, Ranges); 6] = [
            ("same", "same", &[], &[]),
            ("abcd", "abXd", &[(2, 3)], &[]),
            ("abcd", "abc", &[(3, 4)], &[]),
            ("abc", "abcd", &[], &[(3, 1)]),
            ("aa", "aaa", &[], &[(2, 1)]),
            ("", "x", &[], &[(0, 1)]),
        ];
        for (text, other, marks, missing) in table {
            let found = characters(text, other);
            assert_eq!(
                (&found.marks[..], &found.missing[..]),
                (marks, missing),
                "{text} {other}"
            );
        }
    }

    #[test]
    fn words_differ_as_a_whole_and_are_missed_one_by_one() {
        let table: [(&str, &str, Ranges, Ranges); 9] = [
            ("/callback", "/auth/callback", &[], &[(1, 5)]),
            ("/callback/", "/callback", &[(9, 10)], &[]),
            ("/callback", "/callback/", &[], &[(9, 1)]),
            ("localhost", "127.0.0.1", &[(0, 9)], &[]),
            ("staging.example.com", "studio.example.com", &[(0, 7)], &[]),
            ("/Callback", "/callback", &[(1, 2)], &[]),
            ("/callback", "/auth/callback/", &[], &[(1, 5), (9, 1)]),
            ("/auth/callback/", "/callback", &[(1, 6), (14, 15)], &[]),
            ("/端点", "/回调", &[(1, 3)], &[]),
        ];
        for (text, other, marks, missing) in table {
            let found = words(text, other);
            assert_eq!(
                (&found.marks[..], &found.missing[..]),
                (marks, missing),
                "{text} {other}"
            );
        }
    }
}
