//! Stories of the interactive front end, by keys: the model, the drawing and the simulator in memory.

#[path = "../support/mod.rs"]
mod support;

mod attempts;
mod dead_ends;
mod devices;
mod front_door;
mod guided;
mod honest_marks;
mod keys_and_mouse;
mod laboratory;
mod mends;
mod palette_and_search;
mod panes;
mod ports_and_browser;
mod probes_and_replay;
mod redirects;
mod remedies;
mod result_fits;
mod seat;
mod slow_server;
mod walks;

use oauthlens::{
    diagnosis::{
        examine,
        finding::{Action as Mend, Code},
        outcome::Outcome,
    },
    flow::{
        configuration::{Configuration, Field},
        effect::Reply,
        event::{Event, FlowId},
        grants::authorization_code::Stage,
        transcript::{Disposition, Observation, Purpose},
    },
    lab::faults::Fault,
    oauth::http::HttpRequest,
    simulator::Decision,
    sources::scenario::Scenario,
    text::catalog::Language,
    ui::{
        keys::Action,
        message::Message,
        model::{Notice, Overlay, Step, StepState},
        show_replay,
        update::lab::Prediction,
    },
};
use support::{
    BASE_URL, World,
    person::{Person, read_keys},
};

/// At Exchange, with a code in hand.
pub fn with_a_code() -> Person {
    let mut person = Person::at_the_demo();
    person.types("<enter>a<enter>").is_at(Step::Exchange);
    person
}

/// The code of the first finding.
pub fn leading_code(person: &Person) -> Option<Code> {
    person.model.findings.first().map(|finding| finding.code)
}

/// What became of the redirects, in order.
pub fn dispositions(person: &Person) -> Vec<Disposition> {
    let entries = &person.model.flow.transcript.entries;
    let redirects = entries.iter().filter_map(|entry| match &entry.observation {
        Observation::RedirectReceived { disposition, .. } => Some(*disposition),
        _ => None,
    });
    redirects.collect()
}
