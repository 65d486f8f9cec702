//! Bodies of token responses: bytes as they come, and one description written in each encoding and read back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oauthlens::oauth::{http::HttpResponse, params::Params, token::{read_answer, read_body, BodyEncoding, TokenAnswer}};

fuzz_target!(|bytes: &[u8]| {
    let reading = read_answer(&HttpResponse {
        status: 200,
        body: bytes.to_vec(),
        ..HttpResponse::default()
    });
    match &reading.answer {
        TokenAnswer::Error(error) => assert!(!error.error.is_empty()),
        TokenAnswer::Token(token) => assert!(!token.access_token.is_empty()),
        TokenAnswer::NotATokenResponse => {}
    }
    if matches!(
        reading.encoding,
        BodyEncoding::Empty | BodyEncoding::Html | BodyEncoding::Unknown
    ) {
        assert!(reading.members.is_empty() && reading.answer == TokenAnswer::NotATokenResponse);
    }

    let text = String::from_utf8_lossy(bytes);
    let mut form = Params::default();
    form.push("error", "e");
    form.push("error_description", text.as_ref());
    let json = serde_json::json!({ "error": "e", "error_description": text.as_ref() }).to_string();
    assert_eq!(described(&form.encode(), BodyEncoding::Form), text);
    assert_eq!(described(&json, BodyEncoding::Json), text);
    // XML 1.0 has no way to write most control characters, and reads a carriage return as a newline.
    if !text.contains(|c: char| c.is_control()) {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let xml =
            format!("<OAuth><error>e</error><error_description>{escaped}</error_description></OAuth>");
        assert_eq!(described(&xml, BodyEncoding::Xml), text);
    }
});

fn described(body: &str, encoding: BodyEncoding) -> String {
    let reading = read_body(body);
    assert_eq!(reading.encoding, encoding, "{body:?}");
    match reading.answer {
        TokenAnswer::Error(error) => error.error_description.unwrap_or_default(),
        other => panic!("{other:?}: {body:?}"),
    }
}
