//! A HAR in a zip file, as Playwright writes it where bodies are attached.

use std::io::{Cursor, Read};

use crate::sources::har::entry::Attached;

/// More than this is not taken out of a zip file, however much it says that it holds.
const MOST: u64 = 64 << 20;
/// No capture of one flow has more files.
const FILES: usize = 20_000;

/// The HAR in a zip file and the bodies beside it.
pub(super) fn read(bytes: &[u8]) -> Option<(Vec<u8>, Attached)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let (mut document, mut attached, mut left) = (None, Attached::new(), MOST);
    for index in 0..archive.len().min(FILES) {
        let Ok(file) = archive.by_index(index) else {
            continue;
        };
        let Ok(name) = file.name().map(std::borrow::Cow::into_owned) else {
            continue;
        };
        let is_har = name.to_ascii_lowercase().ends_with(".har");
        // Pictures and scripts are not needed.
        let may_be_a_body = [".dat", ".json", ".html", ".txt", ".xml", ".bin"]
            .iter()
            .any(|end| name.ends_with(end));
        if !is_har && !may_be_a_body {
            continue;
        }
        let mut content = Vec::new();
        if file.take(left).read_to_end(&mut content).is_err() {
            continue;
        }
        left = left.saturating_sub(content.len() as u64);
        if is_har {
            document.get_or_insert(content);
        } else {
            attached.insert(name, content);
        }
    }
    Some((document?, attached))
}
