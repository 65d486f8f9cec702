//! A client secret that was sent never remains in what is saved or shown, in whichever form a body carries it.

#![no_main]

use arbitrary::Arbitrary;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use oauthlens::{flow::{configuration::Origins, redaction::{FORMS, Redactor}, transcript::{Observation, Purpose, Source, Transcript}}, oauth::{http::HttpResponse, params::encode_value, secret::{mask, MASK, Secret}, time::Moment, token::{ClientAuthentication, TokenRequest}}, providers::github::formats::{self, ClientSecretShape}, text::defects::is_placeholder};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    secret: &'a str,
    before: &'a str,
    behind: &'a str,
    basic: bool,
    form: u8,
}

const CLIENT_ID: &str = "Ov23liAAAAAAAAAAAAAA";

fuzz_target!(|input: Input<'_>| {
    let secret = input.secret;
    if secret.chars().count() < 8 || secret.contains(MASK) {
        return;
    }
    // White space and other damage is shown; placeholders and ids are no secrets.
    if mask(secret) == secret
        || is_placeholder(secret)
        || formats::client_secret_shape(secret) == ClientSecretShape::ClientId
    {
        return;
    }
    // A real one has letters or digits, and only those make an unusual encoding of it stand out.
    if !secret.contains(|c: char| c.is_ascii_alphanumeric()) {
        return;
    }
    let mut forms: Vec<String> = FORMS.iter().map(|form| (form.write)(secret)).collect();
    forms.push(STANDARD.encode(format!("{CLIENT_ID}:{}", encode_value(secret))));
    if forms.iter().any(|form| has_a_border(form)) {
        return;
    }
    let nth = usize::from(input.form) % forms.len();
    let planted = &forms[nth];
    let request = TokenRequest {
        endpoint: "https://github.com/login/oauth/access_token".into(),
        client_id: CLIENT_ID.into(),
        client_secret: Some(Secret::new(secret)),
        authentication: if input.basic {
            ClientAuthentication::ClientSecretBasic
        } else {
            ClientAuthentication::ClientSecretPost
        },
        ..TokenRequest::default()
    };
    // Only a request that used Basic makes the pair known.
    if nth == FORMS.len() && !input.basic {
        return;
    }
    let mut transcript = Transcript::new(Source::Live, Moment(0));
    transcript.record(
        Moment(1),
        Observation::RequestSent {
            exchange: 1,
            purpose: Purpose::Token,
            request: request.to_http(),
            origins: Origins::default(),
        },
    );
    transcript.record(
        Moment(2),
        Observation::ResponseReceived {
            exchange: 1,
            response: HttpResponse {
                status: 200,
                headers: vec![("X-Echo".into(), planted.clone())],
                body: format!("{}{planted}{}", input.before, input.behind).into_bytes(),
                ..HttpResponse::default()
            },
            millis: 1,
        },
    );
    let shown = Redactor::of(&transcript).transcript(&transcript);
    for entry in &shown.entries {
        let (url, headers, body) = match &entry.observation {
            Observation::RequestSent { request, .. } => (request.url.as_str(), &request.headers, &request.body),
            Observation::ResponseReceived { response, .. } => ("", &response.headers, &response.body),
            _ => continue,
        };
        let body = String::from_utf8_lossy(body);
        let values = headers.iter().map(|(_, value)| value.as_str());
        for text in values.chain([url, &body]) {
            assert!(!text.contains(planted.as_str()), "{planted:?} remains in {text:?}");
            assert!(!text.contains(secret), "{secret:?} remains in {text:?}");
        }
    }
});

/// True where a text ends as it begins. Such a one can overlap itself, so that what is left around a masked occurrence
/// may spell it again; no real secret does.
fn has_a_border(text: &str) -> bool {
    (1..text.len()).any(|length| {
        text.get(..length)
            .is_some_and(|start| text.ends_with(start))
    })
}
