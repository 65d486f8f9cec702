use crate::{
    flow::{
        configuration::Configuration,
        effect::Effect,
        event::{Command, Event},
        grants::{GrantKind, Status},
        machine::Flow,
        transcript::{Observation, Purpose, Source},
    },
    oauth::{
        http::{HttpRequest, HttpResponse},
        random::Entropy,
        time::Moment,
    },
};

fn begun() -> Flow {
    let mut flow = Flow::new(Source::Live, Entropy::from_seed([1; 32]), Moment(0));
    let configuration = Configuration {
        grant: GrantKind::HeldToken,
        ..Configuration::default()
    };
    let effects = flow.command(Command::Authorize(Box::new(configuration)), Moment(0));
    let sends = effects
        .iter()
        .any(|effect| matches!(effect, Effect::SendRequest { .. }));
    assert!(!sends, "nothing is sent unasked: {effects:?}");
    flow
}

fn ask(flow: &mut Flow, now: u64) -> u32 {
    let command = Command::Probe(HttpRequest::get("https://id.example/user"), Purpose::User);
    match flow.command(command, Moment(now)).as_slice() {
        [Effect::SendRequest { exchange, .. }] => *exchange,
        other => panic!("{other:?}"),
    }
}

fn answer(flow: &mut Flow, exchange: u32, now: u64) {
    let event = Event::ResponseArrived {
        flow: flow.id,
        exchange,
        response: HttpResponse::default(),
        millis: 1,
    };
    flow.on(event, Moment(now));
}

#[test]
fn it_is_over_when_every_request_has_ended() {
    let mut flow = begun();
    assert_eq!(flow.status(), Status::Idle);
    let (one, other) = (ask(&mut flow, 1), ask(&mut flow, 2));
    assert_eq!(flow.status(), Status::WaitingForServer(Moment(1)));
    answer(&mut flow, other, 3);
    assert_eq!(flow.status(), Status::WaitingForServer(Moment(1)));
    answer(&mut flow, one, 4);
    assert_eq!(flow.status(), Status::Done);
    // Another request may follow.
    ask(&mut flow, 5);
    assert_eq!(flow.status(), Status::WaitingForServer(Moment(5)));
}

#[test]
fn what_comes_after_it_was_stopped_is_late() {
    let mut flow = begun();
    let asked = ask(&mut flow, 1);
    let before = flow.id;
    flow.command(Command::Cancel, Moment(2));
    let last = flow.transcript.entries.last().map(|entry| &entry.observation);
    assert_eq!(last, Some(&Observation::Cancelled));
    assert_ne!(flow.id, before);
    answer(&mut flow, asked, 3);
    assert_eq!(flow.status(), Status::Done);
}
