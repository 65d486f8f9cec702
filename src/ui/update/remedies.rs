//! From a finding's remedy to the next thing the flow does.

use crate::{
    diagnosis::{
        context::Facts,
        finding::{Action as Mend, Remedy},
    },
    flow::configuration::{Field, Origin},
    oauth::{secret::Secret, time::Moment},
    providers::server_table::{CodeAfter, code_after},
    ui::{
        effect::Effect,
        model::{Applied, Model, Overlay, Step},
        update::{
            navigation::{open, show},
            nothing_is_sent, registered,
            steps::{authorize, authorize_on_another_port, exchange},
        },
    },
};

/// Does the remedy of that place in [`Model::remedies`].
pub fn apply(model: &mut Model, number: usize, now: Moment) -> Vec<Effect> {
    let sends = !matches!(
        model.remedy_action(number),
        Some(Mend::OpenPage(_) | Mend::Register(_))
    );
    if model.replay && sends {
        model.notice = Some(nothing_is_sent(model));
        return Vec::new();
    }
    if registered::asked(model) == Some(number) {
        registered::ask(model);
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
    // A page that is read, a window that is opened or a probe mends nothing: there is nothing to say of it afterwards.
    let mends = !matches!(
        action,
        Mend::OpenPage(_) | Mend::Register(_) | Mend::Probe(_) | Mend::PasteRedirect
    );
    if let Some(first) = model.findings.first().filter(|_| mends) {
        model.applied = Some(Applied {
            code,
            for_finding: first.code,
            action: action.clone(),
            entries: model.flow.transcript.entries.len(),
        });
    }
    match action {
        Mend::Edit(field) => {
            edit(model, field, now);
            Vec::new()
        }
        Mend::Use(field, value) => use_value(model, field, &value, now),
        Mend::OmitRedirectUri => {
            model.exchange_form.omit(Field::RedirectUri);
            if code_is_good(model, now) {
                exchange(model, now)
            } else {
                model.omit_redirect_uri = true;
                authorize_at_once(model, now)
            }
        }
        Mend::ExchangeAgain => exchange(model, now),
        Mend::AuthorizeAgain => authorize_at_once(model, now),
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
        Mend::Register(value) => registered::register(model, value),
        Mend::OpenPage(url) => vec![Effect::OpenPage(url)],
        Mend::Probe(purpose) => {
            open(model, Overlay::ConfirmProbe(purpose));
            Vec::new()
        }
    }
}

fn authorize_at_once(model: &mut Model, now: Moment) -> Vec<Effect> {
    model.express = true;
    authorize(model, now)
}

/// Opens the field where its value counts, ready for another one: a secret is emptied, since nobody can mend what they
/// cannot read, and any other value is selected. Both can be undone.
fn edit(model: &mut Model, field: Field, now: Moment) {
    if edits_token_request(model, field, code_is_good(model, now)) {
        model.exchange_form.replace_field(field);
        model.editing_exchange = true;
        show(model, Step::Exchange);
    } else {
        model.form.replace_field(field);
        show(model, Step::Configure);
    }
    model.mending = Some(field);
}

/// True when a field is edited in the token request and the code in hand, which `is_good`, is sent with it; otherwise it is
/// edited on Configure and the authorization begins again.
pub fn edits_token_request(model: &Model, field: Field, is_good: bool) -> bool {
    let form = &model.exchange_form;
    let Some(parameter) = form.parameters.iter().find(|parameter| parameter.field == field) else {
        return false;
    };
    let authorized = |value: &str| {
        let attempt = model.flow.attempt();
        attempt.is_some_and(|attempt| match field {
            Field::RedirectUri => attempt.redirect_uri == value,
            _ => attempt.configuration.client_id == value,
        })
    };
    match field {
        // These two are values of the token request alone.
        Field::Code | Field::CodeVerifier => true,
        // What both requests carry must stay the same in both: another value needs another authorization.
        Field::RedirectUri | Field::ClientId if authorized(parameter.text.text()) => false,
        _ => is_good,
    }
}

/// True when this value is put into the token request and the code in hand, which `is_good`, is sent with it; otherwise the
/// authorization begins again with it.
pub fn uses_code_in_hand(model: &Model, field: Field, value: &Secret, is_good: bool) -> bool {
    let bound_to_authorization = match field {
        Field::RedirectUri => model
            .flow
            .attempt()
            .is_none_or(|attempt| attempt.redirect_uri != value.reveal()),
        Field::ClientId => model
            .flow
            .attempt()
            .is_none_or(|a| a.configuration.client_id != value.reveal()),
        _ => false,
    };
    is_good && !bound_to_authorization
}

/// Puts the value in and goes on from the step where it counts: the exchange while the code in hand is good and the value
/// is not bound to the authorization request, otherwise a new authorization.
fn use_value(model: &mut Model, field: Field, value: &Secret, now: Moment) -> Vec<Effect> {
    let exchanges = uses_code_in_hand(model, field, value, code_is_good(model, now));
    // A redirect URI that only the exchange had wrong is right in the form, perhaps with its port left open there.
    let is_forms = match field {
        Field::Code | Field::CodeVerifier => false,
        Field::RedirectUri => !is_configured(model, value),
        _ => true,
    };
    if is_forms {
        model.form.set(field, value.reveal(), Origin::Remedy);
    }
    if exchanges {
        model.exchange_form.set(field, value.reveal(), Origin::Remedy);
        exchange(model, now)
    } else {
        authorize_at_once(model, now)
    }
}

/// True when the authorization request of this configuration carries this redirect URI already.
fn is_configured(model: &Model, value: &Secret) -> bool {
    let attempt = model.flow.attempt();
    attempt.is_some_and(|attempt| {
        attempt.redirect_uri == value.reveal()
            && attempt.configuration.redirect_uri == model.form.text(Field::RedirectUri)
    })
}

/// True when the code in hand can be sent once more.
pub fn code_is_good(model: &Model, now: Moment) -> bool {
    code_in_hand(&Facts::of(&model.flow.transcript), now) == Some(CodeAfter::Kept)
}

/// How the code in hand stands, by its age and by what the provider does to a code that it was sent; `None` without one.
pub fn code_in_hand(facts: &Facts<'_>, now: Moment) -> Option<CodeAfter> {
    let redirect = facts.taken_redirect()?;
    let code = redirect.response.code.as_ref()?;
    let provider = &facts.configuration()?.provider;
    let age = now.since(facts.transcript.started).saturating_sub(redirect.at);
    if age >= provider.code_lifetime.saturating_mul(1000) {
        return Some(CodeAfter::Spent);
    }
    let uses = facts
        .token_exchanges
        .iter()
        .filter(|exchange| exchange.sent.get("code") == Some(code));
    // A missing answer is not a refusal: the request may never have arrived.
    let after = uses.filter_map(|exchange| Some(code_after(provider, exchange.meaning()?)));
    Some(after.max().unwrap_or(CodeAfter::Kept))
}
