//! The redirect: what came to the listener, and why nothing came (facts §1, §8).

use super::{
    Check, Verdict, client_id,
    code::{Code, RemedyCode},
    facts::{Facts, Redirect},
    finding::{Action, Certainty, Evidence, Finding},
    registered::known,
    remedies::{difference, duration},
};
use crate::{
    flow::{
        configuration::{CannotListen, Field},
        transcript::{Disposition, Observation, Purpose},
    },
    oauth::{
        params::Params,
        redirect_uri::{RedirectUri, matches},
    },
};

/// The checks on the listener: without one nothing else can have happened, so they stand first.
pub const LISTENING: &[Check] = &[
    Check {
        code: Code::PortInUse,
        look: |f| listener(f, Code::PortInUse),
    },
    Check {
        code: Code::ListenerFailed,
        look: |f| listener(f, Code::ListenerFailed),
    },
];

/// The checks on redirects that came, and on the absence of one.
pub const CHECKS: &[Check] = &[
    Check {
        code: Code::ParameterRepeated,
        look: repeated,
    },
    Check {
        code: Code::StateMissing,
        look: state_missing,
    },
    Check {
        code: Code::StateDiffers,
        look: state_differs,
    },
    Check {
        code: Code::IssuerDiffers,
        look: issuer,
    },
    Check {
        code: Code::RedirectToOtherPath,
        look: other_path,
    },
    Check {
        code: Code::RedirectToOtherHost,
        look: other_host,
    },
    Check {
        code: Code::RedirectWithoutParameters,
        look: without_parameters,
    },
    Check {
        code: Code::BrowserNotOpened,
        look: browser,
    },
    Check {
        code: Code::RedirectCannotArrive,
        look: cannot_arrive,
    },
    Check {
        code: Code::NoRedirectCame,
        look: none_came,
    },
    Check {
        code: Code::AuthorizePageNotFound,
        look: page_not_found,
    },
    Check {
        code: Code::AuthorizePageRefusesRedirectUri,
        look: page_refuses,
    },
    Check {
        code: Code::SignInUnfinished,
        look: unfinished,
    },
    Check {
        code: Code::BrowserElsewhere,
        look: elsewhere,
    },
    Check {
        code: Code::SecondRedirect,
        look: second,
    },
    Check {
        code: Code::OtherMethod,
        look: other_method,
    },
    Check {
        code: Code::StateUnchecked,
        look: unchecked,
    },
];

fn listener(facts: &Facts<'_>, code: Code) -> Verdict {
    let Some(entry) = facts.listener_failed else {
        return Verdict::NotEnough;
    };
    let Observation::ListenerFailed {
        address,
        in_use,
        reason,
    } = &facts.transcript.entries[entry].observation
    else {
        return Verdict::NotEnough;
    };
    if *in_use != (code == Code::PortInUse) {
        return Verdict::Fine(None);
    }
    let finding = Finding::observed(code)
        .show("listen_address", address)
        .show("failure", reason)
        .mended_by(
            RemedyCode::AuthorizeOnAnotherPort,
            Some(Action::AuthorizeOnAnotherPort),
        )
        .authorize_again()
        .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect));
    Verdict::Found(if *in_use {
        finding.advise(RemedyCode::FreePort)
    } else {
        finding.edit(RemedyCode::SetListen, Field::Listen)
    })
}

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
    let (sent_marks, came_marks) = difference(sent, came);
    let mut finding = Finding::observed(Code::StateDiffers)
        .with(Evidence::new("state_sent", sent).marked(sent_marks.0, sent_marks.1))
        .with(Evidence::new("state_received", came).marked(came_marks.0, came_marks.1));
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
    found_or_noted(
        facts,
        finding.authorize_again().advise(RemedyCode::UseOneTab),
    )
}

fn issuer(facts: &Facts<'_>) -> Verdict {
    let (Some(redirect), Some(configuration)) =
        (refused(facts, Disposition::IssuerDiffers), facts.configuration())
    else {
        return Verdict::NotEnough;
    };
    let expected = configuration.provider.issuer.as_deref().unwrap_or_default();
    let came = redirect.response.iss.as_deref().unwrap_or_default();
    let (_, marks) = difference(expected, came);
    let finding = Finding::observed(Code::IssuerDiffers)
        .show("issuer_expected", expected)
        .with(Evidence::new("issuer_received", came).marked(marks.0, marks.1))
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
    let (expected_marks, came_marks) = difference(&expected, &came);
    let finding = Finding::observed(Code::RedirectToOtherPath)
        .with(Evidence::new("path_expected", &expected).marked(expected_marks.0, expected_marks.1))
        .with(Evidence::new("path_received", &came).marked(came_marks.0, came_marks.1))
        .edit_redirect_uri()
        .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect));
    found_or_noted(facts, finding)
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

fn browser(facts: &Facts<'_>) -> Verdict {
    let (true, Some((index, ..))) = (facts.no_redirect(), facts.authorization) else {
        return Verdict::NotEnough;
    };
    let reason = facts.transcript.entries[index..]
        .iter()
        .find_map(|entry| match &entry.observation {
            Observation::BrowserFailed { reason } => Some(reason),
            _ => None,
        });
    match reason {
        Some(reason) => Verdict::Found(
            Finding::observed(Code::BrowserNotOpened)
                .show("failure", reason)
                .advise(RemedyCode::OpenByHand)
                .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect)),
        ),
        None => Verdict::Fine(None),
    }
}

fn cannot_arrive(facts: &Facts<'_>) -> Verdict {
    let (true, Some((index, ..)), Some(uri)) = (
        facts.no_redirect(),
        facts.authorization,
        facts.authorize_param("redirect_uri"),
    ) else {
        return Verdict::NotEnough;
    };
    // The flow notes it right before it starts the authorization.
    let before = index.checked_sub(1).map(|at| &facts.transcript.entries[at].observation);
    let Some(Observation::ListenerImpossible { why }) = before else {
        return Verdict::Fine(None);
    };
    let why = match why {
        CannotListen::Unreadable => "unreadable",
        CannotListen::NotLoopback => "not_loopback",
        CannotListen::NotHttp => "not_http",
    };
    Verdict::Found(
        Finding::observed(Code::RedirectCannotArrive)
            .show("redirect_uri_at_authorize", uri)
            .show("why_not_here", why)
            .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect))
            .edit(RemedyCode::SetListen, Field::Listen)
            .edit_redirect_uri(),
    )
}

fn any_refused(facts: &Facts<'_>) -> bool {
    facts
        .present_redirects()
        .any(|redirect| redirect.disposition.is_refused() || redirect.response.is_present())
}

fn none_came(facts: &Facts<'_>) -> Verdict {
    let (true, true, Some((index, ..))) = (facts.no_redirect(), facts.waiting_ended(), facts.authorization)
    else {
        return Verdict::NotEnough;
    };
    if any_refused(facts) {
        return Verdict::Fine(None);
    }
    let started = facts.transcript.entries[index].at;
    let ended = facts.transcript.entries.last().map_or(started, |entry| entry.at);
    Verdict::Answered(
        Finding::observed(Code::NoRedirectCame)
            .show("waited", duration(ended.saturating_sub(started)))
            .advise(RemedyCode::ReadThePage)
            .authorize_again()
            .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect)),
    )
}

/// True while a reason is asked for: nothing came at all.
fn wanted(facts: &Facts<'_>) -> bool {
    facts.no_redirect() && !any_refused(facts)
}

fn page_not_found(facts: &Facts<'_>) -> Verdict {
    let code = Code::AuthorizePageNotFound;
    let (true, Some(id)) = (wanted(facts), facts.authorize_param("client_id")) else {
        return Verdict::NotEnough;
    };
    if client_id::is_defective(facts) {
        return Verdict::Fine(None);
    }
    let on_record = facts
        .configuration()
        .and_then(|configuration| configuration.registration.client_id.as_deref());
    let probed = facts
        .answered(Purpose::ProbeAuthorization)
        .map(|(_, response)| response.status);
    match (on_record, probed) {
        (Some(known), _) if known == id => {
            return Verdict::Fine(Some(
                Finding::ruled_out(code)
                    .show("client_id_sent", id)
                    .show("proof", known),
            ));
        }
        (_, Some(status @ (200 | 302 | 303))) => {
            return Verdict::Fine(Some(
                Finding::ruled_out(code)
                    .show("client_id_sent", id)
                    .show("proof", status.to_string()),
            ));
        }
        (Some(_), _) | (_, Some(404)) => return Verdict::Fine(None),
        _ => {}
    }
    Verdict::Found(
        Finding::new(code, Certainty::Possible)
            .show("client_id_sent", id)
            .probe_authorization()
            .edit_id(),
    )
}

fn page_refuses(facts: &Facts<'_>) -> Verdict {
    let code = Code::AuthorizePageRefusesRedirectUri;
    let (true, Some(uri)) = (wanted(facts), facts.authorize_param("redirect_uri")) else {
        return Verdict::NotEnough;
    };
    let registered = known(facts);
    if let Some(matching) = registered.iter().find(|registered| matches(registered, uri)) {
        return Verdict::Fine(Some(
            Finding::ruled_out(code)
                .show("redirect_uri_sent", uri)
                .show("proof", &matching.uri),
        ));
    }
    if !registered.is_empty() {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::new(code, Certainty::Possible)
            .show("redirect_uri_sent", uri)
            .edit_redirect_uri()
            .advise(RemedyCode::RegisterRedirectUri)
            .probe_credentials(),
    )
}

fn unfinished(facts: &Facts<'_>) -> Verdict {
    if !wanted(facts) {
        return Verdict::NotEnough;
    }
    Verdict::Found(
        Finding::new(Code::SignInUnfinished, Certainty::Possible)
            .advise(RemedyCode::FinishInBrowser)
            .authorize_again(),
    )
}

fn elsewhere(facts: &Facts<'_>) -> Verdict {
    let (true, Some(uri)) = (wanted(facts), facts.authorize_param("redirect_uri")) else {
        return Verdict::NotEnough;
    };
    if !RedirectUri::parse(uri).is_ok_and(|uri| uri.is_loopback()) {
        return Verdict::Fine(None);
    }
    Verdict::Found(
        Finding::new(Code::BrowserElsewhere, Certainty::Possible)
            .show("redirect_uri_sent", uri)
            .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect)),
    )
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
            .show("time_between", duration(again.at.saturating_sub(taken.at)))
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

fn unchecked(facts: &Facts<'_>) -> Verdict {
    match facts.taken_redirect() {
        Some(redirect) if redirect.disposition == Disposition::AcceptedUnchecked => Verdict::Noted(
            Finding::observed(Code::StateUnchecked)
                .show("code_received", redirect.response.code.as_deref().unwrap_or_default())
                .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect)),
        ),
        Some(_) => Verdict::Fine(None),
        None => Verdict::NotEnough,
    }
}
