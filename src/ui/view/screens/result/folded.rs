//! The result on one screen: the verdict, the picture and the remedies; the rest is a line each until it is asked for.

use crate::{
    diagnosis::{context::Facts, finding::Certainty},
    flow::redaction::Redactor,
    render::{
        self,
        drawings::{Size, http_message, sequence},
        explanation::{self, Explanation, SectionKind, findings::certainty_symbol},
        text::line::{Line, Tone},
    },
    ui::{
        message::Message,
        model::folds::{Fold, Unfolded},
        update::registered,
        view::{
            body::{Body, Hit},
            screens::{
                Columns,
                result::{
                    page_seen, registered_line,
                    remedies::{Changes, Told, remedies},
                    verdict,
                },
            },
        },
    },
};

/// How much is said of what a person needs first.
#[derive(Clone, Copy)]
struct Detail {
    picture: Size,
    told: Told,
    /// Blank lines and a heading between the parts.
    roomy: bool,
}

/// From all that there is to say down to what a small screen has room for.
const DETAILS: [Detail; 5] = [
    Detail {
        picture: Size::Full,
        told: Told::All,
        roomy: true,
    },
    Detail {
        picture: Size::Brief,
        told: Told::All,
        roomy: true,
    },
    Detail {
        picture: Size::Brief,
        told: Told::First,
        roomy: true,
    },
    Detail {
        picture: Size::Brief,
        told: Told::First,
        roomy: false,
    },
    Detail {
        picture: Size::Tight,
        told: Told::Nothing,
        roomy: false,
    },
];

/// Draws the result below what `top` holds, in as much detail as leaves the last remedy on the first screen, and says which
/// parts are unfolded.
pub(super) fn draw(
    top: &Body,
    facts: &Facts<'_>,
    explained: &Explanation,
    changes: &Changes<'_>,
    columns: Columns,
) -> (Body, Unfolded) {
    let mut drawn = None;
    for detail in DETAILS {
        let (body, end) = answer(top.clone(), detail, facts, explained, changes, columns.main);
        let fits = end <= columns.height;
        drawn = Some((body, detail));
        if fits {
            break;
        }
    }
    let Some((mut body, detail)) = drawn else {
        return (top.clone(), Unfolded::default());
    };
    let parts = parts(detail, facts, explained, changes, columns);
    let unfolded = unfold(&mut body, parts, changes, columns);
    (body, unfolded)
}

/// The verdict, the picture and the remedies. Returns also behind which line the last remedy ends that a key does.
fn answer(
    mut body: Body,
    detail: Detail,
    facts: &Facts<'_>,
    explained: &Explanation,
    changes: &Changes<'_>,
    width: usize,
) -> (Body, usize) {
    let gap = |body: &mut Body| {
        if detail.roomy {
            body.gap();
        }
    };
    verdict(&mut body, explained, changes, width);
    gap(&mut body);
    // The registered value is asked for where it is the first that is missing, else behind what is known to mend it.
    let asked = registered::asked(changes.model);
    let registered = |body: &mut Body| {
        registered_line(body, changes.model, changes.messages, width);
        if !detail.roomy && body.lines.last().is_some_and(|line| line.width() == 0) {
            body.lines.pop();
        }
    };
    if asked == Some(0) {
        registered(&mut body);
    }
    if detail.picture == Size::Full {
        page_seen(&mut body, changes.model, changes.messages, width);
    }
    // While the registered value is asked for, the comparison would have nothing to compare with.
    if detail.picture == Size::Full || asked != Some(0) {
        let picture = picture(detail.picture, facts, explained, changes, width);
        if !picture.is_empty() {
            body.extend(picture);
            gap(&mut body);
        }
    }
    if explained.remedies.is_empty() {
        let end = body.lines.len();
        return (body, end);
    }
    if detail.roomy {
        let heading = &changes.messages.pictures().explanation.remedies;
        body.push(Line::new(heading, Tone::Label));
    }
    let end = remedies(&mut body, &explained.remedies, changes, detail.told, width);
    if asked.is_some_and(|number| number > 0) {
        body.gap();
        registered(&mut body);
    }
    (body, end)
}

fn picture(
    size: Size,
    facts: &Facts<'_>,
    explained: &Explanation,
    changes: &Changes<'_>,
    width: usize,
) -> Vec<Line> {
    let picture = explained.sections.iter().find_map(|section| match section.kind {
        SectionKind::Picture(picture) => Some((picture, section)),
        _ => None,
    });
    match picture {
        Some((_, section)) if size == Size::Full => {
            let mut lines = vec![Line::new(&section.heading, Tone::Label)];
            lines.extend(section.lines.iter().cloned());
            lines
        }
        Some((picture, _)) => render::draw_brief(
            picture,
            facts,
            changes.messages,
            width,
            changes.model.reveal,
            size,
        ),
        None => Vec::new(),
    }
}

/// A part that can be folded: which, its name, what is said of it while it is folded, its lines.
type Part = (Fold, String, String, Vec<Line>);

fn parts(
    detail: Detail,
    facts: &Facts<'_>,
    explained: &Explanation,
    changes: &Changes<'_>,
    columns: Columns,
) -> Vec<Part> {
    let width = columns.main;
    let messages = changes.messages;
    let words = &messages.screens().result;
    let mut parts: Vec<Part> = Vec::new();
    let causes_beside = columns.third.is_some();
    let section = |kind: SectionKind| explained.section(kind);
    if let Some(causes) = section(SectionKind::Causes).filter(|_| !causes_beside) {
        let summary = certainties(changes);
        parts.push((Fold::Why, causes.heading.clone(), summary, causes.lines.clone()));
    }
    if detail.picture != Size::Full {
        let full = explained.sections.iter();
        let full = full.filter(|section| matches!(section.kind, SectionKind::Picture(_)));
        parts.extend(full.map(|section| {
            let words = words.whole_drawing.clone();
            (
                Fold::Drawing,
                section.heading.clone(),
                words,
                section.lines.clone(),
            )
        }));
    }
    // On a wide screen these have panes of their own.
    if columns.side.is_some() {
        parts.extend(ruled_out(explained, changes).filter(|_| !causes_beside));
        return parts;
    }
    if let Some(flow) = section(SectionKind::Sequence) {
        let lines = sequence::draw_below(facts, &explained.sentence, messages, width);
        parts.push((Fold::Flow, flow.heading.clone(), String::new(), lines));
    }
    let exchange = explanation::latest_exchange(facts).map(|exchange| &exchange.exchange);
    if let Some(response) = exchange.and_then(|exchange| exchange.response) {
        let redactor = Redactor::of(facts.transcript);
        let millis = exchange.and_then(|exchange| exchange.millis);
        let lines =
            http_message::response(response, millis, &redactor, messages, width, changes.model.reveal);
        let status = sequence::status_words(response.status, messages);
        let heading = messages.pictures().explanation.answer.clone();
        parts.push((Fold::Bytes, heading, status, lines));
    }
    parts.extend(ruled_out(explained, changes));
    parts
}

fn ruled_out(explained: &Explanation, changes: &Changes<'_>) -> Option<Part> {
    let section = explained.section(SectionKind::RuledOut)?;
    let findings = changes.model.findings.iter();
    let count = findings
        .filter(|finding| finding.certainty == Certainty::RuledOut)
        .count();
    let (heading, lines) = (section.heading.clone(), section.lines.clone());
    Some((Fold::RuledOut, heading, count.to_string(), lines))
}

/// `2 observed · 1 possible`.
fn certainties(changes: &Changes<'_>) -> String {
    let words = &changes.messages.findings().certainty;
    let counted = [Certainty::Observed, Certainty::Likely, Certainty::Possible].map(|certainty| {
        let findings = changes.model.findings.iter();
        let count = findings.filter(|finding| finding.certainty == certainty).count();
        (certainty, count)
    });
    let counted = counted
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(certainty, count)| {
            let word = words.get(certainty).map_or("", String::as_str);
            format!("{} {count} {word}", certainty_symbol(*certainty).0)
        });
    counted.collect::<Vec<_>>().join("   ")
}

/// Appends the parts, each with its key: unfolded where the person said so, else where there is room for all of it.
fn unfold(body: &mut Body, parts: Vec<Part>, changes: &Changes<'_>, columns: Columns) -> Unfolded {
    let folds = &changes.model.folds;
    let mut used = body.lines.len() + 1 + parts.len();
    let mut unfolded = Unfolded::default();
    body.gap();
    for (fold, name, summary, lines) in parts {
        // What was answered word for word has been told.
        let fits = fold != Fold::Bytes && used + lines.len() < columns.height;
        let open = folds.chosen(fold).unwrap_or(fits);
        unfolded.set(fold, open);
        let first = body.lines.len();
        let label = Line::new(format!("[{}] ", fold.letter()), Tone::Accent).then(name, Tone::Label);
        let line = if open {
            label
        } else {
            label.then("   ", Tone::Plain).then(summary, Tone::Dim)
        };
        body.push(line);
        body.hits.push(Hit {
            line: first,
            from: 0,
            to: columns.main,
            message: Message::Do(fold.action()),
        });
        if open {
            used += lines.len() + 1;
            body.extend(lines);
            if folds.in_view == Some(fold) && body.focus.is_none() {
                body.focus = Some((first, body.lines.len()));
            }
            body.gap();
        }
    }
    unfolded
}
