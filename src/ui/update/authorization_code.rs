//! Where the screen goes with an authorization code grant.

use crate::{
    flow::{
        configuration::Field, effect::Effect as FlowEffect, grants::authorization_code::Stage,
        transcript::Observation,
    },
    oauth::time::Moment,
    ui::{
        effect::Effect,
        model::{Model, Overlay, Step, exchange_form::ExchangeForm},
        update::{
            flow_events::conclude,
            lab,
            navigation::show,
            steps::{decide, exchange},
        },
    },
};

/// Moves the screen along after a command or an event.
pub(crate) fn follow(model: &mut Model, has_moved: bool, effects: &mut Vec<Effect>, now: Moment) {
    match model.flow.stage() {
        Stage::Awaiting(_) => {
            // What came and was not taken can be looked at while the right one is waited for.
            let refused = model.flow.transcript.entries.last().is_some_and(|entry| {
                matches!(&entry.observation, Observation::RedirectReceived { disposition, .. } if disposition.is_refused())
            });
            if refused {
                model.reached = model.reached.max(Step::Callback);
            }
            if let Some(approve) = model.approve_when_listening.take() {
                // The person decides here, in the terminal: no browser.
                effects.retain(|effect| !matches!(effect, Effect::Flow(FlowEffect::OpenBrowser(..))));
                effects.extend(decide(model, approve, now));
            }
        }
        Stage::NoListener | Stage::Stopped if model.walk.is_some() => {
            // There is something to do before the run can go on; the fault can be tried again.
            model.walk = None;
            model.approve_when_listening = None;
            model.experiment = None;
            effects.push(Effect::SetFault(None));
            conclude(model);
        }
        _ if model.walk.is_some() => effects.extend(lab::follow(model, now)),
        Stage::Received if (model.reached < Step::Callback || model.exchange_form.is_empty()) => {
            let challenge = model
                .flow
                .attempt()
                .and_then(|attempt| attempt.request.params.get("code_challenge").map(str::to_owned));
            if let Some(request) = model.flow.token_request() {
                let origins = model.form.configuration().origins;
                model.exchange_form = ExchangeForm::new(request, &origins, challenge);
                model.editing_exchange = true;
                if std::mem::take(&mut model.omit_redirect_uri) {
                    model.exchange_form.omit(Field::RedirectUri);
                }
            }
            model.reached = Step::Exchange;
            close_paste_window(model);
            if model.express {
                effects.extend(exchange(model, now));
            } else if model.step != Step::Configure {
                // A user who is typing on Configure stays there; the header shows that the redirect has come.
                show(model, Step::Callback);
            }
        }
        Stage::Denied if model.reached < Step::Result || has_moved => {
            model.reached = Step::Result;
            close_paste_window(model);
            if model.express {
                show(model, Step::Result);
            } else if model.step != Step::Configure {
                show(model, Step::Callback);
            }
            model.express = false;
            conclude(model);
        }
        Stage::Finished => {
            model.reached = Step::Result;
            conclude(model);
            if has_moved && (model.step == Step::Exchange || model.express) {
                show(model, Step::Result);
            }
            model.express = false;
        }
        Stage::NoListener | Stage::Stopped => {
            model.express = false;
            model.approve_when_listening = None;
            conclude(model);
            if has_moved && !model.findings.is_empty() {
                model.reached = Step::Result;
                // A port that is taken is dealt with on the step where it was asked for.
                if model.flow.stage() == Stage::Stopped && model.step == Step::Authorize {
                    show(model, Step::Result);
                }
            }
        }
        _ => {}
    }
}

/// There is nothing left to paste once the redirect has come.
fn close_paste_window(model: &mut Model) {
    if matches!(model.overlay, Some(Overlay::Paste(_))) {
        model.overlay = None;
    }
}
