//! A person gets a token with a device code.

use oauthlens::{
    diagnosis::outcome::Outcome,
    flow::{
        event::Timer,
        grants::{GrantKind, device::Stage as DeviceStage},
    },
    simulator::Decision,
};

use super::*;

impl Person {
    /// At Configure, with the device authorization grant and the simulator.
    fn with_a_device() -> Self {
        let world = World::new(1);
        let configuration = Configuration {
            grant: GrantKind::DeviceCode,
            client_secret: None,
            ..world.configuration.clone()
        };
        Self::with(world, configuration)
    }

    /// The time of the next request for the token comes.
    fn waits_for_the_next_request(&mut self) -> &mut Self {
        let polling = self.model.flow.device().and_then(|device| device.polling());
        let next = polling
            .and_then(|polling| polling.next)
            .expect("a request that is due");
        self.world.now = self.world.now.max(next);
        let event = Event::TimerFired(self.model.flow.id, Timer::Poll);
        self.takes_in(Message::Flow(event))
    }

    fn user_code(&self) -> String {
        let codes = self.model.flow.device().and_then(|device| device.codes());
        codes.expect("codes").user_code.clone()
    }

    fn types_the_code_elsewhere(&mut self, decision: Decision) -> &mut Self {
        let (code, now) = (self.user_code(), self.world.now);
        self.world.simulator.decide_device(&code, decision, now).unwrap();
        self
    }
}

#[test]
fn a_person_types_the_code_elsewhere_and_gets_a_token() {
    let mut person = Person::with_a_device();
    person
        .types("<enter>")
        .is_at(Step::Device)
        .sees("Two codes are asked for")
        .types("<enter>")
        .is_at(Step::Device)
        .sees("Type this code")
        .sees("/login/device")
        .sees("next in 5 s");
    assert_eq!(person.world.opened, Vec::<String>::new(), "no browser unasked");
    person.types("o");
    assert_eq!(person.world.opened, ["http://127.0.0.1:9000/login/device"]);
    person
        .waits_for_the_next_request()
        .sees("not approved yet")
        .types_the_code_elsewhere(Decision::Approve)
        .waits_for_the_next_request()
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("octocat");
    for &step in person.model.flow.steps() {
        assert_eq!(person.model.step_state(step), StepState::Done, "{step:?}");
    }
}

#[test]
fn what_the_person_refuses_is_told_as_refused() {
    let mut person = Person::with_a_device();
    person
        .types("<enter><enter>")
        .types_the_code_elsewhere(Decision::Deny)
        .waits_for_the_next_request()
        .is_at(Step::Result)
        .ended(Outcome::Refused)
        .sees("access_denied");
}

#[test]
fn approving_in_the_terminal_is_learnt_of_by_the_next_request() {
    let mut person = Person::with_a_device();
    person
        .types("<enter>a")
        .is_at(Step::Device)
        .waits_for_the_next_request()
        .ended(Outcome::Token);
}

#[test]
fn who_stops_waiting_is_asked_for_nothing_more() {
    let mut person = Person::with_a_device();
    person.types("<enter><enter>").waits_for_the_next_request();
    let asked = person.model.flow.transcript.exchanges().len();
    person
        .types("<esc>")
        .is_at(Step::Result)
        .ended(Outcome::Unanswered);
    assert_eq!(person.model.flow.device().unwrap().stage, DeviceStage::Stopped);
    // The timer that was running fires into a flow that is over.
    let event = Event::TimerFired(person.model.flow.id, Timer::Poll);
    person.takes_in(Message::Flow(event));
    assert_eq!(person.model.flow.transcript.exchanges().len(), asked);
}

#[test]
fn the_steps_have_the_numbers_that_are_beside_them() {
    let mut person = Person::with_a_device();
    person
        .types("<enter><enter>")
        .waits_for_the_next_request()
        .types("<alt-3>")
        .is_at(Step::Exchange)
        .sees("authorization_pending")
        .types("<alt-2>")
        .is_at(Step::Device)
        .types("<alt-4>")
        .is_at(Step::Device)
        .types("<alt-5>")
        .is_at(Step::Device);
}

#[test]
fn an_answer_in_the_old_words_is_shown_and_told() {
    let mut person = Person::with_a_device();
    person.world.simulator.options_mut().habits.device.old_name = true;
    person.world.simulator.options_mut().habits.device.names_interval = false;
    person
        .types("<enter><enter>")
        .sees("/login/device")
        .sees("next in 5 s")
        .types("a")
        .waits_for_the_next_request()
        .ended(Outcome::Token);
    let codes: Vec<&str> = person
        .model
        .findings
        .iter()
        .map(|finding| finding.code.name())
        .collect();
    assert!(codes.contains(&"device_old_member_name"), "{codes:?}");
    assert!(codes.contains(&"device_interval_missing"), "{codes:?}");
}

#[test]
fn the_grant_is_changed_on_configure_and_back() {
    let mut person = Person::at_the_demo();
    person
        .sees("2 Authorize")
        .sees("redirect_uri")
        .types("<alt-g>")
        .sees("2 Code")
        .sees_not("redirect_uri")
        .sees_not("client_secret")
        .types("<enter>")
        .is_at(Step::Device)
        .types("a")
        .waits_for_the_next_request()
        .ended(Outcome::Token);
    let sent = person.model.flow.transcript.exchanges();
    let bodies = sent.iter().filter_map(|exchange| exchange.request);
    assert!(
        bodies
            .into_iter()
            .all(|request| !String::from_utf8_lossy(&request.body).contains("client_secret")),
        "a device has no secret to send"
    );
    person
        .types("<alt-1><alt-g>")
        .sees("2 Authorize")
        .types("<enter>")
        .is_at(Step::Authorize)
        .types("a")
        .is_at(Step::Callback)
        .types("<enter><enter>")
        .ended(Outcome::Token);
}

#[test]
fn what_is_copied_is_what_is_needed_on_the_other_device() {
    let mut person = Person::with_a_device();
    person.types("<enter><enter>").types("y<enter>");
    assert_eq!(
        person.clipboard.last().map(String::as_str),
        Some("http://127.0.0.1:9000/login/device")
    );
    person.types("y<down><enter>");
    let code = person.user_code();
    assert_eq!(person.clipboard.last(), Some(&code));
    person.types("c");
    assert_eq!(
        person.clipboard.last().map(String::as_str),
        Some("http://127.0.0.1:9000/login/device")
    );
}

#[test]
fn a_qr_code_is_drawn_where_there_is_room_and_it_is_wanted() {
    let mut person = Person::with_a_device();
    person
        .on_a_screen_of(140, 40)
        .types("<enter><enter>")
        .sees("The QR code leads there")
        .on_a_screen_of(80, 24)
        .sees_not("The QR code leads there")
        .on_a_screen_of(80, 50)
        .sees("The QR code leads there");
    person.model.qr_code = false;
    person.on_a_screen_of(140, 40).sees_not("The QR code leads there");
}
