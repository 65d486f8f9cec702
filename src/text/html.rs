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

/// The heading of what a page shows and the first sentence below it, at most 200 characters; `…` stands for the rest. A first
/// sentence that is too long for a heading stands alone.
pub fn first_words(text: &str) -> String {
    const MOST: usize = 200;
    const LONGEST_HEADING: usize = 60;
    let text = folded(&text.chars().take(2 * MOST).collect::<String>());
    let mut ends = text.char_indices().enumerate().filter_map(|(count, (at, c))| {
        let after = at + c.len_utf8();
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => text[after..].chars().next().is_none_or(char::is_whitespace),
            _ => false,
        };
        (ends && count < MOST).then_some((count, after))
    });
    let first: String = match ends.next() {
        Some((count, after)) if count < LONGEST_HEADING => {
            let after = ends.next().map_or(after, |(_, after)| after);
            text[..after].to_owned()
        }
        Some((_, after)) => text[..after].to_owned(),
        None => text.chars().take(MOST).collect(),
    };
    if first.len() < text.len() {
        format!("{first} …")
    } else {
        first
    }
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
    fn a_page_is_told_by_its_heading_and_first_sentence() {
        for (text, first) in [
            (
                "Be careful! The URI is not associated. Ask its owner. This page is a remark.",
                "Be careful! The URI is not associated. …",
            ),
            (
                "Be careful! The URI is not associated.",
                "Be careful! The URI is not associated.",
            ),
            ("小心！此地址未注册。请联系。", "小心！此地址未注册。 …"),
            ("Error 400: see example.com", "Error 400: see example.com"),
            ("", ""),
        ] {
            assert_eq!(first_words(text), first);
        }
        let long = "This heading is a sentence that is far too long to be taken for a heading.";
        assert_eq!(first_words(&format!("{long} Another one.")), format!("{long} …"));
        assert_eq!(first_words(&"x".repeat(900)), format!("{} …", "x".repeat(200)));
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
