//! The messages of the latest attempt in order, between the browser, the client and the authorization server.

mod lanes;
mod steps;

use super::{
    filled, layout,
    layout::paragraph,
    line::{Line, Tone},
};
use crate::{diagnosis::facts::Facts, locale::Messages};
use lanes::Lanes;
use steps::note;
pub(crate) use steps::status_words;
pub(super) use steps::{Fate, Lane, Step, steps};

use Lane::{Browser, Client, Server};

/// The drawing is no wider than this, however wide the screen.
const WIDEST: usize = 110;

/// Draws the sequence.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize, _reveal: bool) -> Vec<Line> {
    draw_travelling(facts, messages, width, 100)
}

/// The same while the last message has come so many hundredths of its way.
pub fn draw_travelling(facts: &Facts<'_>, messages: &Messages, width: usize, percent: usize) -> Vec<Line> {
    let width = width.clamp(layout::NARROWEST, WIDEST);
    let steps = steps(facts, messages);
    if steps.is_empty() {
        return paragraph(&messages.pictures().sequence.nothing, Tone::Dim, width);
    }
    let columns = Lanes::of(width);
    let mut lines = columns.header(facts, messages);
    let under_way = steps
        .iter()
        .rposition(|step| !step.path.is_empty() && step.fate != Fate::Awaited);
    for (at, step) in steps.iter().enumerate() {
        if step.path.is_empty() {
            lines.extend(columns.note(step, messages));
        } else if Some(at) == under_way {
            lines.extend(columns.message_on_its_way(step, messages, percent));
        } else {
            lines.extend(columns.message(step, messages));
        }
    }
    lines
}

/// Draws the message that failed, or the last one, with the one before it: where there is no room for [`draw`].
pub fn draw_short(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let width = width.clamp(layout::NARROWEST, WIDEST);
    let steps = steps(facts, messages);
    let Some(last) = steps
        .iter()
        .rposition(|step| step.fate == Fate::Bad)
        .or(steps.len().checked_sub(1))
    else {
        return paragraph(&messages.pictures().sequence.nothing, Tone::Dim, width);
    };
    let first = last.saturating_sub(1);
    let columns = Lanes::of(width);
    let mut lines = columns.header(facts, messages);
    // The names alone: the roles are in the long drawing.
    lines.truncate(1);
    if first > 0 {
        let prose = &messages.pictures().sequence;
        let text = filled(&prose.left_out, &[("n", &first.to_string())]);
        lines.extend(columns.note(&note(None, text, Fate::Awaited), messages));
    }
    for step in &steps[first..=last] {
        lines.extend(if step.path.is_empty() {
            columns.note(step, messages)
        } else {
            columns.message(step, messages)
        });
    }
    lines
}

/// Draws what will happen, dotted: before anything was observed.
pub fn draw_plan(provider: &str, messages: &Messages, width: usize) -> Vec<Line> {
    let width = width.clamp(layout::NARROWEST, WIDEST);
    let prose = &messages.pictures().sequence;
    let columns = Lanes::of(width);
    let mut lines = columns.names([&prose.oauthlens, provider], messages);
    let plan: [(&'static [Lane], &String); 4] = [
        (&[Browser, Server], &prose.authorization_request),
        (&[Server, Browser, Client], &prose.redirect_code),
        (&[Client, Server], &prose.token_request),
        (&[Server, Client], &prose.planned_answer),
    ];
    for (path, label) in plan {
        let step = Step {
            at: None,
            path,
            label: label.clone(),
            fate: Fate::Awaited,
        };
        lines.extend(columns.message(&step, messages));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        flow::transcript::{Observation, Source, Transcript},
        locale::Language,
        oauth::moment::Moment,
    };

    #[test]
    fn a_message_on_its_way_takes_the_room_of_one_that_has_come() {
        let messages = Messages::new(Language::English);
        let mut transcript = Transcript::new(Source::Live, Moment(0));
        transcript.record(
            Moment(0),
            Observation::AuthorizationStarted {
                configuration: Box::default(),
                request: crate::oauth::authorization::AuthorizationRequest::default(),
            },
        );
        let facts = Facts::of(&transcript);
        let arrow = |percent: usize| -> String {
            let lines = draw_travelling(&facts, &messages, 80, percent);
            lines
                .iter()
                .map(Line::text)
                .find(|line| line.contains('├'))
                .unwrap()
        };
        let whole = arrow(100);
        let mut before = 0;
        for percent in [0, 30, 60, 99, 100] {
            let line = arrow(percent);
            assert_eq!(line.chars().count(), whole.chars().count());
            let come = line.chars().filter(|c| "─►┼".contains(*c)).count();
            assert!(come >= before && (percent == 0) == (come == 0), "{line}");
            before = come;
        }
    }
}
