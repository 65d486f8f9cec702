//! Why id and secret may be refused though each looks right: the way they were sent, the kind of app, the host, an old value.

use crate::{
    diagnosis::{
        Verdict,
        build::origin,
        context::Facts,
        finding::{Certainty, Finding},
        rule::{Code, RemedyCode},
        rules::{
            client_secret::{defect_code, refused},
            credentials::{credentials_refused, current_request, id_is_known},
        },
    },
    flow::{
        configuration::{Field, Origin},
        transcript::{Exchange, Purpose},
    },
    oauth::{
        endpoint::authority,
        http::HttpResponse,
        token::{ClientAuthentication, Reading, TokenAnswer, read_answer},
    },
    providers::github::formats::ClientIdShape,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The server may want the client authenticated in another way: in the header, or in the body (RFC 6749 §2.3.1, §5.2).
        AuthenticationMethodRefused = "client_authentication_method_refused": Credentials, Cause of [HttpBasic],
            method_refused;

        /// A GitHub App's id used like an OAuth app's: its secret may be the other app's (§8.1).
        AppKindMixedUp = "app_kind_mixed_up": Credentials, Cause of [OtherKindOfApp], app_kind;

        /// The app may be registered on another host than the one that was asked (§7, §8.1).
        AppOnOtherHost = "app_registered_on_other_host": Credentials, Cause of [WrongHost], other_host;

        /// The secret came from a variable or file that may be stale (§8.1).
        ClientSecretSourceStale = "client_secret_source_stale": Credentials, Cause of [NotLoaded],
            stale_source;

        /// Credentials were refused several times: GitHub blocks for a while after too many (§3).
        CredentialsRefusedRepeatedly = "credentials_refused_repeatedly": Credentials, Remark, repeatedly;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// How the current request authenticates the client, by its name in RFC 7591 §2.
pub(super) fn authentication(facts: &Facts<'_>) -> &'static str {
    let header = current_request(facts).and_then(|request| request.header("authorization"));
    if header.is_some() {
        "client_secret_basic"
    } else {
        "client_secret_post"
    }
}

/// Offers the way of authentication that was not taken.
pub(super) fn other_method(finding: Finding, taken: &str) -> Finding {
    let (remedy, other) = if taken == "client_secret_basic" {
        (
            RemedyCode::UseClientSecretPost,
            ClientAuthentication::ClientSecretPost,
        )
    } else {
        (
            RemedyCode::UseClientSecretBasic,
            ClientAuthentication::ClientSecretBasic,
        )
    };
    finding.put(remedy, Field::ClientAuthentication, other.name())
}

pub(super) fn method_refused(facts: &Facts<'_>) -> Verdict {
    let code = Code::AuthenticationMethodRefused;
    if facts.meaning != Some(Code::CredentialsRefused)
        || facts.profile().takes_any_authentication
        || facts.said.is_some_and(|said| said != code)
    {
        return Verdict::NotEnough;
    }
    let told = facts.said == Some(code);
    if !facts.request_was_seen() {
        return Verdict::Found(
            Finding::new(code, Certainty::Possible)
                .unseen("token_request")
                .advise(RemedyCode::UseClientSecretBasic),
        );
    }
    if facts.sent("client_secret").is_none_or(str::is_empty) {
        return Verdict::Fine(None);
    }
    let taken = authentication(facts);
    let certainty = if told || asks_for_another(facts, taken) {
        Certainty::Likely
    } else {
        Certainty::Possible
    };
    let finding = Finding::new(code, certainty).show("authentication_sent", taken);
    Verdict::Found(other_method(finding, taken))
}

/// True where the server names the scheme that it wants (RFC 6749 §5.2) and the client used none.
fn asks_for_another(facts: &Facts<'_>, taken: &str) -> bool {
    let response = facts.current().and_then(|current| current.exchange.response);
    let asked = response.and_then(|response| response.header("www-authenticate"));
    let asks_for_basic = asked.is_some_and(|asked| asked.to_ascii_lowercase().starts_with("basic"));
    asks_for_basic && taken == "client_secret_post"
}

pub(super) fn app_kind(facts: &Facts<'_>) -> Verdict {
    if facts.meaning != Some(Code::CredentialsRefused) || !facts.profile().has_app_kinds {
        return Verdict::NotEnough;
    }
    let Some(id) = facts.sent("client_id") else {
        return Verdict::NotEnough;
    };
    if facts.profile().client_id_shape(id) != Some(ClientIdShape::GitHubApp) {
        return Verdict::Fine(None);
    }
    let registered = facts
        .configuration()
        .is_some_and(|c| c.registration.client_secret.is_some());
    if registered {
        return Verdict::Fine(None);
    }
    let scope = facts.authorize_param("scope").filter(|scope| !scope.is_empty());
    let certainty = if scope.is_some() {
        Certainty::Likely
    } else {
        Certainty::Possible
    };
    let mut finding = Finding::new(Code::AppKindMixedUp, certainty).show_id("client_id_sent", id);
    if let Some(scope) = scope {
        finding = finding.show("scope_requested", scope);
    }
    Verdict::Found(finding.advise(RemedyCode::CheckAppKind).edit_secret())
}

pub(super) fn other_host(facts: &Facts<'_>) -> Verdict {
    let Some(main_host) = facts.profile().main_host else {
        return Verdict::NotEnough;
    };
    if !credentials_refused(facts)
        || id_is_known(facts, facts.sent("client_id").unwrap_or_default()).is_some()
    {
        return Verdict::NotEnough;
    }
    let Some(host) = current_request(facts).and_then(|request| authority(&request.url)) else {
        return Verdict::NotEnough;
    };
    let simulated = facts
        .configuration()
        .is_some_and(|configuration| configuration.provider.simulated);
    if simulated || host == main_host {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::new(Code::AppOnOtherHost, Certainty::Possible)
            .show("token_host", host)
            .edit(RemedyCode::CheckHost, Field::Host),
    )
}

pub(super) fn stale_source(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) || defect_code(facts).is_some() {
        return Verdict::NotEnough;
    }
    let Some(Origin::Environment(name) | Origin::File(name) | Origin::Command(name)) =
        origin(facts, Field::ClientSecret)
    else {
        return Verdict::NotEnough;
    };
    // A secret of good shape beside an id that the server knows: an older value of the source explains it.
    let id = facts.sent("client_id").unwrap_or_default();
    let speaks_for_it = facts.said == Some(Code::ClientSecretWrong)
        || (facts.profile().takes_any_authentication && id_is_known(facts, id).is_some());
    let certainty = if speaks_for_it {
        Certainty::Likely
    } else {
        Certainty::Possible
    };
    Verdict::Found(
        Finding::new(Code::ClientSecretSourceStale, certainty)
            .show("client_secret_origin", name)
            .load_source(facts, Field::ClientSecret)
            .edit_secret(),
    )
}

/// After how many refusals a warning is due: GitHub, for one, blocks for a while and does not say after how many (docs/github.md §3).
const MANY_REFUSALS: usize = 3;

/// A higher count would say nothing more.
pub(crate) const MOST_COUNTED: usize = 100;

/// How often in a row the client authentication was refused, by the latest token requests and probes; counted up to a
/// hundred token requests.
pub fn refusals_in_a_row(facts: &Facts<'_>) -> usize {
    let is_refusal = |reading: &Reading, response: &HttpResponse| {
        matches!(reading.answer, TokenAnswer::Error(_))
            && crate::providers::error_table::meaning(response, reading) == Code::CredentialsRefused
    };
    let refuses = |probe: &&Exchange<'_>| {
        probe
            .response
            .is_some_and(|response| is_refusal(&read_answer(response), response))
    };
    let mut probes = facts
        .other_exchanges
        .iter()
        .rev()
        .filter(|exchange| exchange.purpose == Purpose::ProbeCredentials)
        .peekable();
    let mut refusals = 0;
    for token in facts.token_exchanges.iter().rev().take(MOST_COUNTED) {
        while let Some(probe) = probes.next_if(|probe| probe.number > token.exchange.number) {
            if !refuses(&probe) {
                return refusals;
            }
            refusals += 1;
        }
        match (&*token.reading, token.exchange.response) {
            (Some(reading), Some(response)) if is_refusal(reading, response) => refusals += 1,
            _ => return refusals,
        }
    }
    refusals + probes.take_while(refuses).count()
}

pub(super) fn repeatedly(facts: &Facts<'_>) -> Verdict {
    if facts.meaning != Some(Code::CredentialsRefused) {
        return Verdict::NotEnough;
    }
    let refusals = refusals_in_a_row(facts);
    if refusals < MANY_REFUSALS {
        return Verdict::Fine(None);
    }
    Verdict::Noted(
        Finding::observed(Code::CredentialsRefusedRepeatedly)
            .show("refusals", refusals.to_string())
            .advise(RemedyCode::Wait),
    )
}
