//! Stories of the interactive front end, by keys: the model, the drawing and the simulator in memory.

mod support;

use oauthlens::{
    app::{
        keymap::Action,
        message::Message,
        model::{Notice, Step, StepState},
    },
    app::{lab::Prediction, show_replay},
    diagnosis::{
        examine,
        finding::{Action as Mend, Code},
        outcome::Outcome,
    },
    faults::Fault,
    flow::{
        configuration::{Configuration, Field},
        event::{Event, FlowId},
        machine::Stage,
        transcript::{Disposition, Observation, Purpose},
    },
    locale::Language,
    oauth::http::HttpRequest,
    simulator::Decision,
};
use support::{
    BASE_URL, World,
    person::{Person, read_keys},
};

/// At Exchange, with a code in hand.
fn with_a_code() -> Person {
    let mut person = Person::at_the_demo();
    person.types("<enter>a<enter>").is_at(Step::Exchange);
    person
}

fn leading_code(person: &Person) -> Option<Code> {
    person.model.findings.first().map(|finding| finding.code)
}

fn dispositions(person: &Person) -> Vec<Disposition> {
    let entries = &person.model.flow.transcript.entries;
    let redirects = entries.iter().filter_map(|entry| match &entry.observation {
        Observation::RedirectReceived { disposition, .. } => Some(*disposition),
        _ => None,
    });
    redirects.collect()
}

#[test]
fn the_good_walk_by_browser() {
    let mut person = Person::at_the_demo();
    person
        .sees("SIMULATED")
        .types("<enter>")
        .is_at(Step::Authorize)
        .sees("code_challenge_method")
        .types("<enter>")
        .sees("Waiting for the browser");
    assert_eq!(person.world.opened.len(), 1, "the browser is opened once");
    person
        .decides(Decision::Approve)
        .is_at(Step::Callback)
        .sees("the one that was sent")
        .types("<enter>")
        .is_at(Step::Exchange)
        .types("<enter>")
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("octocat");
    for step in Step::ALL {
        assert_eq!(person.model.step_state(step), StepState::Done, "{step:?}");
    }
}

#[test]
fn approving_in_the_terminal_needs_no_browser() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a")
        .is_at(Step::Callback)
        .types("<enter><enter>")
        .ended(Outcome::Token);
    assert_eq!(person.world.opened, Vec::<String>::new());
}

#[test]
fn a_secret_with_a_newline_is_refused_and_mended_with_one_key() {
    let mut person = Person::at_the_demo();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .fills("client_secret", &format!("{secret}\n"))
        .sees("a line break at character 41")
        .types("<enter>a<enter><enter>")
        .is_at(Step::Result)
        .ended(Outcome::Refused)
        .sees("incorrect_client_credentials")
        .sees("newline");
    person
        .mends(|mend| matches!(mend, Mend::Use(Field::ClientSecret, value) if value.reveal() == secret))
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("It worked");
    assert_eq!(person.model.form.text(Field::ClientSecret), secret);
}

#[test]
fn a_wrong_secret_is_refused_and_mended_by_the_one_on_record() {
    let mut person = Person::at_the_demo();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .fills("client_secret", &"0123456789".repeat(4))
        .types("<enter>a<enter><enter>")
        .ended(Outcome::Refused)
        .sees("incorrect_client_credentials");
    person
        .mends(|mend| matches!(mend, Mend::Use(Field::ClientSecret, value) if value.reveal() == secret))
        .ended(Outcome::Token)
        .sees("It worked");
}

#[test]
fn a_wrong_secret_can_be_typed_anew_where_it_counts() {
    let mut person = with_a_code();
    person
        .fills("client_secret", "hunter2")
        .types("<enter>")
        .ended(Outcome::Refused)
        .mends(|mend| *mend == Mend::Edit(Field::ClientSecret))
        .is_at(Step::Exchange);
    assert_eq!(person.model.exchange_form.focused(), Field::ClientSecret);
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .types("<ctrl-a>")
        .pastes(&secret)
        .types("<enter>")
        .ended(Outcome::Token)
        .sees("It worked");
}

#[test]
fn a_redirect_uri_edited_at_the_exchange_is_refused_and_mended_with_one_key() {
    for leave_out in [false, true] {
        let mut person = with_a_code();
        let good = person.model.exchange_form.request().redirect_uri.unwrap();
        person
            .goes_to("redirect_uri")
            .types("<end>x")
            .sees("not what the authorization request carried")
            .types("<enter>")
            .ended(Outcome::Refused)
            .sees("redirect_uri_mismatch");
        person
            .mends(|mend| match mend {
                Mend::OmitRedirectUri => leave_out,
                Mend::Use(Field::RedirectUri, value) => !leave_out && value.reveal() == good,
                _ => false,
            })
            .is_at(Step::Result)
            .ended(Outcome::Token)
            .sees("It worked");
    }
}

#[test]
fn an_unregistered_redirect_uri_stops_at_a_page_and_is_mended_with_one_key() {
    let mut person = Person::at_the_demo();
    person
        .fills("redirect_uri", "http://127.0.0.1:8914/somewhere")
        .sees("differs from what is registered")
        .types("<enter>a")
        .is_at(Step::Result)
        .ended(Outcome::Refused)
        .sees("not associated");
    person
        .mends(|mend| matches!(mend, Mend::Use(Field::RedirectUri, _)))
        .is_at(Step::Authorize)
        .types("a")
        .is_at(Step::Result)
        .ended(Outcome::Token);
}

#[test]
fn a_tampered_code_is_refused_and_mended_with_one_key() {
    let mut person = with_a_code();
    let code = person.model.exchange_form.request().code;
    person
        .goes_to("code")
        .types("<end><bs>")
        .sees("19 of 20 characters")
        .types("<enter>")
        .ended(Outcome::Refused)
        .sees("bad_verification_code");
    person
        .mends(|mend| matches!(mend, Mend::Use(Field::Code, value) if value.reveal() == code))
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("It worked");
}

#[test]
fn a_code_sent_twice_is_refused_and_mended_by_a_new_one() {
    let mut person = with_a_code();
    person
        .types("<enter>")
        .ended(Outcome::Token)
        .types("<alt-4>r<enter>")
        .is_at(Step::Result)
        .ended(Outcome::Refused)
        .sees("bad_verification_code");
    assert_eq!(leading_code(&person), Some(Code::CodeReused));
    person
        .mends(|mend| *mend == Mend::AuthorizeAgain)
        .is_at(Step::Authorize)
        .decides(Decision::Approve)
        .is_at(Step::Result)
        .ended(Outcome::Token)
        .sees("It worked");
}

#[test]
fn denying_ends_at_the_result_without_a_token() {
    for keys in ["<enter>d", "<enter><enter>d"] {
        let mut person = Person::at_the_demo();
        person
            .types(keys)
            .is_at(Step::Callback)
            .sees("access_denied")
            .types("<enter>")
            .is_at(Step::Result)
            .ended(Outcome::Refused)
            .sees("access_denied");
    }
}

#[test]
fn a_redirect_can_be_pasted_in_three_forms() {
    for (form, disposition) in [
        ("url", Disposition::Accepted),
        ("query", Disposition::Accepted),
        ("code", Disposition::AcceptedUnchecked),
    ] {
        let mut person = Person::at_the_demo();
        person.types("<enter><enter>");
        let redirect = person.redirect(Decision::Approve);
        let query = redirect.split_once('?').unwrap().1;
        let code = query.split("code=").nth(1).unwrap().split('&').next().unwrap();
        let text = match form {
            "url" => redirect.as_str(),
            "query" => query,
            _ => code,
        };
        person
            .types("p")
            .sees("Paste the redirect")
            .pastes(text)
            .types("<enter>");
        assert_eq!(dispositions(&person), [disposition], "{form}");
        person
            .is_at(Step::Callback)
            .types("<enter><enter>")
            .ended(Outcome::Token);
    }
}

#[test]
fn pasting_where_a_redirect_is_waited_for_opens_the_window_with_the_text() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>");
    let redirect = person.redirect(Decision::Approve);
    person
        .pastes(&redirect)
        .sees("Paste the redirect")
        .types("<enter>")
        .is_at(Step::Callback);
}

#[test]
fn nonsense_pasted_is_noted_and_the_waiting_goes_on() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>p<enter>").sees("Nothing was pasted");
    person
        .types("p")
        .pastes("http://127.0.0.1:8914/callback?code=abc&state=wrong")
        .types("<enter>");
    assert_eq!(person.model.notice, Some(Notice::PastedNotTaken));
    person
        .is_at(Step::Authorize)
        .decides(Decision::Approve)
        .is_at(Step::Callback);
}

#[test]
fn a_taken_port_leads_to_a_free_one() {
    let mut person = Person::at_the_demo();
    person.world.taken_ports.push(8914);
    person
        .types("<enter><enter>")
        .sees("Port 8914 is taken")
        .sees("http://127.0.0.1:8914/callback")
        .types("n")
        .sees("Waiting for the browser");
    assert_eq!(
        person.model.form.text(Field::RedirectUri),
        "http://127.0.0.1/callback"
    );
    person
        .decides(Decision::Approve)
        .is_at(Step::Callback)
        .types("<enter><enter>")
        .ended(Outcome::Token);
}

#[test]
fn a_taken_port_can_be_tried_again_with_the_same_request() {
    let mut person = Person::at_the_demo();
    person.world.taken_ports.push(8914);
    person.types("<enter><enter>");
    let url = person.attempt_url();
    person.types("<enter>").sees("Port 8914 is taken");
    person.world.taken_ports.clear();
    person.types("<enter>").sees("Waiting for the browser");
    assert_eq!(person.attempt_url(), url);
    person
        .decides(Decision::Approve)
        .types("<enter><enter>")
        .ended(Outcome::Token);
}

#[test]
fn a_taken_port_can_be_gone_round_by_pasting() {
    let mut person = Person::at_the_demo();
    person.world.taken_ports.push(8914);
    person.types("<enter><enter>c");
    assert_eq!(person.clipboard, [person.attempt_url()]);
    let redirect = person.redirect(Decision::Approve);
    person
        .types("p")
        .pastes(&redirect)
        .types("<enter>")
        .is_at(Step::Callback)
        .types("<enter><enter>")
        .ended(Outcome::Token)
        .sees("authorization request");
}

#[test]
fn a_browser_that_cannot_be_opened_is_said_and_the_walk_goes_on() {
    let mut person = Person::at_the_demo();
    person.world.browser_missing = Some("no such program: xdg-open".into());
    person
        .types("<enter><enter>")
        .sees("could not be opened: no such program: xdg-open")
        .types("c")
        .sees("on the clipboard")
        .decides(Decision::Approve)
        .is_at(Step::Callback);
    assert_eq!(person.clipboard, [person.attempt_url()]);
}

#[test]
fn a_long_wait_names_its_reasons() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter><enter>")
        .sees_not("Still nothing?")
        .waits(19)
        .sees_not("Still nothing?");
    person.waits(2).sees("Still nothing?").sees("for 21.0 s");
}

#[test]
fn what_else_comes_to_the_listener_is_noted_and_breaks_nothing() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>");
    let redirect = person.redirect(Decision::Approve);
    let host = "127.0.0.1:8914";
    let get = |target: &str| HttpRequest::get(target).with_header("Host", host);
    let head = HttpRequest {
        method: "HEAD".into(),
        ..get("/callback?code=x&state=y")
    };
    for request in [
        get("/favicon.ico"),
        head,
        get("/callback?code=35e0ea2e9115f650b742&state=somebody-elses"),
        get("/callback?code=35e0ea2e9115f650b742"),
        get("/callback?code=a&code=b&state=c"),
        get("/elsewhere"),
        get("/callback"),
        HttpRequest::get("/callback?code=x").with_header("Host", "evil.example"),
    ] {
        person.somebody_sends(request).is_at(Step::Authorize);
    }
    person
        .sees("Requests that came and were not taken: 3")
        .browser_goes_to(&redirect);
    person.is_at(Step::Callback).browser_goes_to(&redirect);
    assert_eq!(
        dispositions(&person),
        [
            Disposition::Favicon,
            Disposition::OtherMethod,
            Disposition::StateDiffers,
            Disposition::StateMissing,
            Disposition::ParameterRepeated,
            Disposition::OtherPath,
            Disposition::NoParameters,
            Disposition::OtherHost,
            Disposition::Accepted,
            Disposition::SecondRedirect,
        ]
    );
    person
        .sees("a second redirect")
        .types("<enter><enter>")
        .ended(Outcome::Token);
}

#[test]
fn what_comes_later_takes_nobodys_screen_away() {
    let mut person = with_a_code();
    person
        .types("<enter>")
        .ended(Outcome::Token)
        .types("<alt-4>r")
        .is_at(Step::Exchange);
    let redirect = "http://127.0.0.1:8914/favicon.ico";
    person.browser_goes_to(redirect).is_at(Step::Exchange);
    assert!(person.model.editing_exchange);

    let mut typing = Person::at_the_demo();
    typing.types("<enter><enter><alt-1>").is_at(Step::Configure);
    typing
        .decides(Decision::Approve)
        .is_at(Step::Configure)
        .types("<alt-3>")
        .is_at(Step::Callback);
}

#[test]
fn going_back_while_the_exchange_is_under_way_loses_no_result() {
    let mut person = with_a_code();
    person.slow = true;
    person.types("<enter><esc>").is_at(Step::Callback);
    person
        .answers_arrive()
        .is_at(Step::Callback)
        .types("<alt-5>")
        .is_at(Step::Result);
    person.ended(Outcome::Token);
}

#[test]
fn back_forward_and_again_keep_what_was_typed() {
    let mut person = Person::at_the_demo();
    person.fills("scope", "read:user gist").types("<enter>");
    person.types("<esc>").is_at(Step::Configure);
    assert_eq!(person.model.form.text(Field::Scope), "read:user gist");
    person
        .types("<ctrl-pgdn>")
        .is_at(Step::Authorize)
        .types("<right>");
    assert_eq!(person.model.notice, Some(Notice::NotReached));
    person
        .types("a<enter>")
        .fills("redirect_uri", "http://127.0.0.1:8914/typed");
    for (keys, step) in [
        ("<esc>", Step::Callback),
        ("<esc>", Step::Authorize),
        ("<left>", Step::Configure),
        ("<ctrl-pgdn>", Step::Authorize),
        ("<enter>", Step::Callback),
        ("<enter>", Step::Exchange),
    ] {
        person.types(keys).is_at(step);
    }
    let request = person.model.exchange_form.request();
    assert_eq!(
        request.redirect_uri.as_deref(),
        Some("http://127.0.0.1:8914/typed")
    );
    // Again from the result: the code is still good, so the exchange is what is done again.
    person
        .types("<enter>")
        .ended(Outcome::Refused)
        .types("r")
        .is_at(Step::Exchange);
    assert_eq!(person.model.exchange_form.request(), request);
    // Again from Callback: a new authorization.
    let url = person.attempt_url();
    person.types("<esc>r").is_at(Step::Authorize);
    assert_ne!(person.attempt_url(), url);
    assert_eq!(person.model.form.text(Field::Scope), "read:user gist");
}

#[test]
fn continuing_without_a_change_keeps_the_request() {
    let mut person = Person::at_the_demo();
    person.types("<enter>");
    let url = person.attempt_url();
    person.types("<esc><enter>");
    assert_eq!(person.attempt_url(), url);
    person.types("<esc>").fills("scope", "gist").types("<enter>");
    assert_ne!(person.attempt_url(), url);
}

#[test]
fn late_answers_of_a_cancelled_flow_are_dropped() {
    let mut person = Person::at_the_demo();
    person.slow = true;
    person.types("<enter><enter><esc>").is_at(Step::Authorize);
    assert_eq!(person.model.flow.stage, Stage::Stopped);
    let entries = person.model.flow.transcript.entries.len();
    person.answers_arrive();
    assert_eq!(person.model.flow.stage, Stage::Stopped);
    assert_eq!(person.model.flow.transcript.entries.len(), entries);

    let mut person = with_a_code();
    person.slow = true;
    person
        .types("<enter><esc>r")
        .is_at(Step::Authorize)
        .answers_arrive();
    assert!(person.model.flow.token().is_none());
    let page = Err((404, "Not Found".to_owned()));
    person
        .takes_in(Message::SimulatorDecided(FlowId(0), page))
        .is_at(Step::Authorize);
}

#[test]
fn a_redirect_after_the_time_out_starts_nothing() {
    let world = World::new(1);
    let configuration = Configuration {
        redirect_timeout: Some(30),
        ..world.configuration.clone()
    };
    let mut person = Person::with(world, configuration);
    person.types("<enter><enter>");
    let flow = person.model.flow.id;
    person
        .waits(30)
        .takes_in(Message::Flow(Event::RedirectTimedOut(flow)));
    person
        .sees("within the time that was set")
        .ended(Outcome::Unanswered);
    person
        .types("<enter>")
        .sees("Waiting for the browser")
        .decides(Decision::Approve)
        .is_at(Step::Callback);
}

#[test]
fn reveal_toggles_and_says_so() {
    let mut person = Person::at_the_demo();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .sees_not(&secret)
        .types("<ctrl-r>")
        .sees(&secret)
        .sees("secrets on show")
        .types("<ctrl-r>")
        .sees_not(&secret);
}

#[test]
fn switching_the_provider_loses_nothing() {
    let world = World::new(1);
    let mut person = Person::with(world, Configuration::default());
    person.fills("client_id", "Ov23liAAAAAAAAAAAAAA");
    person.goes_to("host").types("<ctrl-a>ghe.example.com");
    person
        .goes_to("provider")
        .types("<space>")
        .sees("another authorization server")
        .sees_not("ghe.example");
    person.fills("token endpoint", "https://as.example/token");
    person
        .goes_to("provider")
        .types("<space>")
        .sees("ghe.example.com")
        .sees("Ov23liAAAAAAAAAAAAAA");
    person.types("<space>").sees("https://as.example/token");
}

#[test]
fn a_space_changes_a_choice_and_is_typed_into_text() {
    let mut person = with_a_code();
    person
        .goes_to("Accept")
        .types("<space>")
        .sees("GitHub then answers form-encoded");
    person.types("<enter>").ended(Outcome::Token);
    let mut person = Person::at_the_demo();
    person.goes_to("PKCE").types("<space>").sees("[ ] off");
    person.goes_to("scope").types("<ctrl-a>gist<space>repo");
    assert_eq!(person.model.form.text(Field::Scope), "gist repo");
}

#[test]
fn a_damaged_value_is_cleaned_with_a_key_and_taken_back() {
    let mut person = Person::at_the_demo();
    let good = person.model.form.text(Field::ClientSecret).to_owned();
    let damaged = format!(" \"{good}\"\n");
    person
        .fills("client_secret", &damaged)
        .types("<ctrl-l>")
        .sees("4 characters were taken out");
    assert_eq!(person.model.form.text(Field::ClientSecret), good);
    person.types("<ctrl-z>");
    assert_eq!(person.model.form.text(Field::ClientSecret), damaged);
}

#[test]
fn another_wrong_value_is_said_to_be_another() {
    let mut person = with_a_code();
    person
        .fills("client_secret", "hunter2")
        .goes_to("redirect_uri")
        .types("<end>x<enter>")
        .ended(Outcome::Refused)
        .sees("incorrect_client_credentials")
        .mends(|mend| matches!(mend, Mend::Use(Field::ClientSecret, _)))
        .sees("redirect_uri_mismatch")
        .sees("One thing is mended");
    person
        .mends(|mend| *mend == Mend::OmitRedirectUri)
        .ended(Outcome::Token)
        .sees("It worked");
    // The next exchange has nothing to do with that remedy.
    person
        .types("r")
        .is_at(Step::Authorize)
        .types("a")
        .types("<enter><enter>");
    person.ended(Outcome::Token).sees_not("It worked");
}

#[test]
fn the_page_of_an_error_opens_with_a_key() {
    let mut person = with_a_code();
    person.fills("client_secret", "hunter2").types("<enter>");
    person
        .mends(|mend| matches!(mend, Mend::OpenPage(_)))
        .sees("Opened in the browser");
    assert!(person.pages[0].starts_with("http"), "{:?}", person.pages);
}

#[test]
fn a_probe_asks_first_and_changes_no_step() {
    let mut person = with_a_code();
    person
        .fills("client_secret", &"a".repeat(40))
        .types("<enter>")
        .ended(Outcome::Refused);
    let exchanges = person.model.flow.transcript.last_number();
    let probe = |mend: &Mend| matches!(mend, Mend::Probe(_));
    if !person
        .model
        .remedies
        .iter()
        .any(|remedy| remedy.action.as_ref().is_some_and(probe))
    {
        return;
    }
    person
        .mends(probe)
        .sees("Send a probe?")
        .types("<esc>")
        .sees_not("Send a probe?");
    assert_eq!(person.model.flow.transcript.last_number(), exchanges);
    person.mends(probe).types("<enter>").is_at(Step::Result);
    assert_eq!(person.model.flow.transcript.last_number(), exchanges + 1);
}

#[test]
fn a_custom_provider_without_answer_is_unanswered() {
    let world = World::new(1);
    let mut person = Person::with(world, Configuration::default());
    person.goes_to("provider").types("<space>");
    person.fills(
        "authorization endpoint",
        &format!("{BASE_URL}/login/oauth/authorize"),
    );
    person.fills("token endpoint", "https://as.example/token");
    person
        .fills("client_id", "Ov23liSimulatedDemo1")
        .fills("client_secret", "s");
    person
        .types("<enter><enter>")
        .decides(Decision::Approve)
        .types("<enter><enter>");
    person.ended(Outcome::Unanswered).is_at(Step::Result);
}

#[test]
fn the_mouse_does_what_the_keys_do() {
    let mut person = Person::at_the_demo();
    person.clicks("scope");
    assert_eq!(person.model.form.focused().field(), Field::Scope);
    person
        .clicks("see the request")
        .is_at(Step::Authorize)
        .clicks("1 Configure")
        .is_at(Step::Configure);
    person
        .clicks("2 Authorize")
        .clicks("a approve")
        .is_at(Step::Callback)
        .clicks("to the exchange");
    person
        .goes_to("client_secret")
        .types("x")
        .clicks("Enter send")
        .ended(Outcome::Refused);
    let remedy = person.model.remedies[0].clone();
    person.types("<end>").clicks("[1]");
    assert_eq!(
        person.model.applied.as_ref().map(|applied| applied.code),
        Some(remedy.code)
    );
}

#[test]
fn a_click_puts_the_cursor_where_it_points() {
    let mut person = Person::at_the_demo();
    person
        .fills("client_id", "客户端abc")
        .goes_to("scope")
        .clicks("abc")
        .types("X");
    assert_eq!(person.model.form.text(Field::ClientId), "客户端Xabc");
}

#[test]
fn a_click_behind_a_window_does_nothing() {
    let mut person = Person::at_the_demo();
    person.types("<f1>");
    let page =
        |message: &Message| matches!(message, Message::ClickField(..) | Message::Do(Action::Authorize));
    assert!(!person.drawn.hits.iter().any(|(_, message)| page(message)));
}

#[test]
fn in_a_window_only_its_own_keys_do_something() {
    let mut person = Person::at_the_demo();
    person.types("<enter><enter>p").pastes("some text");
    person
        .types("<alt-1><f1><ctrl-r><ctrl-pgup><f2>")
        .is_at(Step::Authorize)
        .sees("some text");
    person
        .types("<esc>")
        .sees_not("some text")
        .types("?")
        .sees("Here and now");
    person
        .types("<right>1r")
        .is_at(Step::Authorize)
        .sees("Here and now")
        .types("?")
        .sees_not("Here and now");
}

#[test]
fn everything_can_be_scrolled_to_on_the_smallest_screen() {
    let mut person = with_a_code();
    person
        .on_a_screen_of(60, 16)
        .sees("client_id")
        .types("<pgdn>")
        .sees_not("The token request, before");
    for _ in 0..10 {
        person.types("<pgdn>");
    }
    person.sees_not("more below").sees("grant_type");
    person.types("<tab>").sees("client_secret");
    person
        .types("<alt-1>")
        .goes_to("listen on")
        .sees("listen on")
        .types("<tab>")
        .sees("A ready-made app");
}

#[test]
fn the_mouse_is_let_go_and_taken_back() {
    let mut person = Person::at_the_demo();
    person.types("<f9>").sees("The mouse is free");
    assert!(person.mouse_released);
    person.types("<f9>");
    assert!(!person.mouse_released);
}

#[test]
fn leaving_works_everywhere() {
    for keys in [
        "<ctrl-c>",
        "<enter>q",
        "<enter><enter>p<ctrl-c>",
        "<f1>q<ctrl-c>",
        "<enter>a<enter><ctrl-q>",
    ] {
        let mut person = Person::at_the_demo();
        person.types(keys);
        assert!(person.left, "{keys}");
    }
    let mut person = Person::at_the_demo();
    person.takes_in(Message::Terminate);
    assert!(person.left);
}

#[test]
fn the_same_walk_in_chinese() {
    let mut person = Person::at_the_demo().reading(Language::SimplifiedChinese);
    person
        .types("<enter>a<enter><enter>")
        .ended(Outcome::Token)
        .sees("令牌");
}

#[test]
fn keys_are_read_as_they_are_written() {
    assert_eq!(read_keys("<tab*2>a<lt>").len(), 4);
}

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
            person.screen().contains("That is what came"),
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

#[test]
fn a_probe_is_asked_for_first_and_its_answer_joins_the_evidence() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a<enter>")
        .fills("client_secret", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e");
    person.types("<enter>").ended(Outcome::Refused);
    let before = person.model.flow.transcript.last_number();
    person
        .mends(|action| matches!(action, Mend::Probe(_)))
        .sees("Send a probe?");
    assert_eq!(
        person.model.flow.transcript.last_number(),
        before,
        "nothing is sent before it is confirmed"
    );
    person.types("<enter>").is_at(Step::Result);
    let probe = person.model.flow.transcript.exchange(before + 1).unwrap();
    assert!(probe.response.is_some() && probe.purpose != Purpose::Token);
    assert_eq!(person.model.findings, examine(&person.model.flow.transcript));
}

#[test]
fn a_saved_transcript_holds_no_secret_and_opens_again_without_sending() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a<enter>")
        .fills("redirect_uri", "http://localhost:8914/callback")
        .types("<enter><ctrl-s>");
    person.sees("Saved as oauthlens-transcript-1.json");
    let text = person.saved[0].clone();
    let secret = person.world.configuration.client_secret.clone().unwrap();
    assert!(!text.contains(secret.reveal()));
    let first = person.model.findings[0].code;
    let mut reader = Person::at_the_demo();
    show_replay(&mut reader.model, serde_json::from_str(&text).unwrap());
    reader.types("<home>").is_at(Step::Result).ended(Outcome::Refused);
    assert_eq!(reader.model.findings[0].code, first);
    let sent = reader.model.flow.transcript.last_number();
    reader.types("1").sees("nothing is sent from it").types("<f5>");
    assert_eq!(reader.model.flow.transcript.last_number(), sent);
    reader
        .types("<alt-3>")
        .is_at(Step::Callback)
        .sees("20 hexadecimal characters");
}
