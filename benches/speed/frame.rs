//! A key press taken in and the frame that follows, with one exchange behind and with ten thousand: the history may grow,
//! the frame may not get slower.

use std::{hint::black_box, time::Instant};

use oauthlens::{
    flow::{
        configuration::{Configuration, Origins},
        event::Command,
        transcript::Transcript,
    },
    lab::faults::Fault,
    oauth::{random::Entropy, token::TokenRequest},
    text::catalog::{Language, Messages},
    ui::{
        self,
        keys::{Key, KeyPress},
        message::Message,
        model::{Model, Step, layout::Layout, panes::Pane},
        update,
        view::{self, Cache, theme::Theme},
    },
};
use ratatui::{Terminal, backend::TestBackend};

use super::{Measured, median, support::World};

const PROMISED_RATIO: f64 = 1.2;
const PROMISED_MICROS: f64 = 1000.0;
const MANY: usize = 10_000;

/// The screens, and a key that changes what is on them: revealing the secrets, which sets the page anew, and scrolling, which
/// does not.
const CASES: [(&str, Step, Key); 7] = [
    ("Configure, a letter typed", Step::Configure, Key::Char('x')),
    ("Authorize, secrets revealed", Step::Authorize, Key::Char('v')),
    ("Callback, secrets revealed", Step::Callback, Key::Char('v')),
    ("Exchange, secrets revealed", Step::Exchange, Key::Char('v')),
    ("Result, secrets revealed", Step::Result, Key::Char('v')),
    ("Result, scrolled", Step::Result, Key::Down),
    ("Result, the message before chosen", Step::Result, Key::Up),
];

pub fn measure(quick: bool) -> Vec<Measured> {
    let frames = if quick { 50 } else { 1000 };
    let (one, many) = (history(1), history(MANY));
    CASES
        .iter()
        .map(|(name, step, key)| {
            let (mut short, mut long) = (Screen::new(&one, *step, *key), Screen::new(&many, *step, *key));
            let (mut with_one, mut with_many) = (Vec::new(), Vec::new());
            // In turns, so that whatever else the machine does meets both.
            for _ in 0..frames {
                with_one.push(short.press(*key));
                with_many.push(long.press(*key));
            }
            let (with_one, with_many) = (median(with_one), median(with_many));
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
fn history(exchanges: usize) -> Transcript {
    let mut world = World::new(7);
    world.walk(Some(Fault::ClientSecretWithNewline));
    for _ in 1..exchanges {
        let request = world.flow.token_request().expect("a code is in hand");
        let request = TokenRequest {
            client_secret: None,
            ..request
        };
        world.command(Command::Exchange(Box::new(request), Origins::default()));
    }
    world.flow.transcript
}

/// A step of the walk on a terminal of 120 columns and 40 rows in memory.
struct Screen {
    model: Model,
    step: Step,
    terminal: Terminal<TestBackend>,
    cache: Cache,
    messages: Messages,
}

impl Screen {
    fn new(transcript: &Transcript, step: Step, key: Key) -> Self {
        let entropy = Entropy::from_seed([3; 32]);
        let mut model = Model::new(
            Configuration::default(),
            Language::English,
            entropy,
            transcript.started,
        );
        ui::show_replay(&mut model, transcript.clone());
        model.step = step;
        if key == Key::Up {
            model.panes.chosen = Pane::Messages;
        }
        Self {
            model,
            step,
            terminal: Terminal::new(TestBackend::new(120, 40)).expect("a terminal in memory"),
            cache: Cache::default(),
            messages: Messages::new(Language::English),
        }
    }

    /// Presses a key and draws the frame that follows. Gives the microseconds that both took.
    fn press(&mut self, key: Key) -> f64 {
        let now = self.model.now;
        let started = Instant::now();
        black_box(update(&mut self.model, Message::Key(KeyPress::plain(key)), now));
        let mut drawn_layout = Layout::default();
        let (model, cache, messages) = (&self.model, &mut self.cache, &self.messages);
        let drawn = self.terminal.draw(|frame| {
            drawn_layout = view::draw(frame, model, messages, Theme::Dark, cache).layout;
        });
        update(&mut self.model, Message::Drawn(drawn_layout), now);
        let micros = started.elapsed().as_secs_f64() * 1e6;
        drawn.expect("memory takes every frame");
        assert_eq!(
            self.model.step, self.step,
            "the key must not lead away from the screen that is measured"
        );
        micros
    }
}
