use crate::flow::redaction::*;
use crate::flow::{
    configuration::Origins,
    transcript::{Purpose, Source},
};
use crate::oauth::{
    http::HttpResponse,
    params::encode_value,
    secret::Secret,
    time::Moment,
    token::{ClientAuthentication, TokenRequest},
};

const SECRET: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";

fn transcript(secret: &str, authentication: ClientAuthentication) -> Transcript {
    let request = TokenRequest {
        client_id: "Ov23liAAAAAAAAAAAAAA".into(),
        client_secret: Some(Secret::new(secret)),
        authentication,
        ..TokenRequest::default()
    };
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
    let body = br#"{"access_token":"gho_16C7e42F292c6912E7710c838347Ae178B4a","scope":"repo"}"#.to_vec();
    let response = HttpResponse {
        status: 200,
        body,
        ..HttpResponse::default()
    };
    transcript.record(
        Moment(2),
        Observation::ResponseReceived {
            exchange: 1,
            response,
            millis: 1,
        },
    );
    transcript
}

#[test]
fn no_form_of_a_secret_remains() {
    for authentication in [
        ClientAuthentication::ClientSecretPost,
        ClientAuthentication::ClientSecretBasic,
    ] {
        for secret in [SECRET.to_owned(), format!("{SECRET}\n"), "short".to_owned()] {
            let transcript = transcript(&secret, authentication);
            let redactor = Redactor::of(&transcript);
            let shown = serde_json::to_string(&redactor.transcript(&transcript)).unwrap();
            assert!(!shown.contains(secret.trim()), "{shown}");
            assert!(!shown.contains("16C7e42F292c6912E7710c838347Ae"), "{shown}");
            let pair = STANDARD.encode(format!("Ov23liAAAAAAAAAAAAAA:{}", encode_value(&secret)));
            assert!(!shown.contains(&pair), "{shown}");
        }
    }
}

#[test]
fn a_saved_basic_header_is_a_pair_whose_secret_is_hidden() {
    let secret = "GOCSPX-made-up-for-this-test";
    let request = TokenRequest {
        client_id: secret.into(),
        client_secret: Some(Secret::new(secret)),
        authentication: ClientAuthentication::ClientSecretBasic,
        ..TokenRequest::default()
    };
    let mut transcript = Transcript::new(Source::Live, Moment(0));
    let observation = Observation::RequestSent {
        exchange: 1,
        purpose: Purpose::Token,
        request: request.to_http(),
        origins: Origins::default(),
    };
    transcript.record(Moment(1), observation);
    let saved = Redactor::of(&transcript).transcript(&transcript);
    let Observation::RequestSent { request, .. } = &saved.entries[0].observation else {
        panic!("another observation");
    };
    let (id, read) = basic_credentials(request.header("authorization").unwrap()).unwrap();
    assert_eq!((id, read), (mask(secret), mask(secret)));
}

#[test]
fn what_is_no_secret_stays_byte_for_byte() {
    let text = "grant_type=authorization_code&client_id=Ov23liAAAAAAAAAAAAAA&my_password=x&code=35e0ea2e9115f650b742";
    assert_eq!(mask_named(text), text);
}
