//! What holds for any keys in any order, at any size, with any secret.

mod support;

use oauthlens::{
    flow::{event::Event, grants::authorization_code::Stage, transcript::Observation},
    oauth::{http::HttpRequest, params::encode_value, secret::Secret},
};
use proptest::prelude::*;
use support::{World, person::Person};

const KEYS: [&str; 34] = [
    "<enter>", "<enter>", "<enter>", "<esc>", "<tab>", "<up>", "<down>", "<left>", "<right>", "<home>",
    "<end>", "<pgdn>", "<pgup>", "<f1>", "<f2>", "<f3>", "<f5>", "<alt-1>", "<alt-2>", "<alt-3>", "<alt-4>",
    "<alt-5>", "<ctrl-r>", "<ctrl-o>", "<ctrl-l>", "<ctrl-s>", "a", "d", "p", "1", "2", "x", "r", "?",
];

/// One thing that happens: a key, a new size, a request out of nowhere, a redirect that is brought twice.
#[derive(Clone, Debug)]
enum Happening {
    Key(usize),
    Size(u16, u16),
    Request(String),
    Redirect,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => (0..KEYS.len()).prop_map(Happening::Key),
        1 => (1_u16..200, 1_u16..60).prop_map(|(columns, rows)| Happening::Size(columns, rows)),
        1 => "(/[a-z]{0,8}(\\?[a-z=&%0-9]{0,20})?)".prop_map(Happening::Request),
        1 => Just(Happening::Redirect),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_breaks_the_flow_or_the_screen(happenings in proptest::collection::vec(happening(), 1..60)) {
        let mut person = Person::at_the_demo();
        for happening in happenings {
            match happening {
                Happening::Key(key) => { person.types(KEYS[key]); }
                Happening::Size(columns, rows) => { person.on_a_screen_of(columns, rows); }
                Happening::Request(target) => { person.somebody_sends(HttpRequest::get(target)); }
                Happening::Redirect => {
                    if let Some(attempt) = person.model.flow.attempt() {
                        let target = format!("/callback?code=35e0ea2e9115f650b742&state={}", attempt.state);
                        person.somebody_sends(HttpRequest::get(target).with_header("Host", "127.0.0.1:8914"));
                    }
                }
            }
            let flow = &person.model.flow;
            let code_in_hand = flow.attempt().is_some_and(|attempt| attempt.response.is_some());
            prop_assert!(flow.stage() != Stage::Received || code_in_hand);
            prop_assert!(person.model.step <= person.model.reached, "a step is on show that was not reached");
            let mut last = 0;
            for entry in &flow.transcript.entries {
                if let Observation::RequestSent { exchange, .. } = entry.observation {
                    prop_assert_eq!(exchange, last + 1, "exchanges are counted from 1, one by one");
                    last = exchange;
                }
            }
        }
        // Late news of a flow that never was changes nothing.
        let before = person.model.flow.clone();
        person.model.flow.on(Event::BrowserOpened(oauthlens::flow::event::FlowId(u64::MAX)), person.world.now);
        prop_assert_eq!(&before, &person.model.flow);
    }

    #[test]
    fn a_masked_secret_is_on_no_screen_and_in_no_file(secret in "[0-9][0-9a-zA-Z+/=%~!-]{11,50}[\n ]?") {
        let mut world = World::new(3);
        world.configuration.client_secret = Some(Secret::new(secret.clone()));
        let configuration = world.configuration.clone();
        let mut person = Person::with(world, configuration);
        let core = secret.trim();
        let forms = [core.to_owned(), encode_value(core)];
        for keys in ["<enter>", "a", "<enter>", "<enter>", "<end>", "<alt-4>", "<alt-1>", "<ctrl-s>"] {
            person.types(keys);
            let screen: String = person.screen().split_whitespace().collect();
            for form in &forms {
                prop_assert!(!screen.contains(form.as_str()), "{}", person.screen());
            }
        }
        for saved in &person.saved {
            prop_assert!(!saved.contains(core) && !saved.contains(&forms[1]));
        }
    }
}
