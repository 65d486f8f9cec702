//! The simulator as somebody's test wants it: with faults on request, a clock that can be moved, recorded requests, and an
//! interface to control all of it. Pure like the simulator itself: the time is told, and how an answer is delivered is said.

mod alter;
mod control;
pub mod endpoint;
pub mod fault;
pub mod records;
pub mod schedule;
pub mod settings;
mod time;
pub mod wrong;

use crate::{
    oauth::{
        http::{HttpRequest, HttpResponse},
        params::Params,
        random::Entropy,
        secret::Secret,
        time::Moment,
        token::{TokenAnswer, read_answer, request_params},
    },
    simulator::{
        Decision, SILENCE, Simulator,
        concerned::bearer,
        server::{response, texts::Words, tokens::Family},
        testbed::{
            endpoint::Endpoint,
            fault::{Effect, ServerFault},
            records::{RECORDED, Recorded, Records, outcome},
            schedule::{Plan, Scheduled, named},
            settings::{Approve, TestbedFile},
            time::Time,
            wrong::Wrong,
        },
    },
};

/// The header in which a request asks for faults, by names with commas between them.
pub const FAULT_HEADER: &str = "X-Oauthlens-Fault";
/// The header in which an answer says which faults happened to it.
pub const FAULTS_HEADER: &str = "X-Oauthlens-Faults";
/// Answers 200 as long as the simulator is served.
pub const HEALTH: &str = "/_health";

/// What a reader said about a file for a testbed, or [`Wrong`] as text, as a sentence in the language of that tag.
pub fn sentence(message: &str, language: &str) -> String {
    wrong::told(message, &Words::of(language).control)
}

/// How an answer is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// At once.
    AtOnce,
    /// After so many milliseconds.
    After(u64),
    /// Never; the connection stays open.
    Never,
    /// Not at all; the connection is closed.
    Closed,
}

/// An answer, and how it is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The answer.
    pub response: HttpResponse,
    /// How it gets to the client.
    pub delivery: Delivery,
}

impl From<HttpResponse> for Served {
    fn from(response: HttpResponse) -> Self {
        Self {
            response,
            delivery: Delivery::AtOnce,
        }
    }
}

/// What a reset leads back to.
#[derive(Clone, Debug)]
struct Start {
    simulator: Simulator,
    approve: Approve,
    plan: Plan,
    time: Time,
}

/// A simulator that can be told to do wrong, and says what it was asked.
#[derive(Clone, Debug)]
pub struct Testbed {
    simulator: Simulator,
    approve: Approve,
    plan: Plan,
    time: Time,
    records: Records,
    controlled: bool,
    /// The control API may be asked by any name, not only by those of this computer.
    any_host: bool,
    start: Option<Box<Start>>,
}

impl Testbed {
    /// A simulator that nobody controls: it does nothing but what it does anyway.
    pub fn new(simulator: Simulator) -> Self {
        Self {
            simulator,
            approve: Approve::Ask,
            plan: Plan::default(),
            time: Time::default(),
            records: Records::new(RECORDED),
            controlled: false,
            any_host: false,
            start: None,
        }
    }

    /// Does what a file says. `told` is the time.
    ///
    /// # Errors
    /// What is wrong with the faults, where there are too many.
    pub fn configure(&mut self, file: TestbedFile, told: Moment) -> Result<(), Wrong> {
        if let Some(like) = file.like {
            self.simulator.options_mut().habits = like.habits();
        }
        if let Some(seed) = &file.seed {
            self.simulator.entropy = Entropy::from_text(seed);
            let secret = self.new_secret();
            self.simulator.options_mut().app.client_secret = secret;
        }
        if let Some(room) = file.remember {
            self.simulator.remember(room.max(1));
        }
        if let Some(room) = file.record {
            self.records = Records::new(room);
        }
        self.approve = file.approve.unwrap_or(self.approve);
        if let Some(clock) = file.clock {
            self.time.set(told, clock.0);
        }
        let mut apps = Vec::new();
        for app in file.apps {
            let secret = self.new_secret();
            apps.push(app.app(|| secret));
        }
        let options = self.simulator.options_mut();
        if let Some(first) = (!apps.is_empty()).then(|| apps.remove(0)) {
            options.app = first;
            options.more_apps = apps;
        }
        for (at, user) in file.users.into_iter().enumerate() {
            let free = options.accounts().map(|account| account.id).max().unwrap_or(0) + 1;
            let account = user.account(if at == 0 { 1 } else { free });
            if at == 0 {
                options.account = account;
            } else {
                options.more_accounts.push(account);
            }
        }
        for fault in file.faults {
            self.plan.add(fault.into())?;
        }
        Ok(())
    }

    /// Schedules a fault.
    ///
    /// # Errors
    /// That there are too many already.
    pub fn schedule(&mut self, fault: Scheduled) -> Result<(), Wrong> {
        self.plan.add(fault).map(|_| ())
    }

    /// Who decides from now on.
    pub fn set_approve(&mut self, approve: Approve) {
        self.approve = approve;
    }

    /// Opens the control API, to whoever reaches it by a name of this computer, or by `any_host`. What the simulator is by now
    /// is what a reset leads back to.
    pub fn open_control(&mut self, any_host: bool) {
        (self.controlled, self.any_host) = (true, any_host);
        self.start = Some(Box::new(Start {
            simulator: self.simulator.clone(),
            approve: self.approve,
            plan: self.plan.clone(),
            time: self.time,
        }));
    }

    /// The simulator itself.
    pub fn simulator(&mut self) -> &mut Simulator {
        &mut self.simulator
    }

    /// The recorded requests, oldest first.
    pub fn recorded(&self) -> impl DoubleEndedIterator<Item = &Recorded> {
        self.records.iter()
    }

    fn new_secret(&mut self) -> Secret {
        Secret::new(self.simulator.entropy.draw_hex(40))
    }

    /// Answers a request. `told` is the time of whoever asks.
    pub fn respond(&mut self, request: &HttpRequest, told: Moment) -> Served {
        let path = request.path();
        if self.controlled && (path == control::ROOT || path.starts_with(control::BELOW)) {
            return self.control(request, told).into();
        }
        if path == HEALTH {
            return response::json(200, &serde_json::json!({ "status": "ok" })).into();
        }
        if path == SILENCE {
            return Served {
                response: HttpResponse::default(),
                delivery: Delivery::Never,
            };
        }
        match self.asked_for(request) {
            Ok(asked) => self.serve(request, &asked, self.time.now(told)),
            Err(wrong) => control::refused(400, &wrong, request).into(),
        }
    }

    /// The faults that the request's own header names. A simulator that nobody controls reads none.
    fn asked_for(&self, request: &HttpRequest) -> Result<Vec<&'static ServerFault>, Wrong> {
        let header = request.header(FAULT_HEADER).filter(|_| self.controlled);
        let names = header.unwrap_or_default().split(',').map(str::trim);
        names.filter(|name| !name.is_empty()).map(named).collect()
    }

    fn serve(&mut self, request: &HttpRequest, asked: &[&'static ServerFault], now: Moment) -> Served {
        let sent = request_params(request);
        let endpoint = Endpoint::of(request);
        let client = self.client_of(request, &sent);
        let mut due = self.plan.due(endpoint, &sent, client.as_deref(), false);
        let of_header = asked.iter().filter(|fault| fault.concerns(endpoint, &sent));
        due.extend(
            of_header
                .clone()
                .filter(|fault| !fault.is_of_the_redirect())
                .map(|fault| (*fault, fault::SLOW)),
        );
        let mut served = if due.is_empty() {
            self.ask(request, now).into()
        } else {
            self.ask_with(&due, request, now)
        };
        let mut happened: Vec<_> = due.iter().map(|(fault, _)| fault.name).collect();
        let back = endpoint == Endpoint::Authorize
            && served
                .response
                .header("location")
                .is_some_and(|to| !to.starts_with('/'));
        if back {
            let planned = self.plan.due(endpoint, &sent, client.as_deref(), true);
            let of_redirect = of_header.filter(|fault| fault.is_of_the_redirect()).copied();
            for fault in planned.into_iter().map(|(fault, _)| fault).chain(of_redirect) {
                if let Effect::Redirect(change) = fault.effect {
                    alter::redirect(&mut served.response, change);
                    happened.push(fault.name);
                }
            }
        }
        if !happened.is_empty() {
            let header = (FAULTS_HEADER.into(), happened.join(", "));
            served.response.headers.push(header);
        }
        if self.records.room() > 0 {
            let number = self.records.next_number();
            self.records.put(Recorded {
                number,
                at: now,
                endpoint,
                outcome: outcome(endpoint, &served.response),
                grant: self.grant_of(request, &served.response),
                client,
                faults: happened,
                request: request.clone(),
                response: without_page(&served.response),
            });
        }
        served
    }

    /// The answer with faults. Whatever they change about the simulator is as before afterwards.
    fn ask_with(
        &mut self,
        due: &[(&'static ServerFault, u64)],
        request: &HttpRequest,
        now: Moment,
    ) -> Served {
        let before = self.simulator.options().clone();
        let approve = self.approve;
        let (mut arrives, mut then) = (request.clone(), now);
        let mut answer = None;
        let mut delivery = Delivery::AtOnce;
        for (fault, ms) in due {
            match fault.effect {
                Effect::Options(change) => change(self.simulator.options_mut(), request),
                Effect::Request(change) => change(&mut arrives),
                Effect::Later(millis) => then = now.plus(millis),
                Effect::Deny => {
                    self.approve = if approve == Approve::Yes {
                        Approve::No
                    } else {
                        approve
                    };
                    if arrives.method == "POST" {
                        alter::form(&mut arrives, |form| alter::set(form, "authorize", Some("0")));
                    }
                }
                Effect::Refuse(refusal) => answer = Some(self.simulator.refusal_answer(refusal, request)),
                Effect::Answer(make) => answer = Some(make()),
                Effect::Damage(_) | Effect::Redirect(_) => {}
                Effect::Slow => delivery = Delivery::After(*ms),
                Effect::Silence => delivery = Delivery::Never,
                Effect::Close => delivery = Delivery::Closed,
            }
        }
        let mut response = match answer {
            Some(answer) => answer,
            None => self.ask(&arrives, then),
        };
        *self.simulator.options_mut() = before;
        self.approve = approve;
        for (fault, _) in due {
            if let Effect::Damage(damage) = fault.effect {
                damage(&mut response);
            }
        }
        Served { response, delivery }
    }

    fn ask(&mut self, request: &HttpRequest, now: Moment) -> HttpResponse {
        let decision = match self.approve {
            Approve::Ask => None,
            Approve::Yes => Some(Decision::Approve),
            Approve::No => Some(Decision::Deny),
        };
        match decision.filter(|_| request.method == "GET" && Endpoint::of(request) == Endpoint::Authorize) {
            Some(decision) => self.simulator.answer_at_once(request, decision, now),
            None => self.simulator.respond(request, now),
        }
    }

    /// The client that a request names, or that its token belongs to.
    fn client_of(&self, request: &HttpRequest, sent: &Params) -> Option<String> {
        let token = || self.simulator.tokens.get(bearer(request)?);
        sent.get("client_id")
            .map(str::to_owned)
            .or_else(|| token().map(|token| token.client_id.clone()))
    }

    /// The number of the grant that the token in the answer, or the one in the request, came of.
    fn grant_of(&self, request: &HttpRequest, answer: &HttpResponse) -> Option<u64> {
        let tokens = &self.simulator.tokens;
        let carried = bearer(request).and_then(|token| tokens.get(token));
        let family = carried.map(|token| token.family).or_else(|| {
            let TokenAnswer::Token(token) = read_answer(answer).answer else {
                return None;
            };
            Some(tokens.get(token.access_token.reveal())?.family)
        });
        family.map(Family::number)
    }

    fn words(request: &HttpRequest) -> &'static Words {
        Words::asked_for(request)
    }
}

/// Pages are the simulator's own, and long: nobody asserts on them.
fn without_page(response: &HttpResponse) -> HttpResponse {
    let mut kept = HttpResponse {
        body: Vec::new(),
        ..response.clone()
    };
    if response.media_type().as_deref() != Some("text/html") {
        kept.body.clone_from(&response.body);
    }
    kept
}
