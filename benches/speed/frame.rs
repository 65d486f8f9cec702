//! A key press taken in and the frame that follows, with one exchange behind and with ten thousand: the history may grow,
//! the frame may not get slower.

use std::{hint::black_box, time::Instant};

use oauthlens::{
    app::{
        keymap::{Key, KeyPress},
        message::Message,
        model::{Model, Step},
        update,
    },
    diagnosis::{examine, facts::Facts, finding::offered, outcome::Outcome},
    faults::Fault,
    flow::{configuration::Origins, event::Command},
    locale::{Language, Messages},
    oauth::entropy::Entropy,
    tui::{
        draw::{self, Cache},
        theme::Theme,
    },
};
use ratatui::{Terminal, backend::TestBackend};

use super::{Measured, median, support::World};

const PROMISED_RATIO: f64 = 1.2;
const PROMISED_MICROS: f64 = 1000.0;
const MANY: usize = 10_000;

/// The screens, and a key that changes what is on them: revealing the secrets, which sets the page anew, and scrolling, which
/// does not.
const CASES: [(&str, Step, Key); 4] = [
    ("Configure, a letter typed", Step::Configure, Key::Char('x')),
    ("Exchange, secrets revealed", Step::Exchange, Key::Char('v')),
    ("Result, secrets revealed", Step::Result, Key::Char('v')),
    ("Result, scrolled", Step::Result, Key::Down),
];

pub fn measure(quick: bool) -> Vec<Measured> {
    let frames = if quick { 50 } else { 1000 };
    let (mut one, mut many) = (model(1), model(MANY));
    CASES
        .iter()
        .map(|(name, step, key)| {
            let with_one = frame_micros(&mut one, *step, *key, frames);
            let with_many = frame_micros(&mut many, *step, *key, frames);
            let ratio = with_many / with_one;
            Measured {
                what: format!("{name}: update and draw, {MANY} exchanges"),
                value: format!("{with_many:.0} µs"),
                yardstick: format!("with one exchange, {with_one:.0} µs"),
                ratio: Some(ratio),
                kept: ratio <= PROMISED_RATIO && with_many < PROMISED_MICROS,
            }
        })
        .collect()
}

/// A refused flow, exchanged again until there are so many exchanges, walked in memory against the simulator.
fn model(exchanges: usize) -> Model {
    let mut world = World::new(7);
    world.walk(Some(Fault::ClientSecretWithNewline));
    for _ in 1..exchanges {
        let request = world.flow.token_request().expect("a code is in hand");
        let request = oauthlens::oauth::token::TokenRequest {
            client_secret: None,
            ..request
        };
        world.command(Command::Exchange(Box::new(request), Origins::default()));
    }
    let mut model = Model::new(
        world.configuration.clone(),
        Language::English,
        Entropy::from_seed([3; 32]),
        world.now,
    );
    model.findings = examine(&world.flow.transcript);
    model.remedies = offered(&model.findings)
        .into_iter()
        .map(|(_, remedy)| remedy.clone())
        .collect();
    model.outcome = Some(Outcome::of(&Facts::of(&world.flow.transcript)));
    model.flow = world.flow;
    model.reached = Step::Result;
    model.editing_exchange = false;
    model.overlay = None;
    model
}

fn frame_micros(model: &mut Model, step: Step, key: Key, frames: usize) -> f64 {
    let messages = Messages::new(Language::English);
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a terminal in memory");
    let mut cache = Cache::default();
    model.step = step;
    model.revision += 1;
    let now = model.now;
    let mut micros = Vec::with_capacity(frames);
    for _ in 0..frames {
        let started = Instant::now();
        black_box(update(model, Message::Key(KeyPress::plain(key)), now));
        let drawn = terminal.draw(|frame| {
            black_box(draw::draw(frame, model, &messages, Theme::Dark, &mut cache));
        });
        micros.push(started.elapsed().as_secs_f64() * 1e6);
        drawn.expect("memory takes every frame");
        assert_eq!(
            model.step, step,
            "the key must not lead away from the screen that is measured"
        );
    }
    median(micros)
}
