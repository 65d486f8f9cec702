//! The palette of commands, searching, copying and writing files.

use oauthlens::{
    lab::faults::Fault,
    render::reports::REPORTS,
    ui::{
        keys::{BINDINGS, Context, Key},
        message::Message,
    },
};

use super::*;

fn refused() -> Person {
    let mut person = Person::at_the_demo();
    person
        .types("<enter>a<enter>")
        .fills("client_secret", "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e")
        .types("<enter>");
    person.on_a_screen_of(120, 40);
    person
}

/// A person on each kind of page.
fn everywhere() -> Vec<(&'static str, Person)> {
    let at = |keys: &str| {
        let mut person = Person::at_the_demo();
        person.on_a_screen_of(120, 40).types(keys);
        person
    };
    let mut walkthrough = at("<f2>");
    walkthrough.on_a_screen_of(200, 50);
    vec![
        ("front door", Person::at_the_front_door()),
        ("configure", at("")),
        ("ready", at("<enter>")),
        ("waiting", at("<enter><enter>")),
        ("callback", at("<enter>a")),
        ("exchange form", at("<enter>a<enter>")),
        ("exchanged", at("<enter>a<enter><enter><alt-4>")),
        ("result", refused()),
        ("walkthrough", walkthrough),
    ]
}

#[test]
fn every_key_of_the_keymap_is_in_the_help_and_in_the_palette() {
    for (place, mut person) in everywhere() {
        person.types("<esc>").on_a_screen_of(120, 90);
        let context = person.model.context();
        let offered: Vec<_> = BINDINGS
            .iter()
            .filter(|binding| binding.applies(context) && person.model.offers(binding))
            .collect();
        assert!(offered.len() > 5, "{place}: {context:?}");
        // Only what makes no sense there, or is one of nine alike, is not offered.
        let missing = BINDINGS.iter().filter(|binding| binding.applies(context));
        let missing = missing.filter(|binding| !offered.iter().any(|other| other.action == binding.action));
        for binding in missing {
            let name = format!("{:?}", binding.action);
            let known = ["Remedy", "Pane", "Zoom", "Find", "Approve", "Deny", "TakeEnv"];
            assert!(known.iter().any(|part| name.contains(part)), "{place}: {name}");
        }
        person.types("<f1>");
        let help = person.screen();
        for binding in &offered {
            let names = binding.names(context);
            assert!(
                help.contains(&names),
                "{place}: {names} is not in the help\n{help}"
            );
        }
        person.types("<esc><f4>");
        let palette = person.screen();
        for binding in &offered {
            let names = binding.names(context);
            let itself = format!("{:?}", binding.action) == "Palette";
            assert!(
                itself || palette.contains(&names),
                "{place}: {names} is not in the palette\n{palette}"
            );
        }
    }
}

#[test]
fn whatever_alt_does_another_key_does_too() {
    for binding in BINDINGS {
        for context in [Context::Form, Context::Result, Context::Ready, Context::Waiting] {
            if !binding.applies(context) || !binding.keys.iter().any(|press| press.alt) {
                continue;
            }
            let typing = context.is_typing();
            let plain = |presses: &[oauthlens::ui::keys::KeyPress]| presses.iter().any(|press| !press.alt);
            let by_itself = plain(binding.keys) || (!typing && plain(binding.letters));
            // Where letters are typed, F4 opens every command by name.
            let palette = BINDINGS.iter().any(|other| {
                other.applies(context)
                    && other
                        .keys
                        .iter()
                        .any(|press| press.key == Key::F(4) && !press.alt)
            });
            assert!(by_itself || palette, "{:?} in {context:?}", binding.action);
        }
    }
}

#[test]
fn a_command_is_found_by_a_few_letters_and_done() {
    for language in Language::ALL {
        let mut person = refused().reading(language);
        let wanted = match language {
            Language::English => "secrets",
            Language::SimplifiedChinese => "敏感",
        };
        person.types(":").types(wanted).types("<enter>");
        assert!(person.model.reveal, "{}", person.screen());
    }
    // In a form, where a colon is typed, a function key opens it.
    let mut person = Person::at_the_demo();
    person.types("<f4>").sees("Commands").types("break<enter>");
    person.sees("Break one thing");
    // Where a question is asked, the digits answer it.
    let mut person = dead_ends::waiting(false, false);
    person.on_a_screen_of(120, 60).types(":");
    person
        .sees("Answer the question; each choice has its digit.")
        .sees_not("remedy");
    // Nothing is done where nothing was found, nor by Esc.
    let mut person = refused();
    person
        .types(":zzzzzz")
        .sees("No command here")
        .types("<enter>")
        .is_at(Step::Result);
    let before = person.screen();
    person.types(":qu<esc>");
    assert_eq!(person.screen(), before);
    assert!(!person.left);
}

#[test]
fn lists_help_and_bytes_are_searched() {
    let mut person = refused();
    person
        .types("?/curl")
        .sees("Copy the URL")
        .sees_not("Show the next step.");
    person.types("<esc>").sees("Show the next step.").types("<esc>");
    person.types("l/secret").sees("Enter").types("<enter><enter>");
    let predicted = matches!(person.model.overlay, Some(Overlay::Predict(_)));
    assert!(predicted, "{}", person.screen());
    let mut person = refused();
    person.types("<tab><tab>/error_uri");
    person
        .sees("error_uri")
        .sees_not("Content-Type")
        .types("<enter><esc>")
        .sees("Content-Type");
    person.is_at(Step::Result);
}

#[test]
fn messages_are_searched_and_the_chosen_one_stays() {
    let mut person = refused();
    person
        .types("/")
        .sees("Messages 4/4")
        .types("access_token")
        .sees("Messages 1/1")
        .sees("POST http");
    person.types("<enter><esc>").sees("Messages 3/4");
    // What the body says is found too, and nothing is left where nothing holds it.
    person
        .types("/incorrect cred")
        .sees("Messages 1/1")
        .sees("200 OK   JSON");
    person
        .types("<ctrl-u>nowhere")
        .sees("Messages")
        .sees_not("200 OK   JSON");
    person.types("<esc>").sees("Messages 4/4").is_at(Step::Result);
    // Another step ends it.
    person
        .types("/callback<enter><alt-4>")
        .types("<alt-5>")
        .sees("Messages 2/4");
    // The same on a small screen, where a pane is shown at a time.
    let mut person = refused();
    person
        .on_a_screen_of(80, 24)
        .types("/callback")
        .sees("Messages 2/2");
    person.types("<enter><tab>").sees("GET /callback");
}

#[test]
fn what_is_copied_is_on_the_clipboard_and_a_token_is_asked_about() {
    let mut person = refused();
    person
        .types("y")
        .sees("the authorization URL")
        .sees_not("the access token itself");
    for (key, part) in [
        ("1", "/login/oauth/authorize?client_id="),
        ("3", "curl -i -X POST"),
        ("4", "incorrect_client_credentials"),
        ("5", "# "),
    ] {
        person.types("<esc>y").types(key);
        let copied = person.clipboard.last().unwrap();
        assert!(copied.contains(part), "{key}: {copied}");
        assert!(!copied.contains("a1b2c3d4e5f60718293a"), "{copied}");
        person.sees("On the clipboard");
    }
    let code = person
        .model
        .flow
        .attempt()
        .unwrap()
        .response
        .clone()
        .unwrap()
        .code
        .unwrap();
    person.types("y2");
    assert_eq!(person.clipboard.last(), Some(&code));
    let mut person = Person::at_the_demo();
    person
        .on_a_screen_of(120, 40)
        .types("<enter>a<enter><enter>")
        .ended(Outcome::Token);
    person
        .types("y<end>")
        .sees("the access token itself")
        .types("<enter>")
        .sees("whoever has it");
    assert!(person.clipboard.is_empty());
    person.types("<esc>");
    assert!(person.clipboard.is_empty());
    person.types("y<end><enter><enter>");
    assert!(
        person
            .clipboard
            .last()
            .is_some_and(|token| token.starts_with("gho_")),
        "{:?}",
        person.clipboard
    );
    assert!(!person.screen().contains(person.clipboard.last().unwrap()));
}

#[test]
fn each_report_is_written_to_the_file_that_was_named_before() {
    for (at, report) in REPORTS.iter().enumerate() {
        let mut person = refused();
        person.types("e");
        let ending = format!(".{}", report.extension);
        let screen = person.screen();
        let named = screen
            .split_whitespace()
            .find(|word| word.starts_with("oauthlens-") && word.ends_with(&ending));
        let named = named.unwrap_or_else(|| panic!("{ending}\n{screen}")).to_owned();
        // A moment later it is still that name.
        person.waits_millis(5_000).types(&(at + 1).to_string());
        let (name, text) = person.files.last().unwrap().clone();
        assert_eq!(name, named);
        assert!(
            !text.is_empty() && !text.contains("a1b2c3d4e5f60718293a"),
            "{text}"
        );
        person.sees(&name);
    }
    let mut person = refused();
    person.types("e<esc>");
    assert!(person.files.is_empty());
    // What the system refuses is told.
    person
        .takes_in(Message::ReportSaved(Err("File exists (os error 17)".into())))
        .sees("File exists");
}

#[test]
fn the_list_of_faults_is_walked_among_what_was_found() {
    let mut person = Person::at_the_demo();
    person.types("<f3>/secret<enter>");
    let first = person.screen();
    person.types("<down>");
    assert_ne!(person.screen(), first);
    let Some(Overlay::ChooseFault(at)) = person.model.overlay else {
        panic!("{}", person.screen());
    };
    let faults = oauthlens::ui::update::lab::faults(&person.model);
    assert!(
        faults
            .get(at)
            .is_some_and(|fault: &Fault| !fault.name().is_empty())
    );
    person.types("<end><esc>").sees("Enter");
}
