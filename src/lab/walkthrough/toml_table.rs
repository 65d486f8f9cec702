//! Reading the tables of a file key by key, so that whatever is wrong is said in our words and at its line.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::lab::walkthrough::{
    error::{Mistake, Reason},
    script::Text,
};

/// Where a table stands, for the sentence that says what it lacks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// The file itself, or a table of it.
    File,
    /// A step, counted from 1.
    Step(usize),
    /// A choice of a step, both counted from 1.
    Choice(usize, usize),
}

/// A value and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) at: usize,
}

/// A table of the file.
pub(crate) struct Table<'t> {
    entries: &'t DeTable<'t>,
    pub(crate) at: usize,
    place: Place,
}

type Read<T> = Result<T, Mistake>;

impl<'t> Table<'t> {
    pub(crate) fn new(entries: &'t DeTable<'t>, at: usize, place: Place) -> Self {
        Self { entries, at, place }
    }

    /// Rejects the first key, in the order of the file, that is not one of these.
    pub(crate) fn knows_only(&self, keys: &[&str]) -> Read<()> {
        let unknown = self
            .entries
            .keys()
            .filter(|key| !keys.contains(&key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        match unknown {
            None => Ok(()),
            Some(key) => Err(Mistake::new(key.span().start, Reason::UnknownKey)
                .with("key", key.get_ref().as_ref())
                .with("expected", keys.join(", "))),
        }
    }

    fn value(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.entries
            .iter()
            .find(|(name, _)| name.get_ref().as_ref() == key)
            .map(|(_, value)| value)
    }

    /// Where a key begins.
    pub(crate) fn key_at(&self, key: &str) -> Option<usize> {
        self.entries
            .keys()
            .find(|name| name.get_ref().as_ref() == key)
            .map(|name| name.span().start)
    }

    fn missing(&self, key: &'static str) -> Mistake {
        match self.place {
            Place::File => Mistake::new(self.at, Reason::Missing),
            Place::Step(step) => Mistake::new(self.at, Reason::MissingInStep).with("step", step.to_string()),
            Place::Choice(step, choice) => Mistake::new(self.at, Reason::MissingInChoice)
                .with("step", step.to_string())
                .with("choice", choice.to_string()),
        }
        .with("key", key)
    }

    pub(crate) fn needs<T>(&self, key: &'static str, value: Option<T>) -> Read<T> {
        value.ok_or_else(|| self.missing(key))
    }

    /// A text: a string, or one string a language.
    pub(crate) fn text(&self, key: &'static str) -> Read<Option<Located<Text>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let at = value.span().start;
        let filled = |text: &str, at: usize| {
            if text.trim().is_empty() {
                Err(Mistake::new(at, Reason::Empty).with("key", key))
            } else {
                Ok(text.to_owned())
            }
        };
        let text = match value.get_ref() {
            DeValue::String(text) => Text::One(filled(text, at)?),
            DeValue::Table(languages) => {
                let (mut en, mut zh_cn) = (None, None);
                for (language, text) in languages {
                    let place = match language.get_ref().as_ref() {
                        "en" => &mut en,
                        "zh-CN" => &mut zh_cn,
                        unknown => {
                            return Err(Mistake::new(language.span().start, Reason::UnknownLanguage)
                                .with("key", key)
                                .with("value", unknown)
                                .with("expected", "en, zh-CN"));
                        }
                    };
                    let at = text.span().start;
                    let Some(text) = text.get_ref().as_str() else {
                        return Err(Mistake::new(at, Reason::NotAText).with("key", key));
                    };
                    *place = Some(filled(text, at)?);
                }
                let Some(en) = en else {
                    let at = languages.keys().map(|key| key.span().start).min().unwrap_or(at);
                    return Err(Mistake::new(at, Reason::NoEnglish).with("key", key));
                };
                Text::Each { en, zh_cn }
            }
            _ => return Err(Mistake::new(at, Reason::NotAText).with("key", key)),
        };
        Ok(Some(Located { value: text, at }))
    }

    /// A word, or any string that is not for reading.
    pub(crate) fn word(&self, key: &'static str) -> Read<Option<Located<String>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let at = value.span().start;
        match value.get_ref().as_str() {
            Some(word) => Ok(Some(Located {
                value: word.to_owned(),
                at,
            })),
            None => Err(Mistake::new(at, Reason::NotAWord).with("key", key)),
        }
    }

    /// A list of words.
    pub(crate) fn words(&self, key: &'static str) -> Read<Option<Vec<Located<String>>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let wrong = |at: usize| Mistake::new(at, Reason::NotAList).with("key", key);
        let list = value
            .get_ref()
            .as_array()
            .ok_or_else(|| wrong(value.span().start))?;
        let words = list.iter().map(|word| {
            let at = word.span().start;
            let word = word.get_ref().as_str().ok_or_else(|| wrong(at))?;
            Ok(Located {
                value: word.to_owned(),
                at,
            })
        });
        words.collect::<Read<_>>().map(Some)
    }

    /// One word of several.
    pub(crate) fn one_of<T: Copy>(&self, key: &'static str, known: &[(&str, T)]) -> Read<Option<Located<T>>> {
        match self.word(key)? {
            None => Ok(None),
            Some(word) => Ok(Some(meaning(key, &word, known)?)),
        }
    }

    pub(crate) fn number(&self, key: &'static str) -> Read<Option<Located<u32>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let at = value.span().start;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        match number {
            Some(value) => Ok(Some(Located { value, at })),
            None => Err(Mistake::new(at, Reason::NotANumber).with("key", key)),
        }
    }

    pub(crate) fn switch(&self, key: &'static str) -> Read<Option<bool>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        match value.get_ref().as_bool() {
            Some(on) => Ok(Some(on)),
            None => Err(Mistake::new(value.span().start, Reason::NotASwitch).with("key", key)),
        }
    }

    pub(crate) fn table(&self, key: &'static str) -> Read<Option<Table<'t>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        match value.get_ref().as_table() {
            Some(entries) => Ok(Some(Table::new(entries, value.span().start, Place::File))),
            None => Err(Mistake::new(value.span().start, Reason::NotATable).with("key", key)),
        }
    }

    /// The tables of `[[path]]`, whose last part is `key`.
    pub(crate) fn tables(
        &self,
        key: &'static str,
        path: &'static str,
        place: impl Fn(usize) -> Place,
    ) -> Read<Vec<Table<'t>>> {
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let wrong = |at: usize| Mistake::new(at, Reason::NotTables).with("key", path);
        let list = value.get_ref().as_array();
        let list = list.ok_or_else(|| wrong(self.key_at(key).unwrap_or(self.at)))?;
        let tables = list.iter().enumerate().map(|(number, table)| {
            let at = table.span().start;
            let entries = table.get_ref().as_table().ok_or_else(|| wrong(at))?;
            Ok(Table::new(entries, at, place(number + 1)))
        });
        tables.collect()
    }
}

/// What a word means, where it is one of those that are known.
pub(crate) fn meaning<T: Copy>(
    key: &'static str,
    word: &Located<String>,
    known: &[(&str, T)],
) -> Read<Located<T>> {
    let found = known.iter().find(|(name, _)| *name == word.value);
    match found {
        Some((_, value)) => Ok(Located {
            value: *value,
            at: word.at,
        }),
        None => Err(Mistake::new(word.at, Reason::UnknownWord)
            .with("key", key)
            .with("value", &word.value)
            .with(
                "expected",
                known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
            )),
    }
}
