//! Whole flows in memory, the good one and one for each fault.

mod support;

use oauthlens::{
    diagnosis::{context::Facts, outcome::Outcome},
    flow::{
        effect::{Effect, Reply, TabResult},
        event::{Command, Event, FlowId, Ticket, Timer},
        grants::authorization_code::Stage,
        machine::Flow,
        transcript::{Disposition, Observation, Purpose, Source, Transcript},
    },
    lab::faults::{Expected, Fault},
    oauth::{
        http::HttpRequest,
        random::Entropy,
        time::Moment,
        token::{TokenAnswer, read_answer},
    },
};
use support::World;

#[test]
fn a_flow_without_fault_ends_with_a_token_and_its_owner() {
    let mut world = World::new(1);
    world.walk(None);
    assert_eq!(outcome(&world), Outcome::Token);
    assert_eq!(world.replies, [Reply::WaitForResult]);
    let login = Some("octocat".into());
    assert_eq!(world.tab, Some(TabResult::Token { login }));
    assert_eq!(world.opened.len(), 1);
}

#[test]
fn every_fault_ends_as_it_says() {
    for &fault in Fault::ALL {
        let mut world = World::new(2);
        world.walk(Some(fault));
        let name = fault.name();
        let transcript = &world.flow.transcript;
        let (outcome, expected) = (outcome(&world), fault.expected());
        match expected {
            Expected::Token => assert_eq!(outcome, Outcome::Token, "{name}"),
            Expected::TokenError(error) => {
                assert_eq!(outcome, Outcome::Refused, "{name}");
                assert_eq!(token_error(transcript).as_deref(), Some(error), "{name}");
            }
            Expected::RedirectError(error) => {
                assert_eq!(outcome, Outcome::Refused, "{name}");
                let facts = Facts::of(transcript);
                let redirect = facts.taken_redirect().expect(name);
                assert_eq!(redirect.response.error.as_deref(), Some(error), "{name}");
            }
            Expected::RedirectRefused(disposition) => {
                assert_eq!(outcome, Outcome::Refused, "{name}");
                assert_eq!(world.replies, [Reply::NotTaken(disposition)], "{name}");
            }
            Expected::Page(status) => {
                assert_eq!(outcome, Outcome::Refused, "{name}");
                let seen = transcript
                    .entries
                    .iter()
                    .find_map(|entry| match &entry.observation {
                        Observation::PageSeen { status, .. } => Some(*status),
                        _ => None,
                    });
                assert_eq!(seen, Some(status), "{name}");
            }
            // A server that is asked too often refuses; a page in the answer's place is none.
            Expected::NotATokenResponse if fault == Fault::RateLimited => {
                assert_eq!(outcome, Outcome::Refused, "{name}");
            }
            Expected::NotATokenResponse => assert_eq!(outcome, Outcome::Unanswered, "{name}"),
            Expected::Failure(kind) => {
                assert_eq!(outcome, Outcome::Unanswered, "{name}");
                let exchange = transcript.last_exchange(Purpose::Token).expect(name);
                assert_eq!(exchange.failure.map(|failure| failure.kind), Some(kind), "{name}");
            }
        }
    }
}

#[test]
fn a_refused_redirect_does_not_keep_the_right_one_out() {
    let mut world = World::new(4);
    world.walk(Some(Fault::StateTampered));
    assert_eq!(world.replies, [Reply::NotTaken(Disposition::StateDiffers)]);
    world.decide(oauthlens::simulator::Decision::Approve, None);
    assert_eq!(world.replies.last(), Some(&Reply::WaitForResult));
}

/// A flow that waits for its redirect, and the redirect.
fn waiting() -> (World, String) {
    let mut world = World::new(5);
    world.command(Command::Authorize(Box::new(world.configuration.clone())));
    let state = world.flow.attempt().unwrap().state.clone();
    let redirect = format!("http://127.0.0.1:8914/callback?code=35e0ea2e9115f650b742&state={state}");
    (world, redirect)
}

fn dispositions(flow: &Flow) -> Vec<Disposition> {
    let entries = flow.transcript.entries.iter();
    entries
        .filter_map(|entry| match &entry.observation {
            Observation::RedirectReceived { disposition, .. } => Some(*disposition),
            _ => None,
        })
        .collect()
}

#[test]
fn after_the_time_is_up_the_listener_takes_nothing_and_a_person_still_may_paste() {
    let (mut world, redirect) = waiting();
    world.event(Event::TimerFired(world.flow.id, Timer::Redirect));
    world.bring(&redirect);
    assert_eq!(world.replies, [Reply::NotTaken(Disposition::FlowOver)]);
    assert_eq!(world.flow.stage(), Stage::Stopped);
    world.command(Command::PasteRedirect("?code=c&state=wrong".into()));
    assert_eq!(world.flow.stage(), Stage::Stopped);
    world.command(Command::PasteRedirect(redirect));
    assert_eq!(world.flow.stage(), Stage::Received);
    assert_eq!(
        dispositions(&world.flow),
        [
            Disposition::FlowOver,
            Disposition::StateDiffers,
            Disposition::Accepted
        ]
    );
}

#[test]
fn the_browser_of_a_cancelled_flow_is_told_that_it_is_over() {
    let (mut world, redirect) = waiting();
    let cancelled = world.flow.id;
    world.command(Command::Cancel);
    let request = HttpRequest::get(redirect).with_header("Host", "127.0.0.1:8914");
    let arrived = Event::RequestArrived(cancelled, Ticket(9), request);
    let reply = Reply::NotTaken(Disposition::FlowOver);
    assert_eq!(
        world.flow.on(arrived, world.now),
        [Effect::AnswerRequest(cancelled, Ticket(9), reply)]
    );
}

#[test]
fn a_redirect_pasted_while_the_port_is_being_bound_belongs_to_a_started_authorization() {
    let mut world = World::new(6);
    let configuration = Box::new(world.configuration.clone());
    world.flow.command(Command::Authorize(configuration), world.now);
    assert_eq!(world.flow.stage(), Stage::Binding);
    let state = world.flow.attempt().unwrap().state.clone();
    let pasted = Command::PasteRedirect(format!("code=35e0ea2e9115f650b742&state={state}"));
    world.flow.command(pasted, world.now);
    assert_eq!(world.flow.stage(), Stage::Received);
    assert!(Facts::of(&world.flow.transcript).authorization.is_some());
}

#[test]
fn a_bare_code_is_taken_once_and_only_where_one_is_waited_for() {
    let bare = || Command::PasteRedirect("35e0ea2e9115f650b742".into());
    let (mut world, _) = waiting();
    world.command(bare());
    world.command(bare());
    assert_eq!(
        dispositions(&world.flow),
        [Disposition::AcceptedUnchecked, Disposition::SecondRedirect]
    );

    let mut nothing = Flow::new(Source::Live, Entropy::from_seed([1; 32]), Moment(0));
    nothing.command(bare(), Moment(0));
    assert_eq!(dispositions(&nothing), [Disposition::FlowOver]);
    assert_eq!((nothing.stage(), nothing.attempt()), (Stage::Configuring, None));
}

#[test]
fn a_flood_of_requests_is_cut_and_the_right_one_still_taken() {
    let (mut world, redirect) = waiting();
    for number in 0..1000 {
        world.bring(&format!("http://127.0.0.1:8914/{number}"));
    }
    world.bring(&redirect);
    let kept = dispositions(&world.flow);
    assert_eq!(kept.len(), 201);
    assert_eq!(kept.last(), Some(&Disposition::Accepted));
    assert_eq!(world.replies.len(), 1001, "each is answered");
}

#[test]
fn requests_for_other_paths_hide_no_redirect_and_what_is_not_kept_is_counted() {
    let (mut world, redirect) = waiting();
    let wrong = "http://127.0.0.1:8914/callback?code=35e0ea2e9115f650b742&state=other";
    for number in 0..250 {
        world.bring(&format!("http://127.0.0.1:8914/{number}"));
        world.bring(&format!("http://127.0.0.1:8914/old?state={number}&code=c"));
    }
    world.bring(wrong);
    assert_eq!(
        dispositions(&world.flow).last(),
        Some(&Disposition::StateDiffers),
        "hidden behind other requests"
    );
    for _ in 0..250 {
        world.bring(wrong);
    }
    world.event(Event::ConnectionsDropped(world.flow.id, 3));
    world.event(Event::ConnectionsDropped(FlowId(0), 9));
    let counted = |flow: &Flow| {
        let entries = flow.transcript.entries.iter();
        let found: Vec<_> = entries
            .filter_map(|entry| match &entry.observation {
                Observation::NotKept {
                    redirects,
                    requests,
                    connections,
                } => Some((*redirects, *requests, *connections)),
                _ => None,
            })
            .collect();
        found
    };
    assert_eq!(counted(&world.flow), [(51, 100, 3)]);
    let first = oauthlens::diagnosis::examine(&world.flow.transcript)
        .first()
        .map(|finding| finding.code);
    assert_eq!(first, Some(oauthlens::diagnosis::rule::Code::StateDiffers));
    world.bring(&redirect);
    assert_eq!(world.replies.last(), Some(&Reply::WaitForResult));
    assert_eq!(dispositions(&world.flow).len(), 601);
}

#[test]
fn only_localhost_may_be_two_addresses() {
    for (uri, expected) in [
        ("http://localhost:8914/callback", true),
        ("http://127.0.0.1:8914/callback", false),
    ] {
        let mut world = World::new(8);
        world.configuration.redirect_uri = uri.into();
        let configuration = Box::new(world.configuration.clone());
        let effects = world.flow.command(Command::Authorize(configuration), world.now);
        assert!(
            matches!(effects[..], [Effect::Listen { localhost, .. }] if localhost == expected),
            "{effects:?}"
        );
    }
}

#[test]
fn numbers_from_outside_have_no_upper_end() {
    let (mut world, _) = waiting();
    world.configuration.redirect_timeout = Some(u64::MAX);
    world.flow.command(
        Command::Authorize(Box::new(world.configuration.clone())),
        world.now,
    );
    let address = "127.0.0.1:8914".parse().unwrap();
    let effects = world
        .flow
        .on(Event::ListenerBound(world.flow.id, address), world.now);
    assert!(effects.contains(&Effect::StartTimer(world.flow.id, Timer::Redirect, u64::MAX)));

    let mut world = World::new(7);
    world.walk(None);
    let mut transcript = world.flow.transcript.clone();
    for entry in &mut transcript.entries {
        entry.at = u64::MAX;
        match &mut entry.observation {
            Observation::RequestSent { exchange, .. } => *exchange = u32::MAX,
            Observation::ResponseReceived {
                exchange,
                millis,
                response,
            } => {
                (*exchange, *millis) = (u32::MAX, u64::MAX);
                response.body = b"error=bad_verification_code".to_vec();
            }
            Observation::AuthorizationStarted { configuration, .. } => {
                configuration.provider.code_lifetime = u64::MAX;
            }
            _ => {}
        }
    }
    assert_eq!(transcript.missing_exchanges(), 0);
    oauthlens::diagnosis::examine(&transcript);
    let mut replayed = Flow::replayed(transcript, Entropy::from_seed([1; 32]));
    let probe = Command::Probe(HttpRequest::get("http://h/"), Purpose::ProbeAuthorization);
    let effects = replayed.command(probe, Moment(0));
    assert!(matches!(
        effects[..],
        [Effect::SendRequest {
            flow: FlowId(0),
            exchange: u32::MAX,
            ..
        }]
    ));
}

fn outcome(world: &World) -> Outcome {
    Outcome::of(&Facts::of(&world.flow.transcript))
}

fn token_error(transcript: &Transcript) -> Option<String> {
    let response = transcript.last_exchange(Purpose::Token)?.response?;
    match read_answer(response).answer {
        TokenAnswer::Error(error) => Some(error.error),
        _ => None,
    }
}
