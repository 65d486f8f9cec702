//! The redirect URIs that are compared, and what is to be said of each.

use crate::{
    diagnosis::{build::component_departs, context::Facts},
    flow::transcript::Observation,
    oauth::{
        redirect_matching::{Registered, Verdict, closest, compare, nearest_match},
        redirect_uri::{Component, RedirectUri},
    },
    render::{text::line::clean, words::drawings::ComparisonProse},
    text::{catalog::Messages, diff::Difference, template::filled},
};

/// How many registered values are drawn; the rest are counted. GitHub allows ten.
const REGISTERED: usize = 10;

/// A value in the comparison.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its name.
    pub label: String,
    /// What there is.
    pub value: RowValue,
    /// The components that stand in the way, and how each departs.
    pub wrong: Vec<(Component, Difference)>,
    /// `None` for a row that nothing is held against.
    pub good: Option<bool>,
    /// A word beside the verdict.
    pub notes: Vec<String>,
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub(crate) enum RowValue {
    /// A redirect URI in its components, and as it was written.
    Uri(RedirectUri, String),
    /// A text that is not a redirect URI, with the reason.
    NotAUri(String, String),
    /// A remark instead of a value.
    Remark(String),
}

/// The whole comparison.
pub(crate) struct Comparison {
    /// Registered, authorize, exchange, listening.
    pub rows: Vec<Row>,
    /// The registered value that the rules below belong to.
    pub(super) against: Option<(RedirectUri, bool)>,
    /// The nearest value that would match, when something does not.
    pub nearest: Option<String>,
    /// Both requests sent the same value, and what is registered is not known.
    pub(super) same_but_unregistered: bool,
    /// Only what differs is drawn, without the rules.
    pub(super) is_brief: bool,
}

impl Comparison {
    /// Gathers the four values and holds each against its rule.
    pub(crate) fn of(facts: &Facts<'_>, messages: &Messages) -> Self {
        let prose = &messages.pictures().comparison;
        let registered: &[Registered] = facts.registered();
        let authorized = facts.authorize_param("redirect_uri");
        let exchange = facts.present_exchange();
        let exchanged = exchange.and_then(|exchange| exchange.sent.get("redirect_uri"));
        let subject = exchanged.or(authorized).unwrap_or_default();
        let against = closest(registered, subject)
            .and_then(|best| RedirectUri::parse(&best.uri).ok().map(|uri| (uri, best.wildcard)));
        let mut rows: Vec<Row> = registered
            .iter()
            .take(REGISTERED)
            .map(|one| Row::new(&prose.registered, &one.uri, messages))
            .collect();
        if registered.is_empty() {
            rows.push(Row::remark(&prose.registered, &prose.not_known));
        } else if registered.len() > REGISTERED {
            let n = (registered.len() - REGISTERED).to_string();
            rows.push(Row::remark("", &filled(&prose.more_registered, &[("n", &n)])));
        }
        let first = authorized.and_then(|uri| RedirectUri::parse(uri).ok());
        rows.push(match authorized {
            Some(uri) => Row::new(&prose.authorize, uri, messages).held_to(registered, messages),
            None if facts.authorization.is_some() => Row::remark(&prose.authorize, &prose.not_sent),
            None => Row::remark(&prose.authorize, &prose.no_authorization_request),
        });
        rows.push(match (exchanged, exchange) {
            (Some(uri), _) => {
                let row = Row::new(&prose.exchange, uri, messages).held_to(registered, messages);
                if authorized.is_some_and(|sent| sent != uri) {
                    row.not_as_authorized(first.as_ref(), messages)
                } else {
                    row
                }
            }
            (None, Some(exchange)) if exchange.exchange.request.is_some() => {
                Row::remark(&prose.exchange, &prose.not_sent)
            }
            _ => Row::remark(&prose.exchange, &prose.no_token_request),
        });
        if !facts.is_tapped() {
            rows.push(listening_row(facts, first.as_ref(), prose));
        }
        let nearest = rows.iter().any(|row| row.good == Some(false)).then(|| {
            let fits =
                |uri: &str| registered.is_empty() || nearest_match(registered, uri).as_deref() == Some(uri);
            match authorized {
                Some(uri) if first.is_some() && fits(uri) => Some(uri.to_owned()),
                _ => nearest_match(registered, subject),
            }
        });
        Self {
            rows,
            against,
            nearest: nearest.flatten(),
            same_but_unregistered: registered.is_empty() && exchanged.is_some() && exchanged == authorized,
            is_brief: false,
        }
    }
}

impl Comparison {
    pub(super) fn unjudged(mut self) -> Self {
        for row in &mut self.rows {
            row.good = None;
            row.wrong.clear();
            row.notes.clear();
        }
        Self {
            nearest: None,
            same_but_unregistered: false,
            ..self
        }
    }
}

impl Row {
    pub(super) fn new(label: &str, uri: &str, messages: &Messages) -> Self {
        let value = match RedirectUri::parse(uri) {
            Ok(parts) => RowValue::Uri(parts, uri.to_owned()),
            Err(defect) => RowValue::NotAUri(
                uri.to_owned(),
                messages.pictures().redirect_defect.of(&defect).to_owned(),
            ),
        };
        Self {
            label: label.to_owned(),
            good: None,
            wrong: Vec::new(),
            notes: Vec::new(),
            value,
        }
    }

    pub(super) fn remark(label: &str, remark: &str) -> Self {
        Self {
            label: label.to_owned(),
            value: RowValue::Remark(remark.to_owned()),
            good: None,
            wrong: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Holds the value against the registration.
    pub(super) fn held_to(mut self, registered: &[Registered], messages: &Messages) -> Self {
        let prose = messages.pictures();
        let (parts, text) = match &self.value {
            RowValue::Uri(parts, text) => (parts.clone(), text.clone()),
            RowValue::NotAUri(_, reason) => {
                self.notes.push(reason.clone());
                self.good = Some(false);
                return self;
            }
            RowValue::Remark(_) => return self,
        };
        let Some(best) = closest(registered, &text) else {
            return self;
        };
        let Ok(base) = RedirectUri::parse(&best.uri) else {
            self.good = Some(best.uri == text);
            return self;
        };
        for (component, verdict) in compare(&base, best.wildcard, &parts) {
            if verdict.is_match() {
                continue;
            }
            self.wrong
                .push((component, component_departs(&parts, &base, component)));
            if verdict == Verdict::WildcardOff {
                let name = prose.component.of(&component);
                self.notes
                    .push(filled(&prose.comparison.wildcard_off, &[("component", name)]));
            }
        }
        self.good = Some(self.wrong.is_empty());
        self
    }

    /// Adds what differs from the authorization request, which the token request has to repeat (RFC 6749 §4.1.3).
    pub(super) fn not_as_authorized(mut self, first: Option<&RedirectUri>, messages: &Messages) -> Self {
        if let (RowValue::Uri(parts, _), Some(first)) = (&self.value, first) {
            for component in Component::ALL {
                let differs = parts.component(component) != first.component(component);
                if differs && !self.wrong.iter().any(|(c, _)| *c == component) {
                    self.wrong
                        .push((component, component_departs(parts, first, component)));
                }
            }
            self.wrong.sort_by_key(|(component, _)| *component);
        }
        self.notes
            .push(messages.pictures().comparison.not_as_authorized.clone());
        self.good = Some(false);
        self
    }
}

fn listening_row(facts: &Facts<'_>, redirect_uri: Option<&RedirectUri>, prose: &ComparisonProse) -> Row {
    // On a port that is left open the listener is bound before the request that names its port is made.
    let bound = facts
        .transcript
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.observation {
            Observation::ListenerBound { address } => Some(Some(address)),
            Observation::ListenerFailed { .. } | Observation::ListenerImpossible { .. } => Some(None),
            _ => None,
        })
        .flatten();
    let Some(address) = bound else {
        return Row::remark(&prose.listening, &prose.not_listening);
    };
    let path = redirect_uri.map_or("/", RedirectUri::effective_path);
    let text = format!("http://{address}{path}");
    let Ok(parts) = RedirectUri::parse(&text) else {
        return Row::remark(&prose.listening, &clean(address));
    };
    let elsewhere = redirect_uri.is_some_and(|uri| uri.effective_port() != parts.effective_port());
    let mut row = Row::remark(&prose.listening, "");
    row.value = RowValue::Uri(parts, text);
    if elsewhere {
        row.notes.push(prose.listens_elsewhere.clone());
    }
    row
}
