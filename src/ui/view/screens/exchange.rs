//! Step 4: the token request before it is sent, then what travelled.

use crate::{
    flow::{
        configuration::{Field, Origin},
        redaction::Redactor,
        transcript::Purpose,
    },
    oauth::token::ClientAuthentication,
    render::{drawings::http_message, text::line::Tone},
    text::{catalog::Messages, template::filled},
    ui::{
        model::Model,
        view::{
            body::Body,
            screens::{
                Columns, Page, configure,
                form_row::{self, Row, Value},
            },
        },
    },
};

/// Makes the page.
pub fn page(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let words = &messages.screens().exchange;
    if model.exchange_form.is_empty() && model.flow.transcript.last_exchange(Purpose::Token).is_none() {
        let mut main = Body::default();
        let text = if model.replay {
            &words.none
        } else {
            &words.none_yet
        };
        main.text(text, Tone::Dim, columns.main);
        return Page {
            main,
            ..Page::default()
        };
    }
    if model.editing_exchange && !model.exchange_form.is_empty() {
        form(model, messages, columns)
    } else {
        sent(model, messages, columns)
    }
}

fn form(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let words = &messages.screens().exchange;
    let form = &model.exchange_form;
    let mut main = Body::default();
    main.text(&words.title, Tone::Plain, columns.main);
    main.gap();
    let mut fields: Vec<Field> = form.parameters.iter().map(|parameter| parameter.field).collect();
    fields.push(Field::ClientAuthentication);
    let labels = form_row::label_width(messages, &fields);
    let profile = model.form.profile();
    let sent = |field| {
        let parameter = form.parameters.iter().find(|parameter| parameter.field == field);
        parameter.map_or_else(String::new, |parameter| parameter.text.text().to_owned())
    };
    for (place, parameter) in form.parameters.iter().enumerate() {
        let value = if parameter.sent {
            Value::Text(&parameter.text, form_row::look(parameter.field, model.reveal))
        } else if parameter.field == Field::Accept {
            Value::Choice(words.accept_default.clone())
        } else {
            Value::Choice(words.left_out.clone())
        };
        let mut notes = form.notes(parameter.field, profile);
        if parameter.sent {
            model.sitting.hold_against(&mut notes, parameter.field, sent);
        }
        let row = Row {
            field: parameter.field,
            value,
            notes,
            origin: parameter.origin.clone(),
            focused: place == form.focus,
            place,
        };
        form_row::draw(&mut main, &row, messages, labels, columns.main);
    }
    let authentication = match form.authentication {
        ClientAuthentication::ClientSecretPost => &words.auth_post,
        ClientAuthentication::ClientSecretBasic => &words.auth_basic,
    };
    let row = Row {
        field: Field::ClientAuthentication,
        value: Value::Choice(authentication.clone()),
        notes: Vec::new(),
        origin: Origin::Default,
        focused: form.focus == form.parameters.len(),
        place: form.parameters.len(),
    };
    form_row::draw(&mut main, &row, messages, labels, columns.main);
    let request = form.request();
    let http = request.to_http();
    let redactor = redactor(model);
    let preview = |width| http_message::request(&http, &redactor, messages, width, model.reveal);
    let side = if let Some(width) = columns.side {
        let mut side = configure::about(form.focused(), messages, &mut main, columns).unwrap_or_default();
        side.heading(&words.preview);
        side.extend(preview(width));
        Some(side)
    } else {
        configure::about(form.focused(), messages, &mut main, columns);
        main.heading(&words.preview);
        main.extend(preview(columns.main));
        None
    };
    Page {
        main,
        side,
        ..Page::default()
    }
}

/// Knows the secrets that this screen can show: those of the form, the configuration and the attempt.
fn redactor(model: &Model) -> Redactor {
    let mut redactor = Redactor::default();
    redactor.learn_configuration(&model.form.configuration());
    let request = model.exchange_form.request();
    for secret in [&request.client_secret, &request.grant.code_verifier]
        .into_iter()
        .flatten()
    {
        redactor.learn(secret.reveal());
    }
    if let Some(verifier) = model.flow.attempt().and_then(|attempt| attempt.verifier.as_ref()) {
        redactor.learn(verifier.reveal());
    }
    redactor
}

fn sent(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let words = &messages.screens().exchange;
    let transcript = &model.flow.transcript;
    let mut main = Body::default();
    main.text(&words.title_sent, Tone::Plain, columns.main);
    main.text(&words.edit_again, Tone::Dim, columns.main);
    let mut redactor = redactor(model);
    // Exchanges are found from the end, so that a long history costs nothing here.
    let count = transcript.last_number();
    let wanted = count
        .saturating_sub(u32::try_from(model.exchange_back).unwrap_or(u32::MAX))
        .max(1);
    let Some(exchange) = transcript.exchange(wanted) else {
        main.text(&words.none_yet, Tone::Dim, columns.main);
        return Page {
            main,
            ..Page::default()
        };
    };
    if count > 1 {
        let (number, count) = (wanted.to_string(), count.to_string());
        let what = match exchange.purpose {
            Purpose::Token => words.for_token.as_str(),
            Purpose::DeviceAuthorization => &words.for_device,
            Purpose::ProbeCredentials | Purpose::ProbeAuthorization => &words.for_probe,
            Purpose::User => &words.for_user,
            purpose => crate::render::drawings::sequence::request_words(purpose, messages).as_str(),
        };
        main.text(
            &filled(
                &words.earlier,
                &[("number", &number), ("count", &count), ("what", what)],
            ),
            Tone::Dim,
            columns.main,
        );
    }
    for entry in transcript.entries_of(wanted) {
        redactor.learn_from(&entry.observation);
    }
    main.gap();
    if let Some(request) = exchange.request {
        main.extend(http_message::request(
            request,
            &redactor,
            messages,
            columns.main,
            model.reveal,
        ));
    }
    let answer = |width: usize| {
        let mut body = Body::default();
        match (exchange.response, exchange.failure) {
            (Some(response), _) => {
                body.extend(http_message::response(
                    response,
                    exchange.millis,
                    &redactor,
                    messages,
                    width,
                    model.reveal,
                ));
            }
            (None, Some(failure)) => body.item("✗", Tone::Bad, &failure.detail, width),
            (None, None) if model.flow.status().is_waiting_for_server() => {
                body.text(&words.under_way, Tone::Accent, width);
            }
            (None, None) => {}
        }
        body
    };
    let side = columns.side.map(answer);
    if side.is_none() {
        main.gap();
        main.extend(answer(columns.main).lines);
    }
    Page {
        main,
        side,
        ..Page::default()
    }
}
