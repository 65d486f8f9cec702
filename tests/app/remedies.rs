//! No remedy goes round in a circle: what was refused is not offered again, what cannot work is not repeated, and each says
//! what it changes.

use oauthlens::{
    diagnosis::finding::RemedyCode,
    flow::configuration::Registration,
    oauth::{http::HttpResponse, token::ClientAuthentication},
    providers::Provider,
};

use super::*;

/// At Configure with endpoints typed by hand and nothing told of the registration, at the server of a [`World`].
fn at_a_custom_provider() -> Person {
    at(Provider::custom(
        &format!("{BASE_URL}/login/oauth/authorize"),
        &format!("{BASE_URL}/login/oauth/access_token"),
        "",
    ))
}

/// The same at GitHub, save that the redirect may come from the server of a [`World`].
fn at_github() -> Person {
    at(Provider {
        issuer: None,
        ..Provider::default()
    })
}

fn at(provider: Provider) -> Person {
    let world = World::new(1);
    let configuration = Configuration {
        provider,
        registration: Registration::default(),
        ..world.configuration.clone()
    };
    Person::with(world, configuration)
}

/// Goes to the exchange and sends it; the token endpoint answers this.
fn exchanges_and_is_told(person: &mut Person, status: u16, body: &str) {
    if person.model.is_simulated() {
        person.types("<enter>a<enter>");
    } else {
        person
            .types("<enter><enter>")
            .decides(Decision::Approve)
            .types("<enter>");
    }
    sends_and_is_told(person, status, body);
}

/// Sends the token request on show; the token endpoint answers this.
fn sends_and_is_told(person: &mut Person, status: u16, body: &str) {
    person.is_at(Step::Exchange).slow = true;
    person.types("<enter>");
    person.late.clear();
    person.slow = false;
    let answer = Event::ResponseArrived {
        flow: person.model.flow.id,
        exchange: person.model.flow.transcript.last_number(),
        response: HttpResponse {
            status,
            headers: Vec::new(),
            body: body.into(),
            ..HttpResponse::default()
        },
        millis: 20,
    };
    person.takes_in(Message::Flow(answer)).is_at(Step::Result);
}

fn offers(person: &Person, wanted: impl Fn(&Mend) -> bool) -> bool {
    let mut actions = person
        .model
        .remedies
        .iter()
        .filter_map(|remedy| remedy.action.as_ref());
    actions.any(wanted)
}

fn uses_secret(secret: &str) -> impl Fn(&Mend) -> bool {
    move |mend| matches!(mend, Mend::Use(Field::ClientSecret, value) if value.reveal() == secret)
}

#[test]
fn a_secret_that_is_typed_again_replaces_the_refused_one() {
    let mut person = with_a_code();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .fills("client_secret", &"0123456789".repeat(4))
        .types("<enter>");
    // No Ctrl-A: the refused value is gone.
    person
        .mends(|mend| *mend == Mend::Edit(Field::ClientSecret))
        .is_at(Step::Exchange)
        .pastes(&secret)
        .types("<enter>")
        .ended(Outcome::Token);
    let mut person = Person::at_the_demo();
    person
        .fills("redirect_uri", "http://127.0.0.1:8914/elsewhere")
        .types("<enter>a")
        .mends(|mend| *mend == Mend::Edit(Field::RedirectUri))
        .is_at(Step::Configure)
        .types("http://127.0.0.1:8914/callback");
    assert_eq!(
        person.model.form.text(Field::RedirectUri),
        "http://127.0.0.1:8914/callback"
    );
}

#[test]
fn a_secret_typed_in_place_of_a_refused_one_stays() {
    let mut person = Person::at_the_demo();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .fills("client_secret", &"0123456789".repeat(4))
        .types("<enter>a<enter><enter>")
        .mends(|mend| *mend == Mend::Edit(Field::ClientSecret))
        .pastes(&secret)
        .types("<enter>")
        .ended(Outcome::Token);
    assert_eq!(person.model.form.text(Field::ClientSecret), secret);
}

#[test]
fn a_value_that_was_refused_is_never_offered_again() {
    let world = World::new(1);
    let configuration = Configuration {
        registration: Registration::default(),
        ..world.configuration.clone()
    };
    let mut person = Person::with(world, configuration);
    let (first, second) = ("a1b2c3d4e5".repeat(4), "0123456789".repeat(4));
    person
        .fills("client_secret", &first)
        .types("<enter>a<enter><enter>")
        .ended(Outcome::Refused);
    person
        .types("r")
        .fills("client_secret", &second)
        .types("<enter>")
        .ended(Outcome::Refused);
    assert!(
        !offers(&person, uses_secret(&first)),
        "{:#?}",
        person.model.remedies
    );
    person.sees_not("Use the client_secret from Configure");
}

#[test]
fn a_remedy_that_did_not_help_is_withdrawn() {
    let other_way = |mend: &Mend| matches!(mend, Mend::Use(Field::ClientAuthentication, _));
    let mut person = at_a_custom_provider();
    let refusal = r#"{"error":"invalid_client"}"#;
    exchanges_and_is_told(&mut person, 401, refusal);
    assert!(offers(&person, other_way));
    person
        .types("<end>")
        .sees("client_secret_post → client_secret_basic")
        .mends(other_way)
        .is_at(Step::Authorize);
    person.slow = true;
    person.decides(Decision::Approve);
    assert_eq!(
        person.model.exchange_form.authentication,
        ClientAuthentication::ClientSecretBasic
    );
    person.late.clear();
    person.slow = false;
    let answer = Event::ResponseArrived {
        flow: person.model.flow.id,
        exchange: person.model.flow.transcript.last_number(),
        response: HttpResponse {
            status: 401,
            headers: Vec::new(),
            body: refusal.into(),
            ..HttpResponse::default()
        },
        millis: 20,
    };
    person
        .takes_in(Message::Flow(answer))
        .is_at(Step::Result)
        .sees("Still refused for the same reason");
    assert!(!offers(&person, other_way), "{:#?}", person.model.remedies);
}

#[test]
fn a_remedy_says_what_it_changes() {
    let mut person = with_a_code();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .fills("client_secret", &"0123456789".repeat(4))
        .types("<enter>")
        .sees(&format!(
            "client_secret: 0123…6789 → {}…{}, with the same code",
            &secret[..4],
            &secret[36..]
        ));
    let mut person = with_a_code();
    person
        .goes_to("redirect_uri")
        .types("<end>x<enter><end>")
        .sees("redirect_uri: http://127.0.0.1:8914/callbackx → left out, with the same code");
}

/// At the authorization endpoint the value was good, at the token endpoint it was not: another value needs both requests.
#[test]
fn a_redirect_uri_that_both_requests_carry_is_edited_on_configure() {
    let mut person = Person::at_the_demo();
    person.goes_to("registered").types("<ctrl-a><del>");
    exchanges_and_is_told(&mut person, 200, r#"{"error":"redirect_uri_mismatch"}"#);
    person
        .on_a_screen_of(120, 60)
        .sees("opens step 1, Configure")
        .mends(|mend| *mend == Mend::Edit(Field::RedirectUri))
        .is_at(Step::Configure)
        .sees("Enter authorize again")
        .types("http://127.0.0.1/callback<enter>")
        .is_at(Step::Authorize);
    assert!(matches!(person.model.flow.stage(), Stage::Awaiting(_)));
    person.decides(Decision::Approve).ended(Outcome::Token);
}

#[test]
fn a_redirect_uri_that_only_the_exchange_had_wrong_is_edited_there() {
    let mut person = with_a_code();
    person
        .goes_to("redirect_uri")
        .types("<end>x<enter>")
        .on_a_screen_of(120, 60)
        .sees("opens step 4, Exchange")
        .mends(|mend| *mend == Mend::Edit(Field::RedirectUri))
        .is_at(Step::Exchange)
        .types("http://127.0.0.1:8914/callback<enter>")
        .ended(Outcome::Token);
}

/// Whether the words are GitHub's, Slack's or the RFC's: a code that was refused is not sent again.
#[test]
fn a_refused_code_is_not_sent_again() {
    for (status, body) in [
        (200, r#"{"error":"bad_verification_code"}"#),
        (200, r#"{"ok":false,"error":"invalid_code"}"#),
        (200, r#"{"ok":false,"error":"code_already_used"}"#),
        (400, r#"{"error":"invalid_grant"}"#),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Code not valid"}"#,
        ),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"AADSTS54005: already redeemed"}"#,
        ),
    ] {
        for mut person in [Person::at_the_demo(), at_a_custom_provider()] {
            exchanges_and_is_told(&mut person, status, body);
            person.types("r").is_at(Step::Authorize);
        }
    }
}

/// The prediction that was right in Slack's words is right.
#[test]
fn a_refusal_is_known_in_any_servers_words() {
    for (body, prediction) in [
        (r#"{"error":"invalid_code"}"#, Prediction::BadVerificationCode),
        (
            r#"{"error":"bad_client_secret"}"#,
            Prediction::IncorrectClientCredentials,
        ),
        (r#"{"error":"bad_redirect_uri"}"#, Prediction::RedirectUriMismatch),
        (r#"{"error":"slow_down"}"#, Prediction::AnotherAnswer),
    ] {
        let mut person = at_a_custom_provider();
        exchanges_and_is_told(&mut person, 200, body);
        let facts = oauthlens::diagnosis::context::Facts::of(&person.model.flow.transcript);
        assert_eq!(oauthlens::ui::update::lab::observed(&facts), prediction, "{body}");
    }
}

/// The simulator keeps the code of a refused client; of another server nobody knows.
#[test]
fn where_nobody_knows_whether_the_code_is_spent_a_new_one_is_asked_for() {
    let mut person = at_a_custom_provider();
    exchanges_and_is_told(&mut person, 401, r#"{"error":"invalid_client"}"#);
    person
        .types("<end>")
        .sees("Whether the refused code still works is not known here")
        .mends(|mend| *mend == Mend::Edit(Field::ClientSecret))
        .is_at(Step::Configure);
    let secret = person
        .world
        .configuration
        .client_secret
        .clone()
        .unwrap_or_default();
    person
        .pastes(secret.reveal())
        .types("<enter>")
        .is_at(Step::Authorize);
    person.decides(Decision::Approve).ended(Outcome::Token);
    let mut person = with_a_code();
    person
        .fills("client_secret", "hunter2")
        .types("<enter><end>")
        .sees_not("Whether the refused code");
}

#[test]
fn what_is_done_in_the_settings_opens_their_page() {
    let mut person = at_github();
    let page =
        |mend: &Mend| matches!(mend, Mend::OpenPage(url) if url == "https://github.com/settings/developers");
    exchanges_and_is_told(&mut person, 200, r#"{"error":"incorrect_client_credentials"}"#);
    person
        .types("<end>")
        .sees("Generate a new client secret")
        .mends(page);
    assert_eq!(
        person.pages.last().unwrap(),
        "https://github.com/settings/developers"
    );
    let mut person = at_github();
    exchanges_and_is_told(&mut person, 200, r#"{"error":"redirect_uri_mismatch"}"#);
    person.types("<end>").sees("Add this redirect URI").mends(page);
}

#[test]
fn what_is_registered_can_be_told_with_a_key() {
    let mut person = Person::at_the_demo();
    person.goes_to("registered").types("<ctrl-a><del>");
    exchanges_and_is_told(&mut person, 200, r#"{"error":"redirect_uri_mismatch"}"#);
    person
        .mends(|mend| *mend == Mend::Edit(Field::RegisteredRedirectUri))
        .is_at(Step::Result)
        .types("http://127.0.0.1/auth/callback<enter>")
        .sees("http://127.0.0.1:8914/auth/callback");
    assert_eq!(leading_code(&person), Some(Code::RedirectUriPathDiffers));
}

#[test]
fn a_probe_that_was_answered_is_not_offered_again() {
    let mut person = with_a_code();
    let probe = |mend: &Mend| matches!(mend, Mend::Probe(Purpose::ProbeCredentials));
    person
        .fills("client_secret", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e")
        .types("<enter>")
        .mends(probe)
        .types("<enter>")
        .sees("The answer to the probe");
    assert!(!offers(&person, probe), "{:#?}", person.model.remedies);
    // Other values are another question.
    person
        .types("r")
        .fills("client_secret", &"0123456789".repeat(4))
        .types("<enter>");
    assert!(offers(&person, probe), "{:#?}", person.model.remedies);
}

#[test]
fn who_has_to_wait_is_not_invited_to_try_at_once() {
    let mut person = Person::at_the_demo();
    exchanges_and_is_told(&mut person, 429, "");
    assert_eq!(leading_code(&person), Some(Code::RateLimited));
    let (wait, again) = (&person.model.remedies[0], &person.model.remedies[1]);
    assert_eq!(wait.code, RemedyCode::Wait);
    assert_eq!(again.action, Some(Mend::ExchangeAgain));
    let sent = person.model.flow.transcript.last_number();
    person.types("<enter>").is_at(Step::Result);
    assert_eq!(
        person.model.flow.transcript.last_number(),
        sent,
        "Enter sends nothing"
    );
}

#[test]
fn on_a_screen_too_small_to_draw_only_leaving_works() {
    let mut person = with_a_code();
    person.on_a_screen_of(39, 9).sees("Ctrl-C quits");
    let sent = person.model.flow.transcript.last_number();
    let step = person.model.step;
    person.types("<enter>q<esc><f1>x").pastes("text");
    assert_eq!(person.model.flow.transcript.last_number(), sent);
    assert_eq!((person.model.step, person.left), (step, false));
    assert_eq!(person.model.overlay, None);
    person.types("<ctrl-c>");
    assert!(person.left);
    let mut person = with_a_code();
    person
        .on_a_screen_of(39, 9)
        .on_a_screen_of(80, 24)
        .types("<enter>")
        .ended(Outcome::Token);
    let mut person = Person::at_the_demo().reading(Language::SimplifiedChinese);
    person.on_a_screen_of(39, 9).sees("按 Ctrl-C 退出");
}

#[test]
fn the_letter_of_leaving_closes_windows_and_lists_and_leaves_from_a_step() {
    let mut person = with_a_code();
    person.types("<enter>").ended(Outcome::Token);
    for window in ["?", "l", "l<enter>"] {
        person.types(window);
        assert!(person.model.overlay.is_some(), "{window}");
        // At most two lie over each other.
        for _ in 0..2 {
            if person.model.overlay.is_some() {
                person.types("q");
            }
        }
        assert!(person.model.overlay.is_none(), "{window}");
        assert!(!person.left, "{window}");
    }
    person.types("q");
    assert!(person.left);
    let mut person = with_a_code();
    person
        .fills("client_secret", &"a".repeat(40))
        .types("<enter>")
        .mends(|mend| matches!(mend, Mend::Probe(_)))
        .types("q");
    assert_eq!((person.model.overlay.as_ref(), person.left), (None, false));
}

#[test]
fn a_refusal_that_was_not_saved_is_asked_about() {
    for language in Language::ALL {
        let mut person = Person::at_the_demo().reading(language);
        person.types("<enter>a<enter>");
        person.model.exchange_form.set(
            Field::ClientSecret,
            "hunter2",
            oauthlens::flow::configuration::Origin::Typed,
        );
        person.types("<enter>").ended(Outcome::Refused).types("q");
        assert_eq!(
            (person.model.overlay.as_ref(), person.left),
            (Some(&Overlay::ConfirmLeave), false)
        );
        person.types("<esc>");
        assert_eq!((person.model.overlay.as_ref(), person.left), (None, false));
        person.types("qs");
        assert_eq!((person.saved.len(), person.left), (1, false));
        person.types("q");
        assert!(person.left, "saved, so nothing is asked");
    }
    for keys in ["q<enter>", "qq", "<ctrl-q><enter>", "<ctrl-c>"] {
        let mut person = with_a_code();
        person
            .fills("client_secret", "hunter2")
            .types("<enter>")
            .types(keys);
        assert!(person.left, "{keys}");
    }
}

#[test]
fn one_more_redirect_uri_is_registered_beside_the_others_where_the_server_takes_several() {
    for (custom, code) in [
        (false, RemedyCode::RegisterAnotherRedirectUri),
        (true, RemedyCode::RegisterRedirectUri),
    ] {
        let mut person = dead_ends::waiting(true, custom);
        person.types("2").is_at(Step::Result);
        let offered = person.model.remedies.iter().any(|remedy| remedy.code == code);
        assert!(offered, "{:?}", person.model.remedies);
        if custom {
            person.sees_not("up to ten");
        } else {
            person.sees("up to ten");
        }
    }
}

#[test]
fn what_a_code_lives_is_no_question_once_it_was_exchanged() {
    let token = r#"{"access_token":"gho_16C7e42F292c6912E7710c838347Ae178B4a","token_type":"bearer"}"#;
    let mut person = at_a_custom_provider();
    exchanges_and_is_told(&mut person, 200, token);
    person.types("<alt-4>r");
    sends_and_is_told(&mut person, 400, r#"{"error":"invalid_grant"}"#);
    let told = |code| person.model.findings.iter().any(|finding| finding.code == code);
    assert!(told(Code::CodeReused), "{:?}", person.model.findings);
    assert!(!told(Code::CodeExpired), "{:?}", person.model.findings);
    // Where it was sent once, that may be it.
    let mut person = at_a_custom_provider();
    exchanges_and_is_told(&mut person, 400, r#"{"error":"invalid_grant"}"#);
    let told = |code| person.model.findings.iter().any(|finding| finding.code == code);
    assert!(told(Code::CodeExpired), "{:?}", person.model.findings);
}
