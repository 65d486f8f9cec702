//! The pages that a person sees, in a real browser: the simulator's sign-in and consent, the redirect listener's answers.
//!
//! `cargo test --features browser-tests --test browser`; with `OAUTHLENS_SCREENSHOTS=folder` every page is kept as a picture.

mod page;
mod program;
mod webdriver;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
};

use program::Program;
use webdriver::{Browser, ENTER, SHIFT_TAB, TAB};

const FOCUSED: &str = "return document.activeElement.name + '=' + document.activeElement.value";
/// Both languages, one of them in the dark.
const LOOKS: [(&str, bool); 2] = [("en", false), ("zh-CN", true)];

fn focused(browser: &Browser) -> String {
    webdriver::text(&browser.evaluate(FOCUSED))
}

/// Asserts that nothing of the authorization response is left where a person or a history could see it.
fn assert_no_code_in_sight(browser: &Browser) {
    let address = browser.address();
    assert!(
        !address.contains("code=") && !address.contains("state="),
        "{address}"
    );
    assert_eq!(
        browser.evaluate("return document.referrer"),
        "",
        "the page was told where it was come from"
    );
}

#[test]
fn a_person_walks_to_a_token_with_the_keyboard_alone() {
    for (language, dark) in LOOKS {
        let browser = Browser::start(language, dark);
        let mut program = Program::start(
            &[
                "run",
                "--demo",
                "--no-browser",
                "--lang",
                language,
                "--scope",
                "repo read:user",
            ],
            None,
        );
        browser.open(&program.authorization_url());

        page::check(&browser, &format!("sign-in-{language}"), language, dark, 200);
        assert!(
            browser.page_text().contains("SIMULATED"),
            "{}",
            browser.page_text()
        );
        // Enter alone is enough; whoever wants to change something finds the fields before the button.
        assert_eq!(browser.evaluate("return document.activeElement.type"), "submit");
        browser.press(SHIFT_TAB);
        assert!(
            focused(&browser).starts_with("password="),
            "{}",
            focused(&browser)
        );
        browser.press(SHIFT_TAB);
        assert!(focused(&browser).starts_with("login="), "{}", focused(&browser));
        let outline = browser.evaluate("return getComputedStyle(document.activeElement).outlineStyle");
        assert_ne!(outline, "none", "the focus can be seen");
        browser.press(&format!("{TAB}{TAB}{ENTER}"));

        browser.wait_until("document.querySelector('button[name=authorize]')");
        page::check(&browser, &format!("consent-{language}"), language, dark, 200);
        let text = browser.page_text();
        for shown in ["SIMULATED", "client_id", "http://127.0.0.1:", "repo", "read:user"] {
            assert!(
                text.contains(shown),
                "{shown} is not on the consent page:\n{text}"
            );
        }
        assert_eq!(focused(&browser), "authorize=1");
        browser.press(TAB);
        assert_eq!(focused(&browser), "authorize=0");
        browser.press(&format!("{SHIFT_TAB}{ENTER}"));

        browser.wait_until("document.querySelector('main.good')");
        page::check(&browser, &format!("token-{language}"), language, dark, 200);
        assert!(browser.page_text().contains("octocat"), "{}", browser.page_text());
        assert_no_code_in_sight(&browser);
        let (status, out) = program.end();
        assert_eq!(status, Some(0), "{out}");
    }
}

#[test]
fn a_denial_is_said_in_the_tab_and_by_the_exit_status() {
    for (language, dark) in [("en", true), ("zh-CN", false)] {
        let browser = Browser::start(language, dark);
        let mut program = Program::start(&["run", "--demo", "--no-browser", "--lang", language], None);
        browser.open(&program.authorization_url());
        browser.press(ENTER);
        browser.wait_until("document.querySelector('button[name=authorize]')");
        page::check(
            &browser,
            &format!("consent-no-scope-{language}"),
            language,
            dark,
            200,
        );
        browser.press(&format!("{TAB}{ENTER}"));
        browser.wait_until("document.querySelector('main.bad')");
        page::check(&browser, &format!("denied-{language}"), language, dark, 200);
        assert!(
            browser.page_text().contains("access_denied"),
            "{}",
            browser.page_text()
        );
        assert_no_code_in_sight(&browser);
        let (status, out) = program.end();
        assert_eq!(status, Some(1), "{out}");
        assert!(out.contains("access_denied"), "{out}");
    }
}

#[test]
fn a_refused_exchange_is_said_in_the_tab() {
    let browser = Browser::start("en", false);
    let arguments = [
        "run",
        "--demo",
        "--no-browser",
        "--lang",
        "en",
        "--fault",
        "client_secret_with_newline",
    ];
    let mut program = Program::start(&arguments, None);
    browser.open(&program.authorization_url());
    browser.press(ENTER);
    browser.wait_until("document.querySelector('button[name=authorize]')");
    browser.press(ENTER);
    browser.wait_until("document.querySelector('main.bad')");
    page::check(&browser, "refused-en", "en", false, 200);
    assert!(
        browser.page_text().contains("incorrect_client_credentials"),
        "{}",
        browser.page_text()
    );
    assert_eq!(program.end().0, Some(1));
}

#[test]
fn pages_that_lead_nowhere_say_so() {
    let mut program = Program::start(&["simulate"], None);
    let simulated = program.simulated();
    let (base, client) = (&simulated["base_url"], &simulated["client_id"]);
    let authorize = format!("{base}/login/oauth/authorize");
    for (language, dark) in LOOKS {
        let browser = Browser::start(language, dark);
        browser.open(&format!("{authorize}?client_id=Ov23liNobodyKnowsThis"));
        page::check(
            &browser,
            &format!("unknown-client-{language}"),
            language,
            dark,
            404,
        );
        browser.open(&format!("{base}/elsewhere"));
        page::check(&browser, &format!("not-found-{language}"), language, dark, 404);
        browser.open(&format!(
            "{authorize}?client_id={client}&redirect_uri=https%3A%2F%2Fexample.test%2Fcallback"
        ));
        page::check(
            &browser,
            &format!("not-associated-{language}"),
            language,
            dark,
            400,
        );
        let text = browser.page_text();
        assert!(text.contains("not associated with this application"), "{text}");
    }
}

#[test]
fn a_redirect_that_fails_a_check_is_said_and_changes_nothing() {
    for (language, dark) in LOOKS {
        let browser = Browser::start(language, dark);
        let mut program = Program::start(&["run", "--demo", "--no-browser", "--lang", language], None);
        let url = program.authorization_url();
        let redirect_uri = parameter(&url, "redirect_uri");
        browser.open(&format!("{redirect_uri}?code=0123456789abcdef0123&state=forged"));
        page::check(
            &browser,
            &format!("state-differs-{language}"),
            language,
            dark,
            400,
        );
        assert_no_code_in_sight(&browser);
        let elsewhere = redirect_uri.replace("/callback", "/elsewhere");
        browser.open(&elsewhere);
        page::check(&browser, &format!("other-path-{language}"), language, dark, 404);
        // The real redirect is taken all the same.
        browser.open(&url);
        browser.press(ENTER);
        browser.wait_until("document.querySelector('button[name=authorize]')");
        browser.press(ENTER);
        browser.wait_until("document.querySelector('main.good')");
        assert_eq!(program.end().0, Some(0));
    }
}

#[test]
fn a_tab_waits_for_the_exchange_and_shows_its_result_by_itself() {
    for (language, dark) in LOOKS {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", server.local_addr().unwrap());
        let (authorize, token) = (format!("{base}/authorize"), format!("{base}/token"));
        let mut program = Program::start(
            &[
                "run",
                "--no-browser",
                "--lang",
                language,
                "--provider",
                "custom",
                "--authorization-endpoint",
                &authorize,
                "--token-endpoint",
                &token,
                "--client-id",
                "example",
                "--redirect-uri",
                "http://127.0.0.1/callback",
            ],
            Some("swordfish"),
        );
        let url = program.authorization_url();
        let browser = Browser::start(language, dark);
        let (redirect_uri, state) = (parameter(&url, "redirect_uri"), parameter(&url, "state"));
        browser.open(&format!("{redirect_uri}?code=0123456789abcdef0123&state={state}"));

        // The token request is on its way and gets no answer yet.
        let (mut connection, _) = server.accept().unwrap();
        page::check(&browser, &format!("waiting-{language}"), language, dark, 200);
        assert_eq!(
            browser.evaluate("return document.querySelector('main').className"),
            "waiting"
        );
        assert_no_code_in_sight(&browser);
        let mut lines = BufReader::new(connection.try_clone().unwrap())
            .lines()
            .map_while(Result::ok);
        assert!(lines.any(|line| line.is_empty()), "the head of the token request");
        let body = r#"{"access_token":"example-token","token_type":"bearer"}"#;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
        write!(connection, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();

        browser.wait_until("document.querySelector('main.good')");
        page::check(
            &browser,
            &format!("token-after-waiting-{language}"),
            language,
            dark,
            200,
        );
        assert_no_code_in_sight(&browser);
        let (status, out) = program.end();
        assert_eq!(status, Some(0), "{out}");
    }
}

/// A parameter of an authorization URL.
fn parameter(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).expect("an authorization URL");
    url.query_pairs()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
