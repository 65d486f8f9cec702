//! GitHub's third encoding: `<OAuth><name>value</name>…</OAuth>`.

use crate::oauth::params::Params;

/// Reads `<OAuth><name>value</name>…</OAuth>`; `None` for any other document.
pub(crate) fn read_xml(text: &str) -> Option<Params> {
    use quick_xml::{Reader, events::Event};
    let mut reader = Reader::from_str(text);
    let mut members = Params::default();
    let mut depth = 0_usize;
    let (mut name, mut value) = (String::new(), String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                if depth == 0 && tag.name().as_ref() != b"OAuth" {
                    return None;
                }
                if depth == 1 {
                    name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
                }
                depth += 1;
                value.clear();
            }
            Event::Text(piece) => value.push_str(&piece.decode().ok()?),
            Event::GeneralRef(entity) => value.push_str(&resolve_entity(&entity.decode().ok()?)),
            Event::End(_) => {
                depth = depth.checked_sub(1)?;
                if depth == 1 {
                    members.0.push((std::mem::take(&mut name), value.clone()));
                    value.clear();
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Some(members).filter(|members| depth == 0 && !members.is_empty())
}

fn resolve_entity(name: &str) -> String {
    let code_point = name
        .strip_prefix("#x")
        .map(|hex| u32::from_str_radix(hex, 16))
        .or_else(|| name.strip_prefix('#').map(str::parse));
    match (name, code_point) {
        ("amp", _) => "&".into(),
        ("lt", _) => "<".into(),
        ("gt", _) => ">".into(),
        ("quot", _) => "\"".into(),
        ("apos", _) => "'".into(),
        (_, Some(Ok(point))) => char::from_u32(point).map(String::from).unwrap_or_default(),
        _ => format!("&{name};"),
    }
}
