//! Why no redirect came: what was seen of it, and what the page in the browser may say (docs/github.md §1).

use crate::{
    diagnosis::{
        Verdict,
        context::Facts,
        finding::{Action, Certainty, Finding},
        rule::{Code, RemedyCode},
        rules::{client_id, registration::known},
    },
    flow::{
        configuration::{CannotListen, Field},
        transcript::{BrowserShows, Observation, Purpose},
    },
    oauth::{redirect_matching::matches, redirect_uri::RedirectUri},
    providers::{error_table::status_text, page_table},
    text::html,
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// The browser could not be opened.
        BrowserNotOpened = "browser_not_opened": Redirect, Cause, browser;

        /// The redirect URI does not lead to this machine.
        RedirectCannotArrive = "redirect_cannot_arrive_here": Redirect, Cause, cannot_arrive;

        /// No redirect came.
        NoRedirectCame = "no_redirect_came": Redirect, NoAnswer, none_came;

        /// The browser may show GitHub's 404 page: it does not know the client id (§1).
        AuthorizePageNotFound = "authorize_page_not_found": Redirect, Cause, page_not_found;

        /// The browser may show "Be careful!": the redirect URI is not registered (§1).
        AuthorizePageRefusesRedirectUri = "authorize_page_refuses_redirect_uri": Redirect, Cause,
            page_refuses;

        /// The resource owner may not have finished signing in or consenting.
        SignInUnfinished = "sign_in_unfinished": Redirect, Cause, unfinished;

        /// The browser may run on another machine than the listener.
        BrowserElsewhere = "browser_on_another_machine": Redirect, Cause, elsewhere;
    } };
}
pub(crate) use rows;

rows! { as_checks }

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
        // Somebody went there by other means, and what they saw says more.
        Some(_) if facts.page_seen().is_some() => Verdict::Fine(None),
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
    let before = index
        .checked_sub(1)
        .map(|at| &facts.transcript.entries[at].observation);
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
    let (true, Some(ended), Some((index, ..))) =
        (facts.no_redirect(), facts.waiting_ended_at(), facts.authorization)
    else {
        return Verdict::NotEnough;
    };
    let explained = facts.reported().is_some_and(BrowserShows::is_refusal);
    if any_refused(facts) || facts.page_seen().is_some() || explained {
        return Verdict::Fine(None);
    }
    let started = facts.transcript.entries[index].at;
    let mut finding = Finding::observed(Code::NoRedirectCame).lasts("waited", ended.saturating_sub(started));
    let dropped = facts.connections_dropped();
    if dropped > 0 {
        finding = finding.show("connections_dropped", dropped.to_string());
    }
    Verdict::Answered(
        finding
            .advise(RemedyCode::ReadThePage)
            .authorize_again()
            .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect)),
    )
}

/// True if nothing came at all, so that a reason is wanted. What became of a pasted request is not known.
fn wanted(facts: &Facts<'_>) -> bool {
    facts.no_redirect() && !any_refused(facts) && facts.meaning != Some(Code::AuthorizationRequestPasted)
}

/// What the page that was seen says: by its words, else by its status.
fn page(facts: &Facts<'_>) -> Option<(Option<Code>, u16, String)> {
    let (status, text) = facts.page_seen()?;
    let meaning = page_table::meaning(text).or(match status {
        404 => Some(Code::AuthorizePageNotFound),
        _ if text.contains("redirect_uri") => Some(Code::AuthorizePageRefusesRedirectUri),
        _ => None,
    });
    Some((meaning, status, html::first_words(text)))
}

fn page_not_found(facts: &Facts<'_>) -> Verdict {
    let code = Code::AuthorizePageNotFound;
    if let Some((Some(Code::AuthorizePageNotFound), _, text)) = page(facts) {
        let Some(id) = facts.authorize_param("client_id") else {
            // Which address it answers was not seen.
            return Verdict::Found(
                Finding::new(code, Certainty::Likely)
                    .show("page", text)
                    .unseen("authorization_request")
                    .edit_id()
                    .edit(RemedyCode::CheckHost, Field::Host)
                    .advise(RemedyCode::PasteAuthorizationRequest),
            );
        };
        return Verdict::Answered(
            Finding::observed(code)
                .show_id("client_id_sent", id)
                .show("page", text)
                .edit_id()
                .edit(RemedyCode::CheckHost, Field::Host),
        );
    }
    if facts.meaning == Some(Code::EndpointNotFound) && facts.is_pasted() && !facts.request_was_seen() {
        return Verdict::Found(
            Finding::new(code, Certainty::Possible)
                .unseen("authorization_request")
                .edit_id(),
        );
    }
    let (true, Some(id)) = (wanted(facts), facts.authorize_param("client_id")) else {
        return Verdict::NotEnough;
    };
    if client_id::is_defective(facts) || facts.page_seen().is_some() {
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
                    .show_id("client_id_sent", id)
                    .show("proof", known),
            ));
        }
        (_, Some(status @ (200 | 302 | 303))) => {
            return Verdict::Fine(Some(
                Finding::ruled_out(code)
                    .show_id("client_id_sent", id)
                    .show("proof", status.to_string()),
            ));
        }
        (Some(_), _) | (_, Some(404)) => return Verdict::Fine(None),
        _ => {}
    }
    // A page that refuses the redirect URI, or an address that could not be reached, shows that the id is known.
    let certainty = match facts.reported() {
        Some(BrowserShows::NotFound) => Certainty::Likely,
        Some(BrowserShows::SignIn) | None => Certainty::Possible,
        Some(_) => return Verdict::Fine(None),
    };
    let finding = Finding::new(code, certainty).show_id("client_id_sent", id);
    Verdict::Found(match certainty {
        Certainty::Likely => reported(finding, facts)
            .edit_id()
            .probe_authorization()
            .edit(RemedyCode::CheckHost, Field::Host),
        _ => finding.probe_authorization().edit_id(),
    })
}

/// The same with what the person said of their browser as evidence.
fn reported(finding: Finding, facts: &Facts<'_>) -> Finding {
    match facts.reported() {
        Some(shows) => finding.show("reported", shows.name()),
        None => finding,
    }
}

fn page_refuses(facts: &Facts<'_>) -> Verdict {
    let code = Code::AuthorizePageRefusesRedirectUri;
    if let Some((meaning, status, text)) = page(facts) {
        if meaning != Some(code) {
            return Verdict::Fine(None);
        }
        let mut finding = Finding::observed(code);
        if let Some(uri) = facts.authorize_param("redirect_uri") {
            finding = finding.show("redirect_uri_sent", uri);
        }
        if let Some(status) = status_text(status) {
            finding = finding.show("status", status);
        }
        finding = finding.show("page", text);
        finding = match facts.authorize_param("redirect_uri") {
            Some(uri) => refused_uri(finding, facts, uri),
            None => finding.edit_redirect_uri().register(facts, None),
        };
        return Verdict::Answered(if facts.authorization.is_none() {
            finding.advise(RemedyCode::PasteAuthorizationRequest)
        } else {
            finding
        });
    }
    let (true, Some(uri)) = (wanted(facts), facts.authorize_param("redirect_uri")) else {
        return Verdict::NotEnough;
    };
    let registered = known(facts);
    let matching = registered.iter().find(|registered| matches(registered, uri));
    // Where nothing matches, the check of the registration says so and names the part.
    if !registered.is_empty() && matching.is_none() {
        return Verdict::Fine(None);
    }
    if facts.reported() == Some(BrowserShows::RefusesRedirectUri) {
        let finding = Finding::new(code, Certainty::Likely).show("redirect_uri_sent", uri);
        return Verdict::Found(refused_uri(reported(finding, facts), facts, uri));
    }
    if let Some(matching) = matching {
        return Verdict::Fine(Some(
            Finding::ruled_out(code)
                .show("redirect_uri_sent", uri)
                .show("proof", &matching.uri),
        ));
    }
    // A 404 page, or an address that could not be reached, came in its place.
    if matches!(
        facts.reported(),
        Some(BrowserShows::NotFound | BrowserShows::CannotConnect)
    ) {
        return Verdict::Fine(None);
    }
    let finding = Finding::new(code, Certainty::Possible).show("redirect_uri_sent", uri);
    Verdict::Found(refused_uri(finding, facts, uri).probe_credentials())
}

/// What can be done about a redirect URI that a page refuses: entering the registered one comes first while it is not known.
fn refused_uri(finding: Finding, facts: &Facts<'_>, uri: &str) -> Finding {
    finding
        .tell_registered(facts)
        .register(facts, Some(uri))
        .edit_redirect_uri()
}

fn unfinished(facts: &Facts<'_>) -> Verdict {
    if !wanted(facts) || facts.page_seen().is_some() {
        return Verdict::NotEnough;
    }
    let certainty = match facts.reported() {
        Some(BrowserShows::SignIn) => Certainty::Likely,
        None => Certainty::Possible,
        Some(_) => return Verdict::Fine(None),
    };
    Verdict::Found(
        reported(Finding::new(Code::SignInUnfinished, certainty), facts)
            .advise(RemedyCode::FinishInBrowser)
            .authorize_again(),
    )
}

fn elsewhere(facts: &Facts<'_>) -> Verdict {
    let (true, Some(uri)) = (wanted(facts), facts.authorize_param("redirect_uri")) else {
        return Verdict::NotEnough;
    };
    if facts.page_seen().is_some() || !RedirectUri::parse(uri).is_ok_and(|uri| uri.is_loopback()) {
        return Verdict::Fine(None);
    }
    let certainty = match facts.reported() {
        Some(BrowserShows::CannotConnect) => Certainty::Likely,
        None => Certainty::Possible,
        Some(_) => return Verdict::Fine(None),
    };
    Verdict::Found(
        reported(
            Finding::new(Code::BrowserElsewhere, certainty).show("redirect_uri_sent", uri),
            facts,
        )
        .mended_by(RemedyCode::PasteRedirect, Some(Action::PasteRedirect)),
    )
}
