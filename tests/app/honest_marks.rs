//! What a tick, a headline and a footer claim is so.

use oauthlens::{diagnosis::finding::Certainty, ui::keys};

use super::{dead_ends::waiting, *};

/// The lines with this text and the line behind each, on a screen that holds all of the page.
fn lines_about(person: &mut Person, text: &str) -> String {
    person.on_a_screen_of(80, 90);
    let screen = person.screen();
    let lines: Vec<&str> = screen.lines().collect();
    let about = lines.windows(2).filter(|pair| pair[0].contains(text));
    let about: Vec<String> = about.map(|pair| pair.join("\n")).collect();
    assert!(!about.is_empty(), "{text}\n{screen}");
    about.join("\n")
}

#[test]
fn a_secret_that_was_refused_has_no_tick() {
    let wrong = "7c1f0a9d3be84526a1c07d9e5f3b2a8846d0e1f3";
    for (custom, language) in [false, true].into_iter().zip(Language::ALL) {
        let mut person = waiting(false, custom).reading(language);
        person.types("<alt-1>");
        let typed = oauthlens::flow::configuration::Origin::Typed;
        let uri = "http://127.0.0.1:8914/auth/callback";
        person.model.form.set(Field::ClientSecret, wrong, typed.clone());
        person.model.form.set(Field::RedirectUri, uri, typed);
        person
            .types("<enter><enter>")
            .decides(Decision::Approve)
            .types("<enter>");
        if !custom {
            assert!(lines_about(&mut person, "7c1f").contains('✓'), "not refused yet");
        }
        person.types("<enter>").ended(Outcome::Refused);
        for step in ["<alt-5>", "<alt-1>", "<alt-4>"] {
            person.types(step);
            let about = lines_about(&mut person, "7c1f");
            assert!(!about.contains('✓'), "{step}\n{about}");
        }
        // Another one is judged by itself.
        person
            .types("<alt-1>")
            .fills("client_secret", "7c1f0a9d3be84526a1c07d9e5f3b2a8846d0e1f4");
        if !custom {
            assert!(lines_about(&mut person, "7c1f").contains('✓'));
        }
    }
}

#[test]
fn a_code_that_was_refused_has_no_tick() {
    for language in Language::ALL {
        let mut person = Person::at_the_demo().reading(language);
        person.types("<enter>a<enter>").waits(700);
        let sent = person.model.exchange_form.parameters.iter();
        let code = sent.clone().find(|parameter| parameter.field == Field::Code);
        let code = code.unwrap().text.text().to_owned();
        person.types("<enter>").ended(Outcome::Refused);
        for step in ["<alt-5>", "<alt-3>", "<alt-4>"] {
            person.types(step);
            let about = lines_about(&mut person, &code);
            assert!(!about.contains('✓'), "{step}\n{about}");
        }
    }
}

#[test]
fn a_headline_says_how_sure_it_is() {
    let at_the_result = |person: &mut Person| {
        person.is_at(Step::Result);
        person.screen()
    };
    // Nothing was seen that would tell, and one page is as likely as another.
    let mut person = waiting(false, false);
    person.types("<esc>");
    assert!(
        at_the_result(&mut person).contains("Possibly: "),
        "{}",
        person.screen()
    );
    for (key, certainty, words) in [
        ("2", Certainty::Likely, "You reported that "),
        ("3", Certainty::Likely, "Most likely: "),
        ("4", Certainty::Likely, "Most likely: "),
    ] {
        let mut person = waiting(false, false);
        person.types(key);
        assert_eq!(person.model.findings[0].certainty, certainty);
        assert!(at_the_result(&mut person).contains(words), "{}", person.screen());
    }
}

/// Every key of the footer is on screen, or the key of the list says how many more there are.
#[test]
fn a_footer_loses_no_key_without_a_word() {
    for language in Language::ALL {
        for width in [60, 80, 120] {
            let mut person = Person::at_the_demo().reading(language);
            for keys in ["", "<enter>", "a", "<enter>", "<enter>", "?", "<esc>l"] {
                person.types(keys).on_a_screen_of(width, 24);
                let context = person.model.context();
                let screen = person.screen();
                let footer = screen.lines().last().unwrap().to_owned();
                let messages = oauthlens::text::catalog::Messages::new(language);
                let known = keys::footer(context).into_iter().filter_map(|binding| {
                    oauthlens::ui::view::screens::footer_key(
                        &person.model,
                        &person.model.layout,
                        binding,
                        &messages,
                    )
                });
                let lost: Vec<_> = known
                    .filter(|(key, what)| !footer.contains(&format!("{key} {what}")))
                    .collect();
                let help = messages.opening().key[&Action::Help];
                let lost: Vec<_> = lost.iter().filter(|(_, what)| *what != help).collect();
                let more = messages.opening().frame.more_keys;
                assert!(lost.is_empty() || footer.contains(more), "{lost:?}\n{screen}");
            }
        }
    }
}

#[test]
fn a_command_in_the_list_of_keys_is_a_style() {
    for language in Language::ALL {
        let mut person = Person::at_the_demo().reading(language);
        person.on_a_screen_of(100, 60);
        for keys in [
            "<f1>",
            "<esc><enter>?",
            "<esc>a?",
            "<esc><enter><f1>",
            "<esc><enter>?",
        ] {
            person.types(keys).sees("fg").sees_not("`");
        }
    }
}

#[test]
fn how_long_an_unused_token_lives_is_said_of_githubs_alone() {
    for (custom, said) in [(false, true), (true, false)] {
        let mut person = waiting(false, custom);
        person
            .types("<alt-1>")
            .fills("redirect_uri", "http://127.0.0.1:8914/auth/callback");
        person
            .types("<enter><enter>")
            .decides(Decision::Approve)
            .types("<enter><enter>")
            .ended(Outcome::Token);
        assert_eq!(person.screen().contains("a year"), said, "{}", person.screen());
    }
}
