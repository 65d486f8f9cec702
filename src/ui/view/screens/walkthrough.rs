//! A step of a walkthrough: its text, drawings of the rehearsed flow, its question.

use crate::{
    diagnosis::{context::Facts, finding::Picture},
    flow::{
        redaction::Redactor,
        transcript::{Observation, Purpose, Transcript},
    },
    lab::walkthrough::{
        progress::{Next, Progress},
        script::{Question, Show},
    },
    oauth::http::HttpRequest,
    render::{
        self,
        drawings::{http_message, parameters, sequence, token},
        text::{
            layout,
            line::{Line, Tone, clean},
        },
    },
    text::{catalog::Messages, template::filled},
    ui::{
        keys::Action,
        message::Message,
        model::Model,
        view::{
            body::{Body, Hit},
            screens::{Columns, Page},
        },
    },
};

/// Makes the page.
pub fn page(model: &Model, progress: &Progress, messages: &Messages, columns: Columns) -> Page {
    let step = progress.step();
    let mended = progress.answer.mended;
    let transcript = progress.rehearsed();
    let mut main = Body::default();
    let title = step.title.in_language(model.language);
    main.push(Line::new(title, Tone::Accent));
    main.gap();
    let good_news = step.question.as_ref().and_then(|question| question.mend.as_ref());
    match good_news.filter(|_| mended) {
        // What was told of the broken flow is over; what has come of it now is the news.
        Some(mend) => main.item("✓", Tone::Good, mend.in_language(model.language), columns.main),
        None => main.text(
            step.text.in_language(model.language).trim(),
            Tone::Plain,
            columns.main,
        ),
    }
    let drawings = |width| drawings(progress, transcript, model.travelled(), messages, width);
    let side = columns.side.map(&drawings);
    if side.is_none() {
        main.gap();
        main.extend(drawings(columns.main).lines);
    }
    let mut question_end = None;
    if let Some(question) = &step.question {
        let asking = Asking {
            question,
            progress,
            model,
            messages,
            width: columns.main,
        };
        // Below the drawing: what was chosen comes next to the evidence that it speaks of, then what else there is.
        let end = asking.draw(&mut main, side.is_none());
        question_end = progress.answer.chosen.is_none().then_some(end);
    }
    Page {
        main,
        side: side.filter(|side| !side.lines.is_empty()),
        question_end,
        ..Page::default()
    }
}

fn drawings(
    progress: &Progress,
    transcript: &Transcript,
    percent: usize,
    messages: &Messages,
    width: usize,
) -> Body {
    let facts = Facts::of(transcript);
    let (step, mended) = (progress.step(), progress.answer.mended);
    let provider = &progress.script.stage.provider_name;
    let mut body = Body::default();
    // After the fix: the picture that showed the fault, then the messages.
    let good: Vec<Show>;
    let shown = if mended {
        let pictures = step.show.iter().copied().filter(|show| picture(*show).is_some());
        good = pictures.chain([Show::Sequence]).collect();
        &good[..]
    } else {
        &step.show[..]
    };
    // What is asked is not answered in the drawing.
    let open = step.question.is_some() && !progress.is_right();
    for show in shown {
        body.gap();
        if let Some(picture) = picture(*show) {
            body.extend(if open {
                render::draw_unjudged(picture, &facts, messages, width)
            } else {
                render::draw(picture, &facts, messages, width, false)
            });
            continue;
        }
        match show {
            Show::Parties => body.extend(parties(provider, messages, width)),
            Show::Sequence => {
                body.extend(sequence::draw_travelling(&facts, messages, width, percent));
            }
            Show::Values => body.extend(last_message(transcript, messages, width, false)),
            Show::Message => body.extend(last_message(transcript, messages, width, true)),
            Show::Parameters => {
                if let Some((_, _, request)) = facts.authorization {
                    body.extend(parameters::draw(request, messages, width));
                }
            }
            Show::Token => body.extend(token::draw(&facts, messages, width, false)),
            // Drawn above.
            Show::CredentialRuler | Show::RedirectComparison | Show::CodeLife => {}
        }
    }
    if open {
        for span in body.lines.iter_mut().flat_map(|line| &mut line.0) {
            if matches!(span.tone, Tone::Good | Tone::Bad | Tone::Warn | Tone::Mark) {
                span.tone = Tone::Plain;
            }
        }
    }
    body
}

/// The picture of an error that a drawing is.
fn picture(show: Show) -> Option<Picture> {
    match show {
        Show::CredentialRuler => Some(Picture::CredentialRuler),
        Show::RedirectComparison => Some(Picture::RedirectComparison),
        Show::CodeLife => Some(Picture::CodeLife),
        Show::Parties | Show::Sequence | Show::Values | Show::Message | Show::Parameters | Show::Token => {
            None
        }
    }
}

/// The last message of the transcript: in full, or only what it says.
fn last_message(transcript: &Transcript, messages: &Messages, width: usize, in_full: bool) -> Vec<Line> {
    let redactor = Redactor::of(transcript);
    let draw_request = |request: &HttpRequest| {
        if in_full {
            http_message::request(request, &redactor, messages, width, false)
        } else {
            http_message::request_values(request, &redactor, width)
        }
    };
    for entry in transcript.entries.iter().rev() {
        match &entry.observation {
            Observation::AuthorizationStarted { request, .. } => {
                return draw_request(&HttpRequest::get(request.url()));
            }
            Observation::RedirectReceived { request, .. }
            | Observation::RequestSent {
                request,
                purpose: Purpose::Token,
                ..
            } => {
                return draw_request(request);
            }
            Observation::ResponseReceived {
                exchange,
                response,
                millis,
            } => {
                let of_token = transcript
                    .exchange(*exchange)
                    .is_none_or(|e| e.purpose == Purpose::Token);
                if of_token && in_full {
                    return http_message::response(
                        response,
                        Some(*millis),
                        &redactor,
                        messages,
                        width,
                        false,
                    );
                }
                if of_token {
                    return http_message::response_values(response, &redactor, messages, width);
                }
            }
            _ => {}
        }
    }
    Vec::new()
}

/// The three parties: who they are, and what each holds.
fn parties(provider: &str, messages: &Messages, width: usize) -> Vec<Line> {
    let words = &messages.screens().walkthrough;
    let server_holds = filled(&words.server_holds, &[("provider", &clean(provider))]);
    let labels = layout::widest([words.owner.as_str(), words.client.as_str(), words.server.as_str()]) + 4;
    let mut lines = Vec::new();
    for (symbol, name, what) in [
        ("●", &words.owner, &words.owner_holds),
        ("■", &words.client, &words.client_holds),
        ("▲", &words.server, &server_holds),
    ] {
        let label = Line::new(format!("{symbol} "), Tone::Accent).then(name, Tone::Label);
        lines.extend(layout::hanging(label, what, Tone::Plain, labels, width));
    }
    lines
}

/// A question with what it is asked about.
struct Asking<'a> {
    question: &'a Question,
    progress: &'a Progress,
    model: &'a Model,
    messages: &'a Messages,
    width: usize,
}

impl Asking<'_> {
    /// Draws the question and its choices. `apart` puts the answer before them, and after the right one leaves the others out.
    /// Returns the line behind the last choice.
    fn draw(&self, body: &mut Body, apart: bool) -> usize {
        let right = self.progress.is_right();
        let chosen = self.progress.answer.chosen;
        if self.progress.answer.mended {
            // It is over; the answer stays as a reminder.
            chosen.inspect(|at| self.answer(body, *at));
            body.focus = None;
            return body.lines.len();
        }
        let apart = chosen.filter(|_| apart);
        if let Some(at) = apart.filter(|_| !right) {
            self.answer(body, at);
        }
        body.gap();
        let text = self.question.text.in_language(self.model.language);
        body.text(text, Tone::Label, self.width);
        for at in 0..self.question.choices.len() {
            if chosen == Some(at) {
                if apart.is_none() || right {
                    self.answer(body, at);
                }
            } else if apart.is_none() || !right {
                self.choice(body, at);
            }
        }
        let end = body.lines.len();
        body.gap();
        self.what_next(body);
        if right && let Some((first, _)) = body.focus {
            body.focus = Some((first, body.lines.len()));
        }
        end
    }

    /// The choice that was made, and what is said of it.
    fn answer(&self, body: &mut Body, at: usize) {
        let choice = &self.question.choices[at];
        let (label, tone, why) = if choice.right {
            (Line::new(" ✓", Tone::Good), Tone::Good, Tone::Good)
        } else {
            (Line::new(" ✗", Tone::Bad), Tone::Plain, Tone::Warn)
        };
        body.gap();
        let first = body.lines.len();
        let language = self.model.language;
        body.extend(layout::hanging(
            label,
            choice.text.in_language(language),
            tone,
            4,
            self.width,
        ));
        body.extend(layout::hanging(
            Line::new("   ", Tone::Plain),
            choice.why.in_language(language),
            why,
            4,
            self.width,
        ));
        body.focus = Some((first, body.lines.len()));
    }

    /// A choice that can be made, or after the right answer one that was not.
    fn choice(&self, body: &mut Body, at: usize) {
        let choice = &self.question.choices[at];
        let right = self.progress.is_right();
        let (label, tone) = if right {
            (Line::new(" ·", Tone::Dim), Tone::Dim)
        } else {
            (Line::new(format!("[{}]", at + 1), Tone::Accent), Tone::Plain)
        };
        let first = body.lines.len();
        body.extend(layout::hanging(
            label,
            choice.text.in_language(self.model.language),
            tone,
            4,
            self.width,
        ));
        if let Some(action) = Action::REMEDIES.get(at).filter(|_| !right) {
            for line in first..body.lines.len() {
                body.hits.push(Hit {
                    line,
                    from: 0,
                    to: self.width,
                    message: Message::Do(*action),
                });
            }
        }
    }

    fn what_next(&self, body: &mut Body) {
        let words = &self.messages.screens().walkthrough;
        match self.progress.next() {
            Next::Choose if self.progress.answer.chosen.is_some() => {
                body.text(&words.again, Tone::Dim, self.width);
            }
            Next::Choose => {
                let keys = format!("1–{}", self.question.choices.len());
                body.text(&filled(&words.choose, &[("keys", &keys)]), Tone::Dim, self.width);
            }
            Next::Mend => body.item("▸", Tone::Accent, &words.mend_it, self.width),
            _ => {}
        }
    }
}
