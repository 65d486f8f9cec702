//! The laboratory and the walkthrough.

use super::*;

#[test]
fn every_fault_of_the_laboratory_runs_to_the_result_that_it_says_and_is_mended() {
    for (number, fault) in Fault::ALL.iter().enumerate() {
        let mut person = Person::at_the_demo();
        person.types("<f3>");
        for _ in 0..number {
            person.types("<down>");
        }
        let expected = Prediction::of(*fault);
        let key = Prediction::ALL
            .iter()
            .position(|prediction| *prediction == expected)
            .unwrap()
            + 1;
        person.types("<enter>").types(&key.to_string());
        person.is_at(Step::Result).sees("You predicted");
        let good = person.model.good_run.is_some();
        assert!(good, "{}: the good run comes first", fault.name());
        assert!(
            person.screen().contains("That is what happened"),
            "{}\n{}",
            fault.name(),
            person.screen()
        );
        // A new authorization puts right what the fault has broken on the simulator's side.
        if expected != Prediction::Token {
            person
                .types("<alt-2>")
                .types("<f5>")
                .types("a<enter><enter>")
                .ended(Outcome::Token);
        }
    }
}

#[test]
fn the_walkthrough_is_done_from_start_to_end_with_a_wrong_answer_on_the_way() {
    let mut person = Person::at_the_demo();
    person.types("<f2>");
    let mut wrong_answers = 0;
    for _ in 0..200 {
        let Some(progress) = &person.model.walkthrough else {
            break;
        };
        let question = progress.step().question.clone().filter(|_| !progress.is_right());
        if let Some(question) = question {
            let right = question.choices.iter().position(|choice| choice.right).unwrap();
            if wrong_answers == 0 {
                let wrong = (right + 1) % question.choices.len();
                person
                    .types(&(wrong + 1).to_string())
                    .types("<enter>")
                    .sees("Choose again");
                wrong_answers += 1;
            }
            person.types(&(right + 1).to_string());
        }
        person.types("<enter>");
    }
    assert_eq!(wrong_answers, 1);
    assert!(person.model.walkthrough.is_none(), "it ends");
    person.is_at(Step::Configure).sees("github.com");
    assert!(
        !person.model.is_simulated(),
        "the last step leads to one's own app"
    );
}

/// What the simulator still has to say belongs to nobody's flow any more.
#[test]
fn after_the_walkthrough_late_news_of_the_demo_is_dropped() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>");
    let (ticket, request) = person
        .world
        .arrival("http://127.0.0.1:8914/callback?code=35e0ea2e9115f650b742&state=x");
    let demo = person.model.flow.id;
    person.types("<f2>");
    while person.model.walkthrough.is_some() {
        let progress = person.model.walkthrough.as_ref().unwrap();
        if let Some(question) = &progress.step().question {
            let right = question.choices.iter().position(|choice| choice.right).unwrap() + 1;
            person.types(&right.to_string());
        }
        person.types("<enter>");
    }
    assert!(!person.model.is_simulated());
    assert_ne!(person.model.flow.id, demo, "the flow goes on counting");
    person.takes_in(Message::Flow(Event::RequestArrived(demo, ticket, request)));
    person.takes_in(Message::Flow(Event::TimerFired(
        demo,
        oauthlens::flow::event::Timer::Redirect,
    )));
    assert!(person.model.flow.transcript.entries.is_empty());
    person.is_at(Step::Configure);
}

#[test]
fn a_fault_that_could_not_begin_leaves_nothing_behind() {
    let mut person = Person::at_the_demo();
    person.world.taken_ports.push(8914);
    let at = Fault::ALL
        .iter()
        .position(|fault| fault.name() == "user_denies")
        .unwrap();
    person.types("<f3>").types(&"<down>".repeat(at)).types("<enter>1");
    assert_eq!(person.model.flow.stage(), Stage::NoListener);
    assert!(person.model.experiment.is_none() && person.model.approve_when_listening.is_none());
    person.types("na<enter><enter>").ended(Outcome::Token);
}

#[test]
fn the_list_of_faults_is_gone_through_by_every_key() {
    let mut person = Person::at_the_demo();
    let chosen = |person: &Person| match person.model.overlay {
        Some(Overlay::ChooseFault(at)) => at,
        _ => usize::MAX,
    };
    person.types("<f3><end>");
    assert_eq!(chosen(&person), Fault::ALL.len() - 1);
    person.types("<home><pgdn>");
    assert!(chosen(&person) > 3);
    let at = chosen(&person);
    person.types("<enter><esc>");
    assert_eq!(chosen(&person), at, "back from the prediction to the list");
    person.types("<esc>").is_at(Step::Configure);
}

/// A message travels where drawings may move, and costs nothing once it has come.
#[test]
fn a_message_travels_in_the_walkthrough_and_then_rests() {
    let mut person = Person::at_the_demo();
    let mut travelled = 0;
    for motion in [false, true] {
        person.model.motion = motion;
        person.model.left_at = None;
        person.types("<f2>");
        for _ in 0..4 {
            person.types("<enter>");
            if person.model.travels_since.is_none() {
                continue;
            }
            assert!(motion, "nothing moves where nothing may");
            travelled += 1;
            let begun = person.screen();
            person.waits_millis(350);
            assert_ne!(person.screen(), begun, "it has moved");
            person.waits_millis(400);
            assert!(!person.model.is_moving(), "and rests");
        }
        person.types("x");
    }
    assert!(travelled > 0, "some step shows the sequence");
}

#[test]
fn what_was_mended_is_said_first_and_the_rejected_answers_are_gone() {
    let mut person = Person::at_the_demo();
    person.types("<f2>");
    let progress = person.model.walkthrough.as_mut().unwrap();
    let case = progress.script.steps.iter().position(|step| step.fault.is_some());
    progress.go_to(case.unwrap());
    person.types("<end>3").sees("Enter fixes it").types("<enter>");
    person
        .sees("✓ Without the newline")
        .sees_not("made with echo")
        .types("<end>")
        .sees("The secret ends with a newline.")
        .sees_not("was lost when it was copied");
}

#[test]
fn a_team_sees_its_provider_until_its_walkthrough_is_over() {
    let mut person = Person::at_the_demo();
    let text = "format=1\nname=\"t\"\ntitle=\"T\"\n[provider]\nname=\"Our service\"\nanswers=\"rfc6749\"\n\
                [[step]]\ntitle=\"a\"\ntext=\"b\"\nshow=[\"parties\"]\n";
    let mut script = oauthlens::lab::walkthrough::script::Script::read(text).unwrap();
    script.close("That was all", "It is over.");
    oauthlens::ui::begin_walkthrough(&mut person.model, script, 0);
    person.model.revision += 1;
    person
        .types("<home>")
        .sees("Our service")
        .sees("Our service: knows the user")
        .sees_not("GitHub")
        .types("<enter>")
        .sees("It is over.")
        .sees("Enter close")
        .types("<enter>")
        .is_at(Step::Configure)
        .sees("GitHub")
        .sees_not("Our service");
    assert_eq!(
        person.model.left_at, None,
        "where the built-in one was left is another matter"
    );
}

#[test]
fn the_last_step_of_a_team_leads_to_an_app_at_their_provider() {
    let mut person = Person::at_the_demo();
    let text = "format=1\nname=\"t\"\ntitle=\"T\"\n[provider]\nname=\"Our service\"\nanswers=\"rfc6749\"\n\
                base_url=\"https://id.example.com\"\n[[step]]\ntitle=\"a\"\ntext=\"b\"\nown_app=true\n";
    let script = oauthlens::lab::walkthrough::script::Script::read(text).unwrap();
    oauthlens::ui::begin_walkthrough(&mut person.model, script, 0);
    person.types("<enter>").is_at(Step::Configure);
    let provider = person.model.form.described_provider();
    assert!(!provider.simulated && !person.model.is_simulated());
    assert_eq!(provider.token_endpoint, "https://id.example.com/token");
}

#[test]
fn a_fault_that_may_lock_an_app_out_says_so_before_it_runs_unless_it_is_simulated() {
    let warning = "not to the simulator";
    let mut person = Person::at_the_demo();
    person
        .types("<f3>")
        .sees("▸ ! One character")
        .types("<enter>")
        .sees_not(warning);
    let mut person = Person::with(World::new(1), Configuration::default());
    person
        .types("<f3>")
        .sees("▸ ! One character")
        .types("<enter>")
        .sees("This goes to GitHub")
        .sees(warning);
    assert_eq!(person.model.flow.transcript.entries, [], "nothing was sent");
    // `unknown_client` sends no secret.
    let mut person = Person::with(World::new(1), Configuration::default());
    let at = oauthlens::ui::update::lab::faults(&person.model)
        .iter()
        .position(|fault| *fault == Fault::UnknownClient)
        .unwrap();
    person.types("<f3>");
    for _ in 0..at {
        person.types("<down>");
    }
    person.types("<enter>").sees_not(warning);
}

#[test]
fn the_result_of_a_fault_says_where_the_comparison_stands() {
    let mut person = Person::at_the_demo();
    person
        .types("<f3><enter>1")
        .is_at(Step::Result)
        .sees("The comparison with the good run is below the remedies")
        .sees("GitHub did not accept the client id and secret")
        .sees("[1] Use the secret that is registered")
        .sees_not("Beside the good run")
        .types("<end>")
        .sees("this run");
}
