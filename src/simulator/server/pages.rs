//! The pages a person sees: templates filled in and escaped, and the headers that keep them safe.

use std::fmt::Write as _;

use Slot::{Markup, Text};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{
    oauth::{http::HttpResponse, redirect_matching::Registered, redirect_uri::RedirectUri},
    providers::github::scopes::Requested,
    simulator::server::{response::answer, texts::Words},
    text::{html::escape, template::filled},
};

const LAYOUT: &str = include_str!("../../../assets/pages/simulator/layout.html");
const STYLE: &str = include_str!("../../../assets/pages/simulator/style.css");
const SIGN_IN: &str = include_str!("../../../assets/pages/simulator/sign_in.html");
const CONSENT: &str = include_str!("../../../assets/pages/simulator/consent.html");
const DEVICE: &str = include_str!("../../../assets/pages/simulator/device.html");
const DEVICE_CONSENT: &str = include_str!("../../../assets/pages/simulator/device_consent.html");
const NOTICE: &str = include_str!("../../../assets/pages/simulator/notice.html");
const BAD_GATEWAY: &str = include_str!("../../../assets/pages/simulator/bad_gateway.html");

/// GitHub's own words on the page for an unregistered redirect URI (docs/github.md §1).
const BE_CAREFUL: (&str, &str) = (
    "Be careful!",
    "The redirect_uri is not associated with this application. The application might be misconfigured or could be trying to redirect you to a website you weren't expecting.",
);

/// What goes into a `{{slot}}` of a template.
enum Slot<'a> {
    /// Text: escaped.
    Text(&'a str),
    /// Markup made here from escaped pieces.
    Markup(&'a str),
}

/// Fills the slots of a template in one pass: what a value contains is not looked at again.
fn render(template: &str, slots: &[(&str, Slot)]) -> String {
    let mut page = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        match slots.iter().find(|(n, _)| *n == name) {
            Some((_, Text(text))) => page.push_str(&escape(text)),
            Some((_, Markup(markup))) => page.push_str(markup),
            None => debug_assert!(false, "slot {name} is not filled"),
        }
        rest = after;
    }
    page.push_str(rest);
    page
}

/// The page around `main`. `redirect_uri` is where a form on it may end up.
fn page(words: &Words, status: u16, title: &str, main: &str, redirect_uri: Option<&str>) -> HttpResponse {
    let body = render(
        LAYOUT,
        &[
            ("lang", Text(&words.lang)),
            ("title", Text(title)),
            ("badge", Text(&words.badge)),
            ("style", Markup(STYLE)),
            ("banner", Text(&words.banner)),
            ("main", Markup(main)),
            ("footer", Text(&words.footer)),
        ],
    );
    let mut response = answer(status, "text/html; charset=utf-8", body);
    for (name, value) in [
        ("Content-Security-Policy", policy(redirect_uri)),
        ("Referrer-Policy", "no-referrer".into()),
        ("X-Frame-Options", "DENY".into()),
    ] {
        response.headers.push((name.into(), value));
    }
    response
}

/// Nothing is loaded, no script runs, and the page cannot be framed. Chromium holds `form-action` against the redirect that
/// follows a form too, so the redirect URI's origin has to be in it.
fn policy(redirect_uri: Option<&str>) -> String {
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let target = redirect_uri.and_then(source_expression).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'{target}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The redirect URI's origin as a source expression of the policy. An IPv6 host cannot be written in one, and an app's own
/// scheme has no origin: there the scheme alone stands.
fn source_expression(redirect_uri: &str) -> Option<String> {
    let uri = RedirectUri::parse(redirect_uri).ok()?;
    let plain_host = uri
        .host
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    if !plain_host || !(uri.is_scheme("http") || uri.is_scheme("https")) {
        return Some(format!(" {}:", uri.scheme));
    }
    let port = uri.port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!(" {}://{}{port}", uri.scheme, uri.host))
}

/// Why a sign-in page is shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignInProblem<'a> {
    /// The account is not there.
    UnknownLogin(&'a str),
    /// The form did not belong to this session.
    Stale,
}

/// What the sign-in page is made of.
pub(crate) struct SignInPage<'a> {
    pub(crate) app: &'a str,
    pub(crate) account: &'a str,
    /// The login that is filled in.
    pub(crate) login: &'a str,
    pub(crate) authenticity_token: &'a str,
    /// The authorization request to go on with.
    pub(crate) return_to: &'a str,
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) problem: Option<SignInProblem<'a>>,
}

pub(crate) fn sign_in(words: &Words, content: &SignInPage) -> HttpResponse {
    let text = &words.sign_in;
    let problem = content.problem.map(|problem| match problem {
        SignInProblem::UnknownLogin(login) => filled(
            &text.unknown_login,
            &[("login", login), ("account", content.account)],
        ),
        SignInProblem::Stale => text.stale.clone(),
    });
    let alert = problem
        .map(|sentence| format!("<p class=\"alert\" role=\"alert\">{}</p>\n", escape(&sentence)))
        .unwrap_or_default();
    let main = render(
        SIGN_IN,
        &[
            ("heading", Text(&filled(&text.heading, &[("app", content.app)]))),
            ("lead", Text(&text.lead)),
            ("alert", Markup(&alert)),
            ("authenticity_token", Text(content.authenticity_token)),
            ("return_to", Text(content.return_to)),
            ("login_label", Text(&text.login)),
            ("login", Text(content.login)),
            ("password_label", Text(&text.password)),
            ("password_note", Text(&text.password_note)),
            ("sign_in", Text(&text.submit)),
        ],
    );
    let status = if content.problem.is_some() { 422 } else { 200 };
    page(words, status, &text.title, &main, content.redirect_uri)
}

/// What the consent page is made of.
pub(crate) struct ConsentPage<'a> {
    pub(crate) app: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) account: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) requested: &'a Requested,
    pub(crate) authenticity_token: &'a str,
    /// Where the decision is posted: the authorization request itself.
    pub(crate) action: &'a str,
}

pub(crate) fn consent(words: &Words, content: &ConsentPage) -> HttpResponse {
    let text = &words.consent;
    let app = [("app", content.app)];
    let main = render(
        CONSENT,
        &[
            ("heading", Text(&filled(&text.heading, &app))),
            ("lead", Text(&filled(&text.lead, &[("login", content.account)]))),
            ("app_label", Text(&text.app)),
            ("app", Text(content.app)),
            ("client_id", Text(content.client_id)),
            ("account_label", Text(&text.account)),
            ("account", Text(content.account)),
            ("redirect_label", Text(&text.redirect)),
            ("redirect_uri", Text(content.redirect_uri)),
            ("scopes_heading", Text(&text.scopes)),
            ("scopes", Markup(&scope_list(words, content.requested))),
            ("redirect_note", Text(&text.redirect_note)),
            ("action", Text(content.action)),
            ("authenticity_token", Text(content.authenticity_token)),
            ("authorize", Text(&text.authorize)),
            ("cancel", Text(&text.cancel)),
        ],
    );
    page(
        words,
        200,
        &filled(&text.title, &app),
        &main,
        Some(content.redirect_uri),
    )
}

/// What the page for a user code is made of.
pub(crate) struct DevicePage<'a> {
    pub(crate) account: &'a str,
    pub(crate) authenticity_token: &'a str,
    /// The code that is filled in.
    pub(crate) user_code: &'a str,
    /// There is no open request with that code.
    pub(crate) is_unknown: bool,
}

pub(crate) fn device(words: &Words, content: &DevicePage) -> HttpResponse {
    let text = &words.device;
    let alert = if content.is_unknown {
        let sentence = filled(&text.unknown, &[("code", content.user_code)]);
        format!("<p class=\"alert\" role=\"alert\">{}</p>\n", escape(&sentence))
    } else {
        String::new()
    };
    let main = render(
        DEVICE,
        &[
            ("heading", Text(&text.heading)),
            ("lead", Text(&filled(&text.lead, &[("login", content.account)]))),
            ("alert", Markup(&alert)),
            ("authenticity_token", Text(content.authenticity_token)),
            ("code_label", Text(&text.code)),
            ("user_code", Text(content.user_code)),
            ("submit", Text(&text.submit)),
        ],
    );
    let status = if content.is_unknown { 422 } else { 200 };
    page(words, status, &text.title, &main, None)
}

/// What the consent page of a device is made of.
pub(crate) struct DeviceConsentPage<'a> {
    pub(crate) app: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) account: &'a str,
    pub(crate) user_code: &'a str,
    pub(crate) requested: &'a Requested,
    pub(crate) authenticity_token: &'a str,
}

pub(crate) fn device_consent(words: &Words, content: &DeviceConsentPage) -> HttpResponse {
    let text = &words.consent;
    let app = [("app", content.app)];
    let lead = filled(
        &words.device.consent_lead,
        &[("code", content.user_code), ("login", content.account)],
    );
    let main = render(
        DEVICE_CONSENT,
        &[
            ("heading", Text(&filled(&text.heading, &app))),
            ("lead", Text(&lead)),
            ("app_label", Text(&text.app)),
            ("app", Text(content.app)),
            ("client_id", Text(content.client_id)),
            ("account_label", Text(&text.account)),
            ("account", Text(content.account)),
            ("code_label", Text(&words.device.code)),
            ("user_code", Text(content.user_code)),
            ("scopes_heading", Text(&text.scopes)),
            ("scopes", Markup(&scope_list(words, content.requested))),
            ("authenticity_token", Text(content.authenticity_token)),
            ("authorize", Text(&text.authorize)),
            ("cancel", Text(&text.cancel)),
        ],
    );
    page(words, 200, &filled(&text.title, &app), &main, None)
}

/// The page after the decision about a device.
pub(crate) fn device_decided(words: &Words, approved: bool) -> HttpResponse {
    let text = &words.device;
    let said = if approved {
        (text.approved.as_str(), text.approved_text.as_str())
    } else {
        (text.denied.as_str(), text.denied_text.as_str())
    };
    notice(words, 200, &text.title, said, "", "")
}

fn scope_list(words: &Words, requested: &Requested) -> String {
    let mut list = String::new();
    if requested.scopes.is_empty() {
        let _ = writeln!(list, "<p>{}</p>", escape(&words.consent.no_scopes));
    } else {
        list.push_str("<ul>\n");
        for scope in &requested.scopes {
            let in_words = words.scopes.get(scope).map_or("", String::as_str);
            let _ = writeln!(
                list,
                "<li>{} <code>{}</code></li>",
                escape(in_words),
                escape(scope)
            );
        }
        list.push_str("</ul>\n");
    }
    if !requested.unknown.is_empty() {
        let names = requested.unknown.join(" ");
        let sentence = filled(&words.consent.unknown_scopes, &[("scopes", &names)]);
        let _ = writeln!(list, "<p class=\"note\">{}</p>", escape(&sentence));
    }
    list
}

/// A page that only says something.
fn notice(
    words: &Words,
    status: u16,
    title: &str,
    said: (&str, &str),
    lang: &str,
    more: &str,
) -> HttpResponse {
    let main = render(
        NOTICE,
        &[
            ("heading_lang", Markup(lang)),
            ("heading", Text(said.0)),
            ("text", Text(said.1)),
            ("details", Markup(more)),
        ],
    );
    page(words, status, title, &main, None)
}

fn pairs(rows: &[(&str, &str)]) -> String {
    let mut list = String::from("<dl>\n");
    for (term, value) in rows {
        let _ = writeln!(
            list,
            "<dt>{}</dt><dd><code>{}</code></dd>",
            escape(term),
            escape(value)
        );
    }
    list.push_str("</dl>\n");
    list
}

/// The page at an address that leads nowhere.
pub(crate) fn not_found(words: &Words) -> HttpResponse {
    let text = &words.not_found;
    notice(words, 404, &text.title, (&text.heading, &text.text), "", "")
}

/// The same page for an unknown `client_id`, as GitHub shows it, with a word about why.
pub(crate) fn unknown_client(words: &Words, sent: &str, known: &str) -> HttpResponse {
    let text = &words.not_found;
    let more = format!(
        "<p class=\"note\">{}</p>\n{}",
        escape(&text.unknown_client),
        pairs(&[(&text.sent, sent), (&text.known, known)])
    );
    notice(words, 404, &text.title, (&text.heading, &text.text), "", &more)
}

/// The page for an unregistered redirect URI, with what GitHub leaves out.
pub(crate) fn be_careful(words: &Words, sent: &str, registered: &[Registered]) -> HttpResponse {
    let text = &words.be_careful;
    let mut rows = vec![(text.sent.as_str(), sent)];
    rows.extend(
        registered
            .iter()
            .map(|registered| (text.registered.as_str(), registered.uri.as_str())),
    );
    if registered.is_empty() {
        rows.push((&text.registered, &text.none));
    }
    let more = format!(
        "<p class=\"note\">{}</p>\n{}",
        escape(&text.explanation),
        pairs(&rows)
    );
    notice(words, 400, &text.title, BE_CAREFUL, " lang=\"en\"", &more)
}

/// The page after a form that did not belong to the session. `again` is the authorization request.
pub(crate) fn stale(words: &Words, again: &str) -> HttpResponse {
    let text = &words.stale;
    let link = format!(
        "<p><a href=\"{}\">{}</a></p>\n",
        escape(again),
        escape(&text.again)
    );
    notice(words, 422, &text.title, (&text.heading, &text.text), "", &link)
}

/// The page of a used-up rate limit.
pub(crate) fn rate_limited(words: &Words) -> HttpResponse {
    let text = &words.rate_limited;
    let mut response = notice(words, 429, &text.title, (&text.heading, &text.text), "", "");
    response.headers.push(("Retry-After".into(), "60".into()));
    response
}

/// What a proxy in front of the token endpoint says.
pub(crate) fn bad_gateway() -> HttpResponse {
    answer(502, "text/html", BAD_GATEWAY)
}

#[cfg(test)]
mod tests {
    use crate::simulator::server::pages::*;

    #[test]
    fn the_policy_lets_a_form_end_at_the_redirect_uri_and_nowhere_else() {
        for (uri, expected) in [
            (
                "http://127.0.0.1:8914/callback",
                "form-action 'self' http://127.0.0.1:8914;",
            ),
            (
                "https://example.com/cb?x=1",
                "form-action 'self' https://example.com;",
            ),
            ("http://[::1]:8914/callback", "form-action 'self' http:;"),
            ("my-app://callback", "form-action 'self' my-app:;"),
            ("http://a;script-src/", "form-action 'self' http:;"),
            ("nonsense; script-src *", "form-action 'self';"),
        ] {
            let policy = policy(Some(uri));
            assert!(policy.contains(expected), "{uri}: {policy}");
        }
    }

    #[test]
    fn values_are_escaped_and_not_looked_at_again() {
        let page = render(
            "<p title=\"{{a}}\">{{a}}{{b}}</p>",
            &[("a", Text("\"{{b}}<")), ("b", Markup("<i>"))],
        );
        assert_eq!(page, "<p title=\"&quot;{{b}}&lt;\">&quot;{{b}}&lt;<i></p>");
    }
}
