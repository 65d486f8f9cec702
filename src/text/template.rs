//! Texts with places for values, written `{name}`.

/// Puts values into a text: `{name}` becomes the value that `value` gives for it; unknown names stay as they are. One pass:
/// what a value contains is not looked at again.
pub fn fill<'v>(template: &str, value: impl Fn(&str) -> Option<&'v str>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        // A brace that opens no known name is text, and a name may follow it.
        let name = rest[1..].split(['{', '}']).next().unwrap_or_default();
        let closed = rest[1 + name.len()..].starts_with('}');
        let Some(found) = closed.then(|| value(name)).flatten() else {
            out.push('{');
            rest = &rest[1..];
            continue;
        };
        out.push_str(found);
        rest = &rest[name.len() + 2..];
    }
    out.push_str(rest);
    out
}

/// The same with the values as a list.
pub fn filled(template: &str, values: &[(&str, &str)]) -> String {
    fill(template, |name| {
        values.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_places_once() {
        let values = [("a", "1"), ("b", "{a}"), ("empty", "")];
        for (template, text) in [
            ("{a} and {b}", "1 and {a}"),
            ("{unknown} {a}", "{unknown} 1"),
            ("body { color: red } {a}", "body { color: red } 1"),
            ("{{a}}", "{1}"),
            ("{a", "{a"),
            ("{empty}{}", "{}"),
            ("中{a}文", "中1文"),
        ] {
            assert_eq!(filled(template, &values), text, "{template}");
        }
    }
}
