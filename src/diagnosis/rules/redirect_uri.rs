//! What is wrong with the redirect URI by itself, or between the two requests (docs/github.md §2, §8.2).

use crate::{
    diagnosis::{
        Verdict,
        build::{is_masked, uri_repeats},
        context::Facts,
        finding::{Action, Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::{
            code_value::may_be_of_a_code,
            registration::{known, mismatch},
        },
    },
    flow::{configuration::Field, transcript::Channel},
    oauth::{
        params::Params,
        redirect_matching::nearest_match,
        redirect_uri::{RedirectUri, RedirectUriDefect, is_forbidden},
    },
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The redirect URI is percent-encoded already (§8.2).
        RedirectUriEncodedTwice = "redirect_uri_encoded_twice": RedirectUri, Cause of [MalformedUri],
            |f| shaped(f, Code::RedirectUriEncodedTwice);

        /// The redirect URI has no scheme (§8.2).
        RedirectUriHasNoScheme = "redirect_uri_has_no_scheme": RedirectUri, Cause of [MalformedUri],
            |f| shaped(f, Code::RedirectUriHasNoScheme);

        /// There is a space, a line break or another forbidden character in the redirect URI, or it cannot be parsed.
        RedirectUriDamaged = "redirect_uri_damaged": RedirectUri, Cause of [MalformedUri],
            |f| shaped(f, Code::RedirectUriDamaged);

        /// The redirect URI has a fragment (RFC 6749 §3.1.2).
        RedirectUriHasFragment = "redirect_uri_has_fragment": RedirectUri, Cause of [QueryAppended],
            |f| shaped(f, Code::RedirectUriHasFragment);

        /// The redirect URI has a query that is not registered (§2, §8.2).
        RedirectUriHasQuery = "redirect_uri_has_query": RedirectUri, Cause of [QueryAppended],
            |f| mismatch(f, Code::RedirectUriHasQuery);

        /// The redirect URI of the token request differs from the authorization request's (§8.2).
        RedirectUriDiffersAtExchange = "redirect_uri_differs_at_exchange": RedirectUri, Cause of [DiffersAtExchange],
            differs_at_exchange;

        /// The token request left the redirect URI out, so that the registered default counts (§8.2, §11).
        RedirectUriOmittedAtExchange = "redirect_uri_omitted_at_exchange": RedirectUri, Cause of [DiffersAtExchange],
            omitted;

        /// `http` with a public host: the sign of a server that does not see its TLS proxy (§8.2).
        RedirectUriHttpOnPublicHost = "redirect_uri_http_on_public_host": RedirectUri, Cause of [TlsProxy],
            http_on_public_host;

        /// It may differ from what is registered, which is not known.
        RedirectUriMayDiffer = "redirect_uri_may_differ_from_registered": RedirectUri, Cause of [NotRegistered],
            may_differ;
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// True when the current answer refuses the redirect URI, or does not say whether it does (RFC 6749 §5.2 merges both).
fn refused(facts: &Facts<'_>) -> bool {
    matches!(facts.meaning, Some(Code::RedirectUriRefused | Code::GrantRefused))
}

/// The redirect URI in question: that of a refused exchange; that of the authorization when the redirect carried the
/// refusal, or when no redirect came.
pub fn in_question<'f>(facts: &'f Facts<'_>) -> Option<&'f str> {
    if facts.current().is_some() {
        let asked = refused(facts) || facts.meaning == Some(Code::TokenRequestPasted);
        let sent = asked.then(|| facts.sent("redirect_uri")).flatten();
        return sent.filter(|uri| !is_masked(uri));
    }
    if facts.meaning == Some(Code::SettingsRead) {
        return facts.sent("redirect_uri").filter(|uri| !is_masked(uri));
    }
    (facts.meaning == Some(Code::RedirectUriRefused) || facts.no_redirect())
        .then(|| facts.authorize_param("redirect_uri"))
        .flatten()
        .filter(|uri| !is_masked(uri))
}

/// True when the authorization server is known to accept the authorization request's value: it redirected there.
pub fn authorize_was_accepted(facts: &Facts<'_>) -> bool {
    facts
        .taken_redirect()
        .is_some_and(|redirect| redirect.channel != Channel::Pasted && redirect.response.code.is_some())
}

fn differs_at_exchange(facts: &Facts<'_>) -> Verdict {
    let (Some(at_authorize), Some(at_exchange)) =
        (facts.authorize_param("redirect_uri"), facts.sent("redirect_uri"))
    else {
        return may_differ_at_exchange(facts);
    };
    if is_masked(at_authorize) || is_masked(at_exchange) {
        return Verdict::NotEnough;
    }
    if at_authorize == at_exchange {
        return Verdict::Fine(refused(facts).then(|| {
            Finding::ruled_out(Code::RedirectUriDiffersAtExchange)
                .show("redirect_uri_at_authorize", at_authorize)
                .show("redirect_uri_at_exchange", at_exchange)
        }));
    }
    if !refused(facts) && facts.meaning != Some(Code::TokenRequestPasted) {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::observed(Code::RedirectUriDiffersAtExchange)
            .show("redirect_uri_at_authorize", at_authorize)
            .with(
                Evidence::new("redirect_uri_at_exchange", at_exchange)
                    .departing(uri_repeats(at_exchange, at_authorize)),
            )
            .put(
                RemedyCode::UseAuthorizeRedirectUri,
                Field::RedirectUri,
                at_authorize,
            )
            .mended_by(RemedyCode::OmitRedirectUri, Some(Action::OmitRedirectUri))
            .edit_redirect_uri(),
    )
}

/// Of two requests one was pasted at most, and the server refused the grant without saying which part (RFC 6749 §5.2).
fn may_differ_at_exchange(facts: &Facts<'_>) -> Verdict {
    let may_differ = facts.is_pasted()
        && facts.meaning == Some(Code::GrantRefused)
        && facts.said.is_none()
        && may_be_of_a_code(facts)
        && facts.authorization.is_none();
    let sent = facts.sent("redirect_uri");
    // A request that carries none says nothing about the other.
    if !may_differ || (facts.request_was_seen() && sent.is_none_or(is_masked)) {
        return Verdict::NotEnough;
    }
    let finding = Finding::new(Code::RedirectUriDiffersAtExchange, Certainty::Possible);
    let finding = match sent {
        Some(sent) => finding.show("redirect_uri_at_exchange", sent),
        None => finding,
    };
    Verdict::Found(
        finding
            .unseen("authorization_request")
            .advise(RemedyCode::PasteAuthorizationRequest),
    )
}

/// The finding that the text gives by itself: no registration can hold such a value.
pub fn shape_code(uri: &str) -> Option<Code> {
    match RedirectUri::parse(uri) {
        Ok(_) if uri.contains("%25") => Some(Code::RedirectUriEncodedTwice),
        Ok(_) => None,
        Err(RedirectUriDefect::EncodedTwice) => Some(Code::RedirectUriEncodedTwice),
        Err(RedirectUriDefect::NotAbsolute) => Some(Code::RedirectUriHasNoScheme),
        Err(RedirectUriDefect::Fragment) => Some(Code::RedirectUriHasFragment),
        Err(
            RedirectUriDefect::ForbiddenCharacter
            | RedirectUriDefect::Empty
            | RedirectUriDefect::NoHost
            | RedirectUriDefect::BadPort,
        ) => Some(Code::RedirectUriDamaged),
    }
}

/// The value that a damaged one was meant to be, where that can be told.
fn undamaged(uri: &str, code: Code) -> Option<String> {
    let meant = match code {
        Code::RedirectUriEncodedTwice => Params::decode(&format!("v={uri}")).get("v")?.to_owned(),
        Code::RedirectUriHasFragment => uri.split('#').next()?.to_owned(),
        Code::RedirectUriDamaged => crate::text::defects::without_defects(uri),
        Code::RedirectUriHasNoScheme => {
            let with = |scheme: &str| format!("{scheme}://{}", uri.trim_start_matches('/'));
            let http = RedirectUri::parse(&with("http")).ok()?;
            with(if http.is_loopback() { "http" } else { "https" })
        }
        _ => return None,
    };
    (meant != uri && RedirectUri::parse(&meant).is_ok()).then_some(meant)
}

fn shaped(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(uri) = in_question(facts) else {
        return Verdict::NotEnough;
    };
    if shape_code(uri) != Some(code) {
        return Verdict::Fine(None);
    }
    let mut evidence = Evidence::new("redirect_uri_sent", uri);
    let is_bad = |c: char| match code {
        Code::RedirectUriEncodedTwice => c == '%',
        Code::RedirectUriHasFragment => c == '#',
        Code::RedirectUriDamaged => is_forbidden(c),
        _ => false,
    };
    for (at, _) in uri.chars().enumerate().filter(|(_, c)| is_bad(*c)) {
        evidence = evidence.marked(at, at + 1);
    }
    let mut finding = Finding::observed(code).with(evidence);
    let registered = known(facts);
    let nearest = if registered.is_empty() {
        None
    } else {
        let meant = undamaged(uri, code).unwrap_or_else(|| uri.to_owned());
        nearest_match(registered, &meant)
    };
    if let Some(nearest) = nearest {
        finding = finding.put(RemedyCode::UseNearestRedirectUri, Field::RedirectUri, nearest);
    } else if let Some(meant) = undamaged(uri, code) {
        finding = finding.put(RemedyCode::UseCleanedRedirectUri, Field::RedirectUri, meant);
    }
    Verdict::Found(finding.edit_redirect_uri())
}

fn omitted(facts: &Facts<'_>) -> Verdict {
    if !refused(facts) || !facts.request_was_seen() {
        return Verdict::NotEnough;
    }
    if facts.sent("redirect_uri").is_some() {
        return Verdict::Fine(None);
    }
    let Some(at_authorize) = facts.authorize_param("redirect_uri") else {
        return Verdict::NotEnough;
    };
    // With the parameter left out only the registered default can be the value that did not match.
    let certainty = if facts.meaning == Some(Code::RedirectUriRefused) {
        Certainty::Likely
    } else {
        Certainty::Possible
    };
    let mut finding = Finding::new(Code::RedirectUriOmittedAtExchange, certainty)
        .show("redirect_uri_at_authorize", at_authorize);
    if let Some(default) = known(facts).first() {
        finding = finding.show("redirect_uri_default", &default.uri);
    }
    Verdict::Found(
        finding
            .put(
                RemedyCode::UseAuthorizeRedirectUri,
                Field::RedirectUri,
                at_authorize,
            )
            .edit_redirect_uri(),
    )
}

fn http_on_public_host(facts: &Facts<'_>) -> Verdict {
    let pasted = matches!(
        facts.meaning,
        Some(Code::TokenRequestPasted | Code::AuthorizationRequestPasted)
    );
    if !refused(facts) && facts.meaning.is_some() && !pasted {
        return Verdict::NotEnough;
    }
    let (Some(uri), true) = (in_question(facts), known(facts).is_empty()) else {
        return Verdict::NotEnough;
    };
    let Ok(parsed) = RedirectUri::parse(uri) else {
        return Verdict::NotEnough;
    };
    if !parsed.is_scheme("http") || parsed.is_loopback() {
        return Verdict::Fine(None);
    }
    let https = format!("https{}", &uri[uri.find("://").unwrap_or_default()..]);
    Verdict::Found(
        Finding::new(Code::RedirectUriHttpOnPublicHost, Certainty::Likely)
            .with(Evidence::new("redirect_uri_sent", uri).marked(0, 4))
            .show("redirect_uri_suggested", &https)
            .put(RemedyCode::UseNearestRedirectUri, Field::RedirectUri, https)
            .advise(RemedyCode::TrustForwardedScheme),
    )
}

fn may_differ(facts: &Facts<'_>) -> Verdict {
    let code = Code::RedirectUriMayDiffer;
    if facts.meaning != Some(Code::RedirectUriRefused) || !known(facts).is_empty() {
        return Verdict::NotEnough;
    }
    let finding = |certainty| Finding::new(code, certainty);
    let offer = |finding: Finding| {
        let finding = if facts.sent("redirect_uri").is_some() {
            finding.mended_by(RemedyCode::OmitRedirectUri, Some(Action::OmitRedirectUri))
        } else {
            finding
        };
        let finding = finding.tell_registered(facts);
        match in_question(facts) {
            Some(uri) => finding.register(facts, Some(uri)).edit_redirect_uri(),
            None => finding.edit_redirect_uri().register(facts, None),
        }
    };
    let Some(uri) = in_question(facts) else {
        return if facts.current().is_some_and(|c| c.exchange.request.is_none()) {
            Verdict::Found(offer(finding(Certainty::Possible).unseen("token_request")))
        } else {
            Verdict::NotEnough
        };
    };
    if shape_code(uri).is_some() {
        return Verdict::Fine(None);
    }
    if facts.current().is_some()
        && authorize_was_accepted(facts)
        && facts.authorize_param("redirect_uri") != Some(uri)
    {
        // The other value brought a redirect, so the difference between the two explains the refusal.
        return Verdict::Fine(None);
    }
    let found = finding(Certainty::Possible).show("redirect_uri_sent", uri);
    let found = offer(found);
    Verdict::Found(if facts.is_pasted() {
        found
    } else {
        found.probe_credentials()
    })
}
