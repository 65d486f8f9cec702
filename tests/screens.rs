//! Whole screens as text, at four sizes and in both languages. Reviewed by eye when they change.

mod support;

use oauthlens::{
    flow::configuration::{Configuration, Field},
    oauth::secret::Secret,
    providers::Provider,
    text::catalog::Language,
};
use support::{World, person::Person};

const SIZES: [(u16, u16); 4] = [(60, 16), (80, 24), (120, 40), (200, 50)];

/// Draws what a person sees at every size, one below the other.
fn at_all_sizes(person: &mut Person) -> String {
    SIZES
        .map(|(columns, rows)| {
            format!(
                "=== {columns}x{rows}\n{}\n",
                person.on_a_screen_of(columns, rows).screen()
            )
        })
        .concat()
}

fn snapshots(name: &str, mut arrive: impl FnMut() -> Person) {
    for language in Language::ALL {
        let mut person = arrive().reading(language);
        insta::assert_snapshot!(format!("{name}-{}", language.tag()), at_all_sizes(&mut person));
    }
}

#[test]
fn configure() {
    snapshots("configure-demo", Person::at_the_demo);
    snapshots("configure-damaged-values", || {
        let configuration = Configuration {
            client_id: "123456".into(),
            client_secret: Some(Secret::new("\"a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e\"")),
            redirect_uri: "https://localhost:8914/callback#top".into(),
            scopes: vec!["repo".into(), "everything".into()],
            ..Configuration::default()
        };
        Person::with(World::new(1), configuration)
    });
    snapshots("configure-custom", || {
        let provider = Provider {
            profile: &oauthlens::providers::rfc6749::RFC6749,
            ..oauthlens::providers::github::at("id.example")
        };
        Person::with(
            World::new(1),
            Configuration {
                provider,
                ..Configuration::default()
            },
        )
    });
}

#[test]
fn front_door() {
    snapshots("front-door", Person::at_the_front_door);
    snapshots("front-door-new-app", || {
        let mut person = Person::at_the_front_door();
        person.types("3");
        person
    });
}

#[test]
fn authorize_and_callback() {
    snapshots("authorize-ready", || {
        let mut person = Person::at_the_demo();
        person.types("<enter>");
        person
    });
    snapshots("authorize-waiting", || {
        let mut person = Person::at_the_demo();
        person.types("<enter><enter>");
        person
    });
    snapshots("callback", || {
        let mut person = Person::at_the_demo();
        person.types("<enter>a");
        person
    });
}

#[test]
fn exchange_and_result() {
    snapshots("exchange-form", || {
        let mut person = Person::at_the_demo();
        person.types("<enter>a<enter>");
        person
    });
    snapshots("exchange-sent", || {
        let mut person = Person::at_the_demo();
        person.types("<enter>a<enter><enter><alt-4>");
        person
    });
    snapshots("result-token", || {
        let mut person = Person::at_the_demo();
        person.types("<enter>a<enter><enter>");
        person
    });
    for (name, field, value) in [
        (
            "result-credentials",
            "client_secret",
            "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e",
        ),
        (
            "result-redirect-uri",
            "redirect_uri",
            "http://localhost:8914/callback",
        ),
        ("result-code", "code", "00000000000000000000"),
    ] {
        snapshots(name, || {
            let mut person = Person::at_the_demo();
            person
                .types("<enter>a<enter>")
                .fills(field, value)
                .types("<enter>");
            person
        });
    }
}

#[test]
fn windows() {
    snapshots("help", || {
        let mut person = Person::at_the_demo();
        person.types("<enter>?");
        person
    });
    snapshots("paste", || {
        let mut person = Person::at_the_demo();
        person
            .types("<enter><enter>p")
            .pastes("?code=35e0ea2e9115f650b742&state=x");
        person
    });
    snapshots("laboratory", || {
        let mut person = Person::at_the_demo();
        person.types("<f3>");
        person
    });
    snapshots("walkthrough-case", || {
        let mut person = Person::at_the_demo();
        person.types("<f2>");
        for _ in 0..7 {
            person.types("<enter>");
        }
        person
    });
}

#[test]
fn the_field_names_that_the_stories_use_are_those_on_screen() {
    let mut person = Person::at_the_demo();
    person.goes_to("scope");
    assert_eq!(person.model.form.focused().field(), Field::Scope);
}
