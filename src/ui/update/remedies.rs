//! From a finding's remedy to the next thing the flow does.

use crate::{
    diagnosis::{
        context::Facts,
        finding::{Action as Mend, Remedy},
    },
    flow::configuration::{Field, Origin},
    oauth::{secret::Secret, time::Moment, token::TokenAnswer},
    ui::{
        effect::Effect,
        model::{Applied, Model, Notice, Overlay, Step},
        update::{
            navigation::{open, show},
            steps::{authorize, authorize_on_another_port, exchange},
        },
    },
};

/// Does the remedy of that place in [`Model::remedies`].
pub fn apply(model: &mut Model, number: usize, now: Moment) -> Vec<Effect> {
    if model.replay && !matches!(model.remedy_action(number), Some(Mend::OpenPage(_))) {
        model.notice = Some(Notice::ReplayOnly);
        return Vec::new();
    }
    // Mending a fault of the laboratory includes what it has broken on the simulator's side.
    let broken = model.experiment.take().is_some() && model.is_simulated();
    let mut effects: Vec<Effect> = broken.then_some(Effect::SetFault(None)).into_iter().collect();
    effects.extend(mend(model, number, now));
    effects
}

fn mend(model: &mut Model, number: usize, now: Moment) -> Vec<Effect> {
    let Some(Remedy {
        code,
        action: Some(action),
    }) = model.remedies.get(number).cloned()
    else {
        return Vec::new();
    };
    // Reading a page or sending a probe mends nothing, so there is nothing to say of it afterwards.
    let mends = !matches!(action, Mend::OpenPage(_) | Mend::Probe(_));
    if let Some(first) = model.findings.first().filter(|_| mends) {
        model.applied = Some(Applied {
            code,
            for_finding: first.code,
            entries: model.flow.transcript.entries.len(),
        });
    }
    match action {
        Mend::Edit(field) => {
            // These two are values of the token request alone.
            let only_there = matches!(field, Field::Code | Field::CodeVerifier);
            let exchanging = (only_there || code_is_good(model, now))
                && model
                    .exchange_form
                    .parameters
                    .iter()
                    .any(|parameter| parameter.field == field);
            if exchanging {
                model.exchange_form.focus_field(field);
                model.editing_exchange = true;
                show(model, Step::Exchange);
            } else {
                model.form.focus_field(field);
                show(model, Step::Configure);
            }
            Vec::new()
        }
        Mend::Use(field, value) => use_value(model, field, &value, now),
        Mend::OmitRedirectUri => {
            model.exchange_form.omit(Field::RedirectUri);
            exchange(model, now)
        }
        Mend::ExchangeAgain => exchange(model, now),
        Mend::AuthorizeAgain => {
            model.express = true;
            authorize(model, now)
        }
        Mend::AuthorizeOnAnotherPort => {
            model.express = true;
            authorize_on_another_port(model, now)
        }
        Mend::PasteRedirect => {
            show(model, Step::Authorize);
            open(
                model,
                Overlay::Paste(crate::ui::model::text_field::TextField::default()),
            );
            Vec::new()
        }
        Mend::OpenPage(url) => vec![Effect::OpenPage(url)],
        Mend::Probe(purpose) => {
            open(model, Overlay::ConfirmProbe(purpose));
            Vec::new()
        }
    }
}

/// Puts the value in and goes on from the step where it counts: the exchange while the code in hand is good and the value
/// is not bound to the authorization request, otherwise a new authorization.
fn use_value(model: &mut Model, field: Field, value: &Secret, now: Moment) -> Vec<Effect> {
    let bound_to_authorization = match field {
        Field::RedirectUri => model
            .flow
            .attempt
            .as_ref()
            .is_none_or(|attempt| attempt.redirect_uri != value.reveal()),
        Field::ClientId => model
            .flow
            .attempt
            .as_ref()
            .is_none_or(|a| a.configuration.client_id != value.reveal()),
        _ => false,
    };
    let exchanges = code_is_good(model, now) && !bound_to_authorization;
    // A redirect URI that only the exchange had wrong is right in the form, perhaps with its port left open there.
    let is_forms = match field {
        Field::Code | Field::CodeVerifier => false,
        Field::RedirectUri => !exchanges,
        _ => true,
    };
    if is_forms {
        model.form.set(field, value.reveal(), Origin::Remedy);
    }
    if exchanges {
        model.exchange_form.set(field, value.reveal(), Origin::Remedy);
        exchange(model, now)
    } else {
        model.express = true;
        authorize(model, now)
    }
}

/// True when the code in hand was neither refused nor redeemed and is young enough.
///
/// A refusal of the client or of the redirect URI does not spend it: GitHub checks both first (facts §3).
pub fn code_is_good(model: &Model, now: Moment) -> bool {
    let facts = Facts::of(&model.flow.transcript);
    let Some(redirect) = facts.taken_redirect() else {
        return false;
    };
    let Some(code) = &redirect.response.code else {
        return false;
    };
    let lifetime = facts
        .configuration()
        .map_or(600, |configuration| configuration.provider.code_lifetime);
    let age = now.since(facts.transcript.started).saturating_sub(redirect.at);
    age < lifetime.saturating_mul(1000)
        && facts
            .token_exchanges
            .iter()
            .filter(|exchange| exchange.sent.get("code") == Some(code))
            .all(
                |exchange| match exchange.reading.as_ref().map(|reading| &reading.answer) {
                    Some(TokenAnswer::Error(error)) => {
                        !matches!(error.error.as_str(), "bad_verification_code" | "invalid_grant")
                    }
                    Some(TokenAnswer::Token(_)) => false,
                    Some(TokenAnswer::NotATokenResponse) | None => true,
                },
            )
}
