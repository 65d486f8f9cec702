//! A device flow in memory: the flow, the simulator and a person, without a socket and in no time.

use std::collections::VecDeque;

use crate::{
    flow::{
        configuration::{Configuration, Field, Origin},
        effect::Effect,
        event::{Command, Event},
        grants::GrantKind,
        machine::Flow,
        transcript::{Source, Transcript},
    },
    lab::device::{DeviceFault, Person},
    oauth::{random::Entropy, time::Moment},
    providers::Provider,
    simulator::{Decision, Dialect, Simulator},
};

/// Milliseconds that a request takes.
const NETWORK: u64 = 140;
/// The request before which the person decides, counted from 1.
const DECIDES_BEFORE: u32 = 2;
/// A flow that is not over by then goes in circles.
const MOST_STEPS: usize = 200;
/// Every rehearsal begins at this moment, so that it is the same each time.
const BEGINNING: Moment = Moment(1_790_000_000_000);

/// Plays a device flow from its start to its end and gives what was observed.
pub fn rehearse(fault: Option<&DeviceFault>) -> Transcript {
    let base_url = Dialect::default().home();
    let mut simulator = Simulator::demo(
        base_url,
        crate::flow::configuration::DEFAULT_REDIRECT_URI,
        Entropy::from_seed([7; 32]),
    );
    let mut configuration = Configuration {
        grant: GrantKind::DeviceCode,
        provider: Provider::simulator(base_url),
        client_id: simulator.options().app.client_id.clone(),
        scopes: vec!["read:user".into()],
        ..Configuration::default()
    };
    for field in [Field::ClientId, Field::Provider] {
        configuration.origins.set(field, Origin::Simulator);
    }
    if let Some(fault) = fault {
        fault.prepare(&mut configuration, simulator.options_mut());
    }
    let person = fault.map_or(Person::Approves, |fault| fault.person);
    let mut now = BEGINNING;
    let mut flow = Flow::new(Source::Simulator, Entropy::from_seed([9; 32]), now);
    let mut effects: VecDeque<Effect> = flow
        .command(Command::Authorize(Box::new(configuration)), now)
        .into();
    for _ in 0..MOST_STEPS {
        let Some(effect) = effects.pop_front() else { break };
        let event = match effect {
            Effect::SendRequest {
                flow,
                exchange,
                request,
            } => {
                now = now.plus(NETWORK);
                Event::ResponseArrived {
                    flow,
                    exchange,
                    response: simulator.respond(&request, now),
                    millis: NETWORK,
                }
            }
            Effect::StartTimer(id, timer, millis) => {
                now = now.plus(millis);
                let polling = flow.device().and_then(|device| device.polling());
                if let Some(polling) = polling
                    && polling.sent + 1 == DECIDES_BEFORE
                {
                    decide(&mut simulator, &polling.codes.user_code, person, now);
                }
                Event::TimerFired(id, timer)
            }
            _ => continue,
        };
        effects.extend(flow.on(event, now));
    }
    flow.transcript
}

fn decide(simulator: &mut Simulator, user_code: &str, person: Person, now: Moment) {
    let decision = match person {
        Person::Approves => Decision::Approve,
        Person::Denies => Decision::Deny,
        Person::StaysAway => return,
    };
    // A code whose time is over is answered by a page, and the flow hears of it when it asks.
    let _ = simulator.decide_device(user_code, decision, now);
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnosis::{Diagnosis, outcome::Outcome, rule::Code},
        flow::transcript::Observation,
        lab::device::{FAULTS, rehearse},
        oauth::{params::Params, token::read_answer},
    };

    #[test]
    fn a_device_flow_gives_a_token_and_is_the_same_each_time() {
        let transcript = rehearse(None);
        let diagnosis = Diagnosis::of(&transcript);
        assert_eq!(diagnosis.outcome, Outcome::Token, "{:#?}", diagnosis.findings);
        assert_eq!(rehearse(None), transcript);
        let polls = transcript.exchanges().into_iter().filter(|exchange| {
            exchange.request.is_some_and(|request| {
                let sent = Params::decode(&String::from_utf8_lossy(&request.body));
                sent.get("grant_type") == Some("urn:ietf:params:oauth:grant-type:device_code")
            })
        });
        let polls: Vec<u64> = polls.map(|exchange| exchange.sent_at).collect();
        assert_eq!(polls.len(), 2);
        assert!(polls[1] - polls[0] >= 5000, "{polls:?}");
    }

    #[test]
    fn every_fault_is_told_as_what_it_is() {
        for fault in FAULTS {
            let transcript = rehearse(Some(fault));
            let diagnosis = Diagnosis::of(&transcript);
            let said: Vec<Code> = diagnosis.findings.iter().map(|finding| finding.code).collect();
            // What a careful client survives is a remark beside the token.
            let place = usize::from(diagnosis.outcome == Outcome::Token);
            assert!(
                said.iter().take(1 + 3 * place).any(|code| *code == fault.says),
                "{}: {said:?}",
                fault.name
            );
        }
    }

    #[test]
    fn slow_down_lengthens_this_and_all_later_intervals() {
        let fault = crate::lab::device::DeviceFault::from_name("device_polled_too_fast");
        let transcript = rehearse(fault);
        let asked: Vec<(u64, String)> = transcript
            .exchanges()
            .into_iter()
            .filter_map(|exchange| {
                let reading = read_answer(exchange.response?);
                let error = reading.value("error")?.to_owned();
                Some((exchange.sent_at, error))
            })
            .collect();
        let slowed = asked.iter().position(|(_, error)| error == "slow_down").unwrap();
        let sent: Vec<u64> = transcript.exchanges().iter().map(|e| e.sent_at).collect();
        let after = sent.iter().position(|at| *at == asked[slowed].0).unwrap();
        // The simulator names the interval it has come to, which is longer than five seconds more than ours.
        assert!(sent[after + 1] - sent[after] >= 10_000, "{sent:?}");
    }

    #[test]
    fn codes_whose_time_is_over_are_not_asked_about_for_ever() {
        let fault = crate::lab::device::DeviceFault::from_name("device_pending_for_ever");
        let transcript = rehearse(fault);
        let last = transcript.entries.last().map(|entry| &entry.observation);
        assert!(
            matches!(last, Some(Observation::DeviceCodeTimedOut { seconds: 4.. })),
            "{last:?}"
        );
    }
}
