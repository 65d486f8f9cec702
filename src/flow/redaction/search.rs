//! Finds known secrets in every form that they take, in one pass over a text.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::OnceLock,
};

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};
use zeroize::Zeroizing;

use crate::{
    flow::{redaction::SHORTEST_SEARCHED, secret_forms::FORMS},
    oauth::{
        params::char_boundary,
        secret::{MASK, mask},
    },
};

/// So much of a form is searched for; what follows is compared where that is found.
const LONGEST_PATTERN: usize = 64;
/// So much of a secret is written in every form beforehand: in none of them are these fewer bytes than a pattern has.
const LONGEST_WRITTEN: usize = 8 * LONGEST_PATTERN;

/// From this length on a text is worth an automaton that takes longer to make and searches several times as fast.
const LARGE: usize = 64 * 1024;
/// Of more than so many bytes of patterns such an automaton is too large.
const MOST_FOR_LARGE: usize = 8 * 1024;

/// Finds all needles in one pass over a text.
#[derive(Clone)]
pub(super) struct Search {
    automaton: Option<AhoCorasick>,
    /// The same for large texts; made when the first one comes.
    for_large: OnceLock<Option<AhoCorasick>>,
    patterns: Vec<Zeroizing<String>>,
    /// For each pattern the needles that begin with it.
    needles: Vec<Vec<Needle>>,
}

/// A form of a secret, both by their places. A long one is written when its beginning is found.
#[derive(Clone)]
struct Needle {
    secret: usize,
    form: usize,
    written: OnceLock<Written>,
}

#[derive(Clone)]
struct Written {
    text: Zeroizing<String>,
    masked: String,
}

impl Search {
    pub(super) fn of(secrets: &[Zeroizing<String>], common: bool) -> Self {
        let mut needles: Vec<Vec<Needle>> = Vec::new();
        let mut patterns: Vec<Zeroizing<String>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (nth, secret) in secrets.iter().enumerate() {
            let is_long = secret.len() > LONGEST_WRITTEN;
            let unescaped = secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let mut seen = HashSet::new();
            for (form, dress) in FORMS.iter().enumerate() {
                // The upper case is found by the plain form; what is masked there is masked in its own characters.
                if dress.common != common || (unescaped && dress.escapes && form > 0) {
                    continue;
                }
                let written = Zeroizing::new((dress.write)(dress.beginning(secret, LONGEST_WRITTEN)));
                if written.len() < SHORTEST_SEARCHED
                    || (!is_long && !seen.insert(written.to_ascii_lowercase()))
                {
                    continue;
                }
                let pattern = &written[..char_boundary(&written, LONGEST_PATTERN)];
                let place = match places.entry(pattern.to_ascii_lowercase()) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => {
                        patterns.push(Zeroizing::new(pattern.to_owned()));
                        needles.push(Vec::new());
                        *new.insert(needles.len() - 1)
                    }
                };
                needles[place].push(Needle {
                    secret: nth,
                    form,
                    written: OnceLock::new(),
                });
            }
        }
        Self {
            automaton: automaton(&patterns, None),
            for_large: OnceLock::new(),
            patterns,
            needles,
        }
    }

    /// What finds the patterns in a text of that length.
    fn automaton(&self, length: usize) -> Option<&AhoCorasick> {
        let usual = self.automaton.as_ref()?;
        let size: usize = self.patterns.iter().map(|pattern| pattern.len()).sum();
        if length < LARGE || size > MOST_FOR_LARGE {
            return Some(usual);
        }
        let made = self
            .for_large
            .get_or_init(|| automaton(&self.patterns, Some(AhoCorasickKind::DFA)));
        Some(made.as_ref().unwrap_or(usual))
    }

    /// Masks every needle in a text. `secrets` are those that it was made of.
    pub(super) fn mask<'t>(&self, text: Cow<'t, str>, secrets: &[Zeroizing<String>]) -> Cow<'t, str> {
        let Some(automaton) = self.automaton(text.len()) else {
            return text;
        };
        let mut out = String::new();
        let mut done = 0;
        while let Some(found) = automaton.find(Input::new(text.as_ref()).span(done..text.len())) {
            // Several may begin alike: the one that goes on longest.
            let best = self.needles[found.pattern().as_usize()]
                .iter()
                .map(|needle| {
                    let written = needle.written(secrets);
                    let same = text.as_bytes()[found.start()..]
                        .iter()
                        .zip(written.text.as_bytes())
                        .take_while(|(a, b)| a.eq_ignore_ascii_case(b))
                        .count();
                    (same, written)
                })
                .max_by_key(|(same, _)| *same);
            let Some((same, written)) = best else {
                return text;
            };
            let end = char_boundary(&text, found.start() + same).max(found.end());
            let stands = &text[found.start()..end];
            out.push_str(&text[done..found.start()]);
            if *stands == **written.text {
                out.push_str(&written.masked);
            } else if stands.len() == written.text.len() {
                out.push_str(&mask(stands));
            } else {
                out.extend(stands.chars().map(|_| MASK));
            }
            done = end;
        }
        if done == 0 {
            return text;
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }
}

fn automaton(patterns: &[Zeroizing<String>], kind: Option<AhoCorasickKind>) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .kind(kind)
        // Bytes that are rare elsewhere are frequent in what is searched for and in what is made to look like it.
        .prefilter(kind.is_none())
        .build(patterns.iter().map(|pattern| pattern.as_bytes()))
        .ok()
        .filter(|_| !patterns.is_empty())
}

impl Needle {
    fn written(&self, secrets: &[Zeroizing<String>]) -> &Written {
        self.written.get_or_init(|| {
            let (form, secret) = (&FORMS[self.form], &secrets[self.secret]);
            Written {
                text: Zeroizing::new((form.write)(secret)),
                masked: (form.masked)(secret),
            }
        })
    }
}
