//! A person at the keyboard: presses keys, looks at the screen, and a world in memory answers.

use std::collections::VecDeque;

use oauthlens::{
    diagnosis::{finding::Action as Mend, outcome::Outcome},
    flow::{configuration::Configuration, event::Event},
    lab::faults::Fault,
    oauth::{http::HttpRequest, random::Entropy},
    simulator::{Decision, Options},
    text::catalog::{Language, Messages},
    ui::{
        effect::Effect,
        keys::{Key, KeyPress},
        message::Message,
        model::{Model, Step},
        open_front_door, update,
        view::{self, Cache, Drawn, theme::Theme},
    },
};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};

use super::World;

/// A person in front of a screen.
pub struct Person {
    pub model: Box<Model>,
    pub world: World,
    /// What was put on the clipboard.
    pub clipboard: Vec<String>,
    /// Pages that were opened in the browser, other than the authorization request.
    pub pages: Vec<String>,
    /// True when the program was left.
    pub left: bool,
    /// True when the mouse was given back to the terminal.
    pub mouse_released: bool,
    /// Where clicks on the last frame lead.
    pub drawn: Drawn,
    /// While true, what the world answers is kept back in `late`.
    pub slow: bool,
    /// Answers that were kept back.
    pub late: Vec<Message>,
    /// Transcripts that were saved.
    pub saved: Vec<String>,
    /// The profiles of their settings file.
    pub profiles: Result<Vec<String>, String>,
    /// Reports that were written to files, by their names.
    pub files: Vec<(String, String)>,
    good_options: Option<Options>,
    messages: Messages,
    cache: Cache,
    terminal: Terminal<TestBackend>,
}

impl Person {
    /// At Configure of the demo, on a screen of 100x40.
    pub fn at_the_demo() -> Self {
        let world = World::new(1);
        let configuration = world.configuration.clone();
        Self::with(world, configuration)
    }

    /// At the first start, without any values, on a screen of 80x24.
    pub fn at_the_front_door() -> Self {
        let mut person = Self::with(World::new(1), Configuration::default());
        open_front_door(&mut person.model);
        person.on_a_screen_of(80, 24);
        person
    }

    /// At Configure with these values.
    pub fn with(world: World, configuration: Configuration) -> Self {
        let entropy = Entropy::from_seed([7; 32]);
        let mut person = Self {
            model: Box::new(Model::new(configuration, Language::English, entropy, world.now)),
            world,
            clipboard: Vec::new(),
            pages: Vec::new(),
            left: false,
            mouse_released: false,
            drawn: Drawn::default(),
            slow: false,
            late: Vec::new(),
            saved: Vec::new(),
            profiles: Ok(Vec::new()),
            files: Vec::new(),
            good_options: None,
            messages: Messages::new(Language::English),
            cache: Cache::default(),
            terminal: terminal(100, 40),
        };
        person.look();
        person
    }

    /// The same in another language.
    pub fn reading(mut self, language: Language) -> Self {
        self.model.language = language;
        self.messages = Messages::new(language);
        self.look();
        self
    }

    /// Enlarges or shrinks the screen.
    pub fn on_a_screen_of(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.terminal = terminal(columns, rows);
        self.look();
        self
    }

    /// Presses keys: `<enter>`, `<ctrl-r>`, `<tab*3>`, `<lt>` for `<`, and text.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        for press in read_keys(keys) {
            self.takes_in(Message::Key(press));
        }
        self
    }

    /// Pastes text as one piece.
    pub fn pastes(&mut self, text: &str) -> &mut Self {
        self.takes_in(Message::Paste(text.into()))
    }

    /// Puts the focus on a field by its label and replaces its text.
    pub fn fills(&mut self, label: &str, text: &str) -> &mut Self {
        self.goes_to(label).types("<ctrl-a>").pastes(text)
    }

    /// Puts the focus on a field by its label, with Tab.
    pub fn goes_to(&mut self, label: &str) -> &mut Self {
        for _ in 0..20 {
            let focused = self.screen().lines().any(|line| {
                let line = line.trim_start();
                line.starts_with('▸')
                    && line[3..]
                        .trim_start_matches(['✓', '✗', '!', '·', ' '])
                        .starts_with(label)
            });
            if focused {
                return self;
            }
            self.types("<tab>");
        }
        panic!("no field {label}:\n{}", self.screen());
    }

    /// Clicks on the first place on screen where this text stands.
    pub fn clicks(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        let Some((row, line)) = screen.lines().enumerate().find(|(_, line)| line.contains(text)) else {
            panic!("nothing to click: {text}\n{screen}");
        };
        let before = line.split(text).next().unwrap_or_default();
        let column = unicode_width::UnicodeWidthStr::width(before);
        let (column, row) = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
        let message = self.drawn.at(column, row).cloned();
        let message = message.unwrap_or_else(|| panic!("a click on {text} does nothing:\n{screen}"));
        self.takes_in(message)
    }

    /// Decides on the consent page in the browser, which then goes to the listener.
    pub fn decides(&mut self, decision: Decision) -> &mut Self {
        let redirect = self.redirect(decision);
        self.browser_goes_to(&redirect)
    }

    /// Decides on the consent page in a browser elsewhere; gives the address it ends at.
    pub fn redirect(&mut self, decision: Decision) -> String {
        let url = self.attempt_url();
        self.world
            .simulator
            .decide(&url, decision, self.world.now)
            .expect("a redirect")
    }

    /// The authorization request that is on its way.
    pub fn attempt_url(&self) -> String {
        self.model.flow.attempt().expect("an authorization").request.url()
    }

    /// A browser asks for this address at the listener.
    pub fn browser_goes_to(&mut self, redirect: &str) -> &mut Self {
        let (ticket, request) = self.world.arrival(redirect);
        let event = Event::RequestArrived(self.model.flow.id, ticket, request);
        self.takes_in(Message::Flow(event))
    }

    /// Some program sends a request to the listener.
    pub fn somebody_sends(&mut self, request: HttpRequest) -> &mut Self {
        let (ticket, _) = self.world.arrival("/");
        let event = Event::RequestArrived(self.model.flow.id, ticket, request);
        self.takes_in(Message::Flow(event))
    }

    /// Lets time pass.
    pub fn waits(&mut self, seconds: u64) -> &mut Self {
        self.waits_millis(seconds * 1000)
    }

    /// Lets a moment pass.
    pub fn waits_millis(&mut self, millis: u64) -> &mut Self {
        self.world.now = self.world.now.plus(millis);
        self.takes_in(Message::Tick(self.world.now))
    }

    /// Presses the digit of the first remedy that does what is asked for.
    pub fn mends(&mut self, wanted: impl Fn(&Mend) -> bool) -> &mut Self {
        let number = self
            .model
            .remedies
            .iter()
            .position(|remedy| remedy.action.as_ref().is_some_and(&wanted));
        let Some(number) = number else {
            panic!("no such remedy in {:#?}\n{}", self.model.remedies, self.screen());
        };
        self.types(&(number + 1).to_string())
    }

    /// Lets a message happen and the world answer until it is still, then looks at the screen.
    pub fn takes_in(&mut self, message: Message) -> &mut Self {
        let mut effects = VecDeque::from(update(&mut self.model, message, self.world.now));
        while let Some(effect) = effects.pop_front() {
            for answer in self.perform(effect) {
                if self.slow {
                    self.late.push(answer);
                } else {
                    effects.extend(update(&mut self.model, answer, self.world.now));
                }
            }
        }
        self.look();
        self
    }

    /// Lets the world catch up with its answers.
    pub fn answers_arrive(&mut self) -> &mut Self {
        self.slow = false;
        for message in std::mem::take(&mut self.late) {
            self.takes_in(message);
        }
        self
    }

    /// What their settings file and the `.env` beside the work hold.
    fn own_values(&self, effect: &Effect) -> Message {
        let client_id = match effect {
            Effect::UseProfile(name) => format!("Ov23li-of-{name}"),
            Effect::UseEnvFile => "Ov23liFromTheEnvFile".into(),
            _ => return Message::Profiles(self.profiles.clone()),
        };
        Message::ValuesRead(Ok(Box::new(Configuration {
            client_id,
            ..Configuration::default()
        })))
    }

    fn perform(&mut self, effect: Effect) -> Vec<Message> {
        match effect {
            Effect::Flow(effect) => self.world.answer(effect).map(Message::Flow).into_iter().collect(),
            Effect::DecideDevice {
                flow,
                user_code,
                approve,
            } => {
                let decision = if approve {
                    Decision::Approve
                } else {
                    Decision::Deny
                };
                let now = self.world.now;
                let decided = self.world.simulator.decide_device(&user_code, decision, now);
                let decided = decided.map_err(|stuck| (stuck.status, stuck.text));
                vec![Message::SimulatorDecided(flow, decided)]
            }
            Effect::Decide {
                flow,
                url,
                approve,
                fault,
            } => {
                let decision = if approve {
                    Decision::Approve
                } else {
                    Decision::Deny
                };
                match self.world.simulator.decide(&url, decision, self.world.now) {
                    Ok(redirect) => {
                        let redirect =
                            fault.map_or(redirect.clone(), |fault| fault.alter_redirect(&redirect));
                        let times = fault.map_or(1, Fault::redirects);
                        let mut messages: Vec<Message> = (0..times)
                            .map(|_| self.world.arrival(&redirect))
                            .map(|(ticket, request)| {
                                Message::Flow(Event::RequestArrived(flow, ticket, request))
                            })
                            .collect();
                        messages.push(Message::SimulatorDecided(flow, Ok(())));
                        messages
                    }
                    Err(stuck) => {
                        vec![Message::SimulatorDecided(flow, Err((stuck.status, stuck.text)))]
                    }
                }
            }
            Effect::ListProfiles | Effect::UseProfile(_) | Effect::UseEnvFile => {
                vec![self.own_values(&effect)]
            }
            Effect::SaveReport { name, text } => {
                self.files.push((name.clone(), text));
                vec![Message::ReportSaved(Ok(name))]
            }
            Effect::Copy(text) => {
                self.clipboard.push(text);
                Vec::new()
            }
            Effect::OpenPage(url) => {
                self.pages.push(url);
                vec![Message::PageOpened(Ok(()))]
            }
            Effect::CaptureMouse(ours) => {
                self.mouse_released = !ours;
                Vec::new()
            }
            Effect::Quit => {
                self.left = true;
                Vec::new()
            }
            Effect::SetFault(fault) => {
                let options = self
                    .good_options
                    .get_or_insert_with(|| self.world.simulator.options().clone());
                self.world.simulator.options_mut().clone_from(options);
                if let Some(fault) = fault {
                    fault.prepare(&mut Configuration::default(), self.world.simulator.options_mut());
                }
                Vec::new()
            }
            Effect::BeforeExchange(fault, number) => {
                self.world.now = self.world.now.plus(fault.millis_before_exchange());
                fault.before_exchange(number, self.world.simulator.options_mut());
                Vec::new()
            }
            Effect::SaveTranscript(text) => {
                self.saved.push(text);
                vec![Message::Saved(Ok("oauthlens-transcript-1.json".into()))]
            }
            Effect::StartDemo => {
                let demo = Box::new(self.world.configuration.clone());
                vec![Message::DemoReady(demo)]
            }
            Effect::SaveProgress { .. } | Effect::Simulated(_) | Effect::Suspend => Vec::new(),
        }
    }

    fn look(&mut self) {
        let Self {
            model,
            messages,
            cache,
            drawn,
            terminal,
            ..
        } = self;
        terminal
            .draw(|frame| *drawn = view::draw(frame, model, messages, Theme::Dark, cache))
            .expect("a test backend draws");
        let layout = Message::Drawn(drawn.layout);
        update(model, layout, model.now);
    }

    /// The screen as text, without trailing blanks.
    pub fn screen(&self) -> String {
        screen_text(self.terminal.backend().buffer())
    }

    /// The cells of the screen.
    pub fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// The screen holds this text, be it wrapped.
    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        assert!(
            self.screen_holds(text),
            "“{text}” is not on screen:\n{}",
            self.screen()
        );
        self
    }

    /// The screen does not hold this text.
    #[track_caller]
    pub fn sees_not(&mut self, text: &str) -> &mut Self {
        assert!(
            !self.screen_holds(text),
            "“{text}” is on screen:\n{}",
            self.screen()
        );
        self
    }

    fn screen_holds(&self, text: &str) -> bool {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        words(&self.screen()).contains(&words(text))
    }

    /// The step on show.
    #[track_caller]
    pub fn is_at(&mut self, step: Step) -> &mut Self {
        assert_eq!(self.model.step, step, "{}", self.screen());
        self
    }

    /// How the flow ended.
    #[track_caller]
    pub fn ended(&mut self, outcome: Outcome) -> &mut Self {
        assert_eq!(self.model.outcome, Some(outcome), "{}", self.screen());
        self
    }
}

fn terminal(columns: u16, rows: u16) -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(columns, rows)).expect("a test backend")
}

/// The symbols of a buffer, a line each, without trailing blanks. A wide character is followed by a cell that shows
/// nothing of its own.
pub fn screen_text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.area.rows() {
        let mut line = String::new();
        let mut hidden = 0;
        for column in row.columns() {
            let symbol = buffer[(column.x, column.y)].symbol();
            if hidden > 0 {
                hidden -= 1;
                continue;
            }
            hidden = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Reads keys as [`Person::types`] takes them.
pub fn read_keys(keys: &str) -> Vec<KeyPress> {
    let mut presses = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        if let Some((name, behind)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            let (name, count) = match name.split_once('*') {
                Some((name, count)) => (name, count.parse().expect("a count")),
                None => (name, 1),
            };
            presses.extend(std::iter::repeat_n(named_key(name), count));
            rest = behind;
        } else {
            presses.push(KeyPress::plain(Key::Char(c)));
            rest = &rest[c.len_utf8()..];
        }
    }
    presses
}

fn named_key(name: &str) -> KeyPress {
    let mut press = KeyPress::plain(Key::Esc);
    let mut rest = name;
    loop {
        let (held, behind) = match rest.split_once('-') {
            Some(("ctrl", behind)) => (&mut press.ctrl, behind),
            Some(("alt", behind)) => (&mut press.alt, behind),
            Some(("shift", behind)) => (&mut press.shift, behind),
            _ => break,
        };
        *held = true;
        rest = behind;
    }
    press.key = match rest {
        "enter" => Key::Enter,
        "esc" => Key::Esc,
        "tab" => Key::Tab,
        "backtab" => Key::BackTab,
        "bs" => Key::Backspace,
        "del" => Key::Delete,
        "left" => Key::Left,
        "right" => Key::Right,
        "up" => Key::Up,
        "down" => Key::Down,
        "home" => Key::Home,
        "end" => Key::End,
        "pgup" => Key::PageUp,
        "pgdn" => Key::PageDown,
        "space" => Key::Char(' '),
        "lt" => Key::Char('<'),
        other => match (
            other.strip_prefix('f').and_then(|n| n.parse().ok()),
            other.chars().next(),
        ) {
            (Some(number), _) => Key::F(number),
            (None, Some(c)) if other.chars().count() == 1 => Key::Char(c),
            _ => panic!("no such key: {name}"),
        },
    };
    press
}
