//! Where the person sits: over SSH, in a container, without a display; and terminals that know ASCII alone.

use oauthlens::ui::{message::Message, model::seat::Seat, view};

use super::*;

fn waiting_at(variables: &[(&str, &str)]) -> Person {
    let variable = |name: &str| {
        let found = variables.iter().find(|(of, _)| *of == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let mut person = Person::at_the_demo();
    person.takes_in(Message::Seated(Seat::of(variable, |_| false)));
    person.on_a_screen_of(120, 60).types("<enter><enter>");
    person
}

#[test]
fn over_ssh_the_line_for_the_tunnel_names_the_port_that_is_listened_on_and_can_be_copied() {
    let ssh = ("SSH_CONNECTION", "203.0.113.7 50022 198.51.100.20 2222");
    for language in Language::ALL {
        let mut person = waiting_at(&[ssh, ("USER", "octo"), ("DISPLAY", ":0")]).reading(language);
        let listening = person.model.flow.attempt().unwrap().listening.unwrap().port();
        let line = format!("ssh -L {listening}:127.0.0.1:{listening} -p 2222 octo@198.51.100.20");
        person.sees(&line).types("y2");
        assert_eq!(person.clipboard.last(), Some(&line));
        // It stays what it is through the demo and back.
        person
            .types("<esc>")
            .on_a_screen_of(60, 60)
            .types("r")
            .sees("ssh -L");
    }
    waiting_at(&[("DISPLAY", ":0")]).sees_not("ssh -L");
}

#[test]
fn each_place_has_its_own_hint_and_an_ordinary_one_has_none() {
    for (variables, hint) in [
        (&[("container", "docker")][..], "This is a container"),
        (&[("WSL_DISTRO_NAME", "Debian")], "Linux inside Windows"),
    ] {
        waiting_at(variables).sees(hint);
    }
    if cfg!(target_os = "linux") {
        waiting_at(&[]).sees("There is no display here");
    }
    let mut at_home = waiting_at(&[("DISPLAY", ":0")]);
    for hint in ["container", "inside Windows", "no display"] {
        at_home.sees_not(hint);
    }
}

#[test]
fn with_ascii_alone_every_english_screen_is_drawn_in_it() {
    for keys in [
        "",
        "<enter>",
        "<enter><enter>",
        "<enter>a",
        "<enter>a<enter>",
        "<enter>a<enter><enter>",
        "<f2>",
        "<f3>",
        "<f1>",
        "<f4>",
    ] {
        for size in [(60, 16), (80, 24), (120, 40), (200, 50)] {
            let mut person = Person::at_the_demo();
            person.types(keys).on_a_screen_of(size.0, size.1);
            let mut buffer = person.buffer().clone();
            view::in_ascii(&mut buffer);
            let screen = support::person::screen_text(&buffer);
            assert!(screen.is_ascii(), "{keys} {size:?}\n{screen}");
            // Nothing has moved.
            assert_eq!(screen.lines().count(), person.screen().lines().count());
        }
    }
}

#[test]
fn a_profile_is_chosen_from_a_list_and_fills_the_form() {
    for mut person in [
        Person::at_the_front_door(),
        Person::with(World::new(1), Configuration::default()),
    ] {
        person.types("<f6>").sees("has no profiles");
        person.profiles = Ok(vec!["work".into(), "school".into()]);
        person.types("<f6>").sees("[1] work").sees("[2] school");
        person
            .types("<esc>")
            .sees_not("[2] school")
            .types("<f6><down><enter>");
        person
            .is_at(Step::Configure)
            .sees("Ov23li-of-school")
            .sees("in the form now");
        assert!(person.model.flow.transcript.entries.is_empty());
        person
            .types("<f6>1")
            .sees("Ov23li-of-work")
            .sees_not("Ov23li-of-school");
        person.profiles = Err("settings.toml:1:1 is not TOML".into());
        person.types("<f6>").sees("is not TOML").sees("Ov23li-of-work");
    }
}

#[test]
fn an_env_file_is_offered_and_taken_only_when_asked_for() {
    for language in Language::ALL {
        for mut person in [
            Person::at_the_front_door(),
            Person::with(World::new(1), Configuration::default()),
        ] {
            person = person.reading(language);
            person.types("<f7>").sees_not("F7");
            let names = vec!["GITHUB_CLIENT_ID".to_owned(), "GITHUB_CLIENT_SECRET".to_owned()];
            person.takes_in(Message::EnvFileFound(names));
            person
                .sees("GITHUB_CLIENT_ID")
                .sees("F7")
                .sees_not("Ov23liFromTheEnvFile");
            person
                .types("<f7>")
                .is_at(Step::Configure)
                .sees("Ov23liFromTheEnvFile");
        }
    }
    // The demo has an app of its own.
    let mut person = Person::at_the_demo();
    person
        .takes_in(Message::EnvFileFound(vec!["CLIENT_ID".into()]))
        .sees_not("F7");
    person.types("<f7>").sees_not("Ov23liFromTheEnvFile");
}
