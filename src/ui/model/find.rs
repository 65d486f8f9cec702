//! What is looked for: a line of text, and what it leaves of a list.

use crate::{
    text::find::{Lines, Words, ranked},
    ui::{
        keys::Action,
        model::text_field::{Edit, TextField},
    },
};

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    /// The list of keys.
    Help,
    /// The list of faults.
    Faults,
    /// The messages of the flow.
    Messages,
    /// The bytes of one of them.
    Bytes,
}

/// A search under way, or one whose result is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// What is searched.
    pub of: Searched,
    /// What for.
    pub text: TextField,
    /// It is still typed.
    pub typing: bool,
    /// What was found, by its place in the list; not for what is searched when it is drawn.
    pub found: Vec<usize>,
    lines: Lines,
}

impl Find {
    /// A search that has everything yet.
    pub fn new(of: Searched, lines: Lines) -> Self {
        Self {
            of,
            text: TextField::default(),
            typing: true,
            found: (0..lines.len()).collect(),
            lines,
        }
    }

    /// Edits what is looked for.
    pub fn edit(&mut self, edit: Edit) {
        let before = self.text.text().to_owned();
        self.text.edit(edit);
        let now = self.text.text();
        if now == before {
            return;
        }
        self.found = Words::of(now).places(&self.lines);
    }
}

/// A command of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it does.
    pub action: Action,
    /// The keys that do it here.
    pub keys: String,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub about: String,
}

/// The window with every command that means something here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    /// What is looked for.
    pub text: TextField,
    /// The commands, in the order of the table of keys.
    pub commands: Vec<Command>,
    /// Those that were found, the best first.
    pub found: Vec<usize>,
    /// The chosen one, by its place among those.
    pub chosen: usize,
    lines: Lines,
}

impl Palette {
    /// With these commands.
    pub fn new(commands: Vec<Command>) -> Self {
        let mut lines = Lines::default();
        for command in &commands {
            lines.push(&format!("{}  {}", command.name, command.about));
        }
        Self {
            text: TextField::default(),
            found: (0..commands.len()).collect(),
            commands,
            chosen: 0,
            lines,
        }
    }

    /// Edits what is looked for.
    pub fn edit(&mut self, edit: Edit) {
        self.text.edit(edit);
        self.found = ranked(self.text.text(), &self.lines);
        self.chosen = 0;
    }

    /// Chooses another one, so many further on.
    pub fn choose(&mut self, by: isize) {
        let last = self.found.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(by).min(last);
    }

    /// What the chosen one does.
    pub fn action(&self) -> Option<Action> {
        let at = self.found.get(self.chosen)?;
        Some(self.commands.get(*at)?.action)
    }
}
