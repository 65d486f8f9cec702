//! Step 1: the values.

use crate::{
    flow::{configuration::Field, grants::GrantKind},
    oauth::{params::encode_value, secret::mask},
    providers::{DEFAULT, github::formats::may_be_secret},
    render::text::{
        layout,
        line::{Line, Tone, clean},
    },
    text::{catalog::Messages, template::filled},
    ui::{
        model::{
            Model,
            configure_form::{ProviderChoice, Row},
        },
        view::{
            body::{Body, url_lines},
            screens::{
                Columns, Page, env_file,
                form_row::{self, Value},
            },
        },
    },
};

/// Makes the page.
pub fn page(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let words = &messages.opening().configure;
    let mut main = Body::default();
    let title = if model.is_simulated() {
        &words.title_demo
    } else {
        &words.title
    };
    main.text(title, Tone::Plain, columns.main);
    if model.is_simulated() || model.guided {
        let offer = &messages.opening().configure;
        match model.left_at {
            None | Some(0) => main.item("▸", Tone::Accent, offer.offer, columns.main),
            Some(at) => {
                let step = (at + 1).to_string();
                main.item(
                    "▸",
                    Tone::Accent,
                    &filled(offer.resume, &[("step", &step)]),
                    columns.main,
                );
            }
        }
    }
    env_file(&mut main, model, messages, columns.main);
    main.gap();
    let form = &model.form;
    let fields: Vec<Field> = form.visible().map(|(_, row)| row.field()).collect();
    let labels = form_row::label_width(messages, &fields);
    for (place, row) in form.visible() {
        let field = row.field();
        let value = match row {
            Row::Text(_, text) => Value::Text(text, form_row::look(field, model.reveal)),
            Row::Provider(choice) => Value::Choice(
                match choice {
                    ProviderChoice::Known(profile) if profile.family != DEFAULT.family => profile.name,
                    ProviderChoice::Known(_) => words.choice_github,
                    ProviderChoice::Custom => words.choice_custom,
                    ProviderChoice::Simulator => words.choice_simulator,
                }
                .to_owned(),
            ),
            Row::Switch(_, on) => Value::Choice(if *on {
                format!("[x] {}", words.on)
            } else {
                format!("[ ] {}", words.off)
            }),
        };
        let mut notes = form.notes(field);
        model
            .sitting
            .hold_against(&mut notes, field, |field| form.text(field).to_owned());
        let row = form_row::Row {
            field,
            value,
            notes,
            origin: form.origin(field),
            focused: place == form.focus,
            place,
        };
        form_row::draw(&mut main, &row, messages, labels, columns.main);
    }
    let mut side = about(form.focused().field(), messages, &mut main, columns);
    if let (Some(side), Some(width)) = (&mut side, columns.side) {
        request(side, model, messages, width);
        let mut steps = Body::default();
        plan(&mut steps, messages, width);
        // What the person does now comes before what comes later.
        if side.lines.len() + steps.lines.len() < columns.height {
            side.gap();
            side.extend(steps.lines);
        }
    }
    Page {
        main,
        side,
        ..Page::default()
    }
}

/// The authorization request as far as the form makes it, a parameter a line; that of the focused field is marked. What is
/// made afresh for each request is left open.
fn request(body: &mut Body, model: &Model, messages: &Messages, width: usize) {
    const OPEN: &str = "…";
    let words = &messages.opening().configure;
    let configuration = model.form.configuration();
    let (method, endpoint, params) = if configuration.grant == GrantKind::DeviceCode {
        let asked = configuration.device_authorization_request();
        ("POST", asked.endpoint.clone(), asked.params())
    } else {
        let challenge = configuration.pkce.then_some(OPEN);
        let redirect_uri = configuration.redirect_uri.clone();
        let params = configuration.authorization_params(&redirect_uri, OPEN, challenge);
        (
            "GET",
            configuration.provider.authorization_endpoint.clone(),
            params,
        )
    };
    let focused = match model.form.focused().field() {
        Field::ClientId => "client_id",
        Field::RedirectUri => "redirect_uri",
        Field::Scope => "scope",
        Field::Pkce => "code_challenge",
        _ => "",
    };
    body.heading(words.request);
    let endpoint = clean(&endpoint);
    body.extend(layout::hanging(
        Line::new(method, Tone::Accent),
        &endpoint,
        Tone::Value,
        4,
        width,
    ));
    let first = match method {
        "POST" => " ",
        _ if endpoint.contains('?') => "&",
        _ => "?",
    };
    for (at, (name, value)) in params.iter().enumerate() {
        let sign = if at == 0 { first } else { "&" };
        let mark = if name == focused { "  ▸ " } else { "    " };
        let label = Line::new(mark, Tone::Accent)
            .then(sign, Tone::Dim)
            .then(name, Tone::Label)
            .then("=", Tone::Dim);
        let value = match value {
            OPEN => OPEN.to_owned(),
            value if may_be_secret(value) => clean(&mask(value)),
            value => encode_value(value),
        };
        let indent = label.width();
        let mut label = Some(label);
        for piece in url_lines(&value, width.saturating_sub(indent).max(8)) {
            let start = label.take();
            let start = start.unwrap_or_else(|| Line::new(" ".repeat(indent), Tone::Plain));
            body.push(start.then(piece, Tone::Value));
        }
        body.extend(label);
    }
}

/// What the five steps will do: there is room for it on a wide screen, and a newcomer to read it.
fn plan(body: &mut Body, messages: &Messages, width: usize) {
    let words = messages.opening();
    let (names, plan) = (&words.step, &words.plan);
    body.gap();
    body.push(Line::new(plan.title, Tone::Label));
    for (number, name, what) in [
        (1, names.configure, plan.configure),
        (2, names.authorize, plan.authorize),
        (3, names.callback, plan.callback),
        (4, names.exchange, plan.exchange),
        (5, names.result, plan.result),
    ] {
        body.push(Line::new(format!("{number} "), Tone::Accent).then(name, Tone::Accent));
        body.extend(layout::hanging(
            Line::new(" ", Tone::Plain),
            what,
            Tone::Plain,
            2,
            width,
        ));
    }
}

/// What a person should know of the focused field: beside the form where there is room, else below it.
pub(crate) fn about(field: Field, messages: &Messages, main: &mut Body, columns: Columns) -> Option<Body> {
    let words = messages.opening();
    let field = &words.field[&field];
    let heading = Line::new(words.configure.about, Tone::Dim)
        .then("  ", Tone::Plain)
        .then(field.label, Tone::Accent);
    if let Some(width) = columns.side {
        let mut side = Body::default();
        side.push(heading);
        side.gap();
        side.text(field.about, Tone::Plain, width);
        Some(side)
    } else {
        main.gap();
        main.push(heading);
        main.text(field.about, Tone::Plain, columns.main);
        None
    }
}
