//! Where a live flow comes to nothing, there is a result, and a key that leads on from it.

use oauthlens::{
    diagnosis::{finding::Certainty, outcome::Outcome},
    flow::{configuration::Origin, transcript::BrowserShows},
    oauth::secret::Secret,
    providers::Provider,
    simulator::Options,
};

use super::*;

const SENT: &str = "http://127.0.0.1:8914/callback";
const REGISTERED: &str = "http://127.0.0.1/auth/callback";

/// A person with an app of their own whose registered redirect URI is another one, at the waiting.
pub fn waiting(told: bool, custom: bool) -> Person {
    let mut world = World::new(1);
    registered_is(world.simulator.options_mut());
    let mut configuration = world.configuration.clone();
    let simulated = configuration.provider.clone();
    configuration.provider = if custom {
        Provider::custom(
            &simulated.authorization_endpoint,
            &simulated.token_endpoint,
            &simulated.api_url,
        )
    } else {
        Provider {
            simulated: false,
            ..simulated
        }
    };
    configuration.redirect_uri = SENT.into();
    configuration.registration.redirect_uris.clear();
    configuration.registration.client_id = None;
    configuration.registration.client_secret = None;
    if told {
        let registered = &world.simulator.options().app.registered;
        configuration.registration.redirect_uris.clone_from(registered);
    }
    let mut person = Person::with(world, configuration);
    person.types("<enter><enter>").sees("Waiting for the browser");
    person
}

fn registered_is(options: &mut Options) {
    let mut registered = options.app.registered[0].clone();
    registered.uri = REGISTERED.into();
    options.app.registered = vec![registered];
}

fn certainty(person: &Person, code: Code) -> Option<Certainty> {
    let mut findings = person.model.findings.iter();
    findings
        .find(|finding| finding.code == code)
        .map(|finding| finding.certainty)
}

#[test]
fn a_wait_that_ends_by_time_or_by_hand_has_a_result() {
    for (told, custom) in [(false, false), (true, false), (false, true), (true, true)] {
        for by_time in [false, true] {
            let mut person = waiting(told, custom);
            if by_time {
                let flow = person.model.flow.id;
                person.takes_in(Message::Flow(Event::TimerFired(
                    flow,
                    oauthlens::flow::event::Timer::Redirect,
                )));
            } else {
                person.types("<esc>");
            }
            person.is_at(Step::Result).ended(Outcome::Unanswered);
            if told {
                assert_eq!(leading_code(&person), Some(Code::RedirectUriPathDiffers));
                person.sees("/auth/callback");
            } else {
                let refusal = certainty(&person, Code::AuthorizePageRefusesRedirectUri);
                assert_eq!(refusal, Some(Certainty::Possible));
            }
            // What was given up can be taken up again.
            person
                .types("<esc>")
                .is_at(Step::Authorize)
                .types("<enter>")
                .sees("Waiting for the browser");
        }
    }
}

#[test]
fn the_waiting_asks_what_the_browser_shows_from_the_first_second() {
    for language in Language::ALL {
        let mut person = waiting(false, false).reading(language);
        person.on_a_screen_of(60, 16);
        for digit in 1..=5 {
            person.sees(&format!("[{digit}]"));
        }
    }
}

#[test]
fn each_answer_leads_to_its_explanation() {
    for (key, shows, code, text) in [
        (
            "2",
            BrowserShows::RefusesRedirectUri,
            Code::AuthorizePageRefusesRedirectUri,
            "Which redirect URI is registered?",
        ),
        (
            "3",
            BrowserShows::NotFound,
            Code::AuthorizePageNotFound,
            "client_id",
        ),
        (
            "4",
            BrowserShows::CannotConnect,
            Code::BrowserElsewhere,
            "machine",
        ),
    ] {
        let mut person = waiting(false, false);
        person.types(key).is_at(Step::Result).sees(text);
        let reported = Observation::BrowserReported { shows };
        assert_eq!(
            person.model.flow.transcript.entries.last().unwrap().observation,
            reported
        );
        assert_eq!(leading_code(&person), Some(code));
        // It is the person's word, so it proves nothing.
        assert_eq!(certainty(&person, code), Some(Certainty::Likely));
        // Saved and read again it says the same.
        person.types("s");
        let saved = serde_json::from_str(&person.saved[0]).unwrap();
        assert_eq!(examine(&saved), person.model.findings);
        // Ending the waiting takes nothing back.
        person
            .types("<esc>")
            .is_at(Step::Authorize)
            .types("<esc>")
            .is_at(Step::Result);
        assert_eq!(leading_code(&person), Some(code));
    }
}

#[test]
fn a_sign_in_page_is_waited_for() {
    let mut person = waiting(false, false);
    person.types("1").is_at(Step::Authorize).sees("Finish there");
    person.types("<esc>").is_at(Step::Result);
    assert_eq!(
        certainty(&person, Code::SignInUnfinished),
        Some(Certainty::Likely)
    );
}

#[test]
fn a_redirect_that_comes_after_all_is_taken() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>2").is_at(Step::Result);
    person.decides(Decision::Approve).is_at(Step::Callback);
    person.types("<enter><enter>").ended(Outcome::Token);
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>3").is_at(Step::Result);
    person
        .decides(Decision::Deny)
        .is_at(Step::Callback)
        .types("<enter>")
        .ended(Outcome::Refused)
        .sees("access_denied");
}

#[test]
fn the_registered_value_is_asked_for_and_either_way_on_is_a_key() {
    for pasted in [false, true] {
        let mut person = waiting(false, false);
        person.types("2").sees("Which redirect URI is registered?");
        if pasted {
            person.pastes(REGISTERED);
        } else {
            person
                .types("1")
                .types("nonsense<enter>")
                .sees("not an absolute URI");
            person.types("<ctrl-a>").types(REGISTERED).types("<enter>");
        }
        person
            .is_at(Step::Result)
            .sees("/auth/callback")
            .sees_not("Which redirect URI");
        assert_eq!(leading_code(&person), Some(Code::RedirectUriPathDiffers));
        person.types("s");
        let saved = serde_json::from_str(&person.saved[0]).unwrap();
        assert_eq!(examine(&saved), person.model.findings);
        // To register what is sent.
        person.mends(|mend| matches!(mend, Mend::Register(_)));
        assert_eq!(person.clipboard, [SENT]);
        assert_eq!(person.pages, [format!("{BASE_URL}/settings/developers")]);
        person.sees("On the clipboard").is_at(Step::Result);
        // To send what is registered: Configure is changed, and the authorization begins again.
        person.mends(|mend| matches!(mend, Mend::Use(Field::RedirectUri, _)));
        assert_eq!(
            person.model.form.text(Field::RedirectUri),
            "http://127.0.0.1:8914/auth/callback"
        );
        person
            .is_at(Step::Authorize)
            .decides(Decision::Approve)
            .is_at(Step::Result)
            .ended(Outcome::Token);
    }
}

#[test]
fn a_secret_that_is_emptied_comes_from_nowhere() {
    for custom in [false, true] {
        let mut person = waiting(false, custom);
        person.types("<alt-1>");
        let variable = Origin::Environment("BAD_SECRET".into());
        let wrong = "7c1f0a9d3be84526a1c07d9e5f3b2a8846d0e1f3";
        person.model.form.set(Field::ClientSecret, wrong, variable);
        person.model.form.set(
            Field::RedirectUri,
            "http://127.0.0.1:8914/auth/callback",
            Origin::Typed,
        );
        person
            .types("<enter><enter>")
            .decides(Decision::Approve)
            .types("<enter><enter>")
            .is_at(Step::Result)
            .mends(|mend| *mend == Mend::Edit(Field::ClientSecret))
            .sees("client_secret")
            .sees_not("BAD_SECRET");
    }
    // In the token request, where the code is sent with it once more.
    let mut person = Person::at_the_demo();
    let variable = Origin::Environment("BAD_SECRET".into());
    let wrong = "7c1f0a9d3be84526a1c07d9e5f3b2a8846d0e1f3";
    person.model.form.set(Field::ClientSecret, wrong, variable);
    person
        .types("<enter>a<enter><enter>")
        .mends(|mend| *mend == Mend::Edit(Field::ClientSecret))
        .is_at(Step::Exchange)
        .sees_not("BAD_SECRET");
}

#[test]
fn a_page_that_is_pasted_is_no_code() {
    let mut person = waiting(false, false);
    person
        .types("5")
        .pastes("Be careful!\n\nThe redirect_uri is not associated with this application.")
        .types("<enter>")
        .is_at(Step::Result);
    assert_eq!(leading_code(&person), Some(Code::AuthorizePageRefusesRedirectUri));
    assert_eq!(dispositions(&person), []);
}

#[test]
fn a_page_is_told_once_by_its_heading_and_first_sentence() {
    for language in Language::ALL {
        let mut person = waiting(false, false).reading(language);
        person
            .on_a_screen_of(110, 60)
            .types("5")
            .pastes(
                "Be careful!\n\nThe redirect_uri is not associated with this application.\n\n\
                 Whoever sent you here may have mistyped it.",
            )
            .types("<enter>")
            .is_at(Step::Result)
            .sees_not("mistyped");
        let screen = person.screen();
        assert_eq!(screen.matches("Be careful!").count(), 1, "{screen}");
    }
}

#[test]
fn a_bare_code_is_taken_only_where_it_can_be_one() {
    for (custom, word, taken) in [
        (false, "35e0ea2e9115f650b742", true),
        (false, "hello", false),
        (false, "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e", false),
        (true, "4/0AVG7fiQ-x_y", true),
        (true, "gho_16C7e42F292c6912E7710c838347Ae178B4a", false),
        (true, "Not a code", false),
    ] {
        let mut person = waiting(false, custom);
        person.types("p").pastes(word).types("<enter>");
        let became = if taken {
            vec![Disposition::AcceptedUnchecked]
        } else {
            Vec::new()
        };
        assert_eq!(dispositions(&person), became, "{word}");
        if !taken {
            person.sees("Nothing was recognised");
        }
    }
    let mut person = waiting(false, true);
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person.types("p").pastes(&secret).types("<enter>");
    assert_eq!(dispositions(&person), []);
}

#[test]
fn a_secret_that_is_pasted_is_masked() {
    let own = "no-shape-at-all";
    for text in [
        "7c1f0a9d3be84526a1c07d9e5f3b2a8846d0e1f2",
        "gho_16C7e42F292c6912E7710c838347Ae178B4a",
        "client_secret=swordfish",
        "{\"access_token\": \"swordfish\"}",
        own,
    ] {
        let world = World::new(1);
        let configuration = Configuration {
            client_secret: Some(Secret::new(own)),
            ..world.configuration.clone()
        };
        let mut person = Person::with(world, configuration);
        person
            .types("<enter><enter>p")
            .pastes(text)
            .sees_not(text)
            .sees("••");
    }
    let mut person = waiting(false, false);
    let redirect = "http://127.0.0.1:8914/callback?code=35e0ea2e9115f650b742&state=abc";
    person.types("p").pastes(redirect).sees(redirect);
}

#[test]
fn what_is_pasted_anywhere_is_read_and_the_flow_waits_behind_it() {
    let answer =
        r#"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}"#;
    // On a form the letter is typed; the other key opens the window.
    let mut person = Person::at_the_demo();
    person
        .types("<alt-p>")
        .pastes(answer)
        .types("<enter>")
        .is_at(Step::Result)
        .sees("PASTED")
        .sees("bad_verification_code");
    person.types("<esc>").is_at(Step::Configure).sees("SIMULATED");
    person
        .types("<enter><enter>")
        .pastes(answer)
        .types("<enter>")
        .is_at(Step::Result)
        .sees("PASTED");
    // Nothing is sent from it, and another text can be read from there.
    person.types("r").sees("This was pasted");
    person
        .pastes("redirect_uri_mismatch")
        .types("<enter>")
        .sees("redirect_uri_mismatch");
    // The redirect that comes meanwhile is that of the flow.
    let flow = person.model.aside.as_ref().unwrap();
    let url = flow.flow.attempt().unwrap().request.url();
    let redirect = person
        .world
        .simulator
        .decide(&url, Decision::Approve, person.world.now)
        .unwrap();
    let id = flow.flow.id;
    let (ticket, request) = person.world.arrival(&redirect);
    person
        .takes_in(Message::Flow(Event::RequestArrived(id, ticket, request)))
        .sees("PASTED");
    person
        .types("<esc>")
        .is_at(Step::Callback)
        .sees_not("PASTED")
        .types("<enter><enter>")
        .ended(Outcome::Token);
}
