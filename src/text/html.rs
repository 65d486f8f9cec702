//! As much of HTML as is needed to write a value into a page and to read what a page says.

/// Makes a text safe inside HTML and XML, in content and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// Resolves the references that [`escape`] writes, and the middle dot that GitHub puts into its titles.
pub fn unescape(text: &str) -> String {
    // `&amp;` last, so that nothing is resolved twice.
    [
        ("&middot;", "·"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// What a page shows, its title first, white space folded. Scripts, styles and drawings show no text.
pub fn visible_text(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let mut text = String::new();
    let mut at = 0;
    while let Some(open) = page[at..].find('<').map(|found| at + found) {
        text.push_str(&page[at..open]);
        text.push(' ');
        let hidden = ["script", "style", "svg"]
            .into_iter()
            .find(|name| lower[open + 1..].starts_with(name));
        let close = match hidden {
            Some(name) => {
                let end = format!("</{name}");
                lower[open..].find(&end).map_or(page.len(), |found| open + found)
            }
            None => open,
        };
        at = page[close..]
            .find('>')
            .map_or(page.len(), |found| close + found + 1);
    }
    text.push_str(&page[at..]);
    folded(&unescape(&text))
}

/// The title of a page, white space folded, at most 80 characters.
pub fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title: String = folded(&page[start..end]).chars().take(80).collect();
    (!title.is_empty()).then_some(title)
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back_and_is_resolved_once() {
        for text in ["<a href=\"x\">'&'</a>", "&amp;lt;", "plain"] {
            assert_eq!(unescape(&escape(text)), text);
        }
        assert_eq!(unescape("&amp;lt;"), "&lt;");
    }

    #[test]
    fn a_page_is_read_without_what_it_does_not_show() {
        let page = "<html><head><title>\n Sign in\n</title><style>b{}</style></head>\
                    <body><script>if (a < b) {}</script><p>Be&nbsp;careful &amp; read</p></body></html>";
        assert_eq!(title(page).as_deref(), Some("Sign in"));
        assert_eq!(visible_text(page), "Sign in Be&nbsp;careful & read");
        assert_eq!(title("<title></title>"), None);
        assert_eq!(visible_text("a <b"), "a");
    }
}
