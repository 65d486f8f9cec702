//! One lenient reader for the objects that programs print: Python's `repr`, Ruby's `inspect`, Node's `util.inspect`, Go's
//! `%+v`, `%#v` and `map[]`, PHP's `print_r` and `var_dump`, Java's `toString`, Elixir, Rust's `Debug`, JSON, and JSON that
//! was escaped into a string.
//!
//! [`read`] makes a tree of names and values out of every bracket in a text, whatever the language; `meaning` says which
//! of them are requests and answers. Nothing is refused: what does not fit is passed over, and what the text leaves out
//! is marked, so that nobody takes it for absent. The time is linear and the depth bounded.

mod ahead;
mod literal;
pub(crate) mod meaning;
mod message;
mod scan;
#[cfg(test)]
mod tests;

pub(crate) use literal::unescaped;
pub use scan::read;

/// What stands between a pair of brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// The words in front of the opening bracket: a type, a label.
    pub name: String,
    /// What has a name, in order.
    pub members: Vec<(String, Value)>,
    /// What has none.
    pub items: Vec<Value>,
    /// False where the text ends before the bracket does, or says that it leaves something out.
    pub whole: bool,
    /// True where strings stand without quotes, as in Go, Java and `print_r`: there a bare word is a value.
    pub unquoted: bool,
    /// The opening bracket.
    pub bracket: char,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// A value in a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A quoted string, its escapes resolved.
    Text(String),
    /// The beginning of a quoted string whose rest is not in the text.
    Cut(String),
    /// What stands without quotes: a number, a name, a sentence.
    Bare(String),
    /// `nil`, `None`, `null`, `undefined`.
    Nothing,
    /// An object or a list.
    Object(Object),
}

impl Object {
    /// The first member by one of these names; letter case, `_`, `-` and `@` do not count.
    pub fn get(&self, names: &[&str]) -> Option<&Value> {
        names.iter().find_map(|name| {
            let members = self.members.iter();
            members
                .into_iter()
                .find(|(key, _)| same_name(key, name))
                .map(|(_, value)| value)
        })
    }

    /// The objects right inside of this one.
    pub(crate) fn nested(&self) -> impl Iterator<Item = &Object> {
        let members = self.members.iter().map(|(_, value)| value);
        members.chain(&self.items).filter_map(Value::object)
    }

    /// True for source code that asks for a value: `os.environ['CODE']`, `ENV["CODE"]`, `getenv("CODE")`. What it is asked by
    /// is not the value.
    pub(crate) fn looks_something_up(&self) -> bool {
        let name = self.name.rsplit([' ', '=', ':', ',']).next().unwrap_or_default();
        let asks = ["env", "getenv", "environ", "fetch", "get"];
        let last = name.rsplit('.').next().unwrap_or_default();
        match self.bracket {
            // `Optional[x]` is a value, `settings[x]` is none.
            '[' => {
                let shouted = name.len() > 1 && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
                last != "map" && (shouted || name.starts_with(|c: char| c.is_ascii_lowercase()))
            }
            '(' => asks.contains(&last.to_ascii_lowercase().as_str()),
            _ => false,
        }
    }

    /// A list of small numbers as the text whose bytes they are.
    pub fn bytes(&self) -> Option<String> {
        const SHORTEST: usize = 8;
        if !self.members.is_empty() {
            return None;
        }
        let mut bytes = Vec::new();
        for item in &self.items {
            let Value::Bare(words) = item else {
                return None;
            };
            for word in words.split_whitespace() {
                bytes.push(match word.strip_prefix("0x") {
                    Some(hex) => u8::from_str_radix(hex, 16).ok()?,
                    None => word.parse().ok()?,
                });
            }
        }
        let text = String::from_utf8(bytes).ok()?;
        let is_text = |c: char| !c.is_control() || c.is_whitespace();
        (text.len() >= SHORTEST && text.chars().all(is_text)).then_some(text)
    }
}

impl Value {
    /// The value as text, where it is a whole one; a list of one value is that value.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Bare(text) => Some(text),
            Self::Object(list) if list.members.is_empty() && !list.looks_something_up() => {
                match list.items.as_slice() {
                    [one @ (Self::Text(_) | Self::Bare(_))] => one.text(),
                    _ => None,
                }
            }
            Self::Cut(_) | Self::Nothing | Self::Object(_) => None,
        }
    }

    /// The object, where it is one.
    pub fn object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// True for two spellings of one name: `StatusCode`, `status_code`, `@status-code`.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        let bytes = name.as_bytes().to_vec().into_iter();
        bytes
            .filter(|b| !b"_-@: ".contains(b))
            .map(|b| b.to_ascii_lowercase())
    };
    letters(one).eq(letters(other))
}
