//! Where it is drawn: three lanes, a row for each message between them.

use crate::{
    diagnosis::context::Facts,
    flow::transcript::Source,
    render::{
        drawings::sequence::steps::{Fate, Lane, Step},
        duration,
        text::{
            cells::{cells, cut},
            line::{Line, Tone, clean, wrap},
        },
    },
    text::{catalog::Messages, template::filled},
};

/// The column of the first lane: the times are to its left.
const FIRST_LANE: usize = 9;

/// The columns of the lanes.
pub(crate) struct Lanes {
    at: [usize; 3],
}

impl Lanes {
    pub(crate) fn of(width: usize) -> Self {
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
    pub(crate) fn header(&self, facts: &Facts<'_>, messages: &Messages) -> Vec<Line> {
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
        let client = if facts.authorization.is_some() && !facts.is_tapped() {
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
            // Its name is not known: the role is in its place and is not said twice.
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
    pub(crate) fn names(&self, [client, server]: [&str; 2], messages: &Messages) -> Vec<Line> {
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

    pub(crate) fn note(&self, step: &Step, messages: &Messages) -> Vec<Line> {
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

    pub(crate) fn message(&self, step: &Step, messages: &Messages) -> Vec<Line> {
        self.message_on_its_way(step, messages, 100)
    }

    /// The same while it has come so many hundredths of its way: what lies before it is dotted.
    pub(crate) fn message_on_its_way(&self, step: &Step, messages: &Messages, percent: usize) -> Vec<Line> {
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
        let way = |pair: &[Lane]| self.of_lane(pair[0]).abs_diff(self.of_lane(pair[1])) - 1;
        let whole: usize = step.path.windows(2).map(way).sum();
        let mut left_to_go = (whole * percent.min(100)).div_ceil(100);
        for pair in step.path.windows(2) {
            let come = left_to_go.min(way(pair));
            left_to_go -= come;
            lines.push(self.arrow(pair[0], pair[1], step.fate, come));
        }
        lines
    }

    /// `├────────►│`, with a `✗` in it when the message failed; `come` cells of it are behind the message.
    fn arrow(&self, from: Lane, to: Lane, fate: Fate, come: usize) -> Line {
        let (left, right) = (self.of_lane(from.min(to)), self.of_lane(from.max(to)));
        let rightwards = from < to;
        let line = spaces_to(self.bars(Line::default(), left), left);
        let length = right - left - 1;
        let mut shaft: Vec<char> = vec![if fate == Fate::Awaited { '╌' } else { '─' }; length];
        if let Some(middle) = self.at.iter().find(|at| left < **at && **at < right) {
            shaft[middle - left - 1] = '┼';
        }
        if fate == Fate::Bad {
            let middle = length / if shaft.contains(&'┼') { 4 } else { 2 };
            shaft[middle] = '✗';
        }
        let tone = match fate {
            Fate::Plain => Tone::Accent,
            other => other.tone(),
        };
        let ahead: String = "╌".repeat(length - come);
        let behind = if rightwards {
            &shaft[..come]
        } else {
            &shaft[length - come..]
        };
        let mut behind: Vec<char> = behind.to_vec();
        let (head, tip) = if rightwards {
            (behind.last_mut(), '►')
        } else {
            (behind.first_mut(), '◄')
        };
        if let Some(head) = head {
            *head = tip;
        }
        let behind: String = behind.into_iter().collect();
        let line = if rightwards {
            line.then("├", Tone::Dim)
                .then(behind, tone)
                .then(ahead, Tone::Dim)
                .then("│", Tone::Dim)
        } else {
            line.then("│", Tone::Dim)
                .then(ahead, Tone::Dim)
                .then(behind, tone)
                .then("┤", Tone::Dim)
        };
        self.bars(line, usize::MAX)
    }
}

/// Spaces up to a column, none where the line is already there.
fn spaces_to(line: Line, column: usize) -> Line {
    let missing = column.saturating_sub(line.width());
    line.then(" ".repeat(missing), Tone::Plain)
}
