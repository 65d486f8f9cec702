//! What else is worth saying about an answer, beside what it means.

use crate::{
    diagnosis::{
        Verdict,
        context::Facts,
        finding::{Certainty, Finding},
        rule::{Code, RemedyCode},
        rules::{
            code_use::{asked_for, name},
            response::names,
        },
    },
    flow::{configuration::Field, transcript::Observation},
    oauth::token::{BodyEncoding, TokenAnswer},
    providers::error_table::status_text,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The name of a setting is nearly another one, so that a program may not find it.
        SettingNameOff = "setting_name_off": Answer, Remark, name_off;

        /// The token request was sent with another method than POST (§3).
        TokenRequestNotPost = "token_request_not_post": Answer, Remark, not_post;

        /// The answer came in another encoding than was asked for, or than its header says (§3).
        AnswerInOtherEncoding = "answer_in_other_encoding": Answer, Remark, other_encoding;

        /// The answer is whole, and the connection ended before the length that was announced.
        AnswerLengthWrong = "answer_length_wrong": Answer, Remark, length_wrong;

        /// The answer holds an error and an access token.
        TokenBesideError = "token_beside_error": Answer, Remark, token_beside_error;

        /// The refusal came with status 200 (§3).
        ErrorWithStatus200 = "error_with_status_200": Answer, Remark, error_with_200;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// A setting whose name is nearly another.
fn name_off(facts: &Facts<'_>) -> Verdict {
    let entries = facts.transcript.entries.iter();
    let near = entries.into_iter().find_map(|entry| match &entry.observation {
        Observation::SettingsRead { near_misses, .. } => near_misses.first(),
        _ => None,
    });
    near.map_or(Verdict::NotEnough, |near| {
        Verdict::Found(
            Finding::new(Code::SettingNameOff, Certainty::Likely)
                .show("name_written", &near.written)
                .show("name_meant", &near.meant)
                .advise(RemedyCode::RenameSetting),
        )
    })
}

/// A server that judges the grant has read the parameters, whatever the method.
const READ: [Code; 5] = [
    Code::TokenObtained,
    Code::RedirectUriRefused,
    Code::CodeRefused,
    Code::GrantRefused,
    Code::PkceRefused,
];

fn not_post(facts: &Facts<'_>) -> Verdict {
    let Some(request) = facts.current().and_then(|current| current.exchange.request) else {
        return Verdict::NotEnough;
    };
    let refused = facts.meaning.is_some_and(|meaning| !READ.contains(&meaning));
    if request.method == "POST" || !refused || facts.is_after_token() {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::observed(Code::TokenRequestNotPost)
            .show("method", &request.method)
            .advise(RemedyCode::SendByPost),
    )
}

fn error_with_200(facts: &Facts<'_>) -> Verdict {
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let (Some(response), Some(error)) = (current.exchange.response, current.error()) else {
        return Verdict::NotEnough;
    };
    if response.status != 200 {
        return Verdict::Fine(None);
    }
    Verdict::Noted(
        Finding::observed(Code::ErrorWithStatus200)
            .show("status", status_text(response.status).unwrap_or_default())
            .show("error", &error.error)
            .advise(RemedyCode::ReadErrorFirst),
    )
}

fn token_beside_error(facts: &Facts<'_>) -> Verdict {
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let (Some(reading), Some(error)) = (&*current.reading, current.error()) else {
        return Verdict::NotEnough;
    };
    if reading.value("access_token").is_none_or(str::is_empty) {
        return Verdict::Fine(None);
    }
    Verdict::Noted(
        Finding::observed(Code::TokenBesideError)
            .show("error", &error.error)
            .show("members", names(&reading.members))
            .advise(RemedyCode::ReadErrorFirst),
    )
}

fn length_wrong(facts: &Facts<'_>) -> Verdict {
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let (Some(reading), Some(response)) = (&*current.reading, current.exchange.response) else {
        return Verdict::NotEnough;
    };
    if response.body_end.is_complete() || matches!(reading.answer, TokenAnswer::NotATokenResponse) {
        return Verdict::Fine(None);
    }
    let mut finding = Finding::observed(Code::AnswerLengthWrong);
    if let Some(announced) = response.header("content-length") {
        finding = finding.show("content_length", announced);
    }
    Verdict::Noted(
        finding
            .show("body_length", response.body.len().to_string())
            .advise(RemedyCode::CheckNetwork),
    )
}

fn other_encoding(facts: &Facts<'_>) -> Verdict {
    let Some(current) = facts.current() else {
        return Verdict::NotEnough;
    };
    let (Some(reading), Some(response)) = (&*current.reading, current.exchange.response) else {
        return Verdict::NotEnough;
    };
    if matches!(reading.answer, TokenAnswer::NotATokenResponse) {
        return Verdict::NotEnough;
    }
    let said = response.media_type().and_then(|media| asked_for(Some(&media)));
    let asked = current
        .exchange
        .request
        .map(|request| asked_for(request.header("accept")));
    let unasked = match asked {
        Some(Some(asked)) => asked != reading.encoding,
        Some(None) => reading.encoding == BodyEncoding::Form,
        None => false,
    };
    let mislabelled = said.is_some_and(|said| said != reading.encoding);
    if !unasked && !mislabelled {
        return Verdict::Fine(None);
    }
    let accept = current
        .exchange
        .request
        .and_then(|request| request.header("accept"))
        .unwrap_or("-");
    Verdict::Noted(
        Finding::observed(Code::AnswerInOtherEncoding)
            .show("accept_sent", accept)
            .show("content_type", response.header("content-type").unwrap_or("-"))
            .show("encoding", name(reading.encoding))
            .put(RemedyCode::AskForJson, Field::Accept, "application/json"),
    )
}
