use crate::{
    flow::{
        configuration::Configuration,
        effect::Effect,
        event::{Command, Event, FlowId, Timer},
        grants::{GrantKind, Status, device::Stage},
        machine::Flow,
        transcript::{Failure, FailureKind, Observation, Source},
    },
    oauth::{
        http::{HttpRequest, HttpResponse},
        random::Entropy,
        time::Moment,
    },
    providers::Provider,
};

const CODES: &str = r#"{"device_code":"d","user_code":"AB","verification_uri":"https://id.example/d","expires_in":600,"interval":5}"#;

/// A flow, and what it wants done.
struct Story {
    flow: Flow,
    effects: Vec<Effect>,
    now: Moment,
}

impl Story {
    fn begun() -> Self {
        let now = Moment(1_000);
        let mut flow = Flow::new(Source::Live, Entropy::from_seed([1; 32]), now);
        let configuration = Configuration {
            grant: GrantKind::DeviceCode,
            provider: Provider {
                device_authorization_endpoint: "https://id.example/device".into(),
                ..Provider::custom("https://id.example/authorize", "https://id.example/token", "")
            },
            client_id: "app".into(),
            ..Configuration::default()
        };
        let effects = flow.command(Command::Authorize(Box::new(configuration)), now);
        Self { flow, effects, now }
    }

    fn with_codes(codes: &str) -> Self {
        let mut story = Self::begun();
        story.is_answered(codes);
        story
    }

    /// The request on its way, and its number.
    fn request(&self) -> (u32, HttpRequest) {
        match self.effects.last() {
            Some(Effect::SendRequest {
                exchange, request, ..
            }) => (*exchange, request.clone()),
            other => panic!("{other:?}"),
        }
    }

    fn is_answered(&mut self, body: &str) {
        let (exchange, _) = self.request();
        let event = Event::ResponseArrived {
            flow: self.flow.id,
            exchange,
            response: HttpResponse {
                status: 200,
                body: body.as_bytes().to_vec(),
                ..HttpResponse::default()
            },
            millis: 10,
        };
        self.effects = self.flow.on(event, self.now);
    }

    fn fails(&mut self, kind: FailureKind) {
        let event = Event::RequestFailed {
            flow: self.flow.id,
            exchange: self.request().0,
            failure: Failure::new(kind, "no answer"),
            millis: 10,
        };
        self.effects = self.flow.on(event, self.now);
    }

    /// The milliseconds until the next request is due; `None` where none will be made.
    fn pause(&self) -> Option<u64> {
        match self.effects[..] {
            [Effect::StartTimer(flow, Timer::Poll, millis)] if flow == self.flow.id => Some(millis),
            [] => None,
            ref other => panic!("{other:?}"),
        }
    }

    /// Lets the pause pass.
    fn asks(&mut self) {
        self.now = self.now.plus(self.pause().expect("a pause"));
        self.effects = self
            .flow
            .on(Event::TimerFired(self.flow.id, Timer::Poll), self.now);
    }
}

fn error(code: &str) -> String {
    format!(r#"{{"error":"{code}"}}"#)
}

#[test]
fn one_request_for_the_codes_and_one_for_the_token_after_each_pause() {
    let mut story = Story::begun();
    let (_, request) = story.request();
    assert_eq!(request.url, "https://id.example/device");
    assert_eq!(request.body, b"client_id=app");
    story.is_answered(CODES);
    assert_eq!(
        (story.pause(), story.flow.page().as_deref()),
        (Some(5000), Some("https://id.example/d"))
    );
    story.asks();
    let (_, request) = story.request();
    assert_eq!(request.url, "https://id.example/token");
    assert_eq!(
        String::from_utf8_lossy(&request.body),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=app&device_code=d"
    );
    // A timer that fires twice asks once.
    let twice = story
        .flow
        .on(Event::TimerFired(story.flow.id, Timer::Poll), story.now);
    assert_eq!(twice, []);
}

#[test]
fn slow_down_adds_five_seconds_for_good_and_pending_none() {
    let mut story = Story::with_codes(CODES);
    for (answer, pause) in [
        (error("authorization_pending"), 5000),
        (error("slow_down"), 10_000),
        (error("authorization_pending"), 10_000),
        (error("slow_down"), 15_000),
        (r#"{"error":"slow_down","interval":30}"#.to_owned(), 30_000),
        (r#"{"error":"slow_down","interval":"soon"}"#.to_owned(), 35_000),
        (
            r#"{"error":"slow_down","interval":999999999999}"#.to_owned(),
            3_600_000,
        ),
    ] {
        story.asks();
        story.is_answered(&answer);
        assert_eq!(story.pause(), Some(pause), "{answer}");
    }
}

#[test]
fn an_interval_that_is_missing_is_five_seconds_and_none_is_no_interval() {
    for (interval, pause) in [
        ("", 5000),
        (r#","interval":0"#, 1000),
        (r#","interval":null"#, 5000),
        (r#","interval":"7""#, 7000),
    ] {
        let codes = format!(r#"{{"device_code":"d","user_code":"AB","verification_uri":"u"{interval}}}"#);
        assert_eq!(Story::with_codes(&codes).pause(), Some(pause), "{interval}");
    }
}

#[test]
fn a_time_out_doubles_the_pause_and_another_failure_ends_it() {
    let mut story = Story::with_codes(CODES);
    story.asks();
    story.fails(FailureKind::TimedOut);
    assert_eq!(story.pause(), Some(10_000));
    story.asks();
    story.fails(FailureKind::Dns);
    assert_eq!((story.pause(), story.flow.status()), (None, Status::Done));
}

#[test]
fn every_other_answer_ends_it() {
    for answer in [
        error("access_denied"),
        error("expired_token"),
        error("incorrect_device_code"),
        error("authorization_declined"),
        "<html>".to_owned(),
        String::new(),
        r#"{"access_token":"t","token_type":"bearer"}"#.to_owned(),
    ] {
        let mut story = Story::with_codes(CODES);
        story.asks();
        story.is_answered(&answer);
        assert_eq!(
            (story.pause(), story.flow.status()),
            (None, Status::Done),
            "{answer}"
        );
    }
    for answer in [
        error("device_flow_disabled"),
        "{}".to_owned(),
        r#"{"device_code":"d"}"#.to_owned(),
    ] {
        let story = Story::with_codes(&answer);
        assert_eq!(
            (story.pause(), story.flow.status()),
            (None, Status::Done),
            "{answer}"
        );
    }
}

#[test]
fn it_ends_when_the_codes_have_expired_whatever_the_server_says() {
    let mut story = Story::with_codes(CODES);
    let mut asked = 0;
    while story.pause().is_some() {
        story.asks();
        story.is_answered(&error("authorization_pending"));
        asked += 1;
    }
    assert_eq!(asked, 120);
    assert_eq!(story.flow.device().unwrap().stage, Stage::Stopped);
    let last = story
        .flow
        .transcript
        .entries
        .last()
        .map(|entry| &entry.observation);
    assert_eq!(last, Some(&Observation::DeviceCodeTimedOut { seconds: 600 }));
    // A server that names no end, or one in a thousand years, is not asked for ever.
    let endless = CODES.replace("600", "99999999999999999");
    let mut story = Story::with_codes(&endless);
    let mut asked = 0;
    while story.pause().is_some() {
        story.asks();
        story.is_answered(&error("authorization_pending"));
        asked += 1;
    }
    assert_eq!(asked, 1000);
}

#[test]
fn who_stops_is_asked_for_nothing_more() {
    let mut story = Story::with_codes(CODES);
    let before = story.flow.id;
    assert_eq!(story.flow.command(Command::Cancel, story.now), []);
    assert_eq!(story.flow.status(), Status::Done);
    assert_eq!(
        story.flow.on(Event::TimerFired(before, Timer::Poll), story.now),
        []
    );
    assert_eq!(
        story
            .flow
            .on(Event::TimerFired(FlowId(before.0 + 1), Timer::Poll), story.now),
        []
    );
}

#[test]
fn another_grant_begins_from_nothing() {
    let mut story = Story::with_codes(CODES);
    let waited_for = story.flow.id;
    story.flow.command(Command::Prepare(Box::default()), story.now);
    assert!(story.flow.device().is_none() && story.flow.id != waited_for);
    assert_eq!(
        story
            .flow
            .on(Event::TimerFired(waited_for, Timer::Poll), story.now),
        []
    );
}
