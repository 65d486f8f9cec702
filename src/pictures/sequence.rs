//! The messages of the latest attempt in order, between the browser, the client and the authorization server.

use super::{
    duration, filled, layout,
    layout::{cells, cut, paragraph},
    line::{Line, Tone, clean, wrap},
};
use crate::{
    diagnosis::facts::{Facts, TokenExchange},
    flow::transcript::{Disposition, Entry, Observation, Purpose, STATUS_NOT_SEEN, Source},
    locale::Messages,
    oauth::{
        http::{HttpResponse, reason_phrase},
        token::TokenAnswer,
    },
};

/// So many observations are drawn; from the middle the rest are counted.
const DRAWN: usize = 11;
/// Of them, so many from the beginning.
const FROM_THE_BEGINNING: usize = 3;
/// The drawing is no wider than this, however wide the screen.
const WIDEST: usize = 110;
/// The column of the first lane: before it stand the times.
const FIRST_LANE: usize = 9;

/// Who sends or receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    /// The resource owner's browser.
    Browser,
    /// oauthlens, or the program whose messages were pasted.
    Client,
    /// The authorization server, or its API.
    Server,
}

/// How a message fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Plain,
    Good,
    Bad,
    Doubtful,
    /// Still to come.
    Awaited,
}

impl Fate {
    fn tone(self) -> Tone {
        match self {
            Self::Plain => Tone::Plain,
            Self::Good => Tone::Good,
            Self::Bad => Tone::Bad,
            Self::Doubtful => Tone::Warn,
            Self::Awaited => Tone::Dim,
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Good => "✓ ",
            Self::Bad => "✗ ",
            Self::Doubtful => "! ",
            Self::Plain | Self::Awaited => "",
        }
    }
}

/// A message, or a note where `path` is empty.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Milliseconds since the attempt was started; `None` where that is not known.
    pub at: Option<u64>,
    /// The lanes it passes, in order.
    pub path: &'static [Lane],
    /// What it is.
    pub label: String,
    /// How it fared.
    pub fate: Fate,
}

use Lane::{Browser, Client, Server};

/// Draws the sequence.
pub fn draw(facts: &Facts<'_>, messages: &Messages, width: usize, _reveal: bool) -> Vec<Line> {
    let width = width.clamp(layout::NARROWEST, WIDEST);
    let steps = steps(facts, messages);
    if steps.is_empty() {
        return paragraph(&messages.pictures().sequence.nothing, Tone::Dim, width);
    }
    let columns = Lanes::of(width);
    let mut lines = columns.header(facts, messages);
    for step in &steps {
        if step.path.is_empty() {
            lines.extend(columns.note(step, messages));
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

/// The messages and notes of the latest attempt: a bounded number, whatever the history.
pub(super) fn steps(facts: &Facts<'_>, messages: &Messages) -> Vec<Step> {
    let prose = &messages.pictures().sequence;
    let start = facts.authorization.map_or(0, |(index, ..)| index);
    let entries = &facts.transcript.entries[start..];
    let zero = entries.first().map_or(0, |entry| entry.at);
    let mut drawn: Vec<&Entry> = Vec::new();
    // Of an excerpt the middle is missing: a request and a response each.
    let mut left_out = 2 * facts.transcript.missing_exchanges();
    let mut other_requests = 0_usize;
    for entry in entries {
        if is_noise(&entry.observation) {
            other_requests += usize::from(matches!(entry.observation, Observation::RedirectReceived { .. }));
            continue;
        }
        drawn.push(entry);
        if drawn.len() > 2 * DRAWN {
            left_out += drawn
                .drain(FROM_THE_BEGINNING..drawn.len() - (DRAWN - FROM_THE_BEGINNING))
                .count();
        }
    }
    if drawn.len() > DRAWN {
        left_out += drawn
            .drain(FROM_THE_BEGINNING..drawn.len() - (DRAWN - FROM_THE_BEGINNING))
            .count();
    }
    let known_times = facts.transcript.source != Source::Pasted;
    let mut steps: Vec<Step> = Vec::new();
    for (nth, entry) in drawn.iter().enumerate() {
        if nth == FROM_THE_BEGINNING && left_out > 0 {
            steps.push(note(
                None,
                filled(&prose.left_out, &[("n", &left_out.to_string())]),
                Fate::Awaited,
            ));
        }
        let at = known_times.then(|| entry.at.saturating_sub(zero));
        steps.extend(step(at, &entry.observation, facts, messages));
    }
    steps.extend(awaited(entries, messages));
    if other_requests > 0 {
        let n = other_requests.to_string();
        steps.push(note(
            None,
            filled(&prose.other_requests, &[("n", &n)]),
            Fate::Awaited,
        ));
    }
    steps
}

/// True for what the drawing leaves to other views.
fn is_noise(observation: &Observation) -> bool {
    match observation {
        Observation::ListenerBound { .. } | Observation::BrowserOpened => true,
        Observation::RedirectReceived { disposition, .. } => matches!(
            disposition,
            Disposition::Favicon
                | Disposition::OtherPath
                | Disposition::OtherMethod
                | Disposition::OtherHost
                | Disposition::NoParameters
        ),
        _ => false,
    }
}

fn note(at: Option<u64>, label: String, fate: Fate) -> Step {
    Step {
        at,
        path: &[],
        label,
        fate,
    }
}

fn step(at: Option<u64>, observation: &Observation, facts: &Facts<'_>, messages: &Messages) -> Option<Step> {
    let words = messages.pictures();
    let prose = &words.sequence;
    let message = |path, label, fate| {
        Some(Step {
            at,
            path,
            label,
            fate,
        })
    };
    match observation {
        Observation::AuthorizationStarted { .. } => message(
            &[Browser, Server],
            prose.authorization_request.clone(),
            Fate::Plain,
        ),
        Observation::RedirectReceived {
            request, disposition, ..
        } => {
            let (label, fate) = redirect(request.query().unwrap_or_default(), *disposition, messages);
            message(&[Server, Browser, Client], label, fate)
        }
        Observation::RequestSent { purpose, .. } => {
            let label = match purpose {
                Purpose::Token => &prose.token_request,
                Purpose::User => &prose.user_request,
                Purpose::ProbeCredentials | Purpose::ProbeAuthorization => &prose.probe_request,
            };
            message(&[Client, Server], label.clone(), Fate::Plain)
        }
        Observation::ResponseReceived {
            exchange, response, ..
        } => {
            let (label, fate) = answer(*exchange, response, facts, messages);
            message(&[Server, Client], label, fate)
        }
        Observation::RequestFailed { failure, .. } => {
            let reason = words.failure.of(&failure.kind);
            message(
                &[Server, Client],
                filled(&prose.no_answer, &[("reason", reason)]),
                Fate::Bad,
            )
        }
        Observation::ListenerFailed {
            address,
            in_use,
            reason,
        } => {
            let template = if *in_use {
                &prose.port_in_use
            } else {
                &prose.listener_failed
            };
            let text = filled(
                template,
                &[("address", &clean(address)), ("reason", &clean(reason))],
            );
            Some(note(at, text, Fate::Bad))
        }
        Observation::ListenerImpossible { why } => {
            let text = filled(
                &prose.listener_impossible,
                &[("reason", words.cannot_listen.of(why))],
            );
            Some(note(at, text, Fate::Doubtful))
        }
        Observation::BrowserFailed { .. } => Some(note(at, prose.browser_failed.clone(), Fate::Doubtful)),
        Observation::PageSeen { status, .. } => {
            let text = filled(&prose.page_seen, &[("status", &status.to_string())]);
            message(&[Server, Browser], text, Fate::Bad)
        }
        Observation::RedirectTimedOut { seconds } => {
            let text = filled(&prose.timed_out, &[("seconds", &seconds.to_string())]);
            Some(note(at, text, Fate::Bad))
        }
        Observation::Cancelled => Some(note(at, prose.cancelled.clone(), Fate::Doubtful)),
        Observation::ListenerBound { .. } | Observation::BrowserOpened => None,
    }
}

fn redirect(query: &str, disposition: Disposition, messages: &Messages) -> (String, Fate) {
    let words = messages.pictures();
    let prose = &words.sequence;
    match disposition {
        Disposition::Accepted => (prose.redirect_code.clone(), Fate::Plain),
        Disposition::ErrorResponse => {
            let params = crate::oauth::params::Params::decode(query);
            let error = clean(params.get("error").unwrap_or_default());
            (filled(&prose.redirect_error, &[("error", &error)]), Fate::Bad)
        }
        Disposition::AcceptedUnchecked => {
            let reason = words.disposition.of(&disposition);
            let label = filled(&prose.redirect_doubtful, &[("reason", reason)]);
            (label, Fate::Doubtful)
        }
        other => {
            let fate = if other.is_refused() {
                Fate::Bad
            } else {
                Fate::Doubtful
            };
            (
                filled(
                    &prose.redirect_not_taken,
                    &[("reason", words.disposition.of(&other))],
                ),
                fate,
            )
        }
    }
}

/// `200`, or with its reason phrase, or that it was not seen.
pub(crate) fn status_words(status: u16, messages: &Messages) -> String {
    if status == STATUS_NOT_SEEN {
        return messages.pictures().message.status_not_seen.clone();
    }
    format!("{status} {}", reason_phrase(status))
        .trim_end()
        .to_owned()
}

fn answer(exchange: u32, response: &HttpResponse, facts: &Facts<'_>, messages: &Messages) -> (String, Fate) {
    let prose = &messages.pictures().sequence;
    let status = status_words(response.status, messages);
    let purpose = facts
        .other_exchanges
        .iter()
        .rev()
        .find(|e| e.number == exchange)
        .map(|e| e.purpose);
    let good = (200..300).contains(&response.status);
    match purpose {
        Some(Purpose::User) => {
            let login = super::token::login(response).map(|login| clean(&login));
            match login.filter(|_| good) {
                Some(login) => (
                    filled(&prose.user, &[("status", &status), ("login", &login)]),
                    Fate::Good,
                ),
                None => (filled(&prose.other_answer, &[("status", &status)]), Fate::Bad),
            }
        }
        Some(_) => {
            let reading = crate::oauth::token::read_answer(response);
            match reading.answer {
                TokenAnswer::Error(error) => {
                    let error = clean(&error.error);
                    (
                        filled(&prose.error, &[("status", &status), ("error", &error)]),
                        Fate::Plain,
                    )
                }
                _ => (filled(&prose.other_answer, &[("status", &status)]), Fate::Plain),
            }
        }
        None => {
            let reading = facts
                .token_exchanges
                .iter()
                .rev()
                .find(|e| e.exchange.number == exchange)
                .and_then(|e: &TokenExchange<'_>| e.reading.as_ref());
            match reading.map(|reading| &reading.answer) {
                Some(TokenAnswer::Token(_)) => (filled(&prose.token, &[("status", &status)]), Fate::Good),
                Some(TokenAnswer::Error(error)) => {
                    let error = clean(&error.error);
                    (
                        filled(&prose.error, &[("status", &status), ("error", &error)]),
                        Fate::Bad,
                    )
                }
                _ => (filled(&prose.not_a_token, &[("status", &status)]), Fate::Bad),
            }
        }
    }
}

/// What is still to come, when the attempt is under way.
fn awaited(entries: &[Entry], messages: &Messages) -> Option<Step> {
    let prose = &messages.pictures().sequence;
    let awaited = |path, label: &String| {
        Some(Step {
            at: None,
            path,
            label: label.clone(),
            fate: Fate::Awaited,
        })
    };
    match &entries.last()?.observation {
        Observation::RequestSent { .. } => awaited(&[Server, Client], &prose.waiting_for_answer),
        Observation::AuthorizationStarted { .. }
        | Observation::ListenerBound { .. }
        | Observation::BrowserOpened => awaited(&[Server, Browser, Client], &prose.waiting_for_redirect),
        _ => None,
    }
}

/// The columns of the lanes.
struct Lanes {
    at: [usize; 3],
}

impl Lanes {
    fn of(width: usize) -> Self {
        let last = width - 1;
        Self {
            // What passes between client and server has the longer labels.
            at: [FIRST_LANE, FIRST_LANE + (last - FIRST_LANE) * 9 / 20, last],
        }
    }

    fn of_lane(&self, lane: Lane) -> usize {
        self.at[lane as usize]
    }

    /// Names above, roles below; the first to the right of its lane, the second in the middle, the third to the left.
    fn header(&self, facts: &Facts<'_>, messages: &Messages) -> Vec<Line> {
        let prose = &messages.pictures().sequence;
        let (provider, simulated) = match facts.configuration() {
            Some(configuration) => (
                clean(&configuration.provider.name),
                configuration.provider.simulated,
            ),
            None => (String::new(), facts.transcript.source == Source::Simulator),
        };
        let marked = filled(&prose.simulated, &[("provider", &provider)]);
        let nameless = provider.is_empty();
        // The first of these that fits: the screen around the drawing says SIMULATED too.
        let servers = match (simulated, nameless) {
            (true, _) => [marked.trim_start(), provider.as_str()],
            (false, true) => [prose.authorization_server.as_str(), &prose.server],
            (false, false) => [provider.as_str(), &provider],
        };
        let client = if facts.authorization.is_some() {
            &prose.oauthlens
        } else {
            &prose.other_client
        };
        let names = [prose.browser.as_str(), client];
        let name_tones = [
            Tone::Label,
            Tone::Label,
            if simulated { Tone::Warn } else { Tone::Label },
        ];
        let roles = [prose.resource_owner.as_str(), &prose.client];
        let server_roles = if nameless && !simulated {
            // Its name is not known: the role stands in its place and is not said twice.
            ["", ""]
        } else {
            [prose.authorization_server.as_str(), &prose.server]
        };
        vec![
            self.heading(names, servers, name_tones),
            self.heading(roles, server_roles, [Tone::Dim; 3]),
        ]
    }

    /// Names and roles where all are known.
    fn names(&self, [client, server]: [&str; 2], messages: &Messages) -> Vec<Line> {
        let prose = &messages.pictures().sequence;
        let names = self.heading([&prose.browser, client], [server, server], [Tone::Label; 3]);
        let roles = self.heading(
            [&prose.resource_owner, &prose.client],
            [&prose.authorization_server, &prose.server],
            [Tone::Dim; 3],
        );
        vec![names, roles]
    }

    /// Two words over their lanes, and the first of two for the server that fits.
    fn heading(&self, words: [&str; 2], servers: [&str; 2], tones: [Tone; 3]) -> Line {
        let width = |word: &str| Line::new(word, Tone::Plain).width();
        let first = self.at[0].saturating_sub(width(words[0]) / 2);
        let second = self.at[1].saturating_sub(width(words[1]) / 2);
        let room = (self.at[2] + 1).saturating_sub(second + width(words[1]) + 2);
        let server = servers
            .into_iter()
            .find(|server| width(server) <= room)
            .unwrap_or(servers[1]);
        let server: String = cut(&cells(server, &[]), room).iter().map(|cell| cell.c).collect();
        let third = self.at[2] + 1 - width(&server);
        let mut line = Line::default();
        for (start, word, tone) in [
            (first, words[0], tones[0]),
            (second, words[1], tones[1]),
            (third, server.as_str(), tones[2]),
        ] {
            line = spaces_to(line, start).then(word, tone);
        }
        line
    }

    /// The bars of those lanes that stand right of `line` and left of `until`.
    fn bars(&self, mut line: Line, until: usize) -> Line {
        for at in self.at {
            if at >= line.width() && at < until {
                line = spaces_to(line, at).then("│", Tone::Dim);
            }
        }
        line
    }

    fn time(at: Option<u64>, messages: &Messages) -> Line {
        let time = at.map(|at| duration(at, messages)).unwrap_or_default();
        let width = Line::new(&time, Tone::Dim).width();
        Line::new(" ".repeat((FIRST_LANE - 2).saturating_sub(width)), Tone::Plain).then(time, Tone::Dim)
    }

    /// A text that begins at a column and wraps before another.
    fn text(
        &self,
        at: Option<u64>,
        text: &str,
        tone: Tone,
        from: usize,
        to: usize,
        messages: &Messages,
    ) -> Vec<Line> {
        wrap(text, to.saturating_sub(from))
            .into_iter()
            .enumerate()
            .map(|(nth, piece)| {
                let line = Self::time(at.filter(|_| nth == 0), messages);
                let line = spaces_to(self.bars(line, from), from).then(piece, tone);
                self.bars(line, usize::MAX)
            })
            .collect()
    }

    fn note(&self, step: &Step, messages: &Messages) -> Vec<Line> {
        let text = format!("{}{}", step.fate.symbol(), step.label);
        self.text(
            step.at,
            &text,
            step.fate.tone(),
            self.at[0] + 2,
            self.at[2] - 1,
            messages,
        )
    }

    fn message(&self, step: &Step, messages: &Messages) -> Vec<Line> {
        let columns: Vec<usize> = step.path.iter().map(|lane| self.of_lane(*lane)).collect();
        let (Some(left), Some(right)) = (columns.iter().min(), columns.iter().max()) else {
            return Vec::new();
        };
        let text = format!("{}{}", step.fate.symbol(), step.label);
        // A word too long for the gap begins further left, over the lane in the middle, rather than break.
        let end = *right - 1;
        let longest = text
            .split(|c: char| c == ' ' || !c.is_ascii())
            .map(|word| Line::new(word, Tone::Plain).width())
            .max()
            .unwrap_or(0);
        let from = (left + 2).min(end.saturating_sub(longest)).max(self.at[0] + 2);
        let mut lines = self.text(step.at, &text, step.fate.tone(), from, end, messages);
        for pair in step.path.windows(2) {
            lines.push(self.arrow(pair[0], pair[1], step.fate));
        }
        lines
    }

    /// `├────────►│`, with a `✗` in it when the message failed.
    fn arrow(&self, from: Lane, to: Lane, fate: Fate) -> Line {
        let (left, right) = (self.of_lane(from.min(to)), self.of_lane(from.max(to)));
        let rightwards = from < to;
        let mut line = spaces_to(self.bars(Line::default(), left), left);
        let mut shaft: Vec<char> = vec![if fate == Fate::Awaited { '╌' } else { '─' }; right - left - 1];
        if let Some(middle) = self.at.iter().find(|at| left < **at && **at < right) {
            shaft[middle - left - 1] = '┼';
        }
        if fate == Fate::Bad {
            let middle = shaft.len() / if shaft.contains(&'┼') { 4 } else { 2 };
            shaft[middle] = '✗';
        }
        let tone = match fate {
            Fate::Plain => Tone::Accent,
            other => other.tone(),
        };
        if rightwards {
            if let Some(head) = shaft.last_mut() {
                *head = '►';
            }
        } else {
            shaft[0] = '◄';
        }
        let shaft: String = shaft.into_iter().collect();
        let (first, last) = if rightwards {
            ("├", "│")
        } else {
            ("│", "┤")
        };
        line = line
            .then(first, Tone::Dim)
            .then(shaft, tone)
            .then(last, Tone::Dim);
        self.bars(line, usize::MAX)
    }
}

/// Spaces up to a column, none where the line is already there.
fn spaces_to(line: Line, column: usize) -> Line {
    let missing = column.saturating_sub(line.width());
    line.then(" ".repeat(missing), Tone::Plain)
}
