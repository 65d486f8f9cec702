//! The pages of the redirect listener. One template; all that varies is escaped.

use crate::{
    flow::{effect::TabResult, transcript::Disposition},
    io::words::{PageProse, PagesProse},
    oauth::http::HttpResponse,
    text::{
        catalog::{Language, Messages},
        html::escape,
        template::fill,
    },
};

const TEMPLATE: &str = include_str!("../../assets/pages/result.html");

/// How pages look in this session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageStyle {
    /// Their language.
    pub language: Language,
    /// They say SIMULATED.
    pub simulated: bool,
}

/// What a page says.
#[derive(Clone, Copy, Debug)]
pub enum Page<'p> {
    /// The redirect was taken; the result is not known yet.
    Waiting,
    /// The result.
    Result(&'p TabResult),
    /// The request was not taken as the redirect.
    NotTaken(Disposition),
}

/// A response with a page. `result_address` is where this tab finds its result; a waiting page asks there, and any page
/// puts it into the address bar in place of the code.
pub fn response(status: u16, style: PageStyle, page: Page<'_>, result_address: Option<&str>) -> HttpResponse {
    // Without randomness the page goes without script and style rather than with a nonce that can be guessed.
    let nonce = crate::io::random::from_system()
        .map(|mut entropy| entropy.draw_hex(32))
        .unwrap_or_default();
    let mut response = bare(status);
    let policy = format!(
        "default-src 'none'; img-src data:; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    for (name, value) in [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Language", style.language.tag()),
        ("Content-Security-Policy", &policy),
    ] {
        response.headers.push((name.into(), value.into()));
    }
    response.body = render(style, page, result_address, &nonce).into_bytes();
    response
}

/// A response without a body, with the header fields that every answer has.
pub fn bare(status: u16) -> HttpResponse {
    let headers = [
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ];
    HttpResponse {
        status,
        headers: headers.map(|(name, value)| (name.into(), value.into())).into(),
        ..HttpResponse::default()
    }
}

fn render(style: PageStyle, page: Page<'_>, result_address: Option<&str>, nonce: &str) -> String {
    let messages = Messages::new(style.language);
    let prose = messages.pages();
    let (said, tone, symbol) = words(prose, page);
    let address = result_address.map(escape).unwrap_or_default();
    let waiting = matches!(page, Page::Waiting);
    let refresh = if waiting {
        format!("<noscript><meta http-equiv=\"refresh\" content=\"2;url={address}\"></noscript>")
    } else {
        String::new()
    };
    let mut state = String::new();
    if result_address.is_some() {
        state = format!(" data-result=\"{address}\"");
    }
    if waiting {
        state.push_str(" data-waiting");
    }
    let simulated = if style.simulated {
        format!("<strong>{}</strong>", escape(&prose.simulated))
    } else {
        String::new()
    };
    let values = values(prose, page);
    let (title, text, next, gone) = (
        escape(&said.title),
        escape(&said.text),
        escape(&said.next),
        escape(&prose.gone),
    );
    fill(TEMPLATE, |name| {
        Some(match name {
            "lang" => style.language.tag(),
            "nonce" => nonce,
            "refresh" => &refresh,
            "state" => &state,
            "simulated" => &simulated,
            "tone" => tone,
            "symbol" => symbol,
            "title" => &title,
            "text" => &text,
            "values" => &values,
            "gone" => &gone,
            "next" => &next,
            _ => return None,
        })
    })
}

fn words<'p>(prose: &'p PagesProse, page: Page<'_>) -> (&'p PageProse, &'static str, &'static str) {
    match page {
        Page::Waiting => (&prose.waiting, "waiting", "…"),
        Page::Result(TabResult::Token { .. }) => (&prose.token, "good", "✓"),
        Page::Result(TabResult::Refused { .. }) => (&prose.refused, "bad", "✗"),
        Page::Result(TabResult::Unanswered) => (&prose.unanswered, "bad", "✗"),
        Page::Result(TabResult::Cancelled) => (&prose.cancelled, "note", "–"),
        Page::NotTaken(disposition) => (
            // Every disposition that can come here has its words (tested); the general ones are those of a wrong path.
            prose.not_taken.get(&disposition).unwrap_or(&prose.cancelled),
            if disposition.is_refused() { "bad" } else { "note" },
            if disposition.is_refused() { "✗" } else { "!" },
        ),
    }
}

fn values(prose: &PagesProse, page: Page<'_>) -> String {
    let rows = match page {
        Page::Result(TabResult::Token { login }) => vec![(&prose.login, login.as_deref())],
        Page::Result(TabResult::Refused { error, description }) => vec![
            (&prose.error, Some(error.as_str())),
            (&prose.error_description, description.as_deref()),
        ],
        _ => Vec::new(),
    };
    let rows: String = rows
        .into_iter()
        .filter_map(|(label, value)| {
            Some(format!(
                "<dt>{}</dt><dd>{}</dd>",
                escape(label),
                escape(&crate::render::text::line::clean(value?))
            ))
        })
        .collect();
    if rows.is_empty() {
        rows
    } else {
        format!("<dl>{rows}</dl>")
    }
}

#[cfg(test)]
mod tests {
    use crate::io::result_pages::*;

    fn text(page: Page<'_>, style: PageStyle) -> String {
        response(200, style, page, Some("/oauthlens/result?key=k&x=\"")).text()
    }

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let result = TabResult::Refused {
            error: "<script>alert(1)</script>".into(),
            description: Some("\"'&\u{202e}{nonce}".into()),
        };
        let page = text(Page::Result(&result), PageStyle::default());
        assert!(!page.contains("<script>alert"), "{page}");
        assert!(page.contains("&lt;script&gt;"));
        assert!(
            page.contains("&quot;&#39;&amp;·{nonce}"),
            "values are not filled in a second time"
        );
        assert!(page.contains("key=k&amp;x=&quot;"));
    }

    #[test]
    fn every_answer_forbids_to_be_kept_framed_or_scripted() {
        let answer = response(200, PageStyle::default(), Page::Waiting, Some("/r"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"), "{policy}");
        let nonce = policy
            .split_once("'nonce-")
            .unwrap()
            .1
            .split_once('\'')
            .unwrap()
            .0;
        assert_eq!(nonce.len(), 32);
        assert_eq!(answer.text().matches(&format!("nonce=\"{nonce}\"")).count(), 2);
    }

    #[test]
    fn every_reason_has_its_words_in_both_languages() {
        use Disposition as D;
        for language in Language::ALL {
            let style = PageStyle {
                language,
                simulated: true,
            };
            let mut titles = std::collections::HashSet::new();
            for disposition in [
                D::StateMissing,
                D::StateDiffers,
                D::ParameterRepeated,
                D::IssuerDiffers,
                D::SecondRedirect,
                D::FlowOver,
                D::NoParameters,
                D::OtherPath,
                D::OtherMethod,
                D::OtherHost,
            ] {
                let page = text(Page::NotTaken(disposition), style);
                let title = page.split_once("<title>").unwrap().1.split_once('<').unwrap().0;
                assert!(titles.insert(title.to_owned()), "{title} stands twice");
                assert!(!page.contains('{') || !page.contains("{title}"));
            }
            let token = TabResult::Token {
                login: Some("octocat".into()),
            };
            let page = text(Page::Result(&token), style);
            assert!(page.contains(&format!("lang=\"{}\"", language.tag())) && page.contains("octocat"));
            assert!(page.contains("<strong>"), "it says that it is simulated");
        }
    }

    #[test]
    fn only_a_waiting_page_refreshes_itself() {
        let waiting = text(Page::Waiting, PageStyle::default());
        assert!(waiting.contains("http-equiv=\"refresh\"") && waiting.contains("data-waiting"));
        let done = text(Page::Result(&TabResult::Unanswered), PageStyle::default());
        assert!(!done.contains("http-equiv=\"refresh\"") && !done.contains("<body data-waiting"));
    }
}
