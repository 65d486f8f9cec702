//! No secret leaves the program unmasked, wherever it stands: in its own place, in another's, in an answer, in a fragment.

#[path = "secrets/log.rs"]
mod log;
mod support;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use oauthlens::{
    diagnosis::Diagnosis,
    flow::{
        configuration::{Field, Origin, Origins},
        event::Command,
        redaction::{FORMS, Redactor},
        transcript::{Failure, FailureKind, Observation, Transcript},
    },
    lab::faults::Fault,
    oauth::{
        http::HttpResponse,
        params::encode_value,
        secret::Secret,
        time::Moment,
        token::{ClientAuthentication, TokenRequest},
    },
    render::reports::{Options, REPORTS, Report, TEXT},
    text::catalog::{Language, Messages},
};
use support::{World, person::Person};

const SECRET: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012349f0e";
const TOKEN: &str = "gho_16C7e42F292c6912E7710c838347Ae178B4a";

/// No stretch of ten characters of the hidden part stands in the text.
#[track_caller]
fn hides(text: &str, secret: &str, place: &str) {
    let flat: String = text.split_whitespace().collect();
    let hidden = &secret.as_bytes()[4..secret.len() - 4];
    for window in hidden.windows(10) {
        let window = std::str::from_utf8(window).unwrap();
        assert!(!flat.contains(window), "{place}: {window} in\n{text}");
    }
}

/// Everything that can leave the program, made from a transcript.
fn forms(transcript: &Transcript) -> Vec<(&'static str, String)> {
    let messages = Messages::new(Language::English);
    let diagnosis = Diagnosis::of(transcript);
    let written = |report: &Report, width, plain| {
        let options = Options {
            width,
            color: false,
            plain,
        };
        (report.write)(&diagnosis, &messages, options)
    };
    let saved = Redactor::of(transcript).transcript(transcript);
    let mut forms: Vec<(&'static str, String)> = REPORTS
        .iter()
        .map(|report| (report.name, written(report, 100, false)))
        .collect();
    forms.extend([
        ("narrow text", written(&TEXT, 60, false)),
        ("plain", written(&TEXT, 80, true)),
        ("saved", serde_json::to_string(&saved).unwrap()),
        ("log", log::of(transcript)),
        ("debug", format!("{transcript:?} {:?}", diagnosis.findings)),
    ]);
    forms
}

/// A flow with this configuration, and its exchange with this authentication.
fn flow(change: impl Fn(&mut World), authentication: ClientAuthentication) -> World {
    let mut world = World::new(3);
    change(&mut world);
    world.command(Command::Authorize(Box::new(world.configuration.clone())));
    world.decide(oauthlens::simulator::Decision::Approve, None);
    if let Some(request) = world.flow.token_request() {
        let request = TokenRequest {
            authentication,
            ..request
        };
        world.command(Command::Exchange(Box::new(request), Origins::default()));
    }
    world
}

#[test]
fn a_secret_is_hidden_in_whatever_place_it_was_put() {
    for authentication in [
        ClientAuthentication::ClientSecretPost,
        ClientAuthentication::ClientSecretBasic,
    ] {
        for damage in ["", "\n", " ", "\"", "\u{200b}", "%0A"] {
            let damaged = format!("{SECRET}{damage}");
            let in_its_place = flow(
                |world| world.configuration.client_secret = Some(Secret::new(damaged.clone())),
                authentication,
            );
            let in_the_ids_place = flow(
                |world| {
                    world.configuration.client_id.clone_from(&damaged);
                    world.configuration.client_secret = Some(Secret::new("Ov23liAAAAAAAAAAAAAA"));
                },
                authentication,
            );
            let in_both = flow(
                |world| {
                    world.configuration.client_id.clone_from(&damaged);
                    world.configuration.client_secret = Some(Secret::new(damaged.clone()));
                },
                authentication,
            );
            for (place, world) in [
                ("client_secret", in_its_place),
                ("client_id", in_the_ids_place),
                ("both", in_both),
            ] {
                // An id is no secret by its type, so `Debug` prints what stands in its place.
                let debugged = place == "client_secret";
                for (form, text) in forms(&world.flow.transcript) {
                    if form != "debug" || debugged {
                        hides(&text, SECRET, &format!("{place} {damage:?} as {form}"));
                    }
                }
            }
        }
    }
}

#[test]
fn a_token_is_hidden_in_whatever_answer_it_came() {
    let answers: [&[u8]; 8] = [
        format!(r#"{{"access_token":"{TOKEN}","token_type":"bearer"}}"#)
            .leak()
            .as_bytes(),
        format!("{{\"access_token\" :\t\"{TOKEN}\"").leak().as_bytes(),
        format!("access_token={TOKEN}&scope=repo").leak().as_bytes(),
        format!("<OAuth><access_token>{TOKEN}</access_token></OAuth>")
            .leak()
            .as_bytes(),
        format!(r#"{{"error":"odd","error_description":"the token {TOKEN} was {SECRET}"}}"#)
            .leak()
            .as_bytes(),
        format!(r#"{{"access_token":"{TOKEN}","error":"odd"}}"#)
            .leak()
            .as_bytes(),
        // Cut in the middle of a character: neither JSON nor UTF-8 any more.
        &[
            format!(r#"{{"access_token":"{TOKEN}","note":""#).as_bytes(),
            b"\xe5\x9b",
        ]
        .concat()
        .leak()[..],
        format!("<html>{TOKEN} {SECRET}</html>").leak().as_bytes(),
    ];
    for body in answers {
        let mut world = flow(
            |world| world.configuration.client_secret = Some(Secret::new(SECRET)),
            ClientAuthentication::ClientSecretPost,
        );
        for entry in &mut world.flow.transcript.entries {
            if let Observation::ResponseReceived { response, .. } = &mut entry.observation {
                *response = HttpResponse {
                    status: 200,
                    headers: vec![("X-Echo".into(), SECRET.into())],
                    body: body.to_vec(),
                    ..HttpResponse::default()
                };
            }
        }
        let named = String::from_utf8_lossy(body).contains("access_token");
        for (form, text) in forms(&world.flow.transcript) {
            let place = format!("{} as {form}", String::from_utf8_lossy(body));
            hides(&text, SECRET, &place);
            if named {
                hides(&text, TOKEN, &place);
            }
        }
    }
}

/// An answer of the token endpoint in a flow whose secret is [`SECRET`], in all forms in which it can leave.
fn answered(headers: &[(&str, &str)], body: &[u8]) -> Vec<(&'static str, String)> {
    let mut world = flow(
        |world| world.configuration.client_secret = Some(Secret::new(SECRET)),
        ClientAuthentication::ClientSecretBasic,
    );
    for entry in &mut world.flow.transcript.entries {
        if let Observation::ResponseReceived { response, .. } = &mut entry.observation {
            *response = HttpResponse {
                status: 200,
                headers: headers
                    .iter()
                    .map(|(name, value)| ((*name).into(), (*value).into()))
                    .collect(),
                body: body.to_vec(),
                ..HttpResponse::default()
            };
        }
    }
    forms(&world.flow.transcript)
}

#[test]
fn an_echo_in_another_dress_is_hidden() {
    for (nth, dress) in FORMS.iter().enumerate() {
        let echo = (dress.write)(SECRET);
        // The four characters at either end stay, in whichever form.
        let middle = (dress.write)(&SECRET[4..SECRET.len() - 4]);
        let hidden = if echo.contains(&middle) { &middle } else { &echo };
        let json = serde_json::json!({ "note": &echo, "error": "odd", "error_description": format!("got {echo} from you") });
        let body = match nth % 3 {
            0 => format!("<html>{echo}</html>"),
            1 => format!("error=odd&note={echo}"),
            _ => json.to_string(),
        };
        let location = format!("/?e={echo}");
        for (form, text) in answered(&[("X-Echo", &echo), ("Location", &location)], body.as_bytes()) {
            let flat: String = text.split_whitespace().collect();
            // Longer than what two neighbours take in the longest form.
            let window = if hidden.len() > 64 { 20 } else { 10 };
            let out = hidden
                .as_bytes()
                .windows(window)
                .map(|part| std::str::from_utf8(part).unwrap());
            let out: Vec<&str> = out.filter(|part| flat.contains(part)).collect();
            assert!(
                out.is_empty(),
                "{} in {body} as {form}: {out:?} in\n{text}",
                dress.name
            );
        }
    }
    // The pair of HTTP Basic, decoded and encoded.
    let pair = format!("Ov23liAAAAAAAAAAAAAA:{SECRET}");
    for body in [pair.clone(), STANDARD.encode(&pair)] {
        for (form, text) in answered(&[], body.as_bytes()) {
            hides(&text, SECRET, form);
            if body != pair {
                hides(&text, &body[30..], form);
            }
        }
    }
}

#[test]
fn a_secret_is_known_by_its_name_however_it_is_written() {
    // Too short to be searched for: only the name tells.
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLWEtdG9rZW4";
    let bodies = [
        r#"{"accessToken":"#.to_owned() + "\"q7Zk2Lm9\"}",
        r#"{"clientSecret" : "q7Zk2Lm9", "x":1}"#.into(),
        r#"{"token":"q7Zk2Lm9"}"#.into(),
        r#"{"Access_Token":["q7Zk2Lm9","q7Zk2Lm9"]}"#.into(),
        r#"{"secret":{"value":"q7Zk2Lm9"}}"#.into(),
        r#"{"data":{"api_key":"q7Zk2Lm9"}}"#.into(),
        r#"{"log":"{\"client_secret\":\"q7Zk2Lm9\"}"}"#.into(),
        "<OAuth><access_token><![CDATA[q7Zk2Lm9]]></access_token></OAuth>".into(),
        "<x:Token type=\"a\">q7Zk2Lm9</x:Token>".into(),
        "client_assertion=q7Zk2Lm9&error=odd".into(),
        "CLIENT_SECRET=q7Zk2Lm9".into(),
        "client%5Fsecret=q7Zk2Lm9".into(),
        "client_secret+=q7Zk2Lm9".into(),
        "a=1&client_secret =q7Zk2Lm9".into(),
        "see https://user:q7Zk2Lm9@id.example/".into(),
        "client_secret = 'q7Zk2Lm9'".into(),
        "<x client_secret=\"q7Zk2Lm9\"/>".into(),
        r#"{"secrets":[{"client_secret":"q7Zk2Lm9"}],"x":"y"}"#.into(),
        "<script>const body = {client_secret: 'q7Zk2Lm9'};</script>".into(),
        "{'client_secret': 'q7Zk2Lm9'}".into(),
    ];
    for body in &bodies {
        for (form, text) in answered(
            &[("X-Api-Key", "q7Zk2Lm9"), ("Proxy-Authorization", "q7Zk2Lm9")],
            body.as_bytes(),
        ) {
            assert!(!text.contains("q7Zk2Lm9"), "{body} as {form}: {text}");
        }
    }
    for body in [
        format!("see {jwt} there"),
        format!(r#"{{"error":"odd","ticket":"{}"}}"#, "9xKq3Lm8Zt2Vb7Nw4Rd6"),
    ] {
        for (form, text) in answered(&[], body.as_bytes()) {
            hides(&text, jwt, form);
            assert!(!text.contains("9xKq3Lm8Zt2Vb7Nw4Rd6"), "{form}: {text}");
        }
    }
}

#[test]
fn a_number_under_the_name_of_a_secret_is_hidden_and_stays_a_number() {
    for (name, number) in [
        ("client_secret", "7391845"),
        ("access_token", "-73918.45e7"),
        ("token", "7391"),
    ] {
        let body = format!(r#"{{"error":"odd","{name}" : {number},"x":1}}"#);
        for (form, text) in answered(&[], body.as_bytes()) {
            assert!(!text.contains("7391"), "{name} as {form}: {text}");
        }
        let saved = Redactor::default().named(&body);
        assert!(
            serde_json::from_str::<serde_json::Value>(&saved).is_ok(),
            "{saved}"
        );
    }
    // So short a number hides nothing, and it explains the answer.
    let body = r#"{"access_token":0,"expires_in":28800}"#;
    assert_eq!(Redactor::default().named(body), body);
}

#[test]
fn what_is_unknown_in_unknown_json_is_hidden_unless_people_read_it() {
    for secret in [
        "qZkLmXwRtVbNcHdJfGsP",
        "9xKq3Lm8Zt2Vb7Nw",
        "73918450273645182",
        "q7zk2-lm9xw4-rt8vb",
    ] {
        let body = format!(r#"{{"error":"odd","ticket":"{secret}"}}"#);
        for (form, text) in answered(&[], body.as_bytes()) {
            assert!(!text.contains(secret), "{secret} as {form}: {text}");
        }
    }
    for harmless in [
        "invalid_client_metadata",
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "invalidClientMetadataSupplied",
        "login.microsoftonline.com",
        "application/x-www-form-urlencoded",
        "2026-11-27",
        "a sentence of several words",
        "https://example.com/a/b/c",
    ] {
        let body = format!(r#"{{"error":"odd","reason":"{harmless}"}}"#);
        assert_eq!(Redactor::default().named(&body), body);
    }
}

#[test]
fn a_hostile_answer_cannot_crowd_the_secret_out() {
    let tokens: Vec<String> = (0..500).map(|n| format!("access_token=crowd{n:08}")).collect();
    let body = format!("{}&note={SECRET} crowd00000499", tokens.join("&"));
    for (form, text) in answered(&[], body.as_bytes()) {
        hides(&text, SECRET, form);
        assert!(!text.contains("crowd00000499"), "{form}: {text}");
    }
}

#[test]
fn a_token_in_a_redirect_is_hidden_on_screen_and_in_the_file() {
    for target in [
        format!("http://127.0.0.1:8914/callback#access_token={TOKEN}"),
        format!("http://127.0.0.1:8914/callback?access_token={TOKEN}&state=x"),
    ] {
        let mut person = Person::at_the_demo();
        person
            .types("<enter><enter>p")
            .pastes(&target)
            .types("<enter><alt-3>");
        hides(&person.screen(), TOKEN, "the Callback screen");
        person.types("<ctrl-s>");
        assert!(!person.saved.is_empty(), "it was saved");
        for saved in &person.saved {
            hides(saved, TOKEN, "the file");
        }
    }
}

#[test]
fn a_token_in_prose_is_hidden_before_markdown_escapes_its_prefix() {
    let answer = format!(r#"{{"error":"{TOKEN}","error_description":"the token {TOKEN} is not ours"}}"#);
    let transcript = oauthlens::sources::read(answer.as_bytes(), Moment(0)).unwrap();
    let (_, markdown) = forms(&transcript)
        .into_iter()
        .find(|(form, _)| *form == "markdown")
        .unwrap();
    hides(&markdown, TOKEN, "markdown");
}

#[test]
fn no_fault_brings_a_secret_to_light() {
    for &fault in Fault::ALL {
        let mut world = World::new(9);
        let secret = world.simulator.options().app.client_secret.reveal().to_owned();
        world.walk(Some(fault));
        for (form, text) in forms(&world.flow.transcript) {
            hides(&text, &secret, &format!("{} as {form}", fault.name()));
        }
    }
}

#[test]
fn what_is_no_secret_is_not_hidden() {
    for word in ["undefined", "client_secret"] {
        let world = flow(
            |world| {
                world.configuration.client_secret = Some(Secret::new(word));
                world
                    .configuration
                    .origins
                    .set(Field::ClientSecret, Origin::default());
            },
            ClientAuthentication::ClientSecretPost,
        );
        let id = world.configuration.client_id.clone();
        for (form, text) in forms(&world.flow.transcript) {
            assert!(
                form == "debug" || form == "plain" || text.contains(&id),
                "{form}: {text}"
            );
        }
        let forms = forms(&world.flow.transcript);
        let (_, json) = forms.iter().find(|(form, _)| *form == "json").unwrap();
        assert!(json.contains(word), "{word} is the explanation: {json}");
    }
    let state = SECRET;
    let body = format!(
        "state={state}&code=35e0ea2e9115f650b742&redirect_uri={}",
        encode_value("http://127.0.0.1/")
    );
    let request = oauthlens::oauth::http::HttpRequest {
        body: body.clone().into_bytes(),
        ..Default::default()
    };
    assert_eq!(Redactor::default().request(&request).body, body.into_bytes());
}

#[test]
fn a_cookie_that_a_server_sets_is_hidden() {
    const COOKIE: &str = "k7Qm2Zx9Lw4Rt8Vb1Nc6Hd3Jf5Gs0Py";
    let mut world = flow(|_| {}, ClientAuthentication::ClientSecretPost);
    for entry in &mut world.flow.transcript.entries {
        if let Observation::ResponseReceived { response, .. } = &mut entry.observation {
            for name in ["Set-Cookie", "set-cookie"] {
                let value = format!("user_session={COOKIE}; Path=/; Secure");
                response.headers.push((name.into(), value));
            }
        }
    }
    for (form, text) in forms(&world.flow.transcript) {
        if form != "debug" {
            hides(&text, COOKIE, form);
        }
    }
}

#[test]
fn what_a_pasted_request_carries_beside_its_parameters_is_hidden() {
    const HIDDEN: &str = "k7Qm2Zx9Lw4Rt8Vb1Nc6";
    let nested = r#"{"client_id":"Ov23liAAAAAAAAAAAAAA","code":"c","extra":{"password":"q7Zk2"}}"#;
    for (head, body) in [
        (format!("Cookie: theme=dark; sid={HIDDEN}"), "client_id=i&code=c"),
        (format!("X-Api-Key: {HIDDEN}"), "client_id=i&code=c"),
        (
            format!("Proxy-Authorization: Bearer {HIDDEN}"),
            "client_id=i&code=c",
        ),
        (format!("Authorization: {HIDDEN}"), "client_id=i&code=c"),
        // Too short to be searched for, and in a member of a member.
        ("Content-Type: application/json".to_owned(), nested),
    ] {
        let request =
            format!("POST /login/oauth/access_token HTTP/1.1\nHost: github.com\n{head}\n\n{body}\n");
        let transcript = oauthlens::sources::read(request.as_bytes(), Moment(0)).unwrap();
        for (form, text) in forms(&transcript) {
            let out = text.contains(HIDDEN) || text.contains("q7Zk2");
            assert!(form == "debug" || !out, "{head} as {form}: {text}");
        }
    }
}

/// A failure may quote what could not be sent, such as a header.
#[test]
fn a_secret_in_the_text_of_a_failure_is_hidden() {
    let mut world = flow(
        |world| world.configuration.client_secret = Some(Secret::new(SECRET)),
        ClientAuthentication::ClientSecretPost,
    );
    for entry in &mut world.flow.transcript.entries {
        if let Observation::ResponseReceived { exchange, millis, .. } = &entry.observation {
            entry.observation = Observation::RequestFailed {
                exchange: *exchange,
                failure: Failure::new(FailureKind::Other, format!("bad header value: {SECRET}")),
                millis: *millis,
            };
        }
    }
    let forms = forms(&world.flow.transcript);
    let har = &forms.iter().find(|(form, _)| *form == "har").unwrap().1;
    assert!(har.contains("bad header value: a1b2"), "{har}");
    for (form, text) in &forms {
        if *form != "debug" {
            hides(text, SECRET, form);
        }
    }
}
