//! Whole flows in memory, the good one and one for each fault.

mod support;

use oauthlens::{
    diagnosis::{facts::Facts, outcome::Outcome},
    faults::{Expected, Fault},
    flow::{
        effect::{Reply, TabResult},
        transcript::{Disposition, Observation, Purpose, Transcript},
    },
    oauth::token::{TokenAnswer, read_answer},
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
            Expected::NotATokenResponse => assert_eq!(outcome, Outcome::Unrecognised, "{name}"),
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
