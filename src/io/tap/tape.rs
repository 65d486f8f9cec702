//! Bodies that are passed on as they come, and what is remembered of them.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use hyper::{
    Request, Response,
    body::{Body, Bytes, Frame, Incoming, SizeHint},
};
use tokio::sync::mpsc::OwnedPermit;

use crate::{
    flow::{
        configuration::Origins,
        transcript::{Failure, FailureKind},
    },
    io::{clock::Clock, http_server::headers_as_text, tap::Shared},
    oauth::{
        http::{BodyEnd, HttpRequest, HttpResponse},
        time::Moment,
    },
    sources::tap::{BODY_CAP, Event, Passed, is_redirect, kind::Kind},
};

/// What was seen of a body: its beginning.
#[derive(Debug, Default)]
pub(super) struct Tape {
    bytes: Vec<u8>,
    cut: bool,
}

impl Tape {
    fn take(&mut self, piece: &[u8]) {
        let room = BODY_CAP - self.bytes.len();
        self.bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        self.cut |= piece.len() > room;
    }
}

type SharedTape = Arc<Mutex<Tape>>;

/// A tape is whole between any two statements.
fn lock(tape: &SharedTape) -> std::sync::MutexGuard<'_, Tape> {
    tape.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is remembered of a flow until it is over. It is told when this is dropped, whatever happened.
pub(super) struct Recording {
    place: Option<OwnedPermit<Event>>,
    clock: Clock,
    started: Moment,
    kind: Kind,
    request: HttpRequest,
    request_tape: SharedTape,
    response: Option<HttpResponse>,
    response_tape: Tape,
    failed: Option<Failure>,
    origins: Origins,
}

impl Recording {
    /// Waits for a place in the channel. Only once the reader has ended there is none, and then nothing is told any more.
    pub(super) async fn begin(shared: &Shared, kind: Kind) -> Option<Self> {
        let started = shared.options.clock.now();
        let place = shared.events.clone().reserve_owned().await.ok()?;
        Some(Self {
            place: Some(place),
            clock: shared.options.clock.clone(),
            started,
            kind,
            request: HttpRequest::default(),
            request_tape: SharedTape::default(),
            response: None,
            response_tape: Tape::default(),
            failed: None,
            origins: Origins::default(),
        })
    }

    pub(super) fn request<B>(&mut self, request: &Request<B>, url: &str) {
        request.method().as_str().clone_into(&mut self.request.method);
        url.clone_into(&mut self.request.url);
        self.request.headers = headers_as_text(request.headers());
    }

    /// The request as a fault has left it.
    pub(super) fn whole_request(&mut self, request: &HttpRequest, origins: Origins) {
        self.request = request.clone();
        lock(&self.request_tape).take(&request.body);
        self.origins = origins;
    }

    /// True for an answer that takes the browser back to the client.
    pub(super) fn is_redirect(&self, status: u16, location: &str) -> bool {
        is_redirect(&self.request.url, status, location)
    }

    /// The tape that the body of the request goes on, where it is of use.
    pub(super) fn request_tape(&mut self) -> Option<SharedTape> {
        self.kind.needs_bodies().then(|| self.request_tape.clone())
    }

    /// The head of the answer. Where `hosts` were changed in it, the tap's for the provider's, they are told as they came.
    pub(super) fn response<B>(&mut self, response: &Response<B>, hosts: Option<(&str, &str)>) {
        let mut headers = headers_as_text(response.headers());
        if let Some((own, origin)) = hosts {
            for (_, value) in headers
                .iter_mut()
                .filter(|(name, _)| name.eq_ignore_ascii_case("location"))
            {
                if let Some(rest) = value.strip_prefix(own) {
                    *value = format!("{origin}{rest}");
                }
            }
        }
        self.response = Some(HttpResponse {
            status: response.status().as_u16(),
            headers,
            ..HttpResponse::default()
        });
    }

    /// A fault has answered in the provider's place.
    pub(super) fn answered(mut self, mut response: HttpResponse) {
        self.response_tape.take(&std::mem::take(&mut response.body));
        self.response = Some(response);
    }

    /// The provider did not answer.
    pub(super) fn failed(mut self, failure: Failure) {
        self.failed = Some(failure);
    }

    /// The tap itself sent the browser on to the provider: there is no answer that would tell anything.
    pub(super) fn sent_elsewhere(mut self) {
        self.response = Some(HttpResponse::default());
    }

    fn end(&mut self, body_end: BodyEnd) {
        let Some(place) = self.place.take() else {
            return;
        };
        let mut request = std::mem::take(&mut self.request);
        let mut tape = lock(&self.request_tape);
        request.body = std::mem::take(&mut tape.bytes);
        let answer = match (self.response.take(), self.failed.take()) {
            (Some(mut response), _) => {
                response.body = std::mem::take(&mut self.response_tape.bytes);
                response.body_cut_at = self.response_tape.cut.then_some(BODY_CAP);
                response.body_end = body_end;
                Ok(response)
            }
            (None, Some(failure)) => Err(failure),
            (None, None) => Err(Failure::new(
                FailureKind::Interrupted,
                "the program closed its connection before there was an answer",
            )),
        };
        place.send(Event::Passed(Box::new(Passed {
            at: self.started,
            ended: self.clock.now(),
            request,
            request_cut: tape.cut,
            origins: std::mem::take(&mut self.origins),
            answer,
        })));
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.end(BodyEnd::Complete);
    }
}

/// A body on its way.
pub(super) struct Recorded {
    inner: Inner,
    tape: Option<SharedTape>,
    recording: Option<Box<Recording>>,
}

/// Where it comes from.
enum Inner {
    /// As it comes.
    Incoming(Incoming),
    /// It was read before; `None` once it is sent.
    Whole(Option<Bytes>),
}

impl Recorded {
    pub(super) fn request(inner: Incoming, tape: Option<SharedTape>) -> Self {
        Self {
            inner: Inner::Incoming(inner),
            tape,
            recording: None,
        }
    }

    pub(super) fn whole(body: Bytes) -> Self {
        Self {
            inner: Inner::Whole(Some(body).filter(|body| !body.is_empty())),
            tape: None,
            recording: None,
        }
    }

    /// The flow is over when this body is.
    pub(super) fn response(inner: Incoming, recording: Option<Recording>) -> Self {
        Self {
            inner: Inner::Incoming(inner),
            tape: None,
            recording: recording.map(Box::new),
        }
    }
}

impl Body for Recorded {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = &mut *self;
        let polled = match &mut this.inner {
            Inner::Incoming(incoming) => Pin::new(incoming).poll_frame(context),
            Inner::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
        };
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(piece) = frame.data_ref() {
                    if let Some(tape) = &this.tape {
                        lock(tape).take(piece);
                    }
                    if let Some(recording) = &mut this.recording
                        && recording.kind.needs_bodies()
                    {
                        recording.response_tape.take(piece);
                    }
                }
            }
            Poll::Ready(Some(Err(_))) => {
                if let Some(mut recording) = this.recording.take() {
                    recording.end(BodyEnd::Interrupted);
                }
            }
            Poll::Ready(None) => this.recording = None,
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Incoming(incoming) => incoming.is_end_stream(),
            Inner::Whole(body) => body.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Incoming(incoming) => incoming.size_hint(),
            Inner::Whole(body) => SizeHint::with_exact(body.as_ref().map_or(0, |body| body.len() as u64)),
        }
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        if let Some(mut recording) = self.recording.take() {
            let end = if self.is_end_stream() {
                BodyEnd::Complete
            } else {
                BodyEnd::Interrupted
            };
            recording.end(end);
        }
    }
}
