//! Two runs side by side: what differs between a good one and this one, request by request.

use crate::{
    diagnosis::context::Facts,
    flow::secret_names::is_secret_name,
    oauth::{params::Params, redirect_uri::RedirectUri, secret::mask},
    render::text::{
        layout::{hanging, widest},
        line::{Line, Tone, clean},
    },
    text::{catalog::Messages, template::filled},
};

/// Values that are new in every run, so that a difference says nothing.
const FRESH: [&str; 6] = [
    "state",
    "code_challenge",
    "code_verifier",
    "access_token",
    "iss",
    "refresh_token",
];

/// Draws the differences between a run that gave a token and the latest one.
pub fn draw(good: &Facts<'_>, this: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let words = &messages.lab().beside;
    let parts = [
        (
            &words.authorization_request,
            authorization(good),
            authorization(this),
        ),
        (&words.redirect, redirect(good), redirect(this)),
        (&words.token_request, token_request(good), token_request(this)),
        (&words.answer, answer(good), answer(this)),
    ];
    let mut lines = Vec::new();
    for (heading, good, this) in parts {
        lines.extend(part(heading, good.as_ref(), this.as_ref(), messages, width));
    }
    lines
}

fn authorization(facts: &Facts<'_>) -> Option<Params> {
    facts.authorization.map(|(_, _, request)| request.params.clone())
}

fn redirect(facts: &Facts<'_>) -> Option<Params> {
    let redirect = facts.present_redirects().last()?;
    let mut params = Params::decode(redirect.request.query().unwrap_or_default());
    // A code is new each time; that there is one is what counts.
    for (name, value) in &mut params.0 {
        if name == "code" {
            *value = "…".into();
        }
        if name == "state" && redirect.disposition.is_taken() {
            *value = "…".into();
        }
    }
    Some(params)
}

fn token_request(facts: &Facts<'_>) -> Option<Params> {
    let mut params = Params::clone(&facts.last()?.sent);
    let received = facts
        .taken_redirect()
        .and_then(|redirect| redirect.response.code.clone());
    for (name, value) in &mut params.0 {
        if name == "code" && Some(&*value) == received.as_ref() {
            *value = "…".into();
        }
    }
    if let Some(request) = facts.last()?.exchange.request {
        let url = request.url.split('?').next().unwrap_or_default();
        params.0.insert(0, ("URL".into(), url.into()));
        if let Some(accept) = request.header("accept") {
            params.push("Accept", accept);
        }
    }
    Some(params)
}

fn answer(facts: &Facts<'_>) -> Option<Params> {
    let last = facts.last()?;
    let mut members = Params::default();
    if let Some(response) = last.exchange.response {
        members.push("status", response.status.to_string());
        members.0.extend(
            last.reading
                .as_ref()
                .map(|reading| reading.members.0.clone())
                .unwrap_or_default(),
        );
    }
    if let Some(failure) = last.exchange.failure {
        members.push("failure", failure.detail.clone());
    }
    Some(members)
}

fn part(
    heading: &str,
    good: Option<&Params>,
    this: Option<&Params>,
    messages: &Messages,
    width: usize,
) -> Vec<Line> {
    let words = &messages.lab().beside;
    let mut lines = vec![Line::new(heading, Tone::Label)];
    let (good, this) = match (good, this) {
        (None, None) => return Vec::new(),
        (Some(good), Some(this)) => (good, this),
        (_, None) => {
            lines.push(Line::new("  ✗ ", Tone::Bad).then(&words.missing, Tone::Plain));
            return lines;
        }
        (None, Some(_)) => {
            lines.push(Line::new("  ! ", Tone::Warn).then(&words.only_here, Tone::Plain));
            return lines;
        }
    };
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in good.iter().chain(this.iter()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let labels = widest(names.iter().copied()) + 4;
    let side = widest([words.good.as_str(), words.this.as_str()]) + 2;
    let mut same = 0;
    for name in names {
        let (before, now) = (good.get(name), this.get(name));
        if before == now || is_equal_enough(name, before, now) {
            same += 1;
            continue;
        }
        let indent = labels + side;
        for (first, which, value, tone) in [
            (true, &words.good, before, Tone::Value),
            (false, &words.this, now, Tone::Bad),
        ] {
            let label = if first {
                Line::new("  ", Tone::Plain).then(clean(name), Tone::Label)
            } else {
                Line::default()
            };
            let label = label.pad_to(labels).then(which, Tone::Dim);
            let text = value.map_or_else(|| words.absent.clone(), |value| shown(name, value));
            lines.extend(hanging(label, &text, tone, indent, width));
        }
    }
    if same > 0 {
        let count = same.to_string();
        lines.push(Line::new("  = ", Tone::Dim).then(filled(&words.same, &[("count", &count)]), Tone::Dim));
    }
    lines
}

fn shown(name: &str, value: &str) -> String {
    if is_secret_name(name)
        || (name == "client_id" && crate::providers::github::formats::may_be_secret(value))
    {
        clean(&mask(value))
    } else {
        clean(value)
    }
}

/// New in every run, or different only in a loopback port, which is free.
fn is_equal_enough(name: &str, before: Option<&str>, now: Option<&str>) -> bool {
    let (Some(before), Some(now)) = (before, now) else {
        return false;
    };
    if name == "redirect_uri" {
        return match (RedirectUri::parse(before), RedirectUri::parse(now)) {
            (Ok(a), Ok(b)) => {
                a.is_loopback()
                    && b.is_loopback()
                    && RedirectUri { port: None, ..a } == RedirectUri { port: None, ..b }
            }
            _ => false,
        };
    }
    FRESH.contains(&name)
}

#[cfg(test)]
mod tests {
    use crate::render::drawings::run_comparison::*;
    use crate::{
        lab::{
            dry_run::{Stage, rehearse},
            faults::Fault,
        },
        text::catalog::Language,
    };

    fn drawn(fault: Option<Fault>) -> String {
        let stage = Stage::default();
        let (good, this) = (
            rehearse(&stage, None),
            rehearse(&Stage { seed: 2, ..stage }, fault),
        );
        let messages = Messages::new(Language::English);
        let lines = draw(&Facts::of(&good), &Facts::of(&this), &messages, 100);
        lines.iter().map(Line::text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn two_good_runs_differ_in_nothing_but_their_secrets() {
        let text = drawn(None);
        assert!(!text.contains("code "), "{text}");
        assert!(!text.contains("redirect_uri"), "{text}");
    }

    #[test]
    fn a_fault_shows_where_it_is() {
        let text = drawn(Some(Fault::RedirectUriDiffersAtExchange));
        assert!(text.contains("http://localhost:8914/callback"), "{text}");
        assert!(text.contains("redirect_uri_mismatch"), "{text}");
        let text = drawn(Some(Fault::CodeTampered));
        assert!(
            text.lines().any(|line| line.trim_start().starts_with("code ")),
            "{text}"
        );
    }
}
