//! The panes of a wide screen: walking among them, choosing a message, giving one the whole screen.

use super::*;

/// At the result of a wrong secret, on a screen of that size.
fn refused(columns: u16, rows: u16) -> Person {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a<enter>")
        .fills("client_secret", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e")
        .types("<enter>");
    person.on_a_screen_of(columns, rows);
    person
}

#[test]
fn a_chosen_message_shows_its_bytes_and_nothing_else_moves() {
    for (columns, rows) in [(120, 40), (200, 50)] {
        let mut person = refused(columns, rows);
        person.sees("Messages 4/4").sees("200 OK   JSON");
        let verdict = "GitHub did not accept the client id and secret";
        person.sees(verdict).types("<tab><up>").sees("Messages 3/4");
        person.sees("POST http").sees("grant_type").sees(verdict);
        person.types("<up>").sees("Messages 2/4").sees("GET /callback");
        person.types("<home>").sees("Messages 1/4").sees("response_type");
        person.types("<end>").sees("Messages 4/4");
        // The remedies keep their keys wherever the focus is.
        person.types("2").is_at(Step::Exchange);
    }
}

#[test]
fn each_pane_scrolls_by_itself() {
    let mut person = refused(120, 24);
    let row = |person: &Person, text: &str| {
        let screen = person.screen();
        screen.lines().position(|line| line.contains(text))
    };
    let first = row(&person, "200 OK   JSON");
    assert!(first.is_some(), "{}", person.screen());
    person.types("<down*3>");
    assert_eq!(row(&person, "200 OK   JSON"), first, "{}", person.screen());
    person.sees_not("GitHub did not accept the client id");
    person.types("<tab><tab><down>").sees_not("200 OK   JSON");
    person.sees("Messages 4/4");
    person.types("<backtab><backtab><home>");
    person
        .sees("GitHub did not accept the client id")
        .sees_not("200 OK   JSON");
}

#[test]
fn a_pane_has_the_whole_screen_until_it_is_given_back() {
    let mut person = refused(120, 40);
    person
        .types("<tab><tab>z")
        .sees("Byte for byte")
        .sees_not("Messages");
    person.types("<esc>").is_at(Step::Result).sees("Messages 4/4");
    person
        .types("z")
        .sees_not("Messages")
        .types("z")
        .sees("Messages 4/4");
    person
        .types("<tab>z")
        .sees("What to do")
        .sees_not("Byte for byte");
    // Another step begins with all of it.
    person.types("<alt-4><alt-5>").sees("Byte for byte");
}

#[test]
fn a_click_chooses_a_message_and_its_pane() {
    let mut person = refused(120, 40);
    person.clicks("redirect with a code").sees("GET /callback");
    person.types("<down>").sees("Messages 3/4");
    person
        .clicks("What happened")
        .types("<down>")
        .sees("Messages 3/4");
}

#[test]
fn what_has_a_pane_is_not_said_again_in_another() {
    for (columns, rows) in [(120, 40), (200, 50)] {
        let mut person = refused(columns, rows);
        let screen = person.screen();
        for once in [
            "redirect with a code",
            "content-length",
            "What to do",
            "Where it happened",
            "status alone",
        ] {
            assert!(screen.matches(once).count() <= 1, "{once}\n{screen}");
        }
        // The keys of the parts lead to their panes.
        person
            .types("f<up>")
            .sees("Messages 3/4")
            .types("b<down>")
            .sees("Messages 3/4");
    }
}

#[test]
fn a_narrow_screen_shows_one_pane_at_a_time() {
    for (columns, rows) in [(60, 16), (80, 24), (100, 40)] {
        let mut person = refused(columns, rows);
        let before = person.screen();
        assert!(
            before.contains("[1] ") && !before.contains("Messages"),
            "{before}"
        );
        person
            .types("<tab>")
            .sees("Messages 4/4")
            .sees_not("GitHub did not accept");
        person
            .types("<up><up><tab>")
            .sees("Byte for byte")
            .sees("GET /callback");
        // There is nothing to give the whole screen to.
        person.types("z<tab>");
        assert_eq!(person.screen(), before);
    }
    // What was chosen on a wide screen is still chosen on a narrow one, and the other way round.
    let mut person = refused(120, 40);
    person
        .types("<tab><up>")
        .on_a_screen_of(80, 24)
        .sees("Messages 3/4");
    person.types("<up>").on_a_screen_of(120, 40).sees("Messages 2/4");
}

#[test]
fn two_columns_of_another_step_scroll_by_themselves() {
    let mut person = Person::at_the_demo();
    person
        .on_a_screen_of(120, 24)
        .types("<enter>")
        .sees("Tab next pane");
    let plan = "What will be sent";
    person
        .types("<down*4>")
        .sees(plan)
        .sees_not("The authorization request your browser");
    person
        .types("<home><tab><down>")
        .sees("The authorization request your browser");
}

#[test]
fn configure_shows_the_request_as_it_grows_where_there_is_room() {
    let mut person = Person::at_the_demo();
    for (columns, rows) in [(120, 40), (200, 50)] {
        person.on_a_screen_of(columns, rows);
        person.fills("redirect_uri", "http://localhost:9/x");
        person.sees("The request as it grows");
        person.sees("▸ &redirect_uri=http%3A%2F%2Flocalhost%3A9");
        person
            .fills("redirect_uri", "http://127.0.0.1/a")
            .sees_not("localhost%3A9");
        person.fills("client_id", "gho_16C7e42F292c6912E7710c838347Ae178B4a");
        person.sees("client_id=gho_••").sees_not("client_id=gho_16");
    }
    person.on_a_screen_of(80, 24).sees_not("The request as it grows");
}
