//! Everything that a text holds, from its first line to its last.
//!
//! [`marks`] says where something may begin; from there a command, a message, an object or a word is read, and the search
//! goes on behind it, so that no text costs more than linear time.

use crate::{
    diagnosis::libraries,
    flow::transcript::{Observation, STATUS_NOT_SEEN},
    oauth::{http::HttpRequest, time::Moment},
    sources::dump::{self, Object},
    sources::exchange::{self, Came},
    sources::pasted::{
        access_log, body, curl_command,
        event::{Answer, Event, Found, Rank, one_event, settled},
        http_message,
        marks::{self, Mark},
        prose, record, redirect, request,
    },
};

/// How often a text inside a text is read: a message in a record in a record.
pub(crate) const DEEPEST: u8 = 4;
/// A complaint of the network in a longer text counts only beside what is known to concern the flow.
const LONG: usize = 20_000;

/// All that a text holds, in order; one event for each thing that happened.
pub(crate) fn events(text: &str, times: &[(usize, Moment)]) -> Vec<Event> {
    let mut found = scan(text, DEEPEST, times);
    let alone = found.is_empty();
    let said = libraries::recognise_at(text)
        .into_iter()
        // A log of a web server in which nothing of a flow stands is any log.
        .filter(|(_, message)| !(alone && libraries::is_a_log(message)));
    found.extend(said.map(|(start, message)| Event {
        start,
        at: None,
        found: Found::Said(message),
    }));
    found.sort_by_key(|event| event.start);
    settled(found)
}

/// The same without what libraries say, before it is settled.
pub(crate) fn scan<'t>(text: &'t str, depth: u8, times: &'t [(usize, Moment)]) -> Vec<Event> {
    let marks = marks::find(text);
    let mut scan = Scan {
        text,
        depth,
        objects: None,
        read_to: 0,
        barren: None,
        at_the_callback: false,
        times,
        line: 0,
        counted: 0,
        events: Vec::new(),
    };
    let (mut at, mut next) = (0, 0);
    while let Some((place, _)) = marks.get(next) {
        if *place < at {
            next += 1;
            continue;
        }
        let start = text[at..*place].rfind('\n').map_or(at, |found| at + found + 1);
        let end = text[*place..]
            .find('\n')
            .map_or(text.len(), |found| place + found);
        let behind = next + marks[next..].partition_point(|(place, _)| *place < end);
        at = scan.line(start, end, &marks[next..behind]).max(end);
        next = behind;
    }
    scan.events
}

struct Scan<'t> {
    text: &'t str,
    depth: u8,
    /// The lines that tell a time.
    times: &'t [(usize, Moment)],
    /// The number of the line that begins at `counted`.
    line: usize,
    counted: usize,
    /// Everything in brackets, read when it is first asked for.
    objects: Option<Vec<Object>>,
    /// The end of the last thing that was read. An object may begin on a line before the one that names what it holds.
    read_to: usize,
    /// Where the last object begins in which nothing was found: its further lines are not asked for it again.
    barren: Option<usize>,
    /// The last message is a browser's that brought a redirect: what answers it is the program's page.
    at_the_callback: bool,
    events: Vec<Event>,
}

impl Scan<'_> {
    /// Reads what begins in a line, and says where it ends.
    fn line(&mut self, start: usize, end: usize, marks: &[(usize, Mark)]) -> usize {
        let time = self.time(start);
        if let Some((found, end)) = self.message(start, end, marks) {
            self.events.extend(found.map(|found| Event {
                start,
                at: time,
                found,
            }));
            self.read_to = end;
            return end;
        }
        let (found, reach) = self.inside(start, end, marks);
        if !found.is_empty() {
            self.read_to = reach.max(end);
        }
        let events = one_event(found).into_iter().map(|found| Event {
            start,
            at: time,
            found: found.below(&self.text[..start]),
        });
        self.events.extend(events);
        reach
    }

    /// The time that the line tells which begins at a place; lines are asked for in order.
    fn time(&mut self, start: usize) -> Option<Moment> {
        if self.times.is_empty() || start < self.counted {
            return None;
        }
        self.line += self.text[self.counted..start].matches('\n').count();
        self.counted = start;
        let at = self
            .times
            .binary_search_by_key(&self.line, |(line, _)| *line)
            .ok()?;
        Some(self.times[at].1)
    }

    /// A command, a message or a page that begins with this line, and where it ends.
    fn message(
        &mut self,
        start: usize,
        end: usize,
        marks: &[(usize, Mark)],
    ) -> Option<(Option<Found>, usize)> {
        let line = &self.text[start..end];
        let has = |wanted: Mark| marks.iter().any(|(_, mark)| *mark == wanted);
        if has(Mark::Command)
            && let Some((request, length)) = curl_command::read(&self.text[start..], line.len())
        {
            return Some((asked(request), start + length));
        }
        if has(Mark::Http) {
            if let Some((request, length)) = request::message(&self.text[start..]) {
                let found = asked(request);
                self.at_the_callback = matches!(found, Some(Found::Redirect(_)));
                return Some((found, start + length));
            }
            if let Some((response, length)) = http_message::read(&self.text[start..]) {
                let found = response.map(|response| {
                    exchange::onward(&response)
                        .map(Found::Request)
                        .or_else(|| redirect::in_location(&response).map(Found::Redirect))
                        .or_else(|| prose::page_of(&response).map(Found::Page))
                        .unwrap_or_else(|| Found::Answer(Answer::of(response)))
                });
                let of_the_program = std::mem::take(&mut self.at_the_callback);
                let found = found.filter(|found| match found {
                    Found::Answer(answer) => !of_the_program || answer.rank > Rank::Generic,
                    _ => true,
                });
                return Some((found, start + length));
            }
        }
        if has(Mark::Page)
            && let Some((page, length)) = body::page(&self.text[start..])
        {
            let found =
                prose::page_alone(&page).map_or_else(|| Found::Answer(Answer::bare(page)), Found::Page);
            return Some((Some(found), start + length));
        }
        None
    }

    /// What stands within a line, and where the last of it ends: an object may go on for many lines.
    fn inside(&mut self, start: usize, end: usize, marks: &[(usize, Mark)]) -> (Vec<Found>, usize) {
        let text = self.text;
        let mut found = Vec::new();
        let (mut inside, mut reach, mut tried, mut objects_tried) = (start, end, start, start);
        let complaint = prose::most_telling(marks);
        let logged = marks
            .iter()
            .any(|(_, mark)| *mark == Mark::Http)
            .then(|| access_log::line(&text[start..end]))
            .flatten();
        let status = logged.as_ref().and_then(access_log::Line::answer);
        found.extend(status.map(|status| Found::Answer(Answer::status(status))));
        // What follows the request on a line is the page that it came from, which was read already.
        let told = logged.map_or(end, |line| start + line.behind);
        for (at, mark) in marks {
            let at = *at;
            if at < inside {
                continue;
            }
            match mark {
                Mark::Name | Mark::Bytes | Mark::Query | Mark::Address => {
                    let object = (matches!(mark, Mark::Name | Mark::Bytes) && at >= objects_tried)
                        .then(|| self.object(at, if inside == start { self.read_to } else { inside }))
                        .flatten();
                    if let Some((read, object_end)) = object {
                        objects_tried = object_end;
                        if !read.is_empty() {
                            found.extend(read);
                            inside = object_end;
                            reach = reach.max(object_end);
                        }
                    }
                    if at >= inside && at >= tried {
                        let (from, to) = word_around(text, at, inside, end);
                        tried = to;
                        if let Some(read) = word(&text[from..to])
                            .filter(|read| !matches!(read, Found::Request(_)) || !is_part(text, from, to))
                            .filter(|read| !matches!(read, Found::Redirect(_)) || from < told)
                        {
                            found.push(read);
                            inside = to;
                        }
                    }
                }
                Mark::Xml => {
                    if let Some((xml, length)) = body::xml(&text[at..]) {
                        found.push(Found::Answer(Answer::bare(xml)));
                        inside = at + length;
                        reach = reach.max(inside);
                    }
                }
                Mark::Sentence(sentence, code) => {
                    found.push(Found::Answer(Answer::words(
                        code,
                        &format!("{sentence}."),
                        Rank::Certain,
                    )));
                }
                Mark::Code(code) => {
                    let description = prose::description(&text[at + code.len()..end]);
                    found.push(Found::Answer(Answer::words(code, &description, Rank::Words)));
                }
                Mark::Phrase(_) => {
                    found.push(Found::Answer(Answer::quoted(&prose::sentence(&text[at..end]))));
                }
                Mark::Status(words) => {
                    if let Some(status) = prose::status(&text[at + words.len()..end])
                        && (text.len() <= LONG || self.concerns_the_flow(&text[start..end]))
                    {
                        found.push(Found::Answer(Answer::status(status)));
                    }
                }
                // An option of a client, in a list of the complaints at which it tries again.
                Mark::Complaint(kind) if Some(*kind) == complaint && !prose::is_list(&text[start..end]) => {
                    let line = &text[start..end];
                    let own = !access_log::is_a_proxys(line);
                    if own && (text.len() <= LONG || self.concerns_the_flow(line)) {
                        found.push(Found::Failure(prose::failure(*kind, line)));
                    }
                }
                Mark::Complaint(_) | Mark::Http | Mark::Command | Mark::Page => {}
            }
        }
        (found, reach)
    }

    /// What the object around a place holds, and where it ends.
    fn object(&mut self, at: usize, floor: usize) -> Option<(Vec<Found>, usize)> {
        let text = self.text;
        let objects = self.objects.get_or_insert_with(|| dump::read(text));
        let next = objects.partition_point(|object| object.end <= at);
        let object = covering(objects.get(next)?, at, floor)?;
        if self.barren == Some(object.start) {
            return None;
        }
        let value = body::json(&text[object.start..object.end]);
        if let Some(answer) = value.as_ref().and_then(record::answer) {
            return Some((vec![Found::Answer(answer)], object.end));
        }
        let dumped = dump::meaning::exchanges_in(object);
        let shows_a_message = dumped
            .iter()
            .any(|exchange| match (&exchange.request, &exchange.came) {
                (Some(request), came) => {
                    came.is_some() || !(request.url.is_empty() || request.url.starts_with('?'))
                }
                (None, Some(Came::Response(response))) => response.status != STATUS_NOT_SEEN,
                (None, _) => false,
            });
        let mut found = Vec::new();
        if !shows_a_message && let Some(value) = value {
            found = record::read(value, self.depth);
        }
        if found.is_empty() {
            for seen in exchange::seen(dumped) {
                match Found::of(seen.observation) {
                    // What a program answers itself may hold the answer that it got.
                    Found::Answer(answer) if answer.rank == Rank::Generic => {
                        let inner = record::in_body(&answer.response, self.depth);
                        if inner.is_empty() {
                            found.push(Found::Answer(answer));
                        } else {
                            found.extend(inner);
                        }
                    }
                    other => found.push(other),
                }
            }
        }
        if found.is_empty() {
            self.barren = Some(object.start);
        }
        Some((found, object.end))
    }

    /// In a long text the network fails for many reasons.
    fn concerns_the_flow(&self, line: &str) -> bool {
        let waits = self.events.last().is_some_and(|event| {
            matches!(
                event.found,
                Found::Redirect(_) | Found::Request(Observation::RequestSent { .. })
            )
        });
        waits
            || ["oauth", "token", "authoriz"]
                .iter()
                .any(|word| line.contains(word))
    }
}

/// The outermost object around a place, not before `floor`: where a bracket was never closed, the one inside it.
fn covering(object: &Object, at: usize, floor: usize) -> Option<&Object> {
    /// A dump that was cut is no longer than this.
    const CUT: usize = 16 * 1024;
    if object.start > at || object.end <= at {
        return None;
    }
    let fits = object.start >= floor;
    if object.whole && fits {
        return Some(object);
    }
    let mut inner = object.nested();
    inner
        .find_map(|inner| covering(inner, at, floor))
        .or_else(|| (fits && object.end - object.start <= CUT).then_some(object))
}

/// The word around a place: an address, a query, a form.
fn word_around(text: &str, at: usize, from: usize, to: usize) -> (usize, usize) {
    let edge = |c: char| c.is_whitespace() || "\"'<>()[]{}`\\|,".contains(c);
    let start = text[from..at].rfind(edge).map_or(from, |found| {
        from + found + text[from + found..].chars().next().map_or(1, char::len_utf8)
    });
    let end = text[at..to].find(edge).map_or(to, |found| at + found);
    (start, end)
}

/// True for one parameter by itself: an argument in a line of code, `fetch_token(url, client_secret=SECRET)`, or in a command.
/// What else was sent is not known.
fn is_part(text: &str, from: usize, to: usize) -> bool {
    !text[from..to].contains(['&', '?', '\n'])
}

/// What a whole request is: a client's, or the one with which a browser follows a redirect.
fn asked(request: HttpRequest) -> Option<Found> {
    let redirect = redirect::word(&request.url).map(Found::Redirect);
    request::observed(request).map(Found::Request).or(redirect)
}

/// What a word is: a request, an answer, or a redirect.
fn word(word: &str) -> Option<Found> {
    let word = word.trim_end_matches([';', '.']);
    if let Some(request) = request::word(word) {
        return Some(Found::Request(request));
    }
    if let Some(redirect) = redirect::word(word) {
        return Some(Found::Redirect(redirect));
    }
    if word.contains('?') {
        return None;
    }
    body::form(word).map(|form| Found::Answer(Answer::bare(form)))
}
