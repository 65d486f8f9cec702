//! The user code, where it is typed, and the polling.

use crate::{
    diagnosis::context::Facts,
    flow::grants::device::Stage,
    render::{self, text::line::Tone},
    text::{catalog::Messages, template::filled},
    ui::{
        model::Model,
        view::{
            body::Body,
            screens::{Columns, Page},
        },
    },
};

/// Lines that the code, the address and the time line need; a QR code has what is left.
const BESIDE_THE_QR_CODE: usize = 18;

/// Makes the page.
pub fn page(model: &Model, messages: &Messages, columns: Columns) -> Page {
    let prose = &messages.pictures().device;
    let mut main = Body::default();
    let Some(grant) = model.flow.device() else {
        return Page::default();
    };
    let width = columns.main;
    let mut side = columns.side.map(|_| Body::default());
    match grant.stage {
        Stage::Configuring | Stage::Prepared => {
            let provider = grant
                .attempt
                .as_ref()
                .map(|attempt| &attempt.configuration.provider);
            let endpoint = provider.map_or("", |provider| provider.device_authorization_endpoint.as_str());
            if endpoint.is_empty() {
                main.text(&prose.no_endpoint, Tone::Bad, width);
            } else {
                let text = filled(&prose.ready, &[("endpoint", endpoint)]);
                main.text(&text, Tone::Plain, width);
            }
        }
        Stage::Requesting(_) => main.text(&prose.requesting, Tone::Accent, width),
        Stage::ReadingUser(_) => main.text(&prose.trying, Tone::Accent, width),
        Stage::Polling(_) => {}
        Stage::Finished | Stage::Stopped => main.text(&prose.over, Tone::Plain, width),
    }
    let Some(polling) = grant.polling() else {
        return Page {
            main,
            ..Page::default()
        };
    };
    let codes = &polling.codes;
    main.heading(&prose.type_this);
    main.extend(render::drawings::device::user_code(&codes.user_code, width));
    main.heading(&prose.at_page);
    if codes.verification_uri.is_empty() {
        main.text(&prose.no_page, Tone::Bad, width);
    } else {
        main.link(&codes.verification_uri, 2, width);
    }
    if let Stage::Polling(_) = grant.stage
        && model.qr_code
        && let Some(address) = codes.page()
    {
        // Beside the code where there is room for a second column, below it where the screen is high; else not at all.
        let (room, height) = match columns.side {
            Some(width) => (width, columns.height),
            None => (width, columns.height.saturating_sub(BESIDE_THE_QR_CODE)),
        };
        if let Some(drawn) = render::drawings::device::qr_code(address, room, height) {
            let target = side.as_mut().unwrap_or(&mut main);
            target.gap();
            target.extend(drawn);
            let said = if codes.verification_uri_complete.as_deref() == Some(address) {
                &prose.qr_complete
            } else {
                &prose.qr_page
            };
            target.text(said, Tone::Dim, room);
        }
    }
    main.heading(&prose.polling);
    main.extend(render::drawings::device::time_line(
        &model.flow.transcript,
        polling,
        model.now,
        messages,
        width,
    ));
    if let (Some(side), Some(width)) = (&mut side, columns.side) {
        side.gap();
        let facts = Facts::of(model.shown());
        side.extend(render::drawings::sequence::draw(&facts, messages, width));
    }
    Page {
        main,
        side,
        ..Page::default()
    }
}
