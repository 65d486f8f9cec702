//! What every page has to keep, whoever serves it.

use serde_json::Value;

use super::webdriver::{Browser, text};

/// Checks structure, language, contrast, reflow and console of the page on show, and keeps a picture of it.
///
/// `status` is the page's own where that is not 200: Chromium puts a line about it into the console.
pub fn check(browser: &Browser, name: &str, language: &str, dark: bool, status: u16) {
    let page = browser.evaluate(
        "const count = s => document.querySelectorAll(s).length;
         return {
           language: document.documentElement.lang, title: document.title, headings: count('h1'), main: count('main'),
           header: count('header'), outside: count('script[src], link[rel=stylesheet], img[src^=http], iframe'),
           viewport: count('meta[name=viewport]'),
         }",
    );
    assert_eq!(page["language"], language, "{name}: the language of the page");
    assert!(!text(&page["title"]).is_empty(), "{name}: a title");
    for (what, count) in [
        ("headings", 1),
        ("main", 1),
        ("header", 1),
        ("outside", 0),
        ("viewport", 1),
    ] {
        assert_eq!(page[what], count, "{name}: {what}");
    }
    for (label, role) in browser.accessible("input:not([type=hidden]), button, a") {
        assert!(!label.is_empty(), "{name}: a {role} without a name");
    }
    let faint = browser.evaluate(FAINT_TEXTS);
    assert_eq!(
        faint,
        Value::Array(Vec::new()),
        "{name}: texts of too little contrast"
    );
    let ground = browser.evaluate("return getComputedStyle(document.body).backgroundColor");
    let light: u32 = text(&ground)
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse::<u32>().ok())
        .take(3)
        .sum();
    assert_eq!(light < 3 * 64, dark, "{name}: {ground}");
    browser.keep_picture(name);
    browser.set_width(340);
    let overflow = browser
        .evaluate("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(overflow, 0, "{name}: pixels beyond the right edge of a telephone");
    browser.keep_picture(&format!("{name}-narrow"));
    browser.set_width(1000);
    let console: Vec<String> = browser
        .console()
        .into_iter()
        .filter(|line| status == 200 || !line.contains(&format!("responded with a status of {status}")))
        .collect();
    assert!(console.is_empty(), "{name}: {console:#?}");
}

/// Gives the visible texts whose contrast with what lies under them is below 4.5 (WCAG 2.2, 1.4.3).
const FAINT_TEXTS: &str = r"
const channels = c => c.match(/[\d.]+/g).map(Number);
const linear = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
const ground = element => {
  for (let at = element; at; at = at.parentElement) {
    const color = channels(getComputedStyle(at).backgroundColor);
    if (color.length < 4 || color[3] > 0) return color;
  }
  return [255, 255, 255];
};
const faint = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('script, style')) continue;
  const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
  const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (contrast < 4.5) faint.push(walker.currentNode.data.trim() + ' ' + contrast.toFixed(2));
}
return faint";
