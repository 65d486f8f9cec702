//! The loop: input and events in, effects out, a frame when there is nothing left to take in.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    path::PathBuf,
    pin::pin,
    task::{Context, Poll},
    time::Duration,
};

use crossterm::event::{self, Event as TerminalEvent, EventStream};
use futures_util::StreamExt as _;
use tokio::sync::{
    mpsc::{Receiver, channel},
    oneshot,
};

use crate::{
    flow::{configuration::Configuration, event::Event, transcript::Transcript},
    io::{
        Edge, EdgeOptions, clock::Clock, environment, files, hang_up, log, simulator_server::ReadySimulator,
    },
    lab::walkthrough::{self, script::Script},
    oauth::{random::Entropy, time::Moment},
    text::catalog::{Language, Messages},
    ui::{
        self,
        keys::Action,
        message::Message,
        model::{Model, seat::Seat},
        terminal::{
            effects::{OwnValues, ReadyDemo, World},
            ground::{Answer, Taken},
            hyperlinks,
            input::{self, Input},
            session::Screen,
            signals::{Came, Kept, Signals},
        },
        update,
        update::server,
        view::{self, Cache, Drawn, theme::Theme},
    },
};

/// What to open with instead of an empty flow.
#[expect(clippy::large_enum_variant, reason = "made once, and never moved about")]
#[derive(Debug)]
pub enum Open {
    /// A walkthrough.
    Walkthrough {
        /// The walkthrough.
        script: Script,
        /// Begin it at the first step, wherever it was left.
        from_start: bool,
    },
    /// A transcript that was read back; nothing is sent from it.
    Replay(Transcript),
}

/// What the terminal interface starts with.
#[derive(Debug)]
pub struct Start {
    /// The values to begin with.
    pub configuration: Configuration,
    /// The language of screens and pages.
    pub language: Language,
    /// The colours.
    pub theme: Theme,
    /// Further certificate authorities.
    pub ca_file: Option<PathBuf>,
    /// The simulator, where the flow runs against it. It is served from here.
    pub simulator: Option<ReadySimulator>,
    /// The clock that the simulator goes by too.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// Where progress in walkthroughs is kept.
    pub progress_file: Option<PathBuf>,
    /// What to open with.
    pub open: Option<Open>,
    /// Drawings may move.
    pub motion: bool,
    /// QR codes may be drawn.
    pub qr_code: bool,
    /// Drawings use ASCII alone.
    pub ascii: bool,
}

/// Runs the terminal interface until the person leaves. `own_app` reads the values of the person's own app, which nobody
/// needs before the first frame; `demo` makes the simulator ready for whoever asks to be shown first, `own` has further values
/// of their app.
///
/// # Errors
/// What the terminal, or the system at the start, refused. The terminal is given back all the same.
pub fn run(
    start: Start,
    own_app: impl FnOnce() -> Option<Configuration>,
    demo: &ReadyDemo<'_>,
    own: &OwnValues<'_>,
) -> io::Result<()> {
    let mut model = Model::new(
        start.configuration,
        start.language,
        start.entropy,
        start.clock.now(),
    );
    model.motion = start.motion;
    model.qr_code = start.qr_code;
    let kept = start
        .progress_file
        .as_deref()
        .map(files::kept_progress)
        .unwrap_or_default();
    model.left_at = kept.get(walkthrough::NAME).copied();
    match start.open {
        Some(Open::Walkthrough { script, from_start }) => {
            let at = kept
                .get(&script.name)
                .copied()
                .filter(|_| !from_start)
                .unwrap_or(0);
            ui::begin_walkthrough(&mut model, script, at);
        }
        Some(Open::Replay(transcript)) => ui::show_replay(&mut model, transcript),
        None => ui::open_front_door(&mut model),
    }
    let options = EdgeOptions {
        language: start.language,
        simulated: model.is_simulated(),
        ca_file: start.ca_file,
    };
    let signals = Kept::new()?;
    let mut stage = Stage {
        screen: Screen::take()?,
        canvas: Canvas::new(start.theme, start.ascii),
        model,
        messages: Messages::new(start.language),
    };
    let there = still_there(stage.draw())?;
    let hang_up = hang_up::watch();
    // Where the terminal has gone by now crossterm cannot begin to read; asked in this way it says so and does not panic.
    if !there || hang_up::is_hung_up() || !still_there(event::poll(Duration::ZERO).map(drop))? {
        return Ok(());
    }
    let seat = Seat::of(environment::variable, environment::has_file);
    let now = stage.model.now;
    update(&mut stage.model, Message::Seated(seat), now);
    if !stage.model.is_simulated() && !stage.model.replay {
        update(&mut stage.model, Message::EnvFileFound((own.env_names)()), now);
        if !stage.model.env_names.is_empty() && !still_there(stage.draw())? {
            return Ok(());
        }
    }
    stage.screen.detach();
    // Nothing below is needed for the first frame, not even the runtime. Where nobody has said what the ground is, the
    // terminal is asked; on Windows its answer would come as other key presses than those that are looked for.
    let mut answer = Answer::default();
    if start.theme == Theme::Auto && cfg!(unix) {
        answer.expect();
        if !still_there(stage.screen.ask_ground())? {
            return Ok(());
        }
    }
    if stage.model.is_simulated() {
        stage.model.own_app = own_app().map(Box::new);
    }
    let (simulator, clock, progress_file) = (start.simulator, start.clock, start.progress_file);
    crate::io::runtime()?.block_on(async {
        let (to_flow, flow_events) = channel(64);
        let (to_model, own_messages) = channel(16);
        let server = simulator.map(ReadySimulator::serve).transpose()?;
        let world = World {
            edge: Edge::new(options, to_flow),
            good_options: server
                .as_ref()
                .map(|server| server.simulator().with(|s| s.options().clone())),
            server,
            clock: clock.clone(),
            to_model,
            progress_file,
            demo,
            own,
            quit: false,
        };
        let sources = Sources {
            terminal: EventStream::new(),
            answer,
            asked: clock.now(),
            clock: clock.clone(),
            typed: VecDeque::new(),
            flow_events,
            own_messages,
            signals: Signals::new(signals)?,
            hang_up,
        };
        // The terminal may have got another size before anybody listened for it.
        if stage.has_another_size() {
            // Taken in first: crossterm loses a key that comes together with the news of a size.
            if !still_there(event::poll(Duration::ZERO).map(drop))? || !still_there(stage.draw())? {
                return Ok(());
            }
        }
        Box::pin(walk(stage, world, sources)).await
    })
}

/// Takes in what comes and draws what became of it, until the person leaves.
async fn walk(mut stage: Stage, mut world: World<'_>, mut sources: Sources) -> io::Result<()> {
    let mut there = true;
    // Something changed while the terminal was still taking the frame before.
    let mut undrawn = false;
    while there && !world.quit {
        let tick = if stage.model.travels_since.is_some() {
            Some(FRAME)
        } else {
            stage
                .model
                .is_moving()
                .then(|| until_the_next_change(&stage.model, &world.clock))
        };
        let Some(input) = sources.next(tick, undrawn, &world.clock).await else {
            break;
        };
        stage.take_in(input, &mut world)?;
        // Draw only when the queue is empty, so that a burst (a long paste, a wheel) costs one frame; but what is drawn is
        // never older than this.
        let begun = world.clock.now();
        let lasts = |world: &World<'_>| Duration::from_millis(world.clock.now().since(begun)) > LONGEST_BURST;
        while !world.quit
            && !lasts(&world)
            && let Some(input) = sources.ready().await
        {
            stage.take_in(input, &mut world)?;
        }
        undrawn = Screen::line().is_busy();
        if !world.quit && !undrawn {
            there = still_there(stage.draw())?;
        }
    }
    if there {
        sources.swallow_answer().await;
    }
    drop(stage);
    // The browser tab that waits for its result is given it before the listener goes.
    world.edge.linger(Duration::from_secs(1)).await;
    Ok(())
}

/// Whether there is a terminal left to draw on. A hang-up is not reported: there is nowhere to report it to.
fn still_there(drawn: io::Result<()>) -> io::Result<bool> {
    match drawn {
        Ok(()) => Ok(true),
        Err(_) if hang_up::is_hung_up() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Between two frames while a message travels across the drawing.
const FRAME: Duration = Duration::from_millis(40);

/// A clock on screen moves once a second, and what takes long is said as soon as it does.
fn until_the_next_change(model: &Model, clock: &Clock) -> Duration {
    let now = clock.now();
    let second = 1000 - now.0 % 1000;
    let said = server::in_flight(model)
        .map(|waited| waited.since.plus(server::SAID_AFTER).since(now))
        .filter(|left| *left > 0);
    Duration::from_millis(said.map_or(second, |left| left.min(second)))
}

/// The screen and what is on it.
struct Stage {
    screen: Screen,
    canvas: Canvas,
    model: Model,
    messages: Messages,
}

impl Stage {
    fn has_another_size(&mut self) -> bool {
        let drawn = self.screen.drawn_size();
        self.screen.terminal.size().is_ok_and(|size| size != drawn)
    }

    fn draw(&mut self) -> io::Result<()> {
        self.canvas.draw(&mut self.screen, &self.model, &self.messages)?;
        let (layout, now) = (self.canvas.drawn.layout, self.model.now);
        update(&mut self.model, Message::Drawn(layout), now);
        Ok(())
    }

    fn take_in(&mut self, input: Input, world: &mut World<'_>) -> io::Result<()> {
        let message = match input {
            Input::Message(message) => message,
            Input::Click(column, row) => match self.canvas.drawn.at(column, row) {
                Some(message) => message.clone(),
                None => return Ok(()),
            },
            Input::Wheel(column, row, lines) => {
                // The pane under the pointer scrolls, whichever the keys are in.
                if let Some(pane) = self.canvas.drawn.pane_at(column, row) {
                    update(&mut self.model, Message::Focus(pane), world.clock.now());
                }
                Message::Wheel(lines)
            }
            Input::Ground(theme) => {
                self.canvas.theme = theme;
                return Ok(());
            }
            Input::TakeAgain => return self.screen.take_again(),
            Input::Resize | Input::Nothing => return Ok(()),
        };
        let log = log::on();
        if let (Some(log), Message::Flow(event)) = (log, &message) {
            log.event(event);
        }
        let now = world.clock.now();
        let effects = update(&mut self.model, message, now);
        if let Some(log) = log {
            log.learn(&self.model.flow.transcript);
        }
        for effect in effects {
            world.perform(effect, &mut self.screen)?;
        }
        Ok(())
    }
}

/// Where messages come from.
struct Sources {
    terminal: EventStream,
    /// Finds the answer to the question which colour is behind the text.
    answer: Answer,
    asked: Moment,
    clock: Clock,
    /// What was held back and turned out to be key presses.
    typed: VecDeque<Input>,
    flow_events: Receiver<Event>,
    own_messages: Receiver<Message>,
    signals: Signals,
    hang_up: oneshot::Receiver<()>,
}

impl Sources {
    /// Waits for the next message. `None` when the terminal is gone.
    async fn next(&mut self, tick: Option<Duration>, undrawn: bool, clock: &Clock) -> Option<Input> {
        if let Some(input) = self.typed.pop_front() {
            return Some(input);
        }
        tokio::select! {
            // Biased: a signal and the person's keys come before the world's answers, so that Ctrl-C works while events
            // pour in; and the tick comes last, since it only moves a clock on the screen.
            biased;
            came = self.signals.received() => Some(asked_for(came)),
            Ok(()) = &mut self.hang_up => Some(Input::Message(Message::Terminate)),
            event = poll_fn(|context| poll_terminal(&mut self.terminal, context)) => Some(self.read(event)),
            Some(event) = self.flow_events.recv() => Some(Input::Message(Message::Flow(event))),
            Some(message) = self.own_messages.recv() => Some(Input::Message(message)),
            () = Screen::line().is_idle(), if undrawn => Some(Input::Nothing),
            // No tick while nothing moves: an idle oauthlens uses no CPU.
            () = tokio::time::sleep(tick.unwrap_or_default()), if tick.is_some() => Some(Input::Message(Message::Tick(clock.now()))),
        }
    }

    /// The next message, if there is one already.
    async fn ready(&mut self) -> Option<Input> {
        // A signal waits behind nothing, not even behind a thousand keys.
        let came = {
            let mut received = pin!(self.signals.received());
            poll_fn(|context| Poll::Ready(received.as_mut().poll(context))).await
        };
        if let Poll::Ready(came) = came {
            return Some(asked_for(came));
        }
        if let Some(input) = self.typed.pop_front() {
            return Some(input);
        }
        // Polled with this task's own waker: the stream keeps the first one it is given, and a waker that wakes nobody
        // would leave the next key unnoticed.
        let polled = poll_fn(|context| Poll::Ready(poll_terminal(&mut self.terminal, context))).await;
        if let Poll::Ready(event) = polled {
            return Some(self.read(event));
        }
        let flow = self.flow_events.try_recv().ok().map(Message::Flow);
        flow.or_else(|| self.own_messages.try_recv().ok())
            .map(Input::Message)
    }

    fn read(&mut self, event: Option<io::Result<TerminalEvent>>) -> Input {
        // The terminal was closed.
        let Some(Ok(event)) = event else {
            return Input::Message(Message::Terminate);
        };
        match self.answer.take(event) {
            Taken::Events(events) => {
                self.typed.extend(events.iter().map(input::read));
                self.typed.pop_front().unwrap_or(Input::Nothing)
            }
            // An answer that comes late is not a key press either, and no longer changes the colours.
            Taken::Answer(Some(theme)) if self.asked_since() < GROUND_TIME => Input::Ground(theme),
            Taken::Held | Taken::Answer(_) => Input::Nothing,
        }
    }

    fn asked_since(&self) -> Duration {
        Duration::from_millis(self.clock.now().since(self.asked))
    }

    /// Waits for the answer, so that after a quick exit the shell does not read it as input.
    async fn swallow_answer(&mut self) {
        let wait = GROUND_TIME.saturating_sub(self.asked_since()).min(LAST_WAIT);
        let swallowing = async {
            while self.answer.is_outstanding() {
                let event = poll_fn(|context| poll_terminal(&mut self.terminal, context)).await;
                let Some(Ok(event)) = event else { break };
                self.answer.take(event);
            }
        };
        let _ = tokio::time::timeout(wait, swallowing).await;
    }
}

/// What a signal asks for.
fn asked_for(came: Came) -> Input {
    match came {
        Came::End => Input::Message(Message::Terminate),
        Came::Stop => Input::Message(Message::Do(Action::Suspend)),
        Came::GoOn => Input::TakeAgain,
    }
}

/// So long input is taken in without a frame.
const LONGEST_BURST: Duration = Duration::from_millis(100);
/// For so long after the question an answer changes the colours.
const GROUND_TIME: Duration = Duration::from_secs(1);
/// How long the end waits for an answer at most.
const LAST_WAIT: Duration = Duration::from_millis(100);

/// The next event of the terminal; its end where it was hung up, since the reader would not come back from there.
fn poll_terminal(
    terminal: &mut EventStream,
    context: &mut Context<'_>,
) -> Poll<Option<io::Result<TerminalEvent>>> {
    if hang_up::is_hung_up() {
        return Poll::Ready(None);
    }
    terminal.poll_next_unpin(context)
}

/// The frame on screen.
struct Canvas {
    theme: Theme,
    ascii: bool,
    cache: Cache,
    drawn: Drawn,
}

impl Canvas {
    fn new(theme: Theme, ascii: bool) -> Self {
        Self {
            theme,
            ascii,
            cache: Cache::default(),
            drawn: Drawn::default(),
        }
    }

    fn draw(&mut self, screen: &mut Screen, model: &Model, messages: &Messages) -> io::Result<()> {
        let mut drawn = Drawn::default();
        let (theme, ascii, cache) = (self.theme, self.ascii, &mut self.cache);
        screen.terminal.draw(|frame| {
            drawn = view::draw(frame, model, messages, theme, cache);
            if ascii {
                view::in_ascii(frame.buffer_mut());
                // Such a terminal is not expected to know hyperlinks either.
                drawn.links.clear();
            }
        })?;
        if drawn.links != self.drawn.links {
            hyperlinks::write(&drawn, screen.out())?;
        }
        self.drawn = drawn;
        Ok(())
    }
}
