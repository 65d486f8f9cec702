//! Client id and secret as a pair: what the history, the registration and the two requests prove about them.

use crate::{
    diagnosis::{
        Verdict,
        build::id_evidence,
        context::{Facts, TokenExchange},
        finding::{Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::{
            client_id,
            client_secret::{defect_code, refused},
            client_secret_repair::use_known_secret,
            refused_credentials::{authentication, other_method},
        },
    },
    flow::{
        configuration::Field,
        secret_facts::{Place, SecretView},
        transcript::Purpose,
    },
    oauth::{
        endpoint::authority,
        http::HttpRequest,
        token::{read_answer, request_params},
    },
    text::diff,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// Authorization and token endpoint are on different hosts (§7, §8.1).
        EndpointsOnDifferentHosts = "endpoints_on_different_hosts": Credentials, Cause of [WrongHost], hosts;

        /// The same pair was accepted before: the secret was deleted since, or the app (§8.1).
        CredentialsNoLongerAccepted = "credentials_no_longer_accepted": Credentials, Cause of [Replaced],
            no_longer;

        /// The client id is not the app's.
        ClientIdWrong = "client_id_wrong": Credentials, Cause of [Replaced], id_wrong;

        /// The secret has the right format and is not the app's.
        ClientSecretWrong = "client_secret_wrong": Credentials, Cause of [Mistyped, Replaced], secret_wrong;
    } };
}
pub(crate) use rows;

rows! { as_checks }

pub(super) fn credentials_refused(facts: &Facts<'_>) -> bool {
    matches!(
        facts.meaning,
        Some(Code::CredentialsRefused | Code::ClientUnknown)
    )
}

/// The token request that is examined.
pub fn current_request<'t>(facts: &Facts<'t>) -> Option<&'t HttpRequest> {
    facts.current()?.exchange.request
}

fn hosts(facts: &Facts<'_>) -> Verdict {
    let (true, Some(request), Some((_, _, authorization))) = (
        credentials_refused(facts),
        current_request(facts),
        facts.authorization,
    ) else {
        return Verdict::NotEnough;
    };
    let (Some(at_authorize), Some(at_exchange)) =
        (authority(&authorization.endpoint), authority(&request.url))
    else {
        return Verdict::NotEnough;
    };
    // Some providers have their endpoints on different hosts by design.
    if !facts.profile().one_host || at_authorize.eq_ignore_ascii_case(at_exchange) {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::observed(Code::EndpointsOnDifferentHosts)
            .show("authorization_host", at_authorize)
            .show("token_host", at_exchange)
            .edit(RemedyCode::EditTokenEndpoint, Field::TokenEndpoint)
            .edit(RemedyCode::CheckHost, Field::Host),
    )
}

fn same_pair(facts: &Facts<'_>, one: &TokenExchange<'_>, other: &TokenExchange<'_>) -> bool {
    let same = |name: &str, place| match (one.sent.get(name), other.sent.get(name)) {
        (Some(a), Some(b)) => {
            let a = facts.secret_of(&one.exchange, place, a);
            let b = facts.secret_of(&other.exchange, place, b);
            !a.is_empty() && a.equals(b) == Some(true)
        }
        _ => false,
    };
    same("client_id", Place::ClientId) && same("client_secret", Place::ClientSecret)
}

/// A look at the bytes of an answer that saves reading most refusals of a long history.
fn may_be_a_token(exchange: &TokenExchange<'_>) -> bool {
    exchange
        .exchange
        .response
        .is_some_and(|response| response.text().contains("access_token"))
}

fn no_longer(facts: &Facts<'_>) -> Verdict {
    let (true, Some(current)) = (refused(facts), facts.current()) else {
        return Verdict::NotEnough;
    };
    let secret = current.sent.get("client_secret").unwrap_or_default();
    let accepted = facts.earlier().iter().rev().find(|earlier| {
        may_be_a_token(earlier)
            && earlier.may_carry(secret)
            && same_pair(facts, earlier, current)
            && earlier.token().is_some()
    });
    let Some(earlier) = accepted else {
        return Verdict::NotEnough;
    };
    Verdict::Found(
        Finding::observed(Code::CredentialsNoLongerAccepted)
            .show("accepted_exchange", earlier.exchange.number.to_string())
            .show("refused_exchange", current.exchange.number.to_string())
            .between(facts, earlier.exchange.sent_at, current.exchange.sent_at)
            .with(Evidence::secret(
                "client_secret_sent",
                current.sent.get("client_secret").unwrap_or_default(),
            ))
            .advise(RemedyCode::MakeNewClientSecret)
            .edit_secret(),
    )
}

/// What the authorization endpoint answered to the probe, when it was asked about this id.
fn probed_authorization(facts: &Facts<'_>, id: &str) -> Option<u16> {
    let (exchange, response) = facts.answered(Purpose::ProbeAuthorization)?;
    let asked = request_params(exchange.request?);
    (asked.get("client_id") == Some(id)).then_some(response.status)
}

/// Why the server must know this id, as evidence.
pub(super) fn id_is_known(facts: &Facts<'_>, id: &str) -> Option<Evidence> {
    let same_host = match (facts.authorization, current_request(facts)) {
        (Some((_, _, authorization)), Some(request)) => {
            authority(&authorization.endpoint) == authority(&request.url)
        }
        _ => false,
    };
    if same_host && facts.id_with_a_code() == Some(id) {
        return Some(id_evidence("client_id_at_authorize", id));
    }
    matches!(probed_authorization(facts, id), Some(200 | 302 | 303)).then(|| {
        Evidence::new(
            "authorization_probe_status",
            probed_authorization(facts, id).unwrap_or_default().to_string(),
        )
    })
}

fn id_wrong(facts: &Facts<'_>) -> Verdict {
    let refused_here = credentials_refused(facts);
    if matches!(facts.meaning, Some(Code::CodeRefused | Code::RedirectUriRefused))
        && facts.profile().checks_client_first
        && facts.request_was_seen()
    {
        return Verdict::Fine(None);
    }
    if !refused_here && !facts.no_redirect() {
        return Verdict::NotEnough;
    }
    match facts.said {
        Some(Code::ClientIdWrong) => {
            return Verdict::Found(Finding::observed(Code::ClientIdWrong).said(facts).edit_id());
        }
        // The server knows the id: it says what else is wrong.
        Some(Code::ClientSecretWrong | Code::ClientSecretOmitted) => return Verdict::Fine(None),
        _ => {}
    }
    let id = if refused_here {
        facts.sent("client_id")
    } else {
        facts.authorize_param("client_id")
    };
    let Some(id) = id.filter(|id| !id.is_empty()) else {
        let pasted = refused_here && !facts.request_was_seen();
        return if pasted {
            Verdict::Found(possible_id(facts))
        } else {
            Verdict::NotEnough
        };
    };
    if client_id::is_defective(facts) {
        return Verdict::Fine(None);
    }
    let registered = facts
        .configuration()
        .and_then(|configuration| configuration.registration.client_id.as_deref());
    let finding = |certainty| Finding::new(Code::ClientIdWrong, certainty);
    let sent = |known: &str| id_evidence("client_id_sent", id).departing(diff::characters(id, known));
    if let Some(registered) = registered {
        return if registered == id {
            Verdict::Fine(Some(
                finding(Certainty::RuledOut)
                    .show_id("client_id_sent", id)
                    .show("proof", registered),
            ))
        } else {
            let found = finding(Certainty::Observed)
                .with(sent(registered))
                .show_id("client_id_registered", registered);
            Verdict::Found(client_id::use_known_id(facts, found, id).edit_id())
        };
    }
    if let Some(evidence) = id_is_known(facts, id) {
        return Verdict::Fine(Some(
            finding(Certainty::RuledOut)
                .show_id("client_id_sent", id)
                .show("proof", evidence.value),
        ));
    }
    // The server looks at both, and took them together.
    if let Some((true, error)) = facts
        .client_secret()
        .and_then(|secret| probed_credentials(facts, id, secret))
    {
        return Verdict::Fine(Some(
            finding(Certainty::RuledOut)
                .show_id("client_id_sent", id)
                .show("proof", error),
        ));
    }
    if probed_authorization(facts, id) == Some(404) {
        return Verdict::Found(
            finding(Certainty::Observed)
                .show_id("client_id_sent", id)
                .show("authorization_probe_status", "404")
                .edit_id()
                .edit(RemedyCode::CheckHost, Field::Host),
        );
    }
    if let Some(known) = facts
        .id_with_a_code()
        .filter(|known| *known != id && refused_here)
    {
        let found = finding(Certainty::Likely)
            .with(sent(known))
            .show_id("client_id_at_authorize", known);
        return Verdict::Found(client_id::use_known_id(facts, found, id).edit_id());
    }
    if !refused_here {
        // The 404 page that such an id leads to is a finding of its own.
        return Verdict::Fine(None);
    }
    let found = if facts.meaning == Some(Code::ClientUnknown) {
        finding(Certainty::Likely).show_id("client_id_sent", id)
    } else {
        finding(Certainty::Possible).show_id("client_id_sent", id)
    };
    Verdict::Found(found.edit_id().probe_authorization())
}

fn possible_id(facts: &Facts<'_>) -> Finding {
    let certainty = if facts.meaning == Some(Code::ClientUnknown) {
        Certainty::Likely
    } else {
        Certainty::Possible
    };
    Finding::new(Code::ClientIdWrong, certainty).edit_id()
}

/// True where a probe with the pair of the latest token request was accepted.
pub(crate) fn pair_is_accepted(facts: &Facts<'_>) -> bool {
    facts.client_secret().is_some_and(|secret| {
        let id = facts.sent("client_id").unwrap_or_default();
        probed_credentials(facts, id, secret).is_some_and(|(accepted, _)| accepted)
    })
}

/// The latest probe with this very pair: whether the server accepted it.
fn probed_credentials(facts: &Facts<'_>, id: &str, secret: SecretView<'_>) -> Option<(bool, String)> {
    let (exchange, response) = facts.answered(Purpose::ProbeCredentials)?;
    let asked = request_params(exchange.request?);
    let probed = facts.secret_of(exchange, Place::ClientSecret, asked.get("client_secret")?);
    if asked.get("client_id") != Some(id) || probed.equals(secret) != Some(true) {
        return None;
    }
    let reading = read_answer(response);
    let accepted = match crate::providers::error_table::meaning(response, &reading) {
        Code::CredentialsRefused => false,
        Code::CodeRefused | Code::RedirectUriRefused | Code::GrantRefused => true,
        _ => return None,
    };
    Some((accepted, reading.value("error")?.to_owned()))
}

fn secret_wrong(facts: &Facts<'_>) -> Verdict {
    let code = Code::ClientSecretWrong;
    let secret = facts.sent("client_secret");
    let accepted = matches!(
        facts.meaning,
        Some(Code::CodeRefused | Code::RedirectUriRefused | Code::PkceRefused | Code::TokenObtained)
    ) && facts.profile().checks_client_first;
    if accepted && facts.request_was_seen() && facts.meaning != Some(Code::TokenObtained) {
        // Credentials were looked at before redirect URI and code (GitHub: docs/github.md §3), so a later refusal clears them.
        let error = facts.error().map(|error| error.error.clone()).unwrap_or_default();
        return Verdict::Fine(secret.map(|secret| {
            Finding::ruled_out(code)
                .with(Evidence::secret("client_secret_sent", secret))
                .show("proof", error)
        }));
    }
    if facts.meaning != Some(Code::CredentialsRefused) {
        return Verdict::NotEnough;
    }
    match facts.said {
        Some(Code::ClientSecretWrong) => {
            let finding = Finding::observed(code).said(facts);
            let finding = match secret {
                Some(secret) => finding.with(Evidence::secret("client_secret_sent", secret)),
                None => finding,
            };
            return Verdict::Found(finding.edit_secret().advise(RemedyCode::MakeNewClientSecret));
        }
        Some(Code::ClientIdWrong | Code::ClientSecretOmitted) => return Verdict::Fine(None),
        _ => {}
    }
    if !facts.request_was_seen() {
        return Verdict::Found(
            Finding::new(code, Certainty::Possible)
                .unseen("token_request")
                .edit_secret()
                .advise(RemedyCode::MakeNewClientSecret),
        );
    }
    let (Some(view), None) = (facts.client_secret(), defect_code(facts)) else {
        return Verdict::Fine(None);
    };
    let secret = view.text();
    let id = facts.sent("client_id").unwrap_or_default();
    let on_record = facts
        .registered_secret()
        .and_then(|record| Some((record.text(), record.equals(view)?)));
    if on_record.is_some_and(|(_, same)| same) {
        return Verdict::Fine(None);
    }
    let on_record = on_record.map(|(record, _)| record);
    if let Some((true, error)) = probed_credentials(facts, id, view) {
        return Verdict::Fine(Some(
            Finding::ruled_out(code)
                .with(Evidence::secret("client_secret_sent", secret))
                .show("proof", error),
        ));
    }
    let known = id_is_known(facts, id);
    // By RFC 6749 §5.2 the answer may mean the way of authentication as well; some servers mean the two values alone.
    let certainty = match (on_record.is_some(), known.is_some()) {
        (true, _) => Certainty::Observed,
        (false, true) if facts.profile().takes_any_authentication => Certainty::Observed,
        (false, true) => Certainty::Likely,
        (false, false) => Certainty::Possible,
    };
    let mut evidence = Evidence::secret("client_secret_sent", secret);
    // Which characters differ cannot be told where they are hidden.
    let in_the_open = !view.is_masked();
    if let Some(record) = on_record.filter(|_| in_the_open) {
        evidence = evidence.departing(diff::characters(secret, record));
    }
    let mut finding = Finding::new(code, certainty).with(evidence);
    finding.evidence.extend(known);
    if let Some(record) = on_record {
        finding = finding.with(Evidence::secret("client_secret_registered", record));
    }
    finding = finding.read_from("client_secret_origin", facts, Field::ClientSecret);
    finding = use_known_secret(facts, finding, secret).edit_secret();
    if certainty == Certainty::Possible && !facts.is_pasted() {
        finding = finding.probe_credentials();
    }
    if !facts.profile().takes_any_authentication {
        finding = other_method(finding, authentication(facts));
    }
    let finding = finding.advise(RemedyCode::MakeNewClientSecret);
    // That nothing else is left proves it, and does not say why.
    if certainty == Certainty::Observed && on_record.is_none() {
        Verdict::Left(finding)
    } else {
        Verdict::Found(finding)
    }
}
