//! The log of `--log FILE`: what was asked of the outside world and what came back, a line each.
//!
//! Lines are [`tracing`] events, which cost one comparison while there is no log. A line holds no body and no header but the
//! content type. Every value of every event passes through the log's [`Redactor`] on its way to the file, whoever wrote the
//! event, and is cut to a bounded length; events of other crates are left out.

use std::{
    fmt::Debug,
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use tracing::{Subscriber, debug, info};
use tracing_subscriber::{
    Layer as _, Registry,
    field::MakeExt as _,
    filter::{LevelFilter, Targets},
    fmt::{self, format::debug_fn},
    layer::SubscriberExt as _,
};

use crate::{
    flow::{effect::Effect, event::Event, redaction::Redactor, transcript::Transcript},
    io::files,
    oauth::{
        http::{HttpRequest, HttpResponse},
        time::Moment,
    },
    render::text::line::clean,
    sources::tap::Passed,
};

/// Bytes that a log may grow to. The line that would exceed it is replaced by one that says so, and nothing follows.
pub const MOST: usize = 16 * 1024 * 1024;
/// Characters of a value that are logged.
const LONGEST_VALUE: usize = 2048;
/// The last line of a log that has grown to [`MOST`].
const FULL: &[u8] = b"log_full=true\n";

static LOG: OnceLock<Log> = OnceLock::new();

/// A log that is being written: the secrets that it must not hold.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    redactor: Redactor,
    /// The transcript that was learned from last, by its start, and how many of its entries.
    learned: (Moment, usize),
}

/// Opens the file, readable by its owner alone, and logs to it until the program ends. What was in it before is gone.
///
/// # Errors
/// The system's error; [`io::ErrorKind::InvalidInput`] for anything but a regular file.
pub fn start(path: &Path) -> io::Result<()> {
    let file = files::private_file(path)?;
    let log = Log::default();
    let subscriber = log.writing_to(file);
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        let _ = LOG.set(log);
        info!(
            version = env!("CARGO_PKG_VERSION"),
            os = std::env::consts::OS,
            arch = std::env::consts::ARCH
        );
    }
    Ok(())
}

/// The log, where one was asked for.
pub fn on() -> Option<&'static Log> {
    LOG.get()
}

impl Log {
    /// Writes events to `file` with the secrets of this log masked.
    pub fn writing_to(&self, file: impl Write + Send + 'static) -> impl Subscriber + Send + Sync + 'static {
        let log = self.clone();
        let fields = debug_fn(move |writer, field, value| write!(writer, "{field}={}", log.masked(value)));
        let lines = fmt::layer()
            .with_writer(Mutex::new(Bounded { file, left: MOST }))
            .fmt_fields(fields.delimited(" "))
            .with_target(false)
            // A failure to write goes nowhere: standard error may be the screen.
            .log_internal_errors(false);
        let own = Targets::new().with_target(env!("CARGO_PKG_NAME"), LevelFilter::DEBUG);
        Registry::default().with(lines.with_filter(own))
    }

    /// Learns the secrets of what was recorded since the last time.
    pub fn learn(&self, transcript: &Transcript) {
        let mut known = self.known();
        let (started, seen) = known.learned;
        let seen = if started == transcript.started && seen <= transcript.entries.len() {
            seen
        } else {
            0
        };
        for entry in &transcript.entries[seen..] {
            known.redactor.learn_from(&entry.observation);
        }
        known.learned = (transcript.started, transcript.entries.len());
    }

    /// Logs what a flow wants done.
    pub fn effect(&self, effect: &Effect) {
        match effect {
            Effect::Listen { address, .. } => debug!(effect = "listen", %address),
            Effect::StopListening(_) => debug!(effect = "stop_listening"),
            Effect::OpenBrowser(_, url) => debug!(effect = "open_browser", %url),
            Effect::StartTimer(_, timer, millis) => debug!(effect = "start_timer", ?timer, millis),
            Effect::AnswerRequest(_, ticket, reply) => {
                debug!(effect = "answer_redirect", ticket = ticket.0, ?reply);
            }
            Effect::PublishResult(..) => debug!(effect = "publish_result"),
            Effect::SendRequest {
                exchange, request, ..
            } => {
                self.known().redactor.learn_request(request);
                let (method, url, bytes) = (&request.method, &request.url, request.body.len());
                info!(effect = "send_request", exchange, %method, %url, bytes);
            }
        }
    }

    /// Logs what became of it.
    pub fn event(&self, event: &Event) {
        match event {
            Event::ListenerBound(_, address) => debug!(event = "listening", %address),
            Event::ListenerFailed { address, reason, .. } => {
                info!(event = "listener_failed", %address, %reason);
            }
            Event::BrowserOpened(_) => debug!(event = "browser_opened"),
            Event::BrowserFailed(_, reason) => info!(event = "browser_failed", %reason),
            Event::RequestArrived(_, ticket, request) => {
                self.known().redactor.learn_request(request);
                let (method, url) = (&request.method, &request.url);
                info!(event = "request_arrived", ticket = ticket.0, %method, %url);
            }
            Event::ConnectionsDropped(_, connections) => info!(event = "connections_dropped", connections),
            Event::PageSeen(_, status, _) => info!(event = "page_seen", status),
            Event::TimerFired(_, timer) => debug!(event = "timer_fired", ?timer),
            Event::ResponseArrived {
                exchange,
                response,
                millis,
                ..
            } => {
                self.known().redactor.learn_response(response);
                let (status, bytes) = (response.status, response.body.len());
                info!(event = "response", exchange, status, content_type = %content_type(response), bytes, millis);
            }
            Event::RequestFailed {
                exchange,
                failure,
                millis,
                ..
            } => {
                info!(event = "request_failed", exchange, kind = ?failure.kind, detail = %failure.detail, millis);
            }
        }
    }

    /// Logs what the simulator was asked and how it answered.
    pub fn served(&self, request: &HttpRequest, response: &HttpResponse) {
        let mut known = self.known();
        known.redactor.learn_request(request);
        known.redactor.learn_response(response);
        drop(known);
        let (method, url, status) = (&request.method, &request.url, response.status);
        debug!(simulator = "served", %method, %url, status);
    }

    /// Logs what has passed the tap.
    pub fn passed(&self, passed: &Passed) {
        let mut known = self.known();
        known.redactor.learn_request(&passed.request);
        if let Ok(response) = &passed.answer {
            known.redactor.learn_response(response);
        }
        drop(known);
        let (method, url, millis) = (
            &passed.request.method,
            &passed.request.url,
            passed.ended.since(passed.at),
        );
        match &passed.answer {
            Ok(response) => info!(tap = "passed", %method, %url, status = response.status, millis),
            Err(failure) => {
                info!(tap = "failed", %method, %url, kind = ?failure.kind, detail = %failure.detail, millis);
            }
        }
    }

    /// A value as it may be written: its secrets masked, on one line, of bounded length.
    fn masked(&self, value: &dyn Debug) -> String {
        let masked = self.known().redactor.named(&format!("{value:?}"));
        let mut text = clean(&masked);
        if let Some((end, _)) = text.char_indices().nth(LONGEST_VALUE) {
            text.truncate(end);
            text.push('…');
        }
        text
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Learning a secret is complete at every step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn content_type(response: &HttpResponse) -> &str {
    response.header("content-type").unwrap_or("-")
}

/// A writer that takes a limited number of bytes; each write is a line.
struct Bounded<W> {
    file: W,
    left: usize,
}

impl<W: Write> Write for Bounded<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if line.len() + FULL.len() <= self.left {
            self.left -= line.len();
            self.file.write_all(line)?;
        } else if self.left > 0 {
            self.left = 0;
            self.file.write_all(FULL)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use crate::{flow::event::FlowId, io::log::*};

    /// A file in memory.
    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(act: impl FnOnce(&Log)) -> String {
        let (log, page) = (Log::default(), Page::default());
        tracing::subscriber::with_default(log.writing_to(page.clone()), || act(&log));
        let bytes = page.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    fn sent(request: HttpRequest) -> Effect {
        Effect::SendRequest {
            flow: FlowId(1),
            exchange: 2,
            request,
        }
    }

    #[test]
    fn a_request_and_its_answer_are_a_line_each_without_their_secrets() {
        let text = logged(|log| {
            log.effect(&sent(HttpRequest {
                method: "POST".into(),
                url: "https://id.example/token?client_secret=q7Zk2Lm9".into(),
                body: b"client_secret=Zx81kkPq77Lm&code=c1".to_vec(),
                ..HttpRequest::default()
            }));
            log.event(&Event::ResponseArrived {
                flow: FlowId(1),
                exchange: 2,
                response: HttpResponse {
                    status: 400,
                    headers: vec![("Content-Type".into(), "text/html; Zx81kkPq77Lm".into())],
                    ..HttpResponse::default()
                },
                millis: 31,
            });
        });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(
            lines[0].contains("effect=\"send_request\" exchange=2 method=POST url=https://id.example/token?"),
            "{text}"
        );
        assert!(
            lines[1].contains("status=400 content_type=text/html; ••••"),
            "{text}"
        );
        for secret in ["q7Zk2Lm9", "Zx81kkPq77Lm"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }

    #[test]
    fn whoever_writes_an_event_its_values_are_masked_and_it_stays_one_line() {
        let text = logged(|log| {
            log.effect(&sent(HttpRequest {
                body: b"client_secret=Zx81kkPq77Lm".to_vec(),
                ..HttpRequest::default()
            }));
            info!(note = "Zx81kkPq77Lm", "said of {}", "Zx81kkPq77Lm");
            info!(long = %format!("a\nb\u{202e}{}", "x".repeat(10_000)));
        });
        assert!(
            text.contains("said of ••••") && !text.contains("Zx81kkPq77Lm"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.len() < 3 * LONGEST_VALUE && text.ends_with("…\n"), "{text}");
    }

    #[test]
    fn another_crates_events_are_left_out() {
        let text = logged(|_| info!(target: "h2::codec", headers = "Zx81kkPq77Lm"));
        assert_eq!(text, "");
    }

    #[test]
    fn a_log_ends_where_it_is_full() {
        let mut bounded = Bounded {
            file: Vec::new(),
            left: 24,
        };
        for line in ["123456789\n", "too long a line\n", "x\n"] {
            bounded.write_all(line.as_bytes()).unwrap();
        }
        assert_eq!(
            String::from_utf8(bounded.file).unwrap(),
            "123456789\nlog_full=true\n"
        );
    }
}
