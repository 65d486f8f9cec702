//! Prose of the frame around every screen and of the first screen: all that the first frame reads.
//!
//! These words alone are compiled as Rust, since reading them took longer than laying out the frame: `build.rs` writes the
//! table of each language as a call of the macro `opening!` below. A text that is missing or has no place does not compile.

use std::ops::Index;

use crate::{
    flow::configuration::{Field, Origin},
    ui::{keys::Action, model::field_hints::NoteCode},
};

/// What belongs to each of several things.
#[derive(Debug)]
pub struct ByKey<K: 'static, T: 'static = &'static str>(&'static [(K, T)]);

impl<K: PartialEq, T> Index<&K> for ByKey<K, T> {
    type Output = T;

    fn index(&self, key: &K) -> &T {
        let found = self.0.iter().find(|(of, _)| of == key);
        &found.expect("what has no words does not compile").1
    }
}

/// A struct of texts, each under its name in the locale file.
macro_rules! static_texts {
    ($(#[$doc:meta])* $name:ident { $($field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            $(#[doc = concat!("`", stringify!($field), "` in the locale file.")] pub $field: &'static str),+
        }
    };
}

static_texts! {
    /// A field's name, and what a person should know of it: what it is, where it is found, what it is for.
    FieldProse { label, about }
}

static_texts! {
    /// Names of the steps.
    StepNames { configure, authorize, callback, device, exchange, result }
}

static_texts! {
    /// The frame around every screen.
    FrameProse { simulated, replay, pasted, attempt, more_below, more_above, secrets_shown, too_small, stop_waiting, continue_configure, continue_mending, continue_again, continue_ready, continue_waiting, continue_device, continue_callback, continue_denied, continue_exchange, continue_exchanged, continue_result, continue_paste, continue_registered, continue_confirm, continue_find, end_find, continue_help, continue_mend, continue_next, continue_question, continue_own_app, continue_end, continue_choose_fault, continue_attempt, choose_fault, predict, answer, to_my_flow, steps, remedies, unfold, more_keys, walkthrough_step }
}

static_texts! {
    /// Configure.
    ConfigureProse { title, title_demo, about, request, choice_github, choice_custom, choice_simulator, on, off, default_from, offer, resume }
}

static_texts! {
    /// The front door.
    DoorProse { title, paste, paste_about, own_app, own_app_about, no_app, no_app_about, demo, demo_about, walkthrough, walkthrough_about, new_title, new_where, new_name, new_homepage, new_callback, new_then, new_open, new_have }
}

static_texts! {
    /// What the five steps will do.
    PlanProse { title, configure, authorize, callback, exchange, result }
}

static_texts! {
    /// Where a value came from: `from` as a remark, with `{origin}`; the others are the origins, with `{name}` for a variable
    /// or a path.
    OriginProse { from, default, typed, flag, environment, file, command, standard_input, simulator, fault, generated, redirect, remedy }
}

impl OriginProse {
    /// The words for an origin.
    pub fn of(&self, origin: &Origin) -> &'static str {
        match origin {
            Origin::Default => self.default,
            Origin::Typed => self.typed,
            Origin::Flag => self.flag,
            Origin::Environment(_) => self.environment,
            Origin::File(_) => self.file,
            Origin::Command(_) => self.command,
            Origin::StandardInput => self.standard_input,
            Origin::Simulator => self.simulator,
            Origin::Fault => self.fault,
            Origin::Generated => self.generated,
            Origin::Redirect => self.redirect,
            Origin::Remedy => self.remedy,
        }
    }
}

/// All that the first frame reads.
#[derive(Debug)]
pub struct OpeningProse {
    /// Names of the steps.
    pub step: StepNames,
    /// The frame.
    pub frame: FrameProse,
    /// Keys, in a word or two for the footer.
    pub key: ByKey<Action>,
    /// Configure.
    pub configure: ConfigureProse,
    /// The front door.
    pub door: DoorProse,
    /// What the five steps will do.
    pub plan: PlanProse,
    /// Fields.
    pub field: ByKey<Field, FieldProse>,
    /// Notes beside fields.
    pub note: ByKey<NoteCode>,
    /// Where values came from.
    pub origin: OriginProse,
}

/// Fills a struct with texts from the tokens of `build.rs`.
macro_rules! filled {
    ($name:ident { $(($field:ident $variant:ident $text:literal))* }) => {
        $name { $($field: $text),* }
    };
}

/// Texts by the variants of an enum: one without words does not compile.
macro_rules! by_variant {
    ($of:ident { $(($field:ident $variant:ident $text:literal))* }) => {
        by_variant!($of: $($variant $text,)*)
    };
    ($of:ident: $($variant:ident $found:expr,)*) => {{
        const _: fn($of) = |key| match key { $($of::$variant => ()),* };
        ByKey(&[$(($of::$variant, $found)),*])
    }};
}

/// What `build.rs` makes of a language's table, whose parts it sorts by name.
macro_rules! opening {
    (
        (configure Configure $configure:tt)
        (door Door $door:tt)
        (field Field { $(($field:ident $variant:ident $prose:tt))* })
        (frame Frame $frame:tt)
        (key Key $key:tt)
        (note Note $note:tt)
        (origin Origin $origin:tt)
        (plan Plan $plan:tt)
        (step Step $step:tt)
    ) => {
        OpeningProse {
            step: filled!(StepNames $step),
            frame: filled!(FrameProse $frame),
            key: by_variant!(Action $key),
            configure: filled!(ConfigureProse $configure),
            door: filled!(DoorProse $door),
            plan: filled!(PlanProse $plan),
            field: by_variant!(Field: $($variant filled!(FieldProse $prose),)*),
            note: by_variant!(NoteCode $note),
            origin: filled!(OriginProse $origin),
        }
    };
}

pub(crate) static ENGLISH: OpeningProse = include!(concat!(env!("OUT_DIR"), "/locales/en/opening.rs"));
pub(crate) static CHINESE: OpeningProse = include!(concat!(env!("OUT_DIR"), "/locales/zh-CN/opening.rs"));
