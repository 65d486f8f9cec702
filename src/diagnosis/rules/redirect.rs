//! The redirect: what came to the listener (docs/github.md §1, §8). Why nothing came is in
//! [`crate::diagnosis::rules::no_redirect`].

use crate::{
    diagnosis::{
        Verdict,
        context::{Facts, Redirect},
        finding::{Action, Certainty, Evidence, Finding},
        rule::{Code, RemedyCode},
    },
    flow::{
        configuration::Field,
        transcript::{BrowserShows, Disposition, Observation},
    },
    oauth::{authorization::AuthorizationResponse, params::Params, redirect_uri::RedirectUri},
    providers::{DEFAULT, Provider, github::formats::CodeShape, recognise},
    text::diff,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The browser was sent to the redirect URI, and nothing answered there.
        CallbackNotListening = "callback_not_listening": Redirect, Cause, not_listening;

        /// `state`, `code` or `error` is repeated in the redirect.
        ParameterRepeated = "parameter_repeated": Redirect, Cause, repeated;

        /// The redirect has no `state`.
        StateMissing = "state_missing": Redirect, Cause, state_missing;

        /// The redirect has another `state`.
        StateDiffers = "state_differs": Redirect, Cause, state_differs;

        /// `iss` names another authorization server (§1).
        IssuerDiffers = "issuer_differs": Redirect, Cause, issuer;

        /// The redirect came to another path than the redirect URI's.
        RedirectToOtherPath = "redirect_to_other_path": Redirect, Cause of [OtherPath], other_path;

        /// The redirect came with a `Host` header that is not the listener's.
        RedirectToOtherHost = "redirect_to_other_host": Redirect, Cause, other_host;

        /// The redirect brought neither code nor error.
        RedirectWithoutParameters = "redirect_without_parameters": Redirect, Cause, without_parameters;

        /// A second redirect came after the first was taken.
        SecondRedirect = "second_redirect": Redirect, Remark, second;

        /// A request with another method than GET came, as a link preview makes it.
        OtherMethod = "redirect_by_other_method": Redirect, Remark, other_method;

        /// A bare code was pasted, so its `state` was not compared.
        StateUnchecked = "state_unchecked": Redirect, Remark, unchecked;

        /// The response is in the fragment, after a `#`, which a browser does not send.
        ResponseInFragment = "response_in_fragment": Redirect, Remark, in_fragment;

        /// The authorization request carries no `state` (§1).
        StateNotSent = "state_not_sent": Redirect, Remark,
            |f| not_sent(f, Code::StateNotSent, "state", RemedyCode::SendState);

        /// The authorization request carries no `code_challenge` (§1).
        ChallengeNotSent = "challenge_not_sent": Redirect, Remark,
            |f| not_sent(f, Code::ChallengeNotSent, "code_challenge", RemedyCode::SendChallenge, );
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// The latest redirect with that disposition.
fn refused<'f, 't>(facts: &'f Facts<'t>, disposition: Disposition) -> Option<&'f Redirect<'t>> {
    facts
        .present_redirects()
        .filter(|redirect| redirect.disposition == disposition)
        .last()
}

/// A redirect that was not taken is the cause when none was taken; else it is a remark.
fn found_or_noted(facts: &Facts<'_>, finding: Finding) -> Verdict {
    if facts.taken_redirect().is_some() {
        Verdict::Noted(finding)
    } else {
        Verdict::Found(finding)
    }
}

fn target(redirect: &Redirect<'_>) -> String {
    redirect.request.path().to_owned()
}

fn repeated(facts: &Facts<'_>) -> Verdict {
    let Some(redirect) = refused(facts, Disposition::ParameterRepeated) else {
        return Verdict::NotEnough;
    };
    let params = Params::decode(redirect.request.query().unwrap_or_default());
    let name = ["state", "code", "error"]
        .into_iter()
        .find(|name| params.count(name) > 1)
        .unwrap_or("state");
    let finding = Finding::observed(Code::ParameterRepeated)
        .show("parameter", name)
        .show("times", params.count(name).to_string())
        .authorize_again()
        .advise(RemedyCode::UseOneTab);
    found_or_noted(facts, finding)
}

fn state_missing(facts: &Facts<'_>) -> Verdict {
    let (Some(redirect), Some(sent)) = (
        refused(facts, Disposition::StateMissing),
        facts.authorize_param("state"),
    ) else {
        return Verdict::NotEnough;
    };
    let finding = Finding::observed(Code::StateMissing)
        .show("state_sent", sent)
        .show("redirect_target", target(redirect))
        .authorize_again()
        .advise(RemedyCode::CheckIssuer);
    found_or_noted(facts, finding)
}

fn state_differs(facts: &Facts<'_>) -> Verdict {
    let (Some(redirect), Some(sent)) = (
        refused(facts, Disposition::StateDiffers),
        facts.authorize_param("state"),
    ) else {
        return Verdict::NotEnough;
    };
    let came = redirect.response.state.as_deref().unwrap_or_default();
    let mut finding = Finding::observed(Code::StateDiffers)
        .show("state_sent", sent)
        .with(Evidence::new("state_received", came).departing(diff::characters(came, sent)));
    let latest = facts.authorization.map_or(0, |(index, ..)| index);
    let earlier = facts.transcript.entries[..latest].iter().rev().any(|entry| {
        matches!(
            &entry.observation,
            Observation::AuthorizationStarted { request, .. } if request.params.get("state") == Some(came)
        )
    });
    if earlier {
        finding = finding.show("state_of", "earlier_authorization");
    }
    found_or_noted(facts, finding.authorize_again().advise(RemedyCode::UseOneTab))
}

/// A pasted redirect whose code looks like GitHub's and whose issuer is another one. Which server was asked is not known.
fn pasted_issuer(facts: &Facts<'_>) -> Verdict {
    let Some(redirect) = facts.taken_redirect() else {
        return Verdict::NotEnough;
    };
    let response = &redirect.response;
    let (Some(iss), Some(code)) = (&response.iss, &response.code) else {
        return Verdict::NotEnough;
    };
    let issuer = Provider::default().issuer.unwrap_or_default();
    if recognise::by_issuer(iss).marks.is_some() || DEFAULT.code_shape(code) != Some(CodeShape::TwentyHex) {
        return Verdict::Fine(None);
    }
    let departs = diff::words(iss, &issuer);
    Verdict::Found(
        Finding::new(Code::IssuerDiffers, Certainty::Likely)
            .show("issuer_expected", issuer)
            .with(Evidence::new("issuer_received", iss).departing(departs))
            .unseen("authorization_request")
            .advise(RemedyCode::CheckIssuer)
            .authorize_again(),
    )
}

fn issuer(facts: &Facts<'_>) -> Verdict {
    if facts.meaning == Some(Code::RedirectPasted) && facts.authorization.is_none() {
        return pasted_issuer(facts);
    }
    let (Some(redirect), Some(configuration)) =
        (refused(facts, Disposition::IssuerDiffers), facts.configuration())
    else {
        return Verdict::NotEnough;
    };
    let expected = configuration.provider.issuer.as_deref().unwrap_or_default();
    let came = redirect.response.iss.as_deref().unwrap_or_default();
    let finding = Finding::observed(Code::IssuerDiffers)
        .show("issuer_expected", expected)
        .with(Evidence::new("issuer_received", came).departing(diff::words(came, expected)))
        .advise(RemedyCode::CheckIssuer)
        .authorize_again();
    found_or_noted(facts, finding)
}

/// A redirect that brought a response and was not taken since it came to the wrong place.
fn misdirected<'f, 't>(facts: &'f Facts<'t>, disposition: Disposition) -> Option<&'f Redirect<'t>> {
    refused(facts, disposition).filter(|redirect| redirect.response.is_present())
}

fn other_path(facts: &Facts<'_>) -> Verdict {
    let (Some(redirect), Some(uri)) = (
        misdirected(facts, Disposition::OtherPath),
        facts.authorize_param("redirect_uri"),
    ) else {
        return Verdict::NotEnough;
    };
    let expected = RedirectUri::parse(uri).map_or_else(|_| "/".into(), |uri| uri.effective_path().to_owned());
    let came = target(redirect);
    let departs = diff::words(&came, &expected);
    let finding = Finding::observed(Code::RedirectToOtherPath)
        .show("path_expected", &expected)
        .with(Evidence::new("path_received", &came).departing(departs))
        .edit_redirect_uri()
        .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect));
    found_or_noted(facts, finding)
}

/// What a capture of the browser shows: it was sent to the redirect URI, and could not connect.
fn not_listening(facts: &Facts<'_>) -> Verdict {
    let could_not = facts.reported() == Some(BrowserShows::CannotConnect);
    let (true, Some(redirect)) = (facts.is_pasted() && could_not, facts.redirects.last()) else {
        return Verdict::NotEnough;
    };
    // The code came to its program in another way.
    if facts.current().is_some() {
        return Verdict::NotEnough;
    }
    let address = redirect.request.url.split(['?', '#']).next().unwrap_or_default();
    let finding = Finding::observed(Code::CallbackNotListening)
        .show("redirect_target", address)
        .advise(RemedyCode::StartListening)
        .authorize_again();
    Verdict::Found(finding)
}

fn other_host(facts: &Facts<'_>) -> Verdict {
    let (Some(redirect), Some(uri)) = (
        misdirected(facts, Disposition::OtherHost),
        facts.authorize_param("redirect_uri"),
    ) else {
        return Verdict::NotEnough;
    };
    let finding = Finding::observed(Code::RedirectToOtherHost)
        .show("host_received", redirect.request.header("host").unwrap_or("-"))
        .show("redirect_uri_at_authorize", uri)
        .edit(RemedyCode::SetListen, Field::Listen)
        .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect));
    found_or_noted(facts, finding)
}

fn without_parameters(facts: &Facts<'_>) -> Verdict {
    let Some(redirect) = refused(facts, Disposition::NoParameters) else {
        return Verdict::NotEnough;
    };
    let finding = Finding::observed(Code::RedirectWithoutParameters)
        .show("redirect_target", target(redirect))
        .authorize_again()
        .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect));
    found_or_noted(facts, finding)
}

fn second(facts: &Facts<'_>) -> Verdict {
    let (Some(again), Some(taken)) = (
        refused(facts, Disposition::SecondRedirect),
        facts.taken_redirect(),
    ) else {
        return Verdict::NotEnough;
    };
    Verdict::Noted(
        Finding::observed(Code::SecondRedirect)
            .between(facts, taken.at, again.at)
            .advise(RemedyCode::ExchangeOnce),
    )
}

fn other_method(facts: &Facts<'_>) -> Verdict {
    let Some(redirect) = misdirected(facts, Disposition::OtherMethod) else {
        return Verdict::NotEnough;
    };
    Verdict::Noted(
        Finding::observed(Code::OtherMethod)
            .show("method", &redirect.request.method)
            .advise(RemedyCode::ExchangeOnce),
    )
}

/// A response behind a `#`, as it can only be pasted: no server ever sees one.
fn in_fragment(facts: &Facts<'_>) -> Verdict {
    let Some(redirect) = facts.taken_redirect().filter(|_| facts.is_pasted()) else {
        return Verdict::NotEnough;
    };
    let query = Params::decode(redirect.request.query().unwrap_or_default());
    if AuthorizationResponse::from_params(&query).is_present() {
        return Verdict::Fine(None);
    }
    Verdict::Noted(
        Finding::observed(Code::ResponseInFragment)
            .show("redirect_target", target(redirect))
            .advise(RemedyCode::ReadTheFragment),
    )
}

/// A parameter that an authorization request does without at its peril. oauthlens always sends them, so only another
/// program's request can lack them.
fn not_sent(facts: &Facts<'_>, code: Code, name: &str, remedy: RemedyCode) -> Verdict {
    let Some((_, _, request)) = facts.authorization.filter(|_| facts.is_of_another_program()) else {
        return Verdict::NotEnough;
    };
    if request.params.get(name).is_some_and(|value| !value.is_empty()) {
        return Verdict::Fine(None);
    }
    let names: Vec<&str> = request.params.iter().map(|(name, _)| name).collect();
    Verdict::Noted(
        Finding::observed(code)
            .show("members", names.join(", "))
            .advise(remedy),
    )
}

fn unchecked(facts: &Facts<'_>) -> Verdict {
    if facts.is_of_another_program() {
        // Another finding says what a redirect that was pasted by itself shows; what another program checks is not seen.
        return Verdict::NotEnough;
    }
    match facts.taken_redirect() {
        Some(redirect) if redirect.disposition == Disposition::AcceptedUnchecked => Verdict::Noted(
            Finding::observed(Code::StateUnchecked)
                .show(
                    "code_received",
                    redirect.response.code.as_deref().unwrap_or_default(),
                )
                .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect)),
        ),
        Some(_) => Verdict::Fine(None),
        None => Verdict::NotEnough,
    }
}
