//! What requests are called, and what is said of the answers to those about a token that was there before.

use crate::{
    flow::transcript::Purpose,
    oauth::{
        http::HttpResponse,
        token::{Reading, TokenAnswer},
    },
    render::told,
    text::{catalog::Messages, template::filled},
};

/// What is said of the answer to a request about a token, with the words for its status, and whether it is a good one.
pub(super) fn of_a_token(
    status: &str,
    response: &HttpResponse,
    reading: &Reading,
    messages: &Messages,
) -> (String, bool) {
    let prose = &messages.pictures().sequence;
    if let TokenAnswer::Error(error) = &reading.answer {
        let values = [("status", status), ("error", &told(&error.error))];
        return (filled(&prose.error, &values), false);
    }
    let good = (200..300).contains(&response.status) && reading.value("active") != Some("false");
    (filled(&prose.other_answer, &[("status", status)]), good)
}

/// What a request is called.
pub(crate) fn request_words(purpose: Purpose, messages: &Messages) -> &String {
    let prose = &messages.pictures().sequence;
    match purpose {
        Purpose::Token => &prose.token_request,
        Purpose::DeviceAuthorization => &prose.device_request,
        Purpose::Refresh => &prose.refresh_request,
        Purpose::CheckToken => &prose.check_request,
        Purpose::ResetToken => &prose.reset_request,
        Purpose::RevokeToken => &prose.revoke_request,
        Purpose::RevokeGrant => &prose.grant_request,
        Purpose::Introspect => &prose.introspect_request,
        Purpose::User => &prose.user_request,
        Purpose::ProbeCredentials | Purpose::ProbeAuthorization => &prose.probe_request,
    }
}
