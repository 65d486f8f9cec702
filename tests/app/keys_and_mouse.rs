//! Keys, mouse, fields and windows.

use super::*;

#[test]
fn reveal_toggles_and_says_so() {
    let mut person = Person::at_the_demo();
    let secret = person.model.form.text(Field::ClientSecret).to_owned();
    person
        .sees_not(&secret)
        .types("<ctrl-r>")
        .sees(&secret)
        .sees("secrets shown")
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
        .sees("4 characters removed");
    assert_eq!(person.model.form.text(Field::ClientSecret), good);
    person.types("<ctrl-_>");
    assert_eq!(person.model.form.text(Field::ClientSecret), damaged);
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
        .clicks("approve  c copy")
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
fn the_mouse_is_the_terminals_until_it_is_asked_for() {
    let mut person = Person::at_the_demo();
    person.on_a_screen_of(140, 40).sees("F9 mouse");
    assert!(!person.model.mouse);
    person.types("<f9>").sees("The mouse is on");
    assert!(!person.mouse_released);
    person.types("<f9>").sees("The mouse is off");
    assert!(person.mouse_released);
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
fn keys_are_read_as_they_are_written() {
    assert_eq!(read_keys("<tab*2>a<lt>").len(), 4);
}

#[test]
fn the_exchange_is_looked_at_from_its_token_request() {
    let mut person = with_a_code();
    person
        .types("<enter>")
        .ended(Outcome::Token)
        .types("<alt-4>")
        .sees("Exchange 1 of 2: the token request")
        .types("]")
        .sees("Exchange 2 of 2: the token tried at the API");
}

#[test]
fn q_closes_the_help_and_not_the_program() {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>?")
        .sees("Here and now")
        .types("q")
        .sees_not("Here and now");
    assert!(!person.left);
    person.types("q");
    assert!(person.left);
}

#[test]
fn a_page_is_as_high_as_the_window() {
    let mut person = Person::at_the_demo();
    person.on_a_screen_of(100, 40).types("<enter>");
    person.types("<pgdn>");
    let first = person.model.layout.scroll[Step::Authorize.index()];
    assert!(first > 10 || first > 0, "it scrolls");
    person.on_a_screen_of(60, 16).types("<home><pgdn>");
    assert_eq!(
        person.model.layout.scroll[Step::Authorize.index()],
        person.model.layout.view_lines - 1
    );
}

#[test]
fn shown_secrets_are_shown_in_the_reasons_too_and_move_nothing() {
    let secret = "Z1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
    let mut person = with_a_code();
    person
        .on_a_screen_of(120, 60)
        .fills("client_secret", secret)
        .types("<enter>")
        .ended(Outcome::Refused);
    let place = |person: &Person| {
        let screen = person.screen();
        screen.lines().position(|line| line.contains("5 Result")).unwrap()
    };
    let before = place(&person);
    let shown = |person: &Person| person.screen().matches("c3d4e5f6").count();
    assert_eq!(shown(&person), 0);
    person.types("v").sees("secrets shown").sees("5 Result");
    assert_eq!(place(&person), before);
    // In the ruler and in the words under “Why”, where there is room for both in full.
    person.on_a_screen_of(200, 60).sees("Why");
    assert!(shown(&person) >= 2, "{}", person.screen());
    person.types("v");
    assert_eq!(shown(&person), 0);
}
