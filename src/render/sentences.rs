//! Each picture in one sentence, for screen readers and for logs.

use crate::{
    diagnosis::{context::Facts, finding::Picture},
    flow::configuration::Origin,
    render::{
        drawings::{
            code_timeline::events::events,
            credential_ruler::{
                self,
                credential::{self, Value},
            },
            redirect_comparison::rows::{Comparison, Row, RowValue},
            refresh_lanes,
            sequence::{self, Lane, Part},
        },
        duration,
        text::{
            layout::gap_behind,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, template::filled},
};

/// The sentence for one of the three pictures.
pub fn picture(picture: Picture, facts: &Facts<'_>, messages: &Messages) -> String {
    match picture {
        Picture::CredentialRuler => credentials(facts, messages),
        Picture::RedirectComparison => comparison(facts, messages),
        Picture::CodeLife => life(facts, messages),
        Picture::RefreshLanes => refresh_lanes::sentence(facts, messages),
    }
}

/// The sequence as a sentence below a text: the messages in order.
pub fn sequence(facts: &Facts<'_>, above: &str, messages: &Messages) -> String {
    let prose = &messages.pictures().sequence;
    let plain = &messages.pictures().plain;
    let name = |lane: Option<&Lane>| match lane {
        Some(Lane::Browser) => prose.browser.as_str(),
        Some(Lane::Client) => prose.client.as_str(),
        _ => prose.authorization_server.as_str(),
    };
    let steps: Vec<String> = sequence::steps(facts, Part::Whole, above, messages)
        .iter()
        .map(|step| {
            if step.path.is_empty() {
                return step.label.clone();
            }
            let (from, to) = (name(step.path.first()), name(step.path.last()));
            filled(&plain.step, &[("from", from), ("to", to), ("label", &step.label)])
        })
        .collect();
    if steps.is_empty() {
        return prose.nothing.clone();
    }
    filled(&plain.sequence, &[("steps", &steps.join(&plain.separator))])
}

fn credentials(facts: &Facts<'_>, messages: &Messages) -> String {
    let plain = &messages.pictures().plain;
    let words: Vec<String> = credential::credentials(facts, messages)
        .iter()
        .map(|credential| {
            let verdict = credential_ruler::verdict_line(credential, messages);
            let judged = judged(&verdict, credential.good, messages);
            if matches!(credential.value, Value::Known(_)) {
                // Nothing to say where it is not known.
                if credential.origin == Origin::Default {
                    let named = [("name", credential.name), ("verdict", judged.as_str())];
                    return filled(&plain.credential_of_unknown_origin, &named);
                }
                let origin = credential_ruler::origin_line(&credential.origin, messages);
                filled(
                    &plain.credential,
                    &[
                        ("name", credential.name),
                        ("verdict", &judged),
                        ("origin", &origin),
                    ],
                )
            } else {
                filled(
                    &plain.credential_absent,
                    &[("name", credential.name), ("state", without_full_stop(&verdict))],
                )
            }
        })
        .collect();
    filled(&plain.sentence, &[("words", &words.join(&plain.separator))])
}

/// A sentence as part of another, which has a full stop of its own.
fn without_full_stop(sentence: &str) -> &str {
    sentence.trim_end_matches(['.', '。'])
}

fn judged(words: &str, good: Option<bool>, messages: &Messages) -> String {
    let plain = &messages.pictures().plain;
    match good {
        Some(true) => filled(&plain.right, &[("what", words)]),
        Some(false) => filled(&plain.wrong, &[("what", words)]),
        None => words.to_owned(),
    }
}

fn comparison(facts: &Facts<'_>, messages: &Messages) -> String {
    let words = messages.pictures();
    let plain = &words.plain;
    let comparison = Comparison::of(facts, messages);
    let mut parts: Vec<String> = comparison
        .rows
        .iter()
        .filter(|row| !row.label.is_empty())
        .map(|row| row_words(row, messages))
        .collect();
    if let Some(nearest) = &comparison.nearest {
        let label = Line::new(&words.comparison.nearest, Tone::Plain);
        let gap = " ".repeat(gap_behind(&label));
        parts.push(format!("{}{gap}{}", words.comparison.nearest, clean(nearest)));
    }
    filled(&plain.sentence, &[("words", &parts.join(&plain.separator))])
}

fn row_words(row: &Row, messages: &Messages) -> String {
    let words = messages.pictures();
    let value = match &row.value {
        RowValue::Uri(_, text) | RowValue::NotAUri(text, _) => clean(text),
        RowValue::Remark(remark) => remark.clone(),
    };
    let mut wrong: Vec<String> = row
        .wrong
        .iter()
        .map(|(component, _)| words.component.of(component).to_owned())
        .collect();
    wrong.extend(row.notes.iter().cloned());
    let list = wrong.join(&words.units.list);
    let judged = match row.good {
        Some(true) => filled(&words.plain.right, &[("what", &value)]),
        Some(false) => {
            let what = format!("{value}{}{list}", words.units.list);
            filled(&words.plain.wrong, &[("what", &what)])
        }
        None => value,
    };
    filled(&words.plain.row, &[("label", &row.label), ("value", &judged)])
}

fn life(facts: &Facts<'_>, messages: &Messages) -> String {
    let words = messages.pictures();
    let plain = &words.plain;
    let events = events(facts, messages);
    if events.len() < 2 {
        return words.life.no_times.clone();
    }
    let count = events.len();
    // A screen reader is spared a history: the first and the last few tell the story.
    let told: Vec<String> = events
        .iter()
        .enumerate()
        .filter(|(at, _)| *at < 4 || at + 4 >= count)
        .map(|(_, event)| {
            filled(
                &plain.event,
                &[("at", &duration(event.at, messages)), ("what", &event.what)],
            )
        })
        .collect();
    filled(&plain.life, &[("events", &told.join(&plain.separator))])
}
