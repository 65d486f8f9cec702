//! The laboratory: choose one fault, predict what comes of it, run it, see the answer beside a good run.

use crate::{
    diagnosis::{context::Facts, outcome::Outcome, rule::Code},
    flow::{
        autopilot::{Step, Walk},
        event::Command,
        transcript::{Observation, Purpose, Transcript},
    },
    lab::faults::{Expected, Fault},
    oauth::{secret::Secret, time::Moment, token::ErrorResponse},
    providers::error_table::meaning_of_error,
    simulator::{Account, App, AppKind, Decision, Habits, Options},
    ui::{
        effect::Effect,
        model::{Model, Overlay, Step as Screen, exchange_form::ExchangeForm, find::Searched},
        update::{
            flow_events::{command, conclude},
            navigation::{self, show},
        },
    },
};

/// What a person expects of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prediction {
    /// `incorrect_client_credentials`.
    IncorrectClientCredentials,
    /// `redirect_uri_mismatch`.
    RedirectUriMismatch,
    /// `bad_verification_code`.
    BadVerificationCode,
    /// Another answer of the token endpoint.
    AnotherAnswer,
    /// The redirect brings an error, or fails a check.
    RefusedRedirect,
    /// A page in the browser, and no redirect.
    NoRedirect,
    /// A token all the same.
    Token,
}

impl Prediction {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::IncorrectClientCredentials,
        Self::RedirectUriMismatch,
        Self::BadVerificationCode,
        Self::AnotherAnswer,
        Self::RefusedRedirect,
        Self::NoRedirect,
        Self::Token,
    ];

    /// What a fault comes to.
    pub fn of(fault: Fault) -> Self {
        match fault.expected() {
            Expected::TokenError(error) => {
                let error = ErrorResponse {
                    error: error.to_owned(),
                    ..ErrorResponse::default()
                };
                Self::of_answer(meaning_of_error(&error, 200))
            }
            Expected::NotATokenResponse | Expected::Failure(_) => Self::AnotherAnswer,
            Expected::RedirectError(_) | Expected::RedirectRefused(_) => Self::RefusedRedirect,
            Expected::Page(_) => Self::NoRedirect,
            Expected::Token => Self::Token,
        }
    }

    /// What an answer of the token endpoint comes to.
    fn of_answer(meaning: Code) -> Self {
        match meaning {
            Code::CredentialsRefused => Self::IncorrectClientCredentials,
            Code::RedirectUriRefused => Self::RedirectUriMismatch,
            Code::CodeRefused => Self::BadVerificationCode,
            Code::TokenObtained => Self::Token,
            _ => Self::AnotherAnswer,
        }
    }
}

/// What came in the latest authorization, read from what was observed.
pub fn observed(facts: &Facts<'_>) -> Prediction {
    let started = facts.authorization.map_or(0, |(index, ..)| index);
    let page = facts.transcript.entries[started..]
        .iter()
        .any(|e| matches!(e.observation, Observation::PageSeen { .. }));
    let refused = facts
        .present_redirects()
        .any(|r| r.disposition.is_refused() || r.response.error.is_some());
    let exchanged = facts.transcript.entries[started..].iter().any(|e| {
        matches!(
            e.observation,
            Observation::RequestSent {
                purpose: Purpose::Token,
                ..
            }
        )
    });
    match facts.last().filter(|_| exchanged) {
        None if page => Prediction::NoRedirect,
        None if refused => Prediction::RefusedRedirect,
        Some(last) => last
            .meaning()
            .map_or(Prediction::AnotherAnswer, Prediction::of_answer),
        None => Prediction::NoRedirect,
    }
}

/// A fault under way or done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// The fault.
    pub fault: Fault,
    /// What was predicted.
    pub prediction: Prediction,
    /// It has run; the result on show is its result until the flow goes on.
    pub done: bool,
}

/// The faults that can be tried here: against a real provider only what the client itself can get wrong.
pub fn faults(model: &Model) -> Vec<Fault> {
    let simulated = model.is_simulated();
    Fault::ALL
        .iter()
        .copied()
        .filter(|fault| simulated || !fault.needs_simulator())
        .collect()
}

/// Opens the list of faults.
pub fn open(model: &mut Model) {
    navigation::open(model, Overlay::ChooseFault(0));
}

/// Opens it again with this one chosen.
pub fn open_at(model: &mut Model, fault: Fault) {
    open(model);
    let at = faults(model)
        .iter()
        .position(|other| *other == fault)
        .unwrap_or(0);
    model.overlay = Some(Overlay::ChooseFault(at));
}

/// Moves through the list of faults.
pub fn move_choice(model: &mut Model, by: isize) {
    let found = found(model);
    if let Some(Overlay::ChooseFault(at)) = &mut model.overlay {
        let here = found.iter().position(|place| place == at).unwrap_or(0);
        let there = here.saturating_add_signed(by).min(found.len().saturating_sub(1));
        *at = found.get(there).copied().unwrap_or(*at);
    }
}

/// The places in the list of faults that are shown: all, or those that were found.
pub fn found(model: &Model) -> Vec<usize> {
    let find = model.find.as_ref().filter(|find| find.of == Searched::Faults);
    find.map_or_else(|| (0..faults(model).len()).collect(), |find| find.found.clone())
}

/// Chooses a fault that was found, where the chosen one was not.
pub(crate) fn stay_among_found(model: &mut Model) {
    let found = found(model);
    if let Some(Overlay::ChooseFault(at)) = &mut model.overlay
        && !found.contains(at)
        && let Some(first) = found.first()
    {
        *at = *first;
    }
}

/// From the list to the question what will come of it.
pub fn choose(model: &mut Model, at: usize) {
    let fault = faults(model).get(at).copied();
    model.overlay = Some(match fault.filter(|_| found(model).contains(&at)) {
        Some(fault) => Overlay::Predict(fault),
        // Nothing was found: there is something else to look for.
        None => Overlay::ChooseFault(at),
    });
}

/// Takes the prediction and runs the fault; in the simulator a good run first, if there was none to compare with.
pub fn predict(model: &mut Model, fault: Fault, at: usize, now: Moment) -> Vec<Effect> {
    let Some(prediction) = Prediction::ALL.get(at) else {
        return Vec::new();
    };
    model.overlay = None;
    model.applied = None;
    model.experiment = Some(Experiment {
        fault,
        prediction: *prediction,
        done: false,
    });
    let first = (model.good_run.is_some() || !model.is_simulated()).then_some(fault);
    run(model, first, now)
}

fn run(model: &mut Model, fault: Option<Fault>, now: Moment) -> Vec<Effect> {
    let mut configuration = model.form.configuration();
    let mut effects = Vec::new();
    if let Some(fault) = fault {
        fault.prepare(&mut configuration, &mut scratch_options(model));
    }
    if model.is_simulated() {
        effects.push(Effect::SetFault(fault));
        let decision = fault.map_or(Decision::Approve, Fault::decision);
        model.approve_when_listening = Some(decision == Decision::Approve);
    }
    model.walk = Some(Walk::new(fault));
    model.reached = Screen::Authorize;
    model.exchange_form = ExchangeForm::default();
    show(model, Screen::Authorize);
    effects.extend(command(model, Command::Authorize(Box::new(configuration)), now));
    effects
}

/// Options of no simulator: [`Fault::prepare`] changes values on both sides at once, and only the client's are wanted
/// here. The edge prepares the real ones.
fn scratch_options(model: &Model) -> Options {
    let configuration = model.form.configuration();
    Options {
        base_url: String::new(),
        app: App {
            kind: AppKind::OAuthApp,
            client_id: configuration.client_id,
            client_secret: Secret::default(),
            name: String::new(),
            registered: configuration.registration.redirect_uris,
            suspended: false,
            expiring_tokens: None,
        },
        more_apps: Vec::new(),
        account: Account::default(),
        more_accounts: Vec::new(),
        habits: Habits::default(),
    }
}

/// The next step of an unattended run.
pub fn follow(model: &mut Model, now: Moment) -> Vec<Effect> {
    let Some(mut walk) = model.walk.take() else {
        return Vec::new();
    };
    let step = walk.next(&model.flow);
    let fault = walk.fault;
    match step {
        Step::Wait => {
            model.walk = Some(walk);
            Vec::new()
        }
        Step::Over => over(model, fault, now),
        Step::Paste(text) => {
            model.walk = Some(walk);
            command(model, Command::PasteRedirect(text), now)
        }
        Step::Exchange(exchange) => {
            model.walk = Some(walk);
            let challenge = model
                .flow
                .attempt()
                .and_then(|attempt| attempt.request.params.get("code_challenge"));
            model.exchange_form = ExchangeForm::new(
                exchange.request.clone(),
                &exchange.origins,
                challenge.map(str::to_owned),
            );
            model.editing_exchange = false;
            model.reached = Screen::Exchange;
            let before = fault.map(|fault| Effect::BeforeExchange(fault, exchange.number));
            let mut effects: Vec<Effect> = before.into_iter().collect();
            let later = now.plus(fault.map_or(0, Fault::millis_before_exchange));
            effects.extend(command(model, exchange.command(), later));
            effects
        }
    }
}

/// The run has ended: the good one is kept and the fault follows, or the result is shown.
pub fn over(model: &mut Model, fault: Option<Fault>, now: Moment) -> Vec<Effect> {
    if is_stuck(model)
        && let Some(Step::Paste(code)) = model.walk.as_mut().map(|walk| walk.next(&model.flow))
    {
        // The redirect went elsewhere, and its code is brought by hand.
        return command(model, Command::PasteRedirect(code), now);
    }
    model.walk = None;
    conclude(model);
    if let (
        None,
        Some(Experiment {
            fault, done: false, ..
        }),
        Some(Outcome::Token),
    ) = (fault, model.experiment, model.outcome)
    {
        return run(model, Some(fault), now);
    }
    if let Some(experiment) = &mut model.experiment {
        experiment.done = true;
    }
    model.reached = Screen::Result;
    show(model, Screen::Result);
    Vec::new()
}

/// True when the run waits for a redirect that will not come any more, since the one that came was refused.
pub fn is_stuck(model: &Model) -> bool {
    model.walk.is_some() && model.flow.status().is_waiting_for_person()
}

/// Keeps a run that gave a token, to compare others with.
pub fn keep_good_run(model: &mut Model) {
    let transcript = &model.flow.transcript;
    if Outcome::of(&Facts::of(transcript)) != Outcome::Token {
        return;
    }
    if let Some((start, ..)) = transcript.last_authorization() {
        model.good_run = Some(Transcript {
            entries: transcript.entries[start..].to_vec(),
            ..transcript.clone()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::ui::update::lab::*;

    #[test]
    fn every_fault_comes_to_something_that_can_be_predicted() {
        for prediction in Prediction::ALL {
            assert!(
                Fault::ALL
                    .iter()
                    .any(|fault| Prediction::of(*fault) == prediction),
                "{prediction:?}"
            );
        }
    }
}
