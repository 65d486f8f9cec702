//! The walkthrough as a newcomer meets it: on a small screen, with wrong answers, going back, leaving in the middle.

use oauthlens::{
    flow::configuration::{Configuration, Field},
    ui::model::Step,
};

use crate::support::{World, person::Person};
use oauthlens::{render::text::line::Tone, ui::view::theme::Theme};

/// The first case, on the smallest screen that people use.
fn at_the_first_case() -> Person {
    let mut person = Person::at_the_demo();
    person.on_a_screen_of(80, 24).types("<f2>");
    let progress = person.model.walkthrough.as_mut().unwrap();
    let case = progress.script.steps.iter().position(|step| step.fault.is_some());
    progress.go_to(case.unwrap());
    person.model.revision += 1;
    person.types("<home>");
    person
}

#[test]
fn nothing_is_answered_before_the_question_is_seen() {
    let mut person = at_the_first_case();
    person.sees("Enter see the question").sees_not("1…4 answer");
    person.types("2");
    assert_eq!(person.model.walkthrough.as_ref().unwrap().answer.chosen, None);
    person.sees("[4] The secret was replaced").sees("1…4 answer");
    person.types("<home><enter>").sees("[4] The secret was replaced");
}

#[test]
fn an_answer_stands_beside_the_evidence_it_speaks_of_and_the_drawing_does_not_give_it_away() {
    let mut person = at_the_first_case();
    person.sees_not("newline at 41").sees_not("^").types("<enter>1");
    person
        .sees("✗  The client_id belongs to another app.")
        .sees("20 characters, shape of an OAuth app id, as registered")
        .sees("40 × 0-9 a-f")
        .sees_not("newline at 41");
    person.types("3").sees("newline at 41").sees("Enter fixes it");
    person.types("<enter>").sees("✓ Without the newline");
    person.sees("✓ 40 characters");
}

#[test]
fn who_goes_back_to_read_does_not_answer_again() {
    let mut person = at_the_first_case();
    person.types("<enter>3<enter><enter>").sees("Case 2 of 6");
    person.types("<esc>").sees("✓ Without the newline");
    person.types("<esc>").sees("Case 1 of 6").sees("Enter fix it");
    person
        .types("<enter><enter>")
        .sees("Case 2 of 6")
        .sees("Enter see the question");
}

#[test]
fn the_key_that_leaves_spoils_no_value() {
    let mut person = Person::at_the_demo();
    let id = person.model.form.text(Field::ClientId).to_owned();
    person.types("<f2>").sees("SIMULATED").types("xxq");
    assert_eq!(person.model.form.text(Field::ClientId), id);
    // At the first step nothing was begun yet, so the offer stays.
    person.is_at(Step::Configure).sees("New to OAuth? F2");
}

#[test]
fn the_last_step_is_at_hand_while_ones_own_app_is_filled_in() {
    let mut person = Person::at_the_demo();
    person.types("<f2>");
    let progress = person.model.walkthrough.as_mut().unwrap();
    let last = progress.script.steps.len() - 1;
    progress.go_to(last);
    person.model.revision += 1;
    person
        .types("<enter>")
        .is_at(Step::Configure)
        .sees_not("SIMULATED");
    person
        .sees(&format!("F2 continues the walkthrough at step {}.", last + 1))
        .types("<f2>")
        .sees("Authorization callback URL: http://127.0.0.1/callback")
        .sees("SIMULATED");
}

#[test]
fn the_keys_of_a_walkthrough_are_its_own() {
    let mut person = at_the_first_case();
    person
        .on_a_screen_of(100, 40)
        .types("?")
        .sees("Answer the question")
        .sees_not("first remedy")
        .sees("Ctrl-C quit")
        .types("q");
    assert!(!person.left, "q closes the list");
    person.types("3<enter>?").sees_not("Answer the question");
}

#[test]
fn an_empty_client_id_is_said_before_anything_goes_on() {
    let mut person = Person::with(World::new(2), Configuration::default());
    person
        .types("<enter>")
        .is_at(Step::Configure)
        .sees("client_id is empty: type the one of your app.");
    person.types("<enter>").is_at(Step::Authorize);
    person
        .types("<alt-1>")
        .fills("client_id", "x")
        .types("<enter>")
        .is_at(Step::Authorize);
    person
        .types("<alt-1>")
        .goes_to("client_id")
        .types("<ctrl-a><bs><enter>")
        .is_at(Step::Configure)
        .sees("client_id is empty");
}

/// What is right and what is wrong is not coloured before the question about it was answered.
#[test]
fn nothing_is_marked_before_its_question_was_answered() {
    let mut person = Person::at_the_demo();
    person.on_a_screen_of(200, 50).types("<f2>");
    let steps = person.model.walkthrough.as_ref().unwrap().script.steps.len();
    let mut questions = 0;
    for at in 0..steps {
        let progress = person.model.walkthrough.as_mut().unwrap();
        progress.go_to(at);
        if progress.script.steps[at].question.is_none() {
            continue;
        }
        questions += 1;
        person.model.revision += 1;
        person.types("<home>");
        let theme = Theme::Dark;
        for tone in [Tone::Bad, Tone::Good, Tone::Mark] {
            let colour = theme.style(tone).fg.unwrap();
            // The name of the program and the place in the walkthrough are above the page.
            let area = person.buffer().area;
            let marked: String = (3..area.height - 1)
                .flat_map(|y| (0..area.width).map(move |x| (x, y)))
                .filter(|at| person.buffer()[*at].fg == colour)
                .map(|at| person.buffer()[at].symbol())
                .collect();
            assert_eq!(marked, "", "step {}, {tone:?}\n{}", at + 1, person.screen());
        }
    }
    assert_eq!(questions, 7);
}

#[test]
fn the_walkthrough_ends_at_the_values_that_are_known() {
    let mut person = Person::at_the_demo();
    person.model.own_app = Some(Box::new(Configuration {
        client_id: "Ov23liNewcomerReal1".into(),
        ..Configuration::default()
    }));
    person.types("<f2>");
    let progress = person.model.walkthrough.as_mut().unwrap();
    progress.go_to(progress.script.steps.len() - 1);
    person.model.revision += 1;
    person
        .types("<enter>")
        .is_at(Step::Configure)
        .sees_not("SIMULATED")
        .sees("Ov23liNewcomerReal1");
}
