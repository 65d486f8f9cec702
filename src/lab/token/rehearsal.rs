//! What is done with a token, in memory: the flow and the simulator, without a socket and in no time.

use crate::{
    flow::{
        configuration::{Configuration, Field, Origin},
        effect::Effect,
        event::{Command, Event},
        machine::Flow,
        requests::token::TokenAction,
        transcript::{Source, Transcript},
    },
    lab::token::{TokenFault, prepare},
    oauth::{random::Entropy, time::Moment},
    providers::Provider,
    simulator::{Dialect, Simulator},
};

/// Milliseconds that a request takes.
const NETWORK: u64 = 140;
/// Milliseconds between two requests that are sent at once.
const AT_ONCE: u64 = 20;
/// Milliseconds between two others.
const PAUSE: u64 = 60_000;
/// Every rehearsal begins at this moment, so that it is the same each time.
const BEGINNING: Moment = Moment(1_790_000_000_000);

/// Plays it and gives what was observed.
pub fn rehearse(action: TokenAction, fault: Option<&TokenFault>) -> Transcript {
    let base_url = Dialect::default().home();
    let callback = crate::flow::configuration::DEFAULT_REDIRECT_URI;
    let mut simulator = Simulator::demo(base_url, callback, Entropy::from_seed([7; 32]));
    let app = simulator.options().app.clone();
    let mut configuration = Configuration {
        provider: Provider::simulator(base_url),
        client_id: app.client_id,
        client_secret: Some(app.client_secret),
        ..Configuration::default()
    };
    for field in [Field::ClientId, Field::ClientSecret, Field::Provider] {
        configuration.origins.set(field, Origin::Simulator);
    }
    let mut now = BEGINNING;
    let mut flow = Flow::new(Source::Simulator, Entropy::from_seed([9; 32]), now);
    let Some(plan) = prepare(action, configuration, &mut simulator, fault, now) else {
        return flow.transcript;
    };
    flow.command(Command::Authorize(Box::new(plan.configuration.clone())), now);
    let mut on_the_way = Vec::new();
    for (request, purpose) in plan.requests() {
        on_the_way.extend(flow.command(Command::Probe(request, purpose), now));
        now = now.plus(if plan.at_once { AT_ONCE } else { NETWORK });
        if !plan.at_once {
            answer(&mut flow, &mut simulator, on_the_way.drain(..), now);
            now = now.plus(PAUSE);
        }
    }
    now = now.plus(NETWORK);
    answer(&mut flow, &mut simulator, on_the_way.drain(..), now);
    flow.transcript
}

fn answer(flow: &mut Flow, simulator: &mut Simulator, effects: impl Iterator<Item = Effect>, now: Moment) {
    for effect in effects {
        if let Effect::SendRequest {
            flow: id,
            exchange,
            request,
        } = effect
        {
            let event = Event::ResponseArrived {
                flow: id,
                exchange,
                response: simulator.respond(&request, now),
                millis: NETWORK,
            };
            flow.on(event, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnosis::{Diagnosis, outcome::Outcome, rule::Code},
        flow::requests::token::TokenAction,
        lab::token::{FAULTS, rehearse},
    };

    #[test]
    fn each_action_does_what_it_is_for_and_is_the_same_each_time() {
        for (action, says, outcome) in [
            (TokenAction::Refresh, Code::TokenObtained, Outcome::Token),
            (TokenAction::Check, Code::TokenChecked, Outcome::Done),
            (TokenAction::Reset, Code::TokenReset, Outcome::Done),
            (TokenAction::Revoke, Code::TokenRevoked, Outcome::Done),
            (TokenAction::RevokeGrant, Code::GrantRevoked, Outcome::Done),
            (TokenAction::Introspect, Code::TokenActive, Outcome::Done),
            (TokenAction::User, Code::UserRead, Outcome::Done),
        ] {
            let transcript = rehearse(action, None);
            let diagnosis = Diagnosis::of(&transcript);
            let first = diagnosis.findings.first().map(|finding| finding.code);
            assert_eq!((first, diagnosis.outcome), (Some(says), outcome), "{action:?}");
            assert_eq!(rehearse(action, None), transcript);
        }
    }

    #[test]
    fn every_fault_is_told_as_what_it_is() {
        for fault in FAULTS {
            let transcript = rehearse(fault.action, Some(fault));
            let diagnosis = Diagnosis::of(&transcript);
            let said: Vec<Code> = diagnosis.findings.iter().map(|finding| finding.code).collect();
            assert!(
                said.iter().take(2).any(|code| *code == fault.says),
                "{}: {said:?}",
                fault.name
            );
            assert_eq!(diagnosis.outcome, Outcome::Refused, "{}", fault.name);
        }
    }
}
