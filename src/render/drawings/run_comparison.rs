//! Two runs side by side: what differs between one and the other, request by request. Secrets stay masked; whether two are
//! equal is asked of what is known of them, and where nothing is known that is said.

use crate::{
    diagnosis::context::{Facts, TokenExchange},
    flow::{
        secret_facts::{Place, SecretView},
        secret_names::is_secret_name,
    },
    oauth::{
        params::Params,
        redirect_uri::RedirectUri,
        secret::{MASK, mask},
    },
    render::text::{
        layout::{hanging, widest},
        line::{Line, Tone, clean},
    },
    text::{catalog::Messages, template::filled},
};

/// Values that are new in every run, so that a difference says nothing.
const FRESH: [&str; 4] = ["state", "code_challenge", "access_token", "refresh_token"];

/// Stands for a value that is the one that was expected in this run: another one in the other run is no difference.
const AS_EXPECTED: &str = "…";

/// What the two runs are called.
#[derive(Clone, Copy, Debug)]
pub struct Names<'m> {
    /// The one.
    pub one: &'m str,
    /// The other.
    pub other: &'m str,
    /// Said where the other did not come as far as the one.
    pub only_one: &'m str,
    /// Said where the one did not come as far as the other.
    pub only_other: &'m str,
}

impl<'m> Names<'m> {
    /// A run that gave a token, and the latest one.
    pub fn good_and_this(messages: &'m Messages) -> Self {
        let words = &messages.lab().beside;
        Self {
            one: &words.good,
            other: &words.this,
            only_one: &words.missing,
            only_other: &words.only_here,
        }
    }
}

/// Draws the differences between two runs.
pub fn draw(
    one: &Facts<'_>,
    other: &Facts<'_>,
    names: Names<'_>,
    messages: &Messages,
    width: usize,
) -> Vec<Line> {
    let words = &messages.lab().beside;
    let (mut sent, mut sent_by_other) = (token_request(one), token_request(other));
    if let (Some(sent), Some(sent_by_other)) = (&mut sent, &mut sent_by_other) {
        different_headers((one, sent), (other, sent_by_other));
    }
    let parts = [
        (
            &words.authorization_request,
            authorization(one),
            authorization(other),
        ),
        (&words.redirect, redirect(one), redirect(other)),
        (&words.token_request, sent, sent_by_other),
        (&words.answer, answer(one), answer(other)),
    ];
    let pair = Pair { one, other, names };
    let mut lines = Vec::new();
    for (heading, one, other) in parts {
        lines.extend(pair.part(heading, one.as_ref(), other.as_ref(), messages, width));
    }
    lines
}

/// Headers of the token request that differ: how the body is encoded, how the client authenticates.
fn different_headers((one, sent): (&Facts<'_>, &mut Params), (other, by_other): (&Facts<'_>, &mut Params)) {
    let header = |facts: &Facts<'_>, name: &str| {
        let value = facts.present_exchange()?.exchange.request?.header(name)?;
        // Of credentials only the scheme.
        let first = value.split([' ', ';']).next().unwrap_or_default();
        Some(first.to_owned())
    };
    for (name, lower) in [
        ("Content-Type", "content-type"),
        ("Authorization", "authorization"),
    ] {
        let (here, there) = (header(one, lower), header(other, lower));
        if here != there {
            for (params, value) in [(&mut *sent, here), (&mut *by_other, there)] {
                if let Some(value) = value {
                    params.push(name, value);
                }
            }
        }
    }
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
            *value = AS_EXPECTED.into();
        }
        if name == "state" && redirect.disposition.is_taken() {
            *value = AS_EXPECTED.into();
        }
    }
    Some(params)
}

fn token_request(facts: &Facts<'_>) -> Option<Params> {
    let exchange = facts.present_exchange()?;
    let mut params = Params::clone(&exchange.sent);
    let received = facts
        .taken_redirect()
        .and_then(|redirect| redirect.response.code.clone());
    let challenge = facts.authorize_param("code_challenge");
    for (name, value) in &mut params.0 {
        let expected = match name.as_str() {
            "code" => Some(&*value) == received.as_ref(),
            "code_verifier" => challenge.is_some_and(|challenge| {
                let verifier = facts.secret_of(&exchange.exchange, Place::CodeVerifier, value);
                match facts.authorize_param("code_challenge_method") {
                    Some("S256") => verifier.fits_challenge(challenge) == Some(true),
                    _ => value == challenge,
                }
            }),
            _ => false,
        };
        if expected {
            *value = AS_EXPECTED.into();
        }
    }
    if let Some(request) = exchange.exchange.request {
        let url = request.url.split('?').next().unwrap_or_default();
        params.0.insert(0, ("URL".into(), url.into()));
        if let Some(accept) = request.header("accept") {
            params.push("Accept", accept);
        }
    }
    Some(params)
}

fn answer(facts: &Facts<'_>) -> Option<Params> {
    let last = facts.present_exchange()?;
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

/// Two runs that are compared.
struct Pair<'f, 't, 'u, 'm> {
    one: &'f Facts<'t>,
    other: &'f Facts<'u>,
    names: Names<'m>,
}

impl Pair<'_, '_, '_, '_> {
    fn part(
        &self,
        heading: &str,
        one: Option<&Params>,
        other: Option<&Params>,
        messages: &Messages,
        width: usize,
    ) -> Vec<Line> {
        let words = &messages.lab().beside;
        let mut lines = vec![Line::new(heading, Tone::Label)];
        let (one, other) = match (one, other) {
            (None, None) => return Vec::new(),
            (Some(one), Some(other)) => (one, other),
            (_, None) => {
                lines.push(Line::new("  ✗ ", Tone::Bad).then(self.names.only_one, Tone::Plain));
                return lines;
            }
            (None, Some(_)) => {
                lines.push(Line::new("  ! ", Tone::Warn).then(self.names.only_other, Tone::Plain));
                return lines;
            }
        };
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in one.iter().chain(other.iter()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let labels = widest(names.iter().copied()) + 4;
        let side = widest([self.names.one, self.names.other]) + 2;
        let mut same = 0;
        for name in names {
            let (before, now) = (one.get(name), other.get(name));
            let equal = self.are_equal(name, before, now);
            if equal == Some(true) {
                same += 1;
                continue;
            }
            let indent = labels + side;
            let absent = || words.absent.clone();
            let before = before.map_or_else(absent, |value| shown(name, value, self.one));
            let now = now.map_or_else(absent, |value| shown(name, value, self.other));
            let heading = Line::new("  ", Tone::Plain).then(clean(name), Tone::Label);
            for (label, which, text, tone) in [
                (heading, self.names.one, &before, Tone::Value),
                (Line::default(), self.names.other, &now, Tone::Bad),
            ] {
                let label = label.pad_to(labels).then(which, Tone::Dim);
                lines.extend(hanging(label, text, tone, indent, width));
            }
            let remark = match equal {
                None => &words.unknown,
                _ if before == now => &words.masked_alike,
                _ => continue,
            };
            lines.extend(hanging(Line::default(), remark, Tone::Dim, indent, width));
        }
        if same > 0 {
            let count = same.to_string();
            lines.push(
                Line::new("  = ", Tone::Dim).then(filled(&words.same, &[("count", &count)]), Tone::Dim),
            );
        }
        lines
    }

    /// Whether two values say the same; `None` where they are masked and nothing else is known of them.
    fn are_equal(&self, name: &str, one: Option<&str>, other: Option<&str>) -> Option<bool> {
        let (Some(one), Some(other)) = (one, other) else {
            return Some(one == other);
        };
        if is_equal_enough(name, one, other) {
            return Some(true);
        }
        if one == AS_EXPECTED || other == AS_EXPECTED {
            return Some(one == other);
        }
        if !one.contains(MASK) && !other.contains(MASK) {
            return Some(one == other);
        }
        let place = match name {
            "client_secret" => Some(Place::ClientSecret),
            "client_id" => Some(Place::ClientId),
            "code_verifier" => Some(Place::CodeVerifier),
            _ => None,
        };
        match (
            secret(self.one, name, one, place),
            secret(self.other, name, other, place),
        ) {
            (Some(one), Some(other)) => one.equals(other),
            // What another mask would hide is another text.
            _ => (mask(one) != mask(other)).then_some(false),
        }
    }
}

/// A value of the token request as a secret, with what was saved of it.
fn secret<'f>(
    facts: &'f Facts<'_>,
    name: &str,
    text: &'f str,
    place: Option<Place>,
) -> Option<SecretView<'f>> {
    let TokenExchange { exchange, sent, .. } = facts.present_exchange()?;
    let place = place.filter(|_| sent.get(name) == Some(text))?;
    Some(facts.secret_of(exchange, place, text))
}

fn shown(name: &str, value: &str, facts: &Facts<'_>) -> String {
    let is_secret = is_secret_name(name)
        || (name == "client_id" && crate::providers::github::formats::may_be_secret(value));
    if is_secret && value != AS_EXPECTED {
        clean(&mask(value))
    } else {
        // A server may repeat a secret in its sentence.
        clean(&facts.redactor().redact(value))
    }
}

/// New in every run, or different only in a loopback port, which is free.
fn is_equal_enough(name: &str, one: &str, other: &str) -> bool {
    if name == "redirect_uri" || name == "iss" {
        return match (RedirectUri::parse(one), RedirectUri::parse(other)) {
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
        let names = Names::good_and_this(&messages);
        let lines = draw(&Facts::of(&good), &Facts::of(&this), names, &messages, 100);
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
