//! The redirect URI held against what is registered (docs/github.md §2, §8.2), by the matcher that the simulator uses too.

use crate::{
    diagnosis::{
        Verdict,
        build::uri_departs,
        context::Facts,
        finding::{Action, Evidence, Finding},
        rule::{Code, RemedyCode},
        rules::redirect_uri::{authorize_was_accepted, in_question, shape_code},
    },
    flow::configuration::Field,
    oauth::{
        redirect_matching::{Registered, Verdict as Held, closest, compare, matching, nearest_match},
        redirect_uri::{Component, RedirectUri},
    },
};

/// The rules of this topic, a row each; `diagnosis/rule.rs` says what the columns mean.
macro_rules! rows {
    ($then:ident $($before:tt)*) => { $crate::diagnosis::$then! { $($before)*
        /// Only a slash at the end differs (§8.2).
        RedirectUriTrailingSlash = "redirect_uri_trailing_slash": RedirectUri, Cause of [OtherPath],
            |f| mismatch(f, Code::RedirectUriTrailingSlash);

        /// A slash is doubled (§8.2).
        RedirectUriDoubleSlash = "redirect_uri_double_slash": RedirectUri, Cause of [OtherPath],
            |f| mismatch(f, Code::RedirectUriDoubleSlash);

        /// Only upper and lower case differ in the path.
        RedirectUriCaseDiffers = "redirect_uri_case_differs": RedirectUri, Cause of [OtherPath],
            |f| mismatch(f, Code::RedirectUriCaseDiffers);

        /// `localhost` on one side, an address on the other (§2, §8.2).
        RedirectUriLoopbackName = "redirect_uri_loopback_name_differs": RedirectUri, Cause of [LoopbackName],
            |f| mismatch(f, Code::RedirectUriLoopbackName);

        /// `www.` on one side only (§8.2).
        RedirectUriWww = "redirect_uri_www_differs": RedirectUri, Cause of [OtherDomain],
            |f| mismatch(f, Code::RedirectUriWww);

        /// It would match if the wildcard switch of the registered URI were on (§2, §8.2).
        RedirectUriWildcardOff = "redirect_uri_wildcard_off": RedirectUri, Cause of [WildcardOff],
            |f| mismatch(f, Code::RedirectUriWildcardOff);

        /// Only the scheme differs: often a TLS proxy (§8.2).
        RedirectUriSchemeDiffers = "redirect_uri_scheme_differs": RedirectUri, Cause of [TlsProxy],
            |f| mismatch(f, Code::RedirectUriSchemeDiffers);

        /// Only the port differs (§2, §8.2).
        RedirectUriPortDiffers = "redirect_uri_port_differs": RedirectUri, Cause of [OtherPort],
            |f| mismatch(f, Code::RedirectUriPortDiffers);

        /// Only the host differs (§8.2).
        RedirectUriHostDiffers = "redirect_uri_host_differs": RedirectUri, Cause of [OtherDomain],
            |f| mismatch(f, Code::RedirectUriHostDiffers);

        /// Only the path differs (§8.2).
        RedirectUriPathDiffers = "redirect_uri_path_differs": RedirectUri, Cause of [OtherPath],
            |f| mismatch(f, Code::RedirectUriPathDiffers);

        /// It differs from every registered one in more than one part.
        RedirectUriNotRegistered = "redirect_uri_not_registered": RedirectUri, Cause of [NotRegistered],
            |f| mismatch(f, Code::RedirectUriNotRegistered);
    } };
}
pub(crate) use rows;

rows! { as_checks }

/// The registered redirect URIs, as far as they are known.
pub fn known<'t>(facts: &Facts<'t>) -> &'t [Registered] {
    facts.registered()
}

/// The components that keep a sent value from matching a registered one; all of them if one of the two is not a URI.
fn in_the_way(registered: &Registered, sent: &str) -> Vec<Component> {
    let (Ok(base), Ok(uri)) = (RedirectUri::parse(&registered.uri), RedirectUri::parse(sent)) else {
        return Component::ALL.to_vec();
    };
    compare(&base, registered.wildcard, &uri)
        .into_iter()
        .filter(|(_, held)| !held.is_match())
        .map(|(component, _)| component)
        .collect()
}

/// Names the difference between a registered and a sent value.
fn name(registered: &Registered, sent: &str) -> Code {
    let (Ok(base), Ok(uri)) = (RedirectUri::parse(&registered.uri), RedirectUri::parse(sent)) else {
        return Code::RedirectUriNotRegistered;
    };
    let differing: Vec<(Component, Held)> = compare(&base, registered.wildcard, &uri)
        .into_iter()
        .filter(|(_, held)| !held.is_match())
        .collect();
    if !differing.is_empty() && differing.iter().all(|(_, held)| *held == Held::WildcardOff) {
        return wildcard_name(&base, &uri, &differing);
    }
    match differing[..] {
        [(Component::Scheme, _)] => Code::RedirectUriSchemeDiffers,
        [(Component::Port, _)] => Code::RedirectUriPortDiffers,
        [(Component::Query, _)] => Code::RedirectUriHasQuery,
        [(Component::Host, _)] => host_name(&base, &uri),
        [(Component::Path, _)] => path_name(&base, &uri).unwrap_or(Code::RedirectUriPathDiffers),
        _ => Code::RedirectUriNotRegistered,
    }
}

/// Names a difference that the wildcard switch would let pass.
fn wildcard_name(base: &RedirectUri, uri: &RedirectUri, differing: &[(Component, Held)]) -> Code {
    match differing {
        [(Component::Host, _)] if host_name(base, uri) == Code::RedirectUriWww => Code::RedirectUriWww,
        [(Component::Path, _)] if base.effective_path() == uri.effective_path() => {
            Code::RedirectUriTrailingSlash
        }
        [(Component::Path, _)] => path_name(base, uri).unwrap_or(Code::RedirectUriWildcardOff),
        _ => Code::RedirectUriWildcardOff,
    }
}

fn host_name(base: &RedirectUri, uri: &RedirectUri) -> Code {
    let www = |one: &str, other: &str| one.strip_prefix("www.") == Some(other);
    if base.is_loopback() && uri.is_loopback() {
        Code::RedirectUriLoopbackName
    } else if www(&base.host, &uri.host) || www(&uri.host, &base.host) {
        Code::RedirectUriWww
    } else {
        Code::RedirectUriHostDiffers
    }
}

fn path_name(base: &RedirectUri, uri: &RedirectUri) -> Option<Code> {
    let (base, path) = (base.effective_path(), uri.effective_path());
    let single = |path: &str| {
        let mut single = path.to_owned();
        while single.contains("//") {
            single = single.replace("//", "/");
        }
        single
    };
    if base == path {
        None
    } else if base.trim_end_matches('/') == path.trim_end_matches('/') {
        Some(Code::RedirectUriTrailingSlash)
    } else if single(base) == single(path) {
        Some(Code::RedirectUriDoubleSlash)
    } else if base.eq_ignore_ascii_case(path) {
        Some(Code::RedirectUriCaseDiffers)
    } else {
        None
    }
}

/// Looks for the one difference of that name.
pub fn mismatch(facts: &Facts<'_>, code: Code) -> Verdict {
    let all = known(facts);
    if all.is_empty() {
        return without_registration(facts, code);
    }
    let Some(sent) = in_question(facts) else {
        return cleared(facts, code);
    };
    if let Some(registered) = matching(all, sent) {
        let ruled_out = code == Code::RedirectUriNotRegistered;
        return Verdict::Fine(ruled_out.then(|| not_the_cause(sent, &registered.uri)));
    }
    if shape_code(sent).is_some() {
        return Verdict::Fine(None);
    }
    let Some(registered) = closest(all, sent) else {
        return Verdict::NotEnough;
    };
    if name(registered, sent) != code {
        return Verdict::Fine(None);
    }
    let in_the_way = in_the_way(registered, sent);
    let departs = uri_departs(sent, &registered.uri, |component| in_the_way.contains(&component));
    let wildcard = if registered.wildcard { "on" } else { "off" };
    let mut finding = Finding::observed(code)
        .with(Evidence::new("redirect_uri_sent", sent).departing(departs))
        .show("redirect_uri_registered", &registered.uri)
        .show("wildcard", wildcard);
    let at_authorize = facts.authorize_param("redirect_uri");
    if facts.current().is_some()
        && let Some(uri) = at_authorize.filter(|uri| *uri != sent && matching(all, uri).is_some())
    {
        finding = finding.put(RemedyCode::UseAuthorizeRedirectUri, Field::RedirectUri, uri);
    } else if let Some(nearest) = nearest_match(all, sent) {
        finding = finding.show("redirect_uri_nearest", &nearest).put(
            RemedyCode::UseNearestRedirectUri,
            Field::RedirectUri,
            nearest,
        );
    }
    if facts.current().is_some() {
        finding = finding.mended_by(RemedyCode::OmitRedirectUri, Some(Action::OmitRedirectUri));
    }
    finding = match code {
        Code::RedirectUriWildcardOff => finding.advise(RemedyCode::SwitchWildcardOn),
        Code::RedirectUriSchemeDiffers => finding.advise(RemedyCode::TrustForwardedScheme),
        _ => finding,
    };
    Verdict::Found(finding.register(facts, Some(sent)).edit_redirect_uri())
}

/// What a value shows by itself when it is not known what is registered: its query cannot be part of a registered
/// redirect URI at GitHub (docs/github.md §2).
fn without_registration(facts: &Facts<'_>, code: Code) -> Verdict {
    use crate::diagnosis::finding::Certainty;
    let Some(sent) = in_question(facts) else {
        return cleared(facts, code);
    };
    let Ok(uri) = RedirectUri::parse(sent) else {
        return Verdict::NotEnough;
    };
    // Where the authority begins, or the path of a URI that has none.
    let at = match (sent.find("://"), sent.find(":/")) {
        (Some(at), _) => at + 3,
        (None, Some(at)) => at + 1,
        (None, None) => return Verdict::NotEnough,
    };
    match code {
        Code::RedirectUriHasQuery => {
            let Some(query) = uri.query else {
                return Verdict::Fine(None);
            };
            let of_the_response = crate::oauth::params::Params::decode(&query)
                .iter()
                .any(|(name, _)| matches!(name, "code" | "state" | "error"));
            let certainty = if of_the_response {
                Certainty::Observed
            } else {
                Certainty::Likely
            };
            let before = sent.split('?').next().unwrap_or_default();
            Verdict::Found(
                Finding::new(code, certainty)
                    .with(
                        Evidence::new("redirect_uri_sent", sent)
                            .marked(before.chars().count(), sent.chars().count()),
                    )
                    .put(RemedyCode::UseNearestRedirectUri, Field::RedirectUri, before)
                    .edit_redirect_uri(),
            )
        }
        Code::RedirectUriDoubleSlash => {
            let Some(double) = sent[at..].find("//").map(|found| found + at) else {
                return Verdict::Fine(None);
            };
            let single = format!("{}{}", &sent[..double], &sent[double + 1..]);
            let from = sent[..double].chars().count();
            Verdict::Found(
                Finding::new(code, Certainty::Likely)
                    .with(Evidence::new("redirect_uri_sent", sent).marked(from, from + 2))
                    .put(RemedyCode::UseNearestRedirectUri, Field::RedirectUri, single)
                    .edit_redirect_uri(),
            )
        }
        _ => Verdict::NotEnough,
    }
}

/// Some servers hold the redirect URI against the registration before they look at the code (GitHub: docs/github.md §3):
/// there a refused code clears the redirect URI.
fn cleared(facts: &Facts<'_>, code: Code) -> Verdict {
    let cleared = code == Code::RedirectUriNotRegistered
        && facts.profile().checks_client_first
        && facts.meaning == Some(Code::CodeRefused)
        && (facts.request_was_seen() || authorize_was_accepted(facts));
    let sent = facts.sent("redirect_uri").filter(|_| cleared);
    match (sent, facts.error()) {
        (Some(sent), Some(error)) => Verdict::Fine(Some(not_the_cause(sent, &error.error))),
        _ => Verdict::NotEnough,
    }
}

fn not_the_cause(sent: &str, proof: &str) -> Finding {
    Finding::ruled_out(Code::RedirectUriNotRegistered)
        .show("redirect_uri_sent", sent)
        .show("proof", proof)
}
