//! `incorrect_client_credentials`: client id and secret on a ruler, a cell per character, damage and differences marked.

use crate::{
    diagnosis::{context::Facts, finding::Evidence, rule::Code},
    flow::configuration::{Field, Origin, Registration},
    oauth::secret::{Secret, mask},
    providers::{
        DEFAULT, ProviderProfile,
        github::formats::{ClientIdShape, ClientSecretShape, Defect, DefectKind, defects, may_be_secret},
        profile::Formats,
    },
    render::{
        drawings::Size,
        present_exchange,
        text::{
            layout::{self, Cell, cells_with, hanging, paragraph, side_by_side, value_lines, width_of},
            line::{Line, Tone},
        },
    },
    text::{
        catalog::Messages,
        diff::{self, Difference},
        template::filled,
    },
};

/// Where the values begin: behind the longer of the two names.
const INDENT: usize = 15;
/// From this width on, the judgement is beside the value instead of under it.
const WIDE: usize = 100;
/// A value no longer than this leaves room for its judgement beside it.
const BESIDE: usize = 42;
/// How many defects are named; the rest are counted.
const NAMED_DEFECTS: usize = 3;

/// One credential as it was sent, or would be.
#[derive(Clone, Debug)]
pub(crate) struct Credential<'f> {
    /// `client_id` or `client_secret`.
    pub name: &'static str,
    /// Its value, if it is known.
    pub value: Value<'f>,
    /// Where it came from.
    pub origin: Origin,
    /// True when it was checked and is right; `None` when there is nothing to hold it against, as for a value of the right
    /// shape that was refused.
    pub good: Option<bool>,
    /// What is right or wrong with it, each a few words.
    pub verdict: Vec<String>,
    /// The characters concerned, and where some are missing.
    departs: Difference,
    /// The length that the provider's values have, where they have one.
    expected: Option<usize>,
}

/// What is known of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'f> {
    /// The value, in a request or as configured.
    Known(&'f str),
    /// The request had none.
    NotSent,
    /// Only an answer was pasted.
    NotSeen,
}

/// Draws both credentials as the latest token request sent them, or as they are configured while none was sent.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize, reveal: bool) -> Vec<Line> {
    draw_all(credentials(facts, messages), facts, messages, width, reveal)
}

/// Draws both without a word on what is right or wrong with them.
pub(crate) fn draw_unjudged(facts: &Facts<'_>, messages: &Messages, width: usize) -> Vec<Line> {
    let unjudged = credentials(facts, messages).map(Credential::unjudged);
    draw_all(unjudged, facts, messages, width, false)
}

/// Draws what is wrong with either, and of the other no more than a line.
pub(crate) fn draw_brief(
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
    size: Size,
) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let credentials = credentials(facts, messages);
    let any_wrong = credentials
        .iter()
        .any(|credential| credential.good == Some(false));
    let shown = credentials.iter().filter(|credential| {
        let is_wrong = credential.good == Some(false);
        credential.value != Value::NotSeen && (size == Size::Brief || is_wrong || !any_wrong)
    });
    shown
        .flat_map(|credential| brief(credential, messages, width, reveal, size))
        .collect()
}

fn brief(
    credential: &Credential<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
    size: Size,
) -> Vec<Line> {
    let label = Line::new(credential.name, Tone::Label);
    let (symbol, tone) = symbol(credential.good);
    let verdict = format!("{symbol}{}", verdict_line(credential, messages));
    let Value::Known(value) = credential.value else {
        return hanging(label, &verdict, tone, INDENT, width);
    };
    let all = credential.cells(value, reveal);
    let mut lines = value_lines(label, &all, Tone::Value, INDENT, width);
    let marked = credential.departs.first().is_some();
    if marked && size == Size::Brief && INDENT + width_of(&all) <= width {
        lines.push(ticks(all.len()));
    }
    let beside = lines.len() == 1 && lines[0].width() + 2 + Line::new(&verdict, tone).width() <= width;
    if beside {
        lines[0] = std::mem::take(&mut lines[0])
            .then("  ", Tone::Plain)
            .then(verdict, tone);
    } else if credential.good == Some(false) || credential.verdict.is_empty() {
        lines.extend(hanging(Line::default(), &verdict, tone, INDENT, width));
    } else if lines.len() == 1 && lines[0].width() + 2 <= width {
        lines[0] = std::mem::take(&mut lines[0])
            .then(" ", Tone::Plain)
            .then(symbol.trim_end(), tone);
    }
    lines
}

fn draw_all(
    credentials: [Credential<'_>; 2],
    facts: &Facts<'_>,
    messages: &Messages,
    width: usize,
    reveal: bool,
) -> Vec<Line> {
    let width = width.max(layout::NARROWEST);
    let prose = &messages.pictures().ruler;
    let heading = match present_exchange(facts) {
        Some(exchange) if exchange.exchange.request.is_none() => &prose.not_seen,
        Some(_) => &prose.as_sent,
        None => &prose.as_configured,
    };
    let mut lines = paragraph(heading, Tone::Dim, width);
    for credential in credentials {
        if credential.value == Value::NotSeen {
            continue;
        }
        lines.push(Line::default());
        lines.extend(draw_one(&credential, messages, width, reveal));
    }
    lines
}

/// Both credentials, judged.
pub(crate) fn credentials<'f>(facts: &'f Facts<'_>, messages: &Messages) -> [Credential<'f>; 2] {
    let configuration = facts.configuration();
    let exchange = present_exchange(facts);
    let value = |name: &str, configured: Option<&'f str>| match exchange {
        Some(exchange) if exchange.exchange.request.is_some() => {
            exchange.sent.get(name).map_or(Value::NotSent, Value::Known)
        }
        Some(_) => Value::NotSeen,
        None if configuration.is_none() => Value::NotSeen,
        None => configured.map_or(Value::NotSent, Value::Known),
    };
    let origin = |field: Field| {
        let origins = exchange
            .and_then(|e| e.exchange.origins)
            .or(configuration.map(|c| &c.origins));
        origins.map(|origins| origins.of(field)).unwrap_or_default()
    };
    let unknown = Registration::default();
    let record = configuration.map_or(&unknown, |c| &c.registration);
    let profile = configuration.map_or(DEFAULT, |c| c.provider.profile);
    let id = value("client_id", configuration.map(|c| c.client_id.as_str()));
    let secret = value(
        "client_secret",
        configuration
            .and_then(|c| c.client_secret.as_ref())
            .map(Secret::reveal),
    );
    let refused = exchange.is_some_and(|exchange| {
        matches!(
            exchange.meaning(),
            Some(Code::CredentialsRefused | Code::ClientUnknown | Code::UnauthorizedClient)
        )
    });
    // The server has issued a code to this id, so it is not the id that it refuses.
    let known = matches!(id, Value::Known(id) if facts.id_with_a_code() == Some(id));
    let held = |record, refused| Held {
        profile,
        record,
        refused,
    };
    [
        Credential::new("client_id", id, origin(Field::ClientId))
            .judge(&held(record.client_id.as_deref(), refused && !known), messages),
        Credential::new("client_secret", secret, origin(Field::ClientSecret)).judge(
            &held(record.client_secret.as_ref().map(Secret::reveal), refused),
            messages,
        ),
    ]
}

/// What a credential is held against.
struct Held<'r> {
    /// Whose formats apply.
    profile: &'r ProviderProfile,
    /// What the server has on record, where that is known.
    record: Option<&'r str>,
    /// The server has refused it, so that a good shape speaks for nothing.
    refused: bool,
}

impl<'f> Credential<'f> {
    fn new(name: &'static str, value: Value<'f>, origin: Origin) -> Self {
        Self {
            name,
            value,
            origin,
            good: None,
            verdict: Vec::new(),
            departs: Difference::default(),
            expected: None,
        }
    }

    /// Holds the value against its shape, against what damages values, and against what the server has on record.
    fn judge(mut self, held: &Held<'_>, messages: &Messages) -> Self {
        let prose = messages.pictures();
        let Value::Known(value) = self.value else {
            let words = if self.value == Value::NotSent {
                &prose.ruler.not_sent
            } else {
                &prose.ruler.not_seen
            };
            self.verdict.push(words.clone());
            self.good = (self.value == Value::NotSent).then_some(false);
            return self;
        };
        let count = value.chars().count();
        let damage = defects(value);
        let mut good = (!damage.is_empty()).then_some(false);
        if let Some(formats) = held.profile.formats {
            let id = self.name == "client_id";
            let (fits, words, expected) = if id {
                id_shape(formats, value, messages)
            } else {
                secret_shape(formats, value, messages)
            };
            self.expected = Some(expected);
            good = match fits && damage.is_empty() {
                true if held.refused => None,
                good => Some(good),
            };
            let shape_is_news = fits || damage.first().is_none_or(|d| d.kind != DefectKind::Empty);
            if shape_is_news {
                self.verdict.push(words);
            }
            if !id && !fits && damage.is_empty() {
                self.mark_shape((formats.client_secret)(value), value, count, expected);
            }
        } else if damage.is_empty() {
            self.verdict.push(prose.ruler.no_fixed_shape.clone());
        }
        for defect in damage.iter().take(NAMED_DEFECTS) {
            let at = defect.at.to_string();
            self.verdict
                .push(filled(prose.defect.of(&defect.kind), &[("at", &at)]));
        }
        if damage.len() > NAMED_DEFECTS {
            let n = (damage.len() - NAMED_DEFECTS).to_string();
            self.verdict.push(filled(&prose.ruler.more_defects, &[("n", &n)]));
        }
        self.departs.marks.extend(
            damage
                .iter()
                .filter(|d| d.at > 0)
                .map(|d| marked_range(*d, count)),
        );
        if let Some(record) = held.record {
            if record == value {
                self.verdict.push(prose.ruler.same_as_record.clone());
                good = Some(true);
            } else {
                let departs = diff::characters(value, record);
                let at = departs.first().map_or(1, |at| at + 1).to_string();
                if damage.is_empty() {
                    self.verdict
                        .push(filled(&prose.ruler.differs_from_record, &[("at", &at)]));
                    // Where they are missing is known better than by the length alone.
                    self.departs.missing.clear();
                    self.departs.extend(departs);
                }
                good = Some(false);
            }
        }
        self.good = good;
        self
    }

    /// The same with nothing said of a value that is there, unless it is in order.
    fn unjudged(self) -> Self {
        if !matches!(self.value, Value::Known(_)) || self.good == Some(true) {
            return Self {
                origin: Origin::Default,
                ..self
            };
        }
        Self {
            origin: Origin::Default,
            good: None,
            verdict: Vec::new(),
            departs: Difference::default(),
            ..self
        }
    }

    fn mark_shape(&mut self, shape: ClientSecretShape, value: &str, count: usize, expected: usize) {
        match shape {
            ClientSecretShape::TooLong => self.departs.marks.push((expected, count)),
            ClientSecretShape::TooShort => self.departs.missing.push((count, expected - count)),
            ClientSecretShape::Unknown => {
                let strange = |c: char| !c.is_ascii_digit() && !('a'..='f').contains(&c);
                for (at, _) in value.chars().enumerate().filter(|(_, c)| strange(*c)) {
                    match self.departs.marks.last_mut().filter(|(_, to)| *to == at) {
                        Some((_, to)) => *to = at + 1,
                        None => self.departs.marks.push((at, at + 1)),
                    }
                }
            }
            _ => {}
        }
    }

    /// True for an id, unless a secret is in its place.
    fn is_open(&self, value: &str) -> bool {
        self.name == "client_id" && !may_be_secret(value)
    }

    /// The cells of the value, masked where it is secret.
    fn cells(&self, value: &str, reveal: bool) -> Vec<Cell> {
        let shown = if reveal || self.is_open(value) {
            value.to_owned()
        } else {
            mask(value)
        };
        let mut shown = Evidence::new("", shown.replace(' ', "␠")).departing(self.departs.clone());
        shown.bound();
        let departs = Difference {
            marks: shown.marks,
            missing: shown.missing,
        };
        cells_with(&shown.value, &departs)
    }
}

/// The characters that a defect covers, counted from 0.
fn marked_range(defect: Defect, count: usize) -> (usize, usize) {
    let length = match defect.kind {
        DefectKind::Placeholder => count,
        DefectKind::PercentEncoded => 3,
        _ => 1,
    };
    (defect.at - 1, (defect.at - 1 + length).min(count))
}

fn id_shape(formats: &Formats, value: &str, messages: &Messages) -> (bool, String, usize) {
    let shape = (formats.client_id)(value);
    let fits = matches!(
        shape,
        ClientIdShape::OAuthApp | ClientIdShape::LegacyOAuthApp | ClientIdShape::GitHubApp
    );
    (
        fits,
        messages.pictures().client_id_shape.of(&shape).to_owned(),
        formats.client_id_length,
    )
}

fn secret_shape(formats: &Formats, value: &str, messages: &Messages) -> (bool, String, usize) {
    let shape = (formats.client_secret)(value);
    (
        shape == ClientSecretShape::FortyHex,
        messages.pictures().client_secret_shape.of(&shape).to_owned(),
        formats.client_secret_length,
    )
}

fn draw_one(credential: &Credential<'_>, messages: &Messages, width: usize, reveal: bool) -> Vec<Line> {
    let label = Line::new(credential.name, Tone::Label);
    let (symbol, tone) = symbol(credential.good);
    let verdict = format!("{symbol}{}", verdict_line(credential, messages));
    let Value::Known(value) = credential.value else {
        return hanging(label, &verdict, tone, INDENT, width);
    };
    let all = credential.cells(value, reveal);
    let beside = (width >= WIDE && width_of(&all) <= BESIDE).then_some(INDENT + BESIDE + 2);
    let mut left = if all.is_empty() {
        vec![
            label
                .pad_to(INDENT)
                .then(&messages.pictures().ruler.empty, Tone::Dim),
        ]
    } else {
        value_lines(label, &all, Tone::Value, INDENT, width)
    };
    let scale = all.len().max(credential.expected.unwrap_or(0));
    if !all.is_empty() && INDENT + scale.max(width_of(&all)) <= width {
        left.push(ticks(scale));
        left.extend(
            credential
                .expected
                .map(|count| expected_shape(credential.name, count, messages)),
        );
    }
    let start = beside.unwrap_or(INDENT);
    let mut right = if credential.verdict.is_empty() {
        Vec::new()
    } else {
        hanging(Line::default(), &verdict, tone, start, width)
    };
    // Nothing to say where it is not known.
    if credential.origin != Origin::Default {
        right.extend(hanging(
            Line::default(),
            &origin_line(&credential.origin, messages),
            Tone::Dim,
            start,
            width,
        ));
    }
    match beside {
        Some(start) => side_by_side(left, right, start),
        None => left.into_iter().chain(right).collect(),
    }
}

/// Length and judgement in one line of words.
pub(crate) fn verdict_line(credential: &Credential<'_>, messages: &Messages) -> String {
    let units = &messages.pictures().units;
    let mut words = Vec::new();
    if let Value::Known(value) = credential.value {
        let count = value.chars().count();
        let template = if count == 1 {
            &units.character
        } else {
            &units.characters
        };
        words.push(filled(template, &[("n", &count.to_string())]));
    }
    words.extend(credential.verdict.iter().cloned());
    words.join(&units.list)
}

/// Where a value came from, in words.
pub fn origin_line(origin: &Origin, messages: &Messages) -> String {
    let name = match origin {
        Origin::Environment(name) | Origin::File(name) | Origin::Command(name) => {
            crate::render::text::line::clean(name)
        }
        _ => String::new(),
    };
    let prose = &messages.opening().origin;
    let words = filled(prose.of(origin), &[("name", &name)]);
    filled(prose.from, &[("origin", &words)])
}

fn symbol(good: Option<bool>) -> (&'static str, Tone) {
    match good {
        Some(true) => ("✓ ", Tone::Good),
        Some(false) => ("✗ ", Tone::Bad),
        None => ("", Tone::Dim),
    }
}

/// `····5···10···15`: the last digit of each number is under the character that it counts.
fn ticks(count: usize) -> Line {
    let mut text = String::new();
    for at in (5..=count).step_by(5) {
        let number = at.to_string();
        text.push_str(&"·".repeat(5 - number.len().min(5)));
        text.push_str(&number);
    }
    text.push_str(&"·".repeat(count - count / 5 * 5));
    Line::new(" ".repeat(INDENT), Tone::Plain).then(text, Tone::Dim)
}

/// `└── 40 × 0-9 a-f ──┘`: how long the value should be and of what.
fn expected_shape(name: &str, count: usize, messages: &Messages) -> Line {
    let prose = &messages.pictures().ruler;
    let label = if name == "client_id" {
        &prose.expected_id
    } else {
        &prose.expected_secret
    };
    let label = format!(" {label} ");
    let dashes = (count - 2).saturating_sub(Line::new(&label, Tone::Dim).width());
    let text = format!(
        "└{}{label}{}┘",
        "─".repeat(dashes / 2),
        "─".repeat(dashes.div_ceil(2))
    );
    Line::new(" ".repeat(INDENT), Tone::Plain).then(text, Tone::Dim)
}
