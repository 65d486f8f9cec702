//! The first start, without values: a question, and five keys that lead on from it.

use oauthlens::{lab::walkthrough, providers::Provider, ui::open_front_door};

use super::*;

#[test]
fn a_host_that_could_be_read_as_another_one_is_refused_at_its_field() {
    let configuration = Configuration {
        provider: oauthlens::providers::github::at("github.com"),
        client_id: "Ov23liExampleExampl1".into(),
        ..Configuration::default()
    };
    let mut person = Person::with(World::new(1), configuration);
    for host in ["evil.test#github.com", "user@git.test", "git.test/login"] {
        person
            .fills("host", host)
            .sees("not a host name")
            .types("<enter>")
            .is_at(Step::Configure)
            .sees("Correct the field");
    }
    person
        .fills("host", "git.example.test:8443")
        .types("<enter>")
        .is_at(Step::Authorize);
}

#[test]
fn who_has_no_values_is_asked_and_who_has_some_is_not() {
    for language in Language::ALL {
        let mut person = Person::at_the_front_door().reading(language);
        for size in [(80, 24), (60, 16)] {
            person.on_a_screen_of(size.0, size.1);
            for digit in 1..=5 {
                person.sees(&format!("[{digit}]"));
            }
        }
    }
    let custom = Provider::custom("https://a.example/authorize", "https://a.example/token", "");
    let simulated = World::new(1).configuration;
    let with_an_id = Configuration {
        client_id: "Ov23liAnybody".into(),
        ..Configuration::default()
    };
    let elsewhere = Configuration {
        provider: custom,
        ..Configuration::default()
    };
    for configuration in [simulated, with_an_id, elsewhere] {
        let mut person = Person::with(World::new(1), configuration);
        open_front_door(&mut person.model);
        person.on_a_screen_of(100, 40).sees("client_id").sees_not("[5]");
    }
}

#[test]
fn an_error_message_is_pasted_and_explained() {
    for key in ["1", "p", ""] {
        let mut person = Person::at_the_front_door();
        person.types(key);
        if !key.is_empty() {
            person.sees("Paste the redirect, a message or a page");
        }
        person
            .pastes(r#"{"error":"bad_verification_code"}"#)
            .sees("Paste the redirect, a message or a page")
            .types("<enter>")
            .is_at(Step::Result)
            .sees("bad_verification_code")
            .types("<esc>")
            .sees("What is wrong with your sign-in?");
    }
}

#[test]
fn the_form_is_one_key_away_and_leads_back() {
    for key in ["2", "<enter>", "32"] {
        let mut person = Person::at_the_front_door();
        person.types(key).types("Ov23liMine");
        assert_eq!(person.model.form.text(Field::ClientId), "Ov23liMine");
        person
            .sees("Esc back")
            .types("<esc>")
            .sees("What is wrong with your sign-in?")
            .types("2")
            .sees("Ov23liMine");
    }
}

#[test]
fn who_has_no_app_is_told_how_to_register_one() {
    let mut person = Person::at_the_front_door();
    person
        .types("3")
        .sees("Authorization callback URL: http://127.0.0.1:8914/callback")
        .types("1")
        .sees(
            "On the clipboard: http://127.0.0.1:8914/callback. Paste it as the “Authorization callback URL”",
        );
    assert_eq!(person.clipboard, ["http://127.0.0.1:8914/callback"]);
    assert_eq!(person.pages, ["https://github.com/settings/developers"]);
    person
        .types("<esc>")
        .sees("What is wrong with your sign-in?")
        .types("<esc>")
        .sees("What is wrong with your sign-in?");
}

#[test]
fn the_demo_begins_runs_and_gives_the_own_values_back() {
    let mut person = Person::at_the_front_door();
    person.types("2Ov23liMine<esc>4").sees("SIMULATED");
    person
        .types("<enter>a<enter><enter>")
        .ended(Outcome::Token)
        .types("<alt-1>")
        .sees("Esc back")
        .types("<esc>")
        .sees_not("SIMULATED")
        .sees("What is wrong with your sign-in?")
        .types("2")
        .sees("Ov23liMine");
    // What comes too late moves nobody.
    let mut person = Person::at_the_front_door();
    person.slow = true;
    person.types("42").answers_arrive().sees_not("SIMULATED");
    // A demo that cannot start says why.
    let mut person = Person::at_the_front_door();
    person
        .takes_in(Message::DemoFailed("no port".into()))
        .sees("no port");
}

#[test]
fn the_walkthrough_opens_and_leads_back_or_to_the_form() {
    let mut person = Person::at_the_front_door();
    person.types("5");
    assert!(person.model.walkthrough.is_some());
    person.types("x").sees("What is wrong with your sign-in?");
    person.model.left_at = Some(last_step());
    person.types("5<enter>").is_at(Step::Configure).sees("client_id");
    assert_eq!(person.model.walkthrough, None);
}

fn last_step() -> usize {
    let script = walkthrough::script::Script::read(walkthrough::BUILT_IN).unwrap();
    script.steps.len() - 1
}

#[test]
fn a_click_answers_as_a_key_does() {
    let mut person = Person::at_the_front_door();
    person.clicks("I have no app yet").sees("Homepage URL");
    let mut person = Person::at_the_front_door();
    person.clicks("Run its flow here").sees("redirect_uri");
}

#[test]
fn who_waits_sees_how_to_stop_and_where_to_paste() {
    for language in Language::ALL {
        let mut demo = Person::at_the_demo();
        demo.types("<enter><enter>");
        let own = dead_ends::waiting(false, true);
        for (person, digits) in [(demo, " a "), (own, " 1…5 ")] {
            let mut person = person.reading(language);
            let screen = person.on_a_screen_of(80, 24).screen();
            let footer = screen.lines().last().unwrap();
            for key in ["Enter ", " Esc ", " p ", digits] {
                assert!(footer.contains(key), "{footer}");
            }
        }
    }
}
