//! Pages of authorization servers in place of a redirect, told by their words: the table `assets/providers/pages.toml`.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::{diagnosis::rule::Code, text::embedded::built_in};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    text: Vec<String>,
    means: Code,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    page: Vec<Page>,
}

fn table() -> &'static [Page] {
    static TABLE: OnceLock<Table> = OnceLock::new();
    &TABLE.get_or_init(|| built_in!("providers/pages")).page
}

/// The finding that a page stands for by its words; `None` for a page that no row knows.
pub fn meaning(text: &str) -> Option<Code> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    table()
        .iter()
        .find(|page| page.text.iter().any(|telltale| text.contains(telltale)))
        .map(|page| page.means)
}

#[cfg(test)]
mod tests {
    use crate::providers::page_table::*;

    #[test]
    fn pages_are_told_by_their_words() {
        for (text, means) in [
            (
                "Be careful! The redirect_uri is not\nassociated with this application.",
                Some(Code::AuthorizePageRefusesRedirectUri),
            ),
            (
                "Page not found · GitHub · GitHub",
                Some(Code::AuthorizePageNotFound),
            ),
            (
                "Error 400: redirect_uri_mismatch",
                Some(Code::AuthorizePageRefusesRedirectUri),
            ),
            (
                "AADSTS50011: The redirect URI 'x' specified in the request does not match",
                Some(Code::AuthorizePageRefusesRedirectUri),
            ),
            ("Welcome to WiFi", None),
            ("", None),
        ] {
            assert_eq!(meaning(text), means, "{text}");
        }
    }
}
