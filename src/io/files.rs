//! Files and standard input, read whole and left as they are.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Write as _},
    path::Path,
};

use etcetera::BaseStrategy as _;

/// The longest text that is read, in bytes. A token response or a secret is far shorter.
pub const LONGEST: u64 = 4 * 1024 * 1024;

/// Reads a file, or standard input where the path is `-`, as text. Nothing is trimmed: the newline behind a secret is
/// evidence. Bytes that are no UTF-8 become U+FFFD.
///
/// # Errors
/// Those of [`read_bytes`].
pub fn read_text(path: &str) -> io::Result<String> {
    Ok(match String::from_utf8(read_bytes(path)?) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Saves a text under a new name in the working directory: `STEM-1.json`, or the next number that is free. Only its owner
/// may read it.
///
/// # Errors
/// The system's error.
pub fn save_new(stem: &str, text: &str) -> io::Result<String> {
    for number in 1.. {
        let path = format!("{stem}-{number}.json");
        match write_owned(&path, text, true) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("no name is free"))
}

/// Where a person stands in each walkthrough, by name. A file that is missing or damaged is an empty record.
pub fn kept_progress(path: &Path) -> BTreeMap<String, usize> {
    fs::read(path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Notes where a person stands in one walkthrough.
///
/// # Errors
/// The system's error.
pub fn keep_progress(path: &Path, name: &str, at: usize) -> io::Result<()> {
    let mut kept = kept_progress(path);
    kept.insert(name.to_owned(), at);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, serde_json::to_vec_pretty(&kept)?)
}

/// Reads a file, or standard input where the path is `-`.
///
/// # Errors
/// The system's error, or [`io::ErrorKind::FileTooLarge`] above [`LONGEST`].
pub fn read_bytes(path: &str) -> io::Result<Vec<u8>> {
    if path == "-" {
        read_limited(io::stdin().lock())
    } else {
        read_limited(File::open(path)?)
    }
}

fn read_limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// The settings file of this user: its path and its text, where there is one.
///
/// # Errors
/// Its path and the system's error when it is there and cannot be read.
pub fn settings() -> Result<Option<(String, String)>, (String, io::Error)> {
    let Ok(directories) = etcetera::choose_base_strategy() else {
        return Ok(None);
    };
    let path = directories.config_dir().join("oauthlens").join("settings.toml");
    let path = path.to_string_lossy().into_owned();
    match read_text(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err((path, error)),
    }
}

/// Writes a file that only its owner may read, replacing what was there.
///
/// # Errors
/// The system's error.
pub fn write_private(path: &str, text: &str) -> io::Result<()> {
    write_owned(path, text, false)
}

/// Writes a file that only its owner may read: a new one, or also in place of an old one, whose permissions are taken
/// back before anything is written.
fn write_owned(path: &str, text: &str, create_new: bool) -> io::Result<()> {
    let mut options = File::options();
    options.write(true);
    if create_new {
        options.create_new(true);
    } else {
        options.create(true).truncate(true);
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // The mode of the options counts for a file that is made, not for one that was there. A device has none to set.
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use crate::io::files::*;

    #[test]
    fn a_text_is_kept_as_it_is_and_bounded() {
        assert_eq!(read_limited(&b"secret\n"[..]).unwrap(), b"secret\n");
        let error = read_limited(io::repeat(b'a')).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_saved_only_its_owner_may_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &str| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = folder.path().join("t.json").to_string_lossy().into_owned();
        fs::write(&path, "longer than what comes").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        write_private(&path, "{}").unwrap();
        assert_eq!(
            (mode(&path), fs::read_to_string(&path).unwrap()),
            (0o600, "{}".into())
        );
        let stem = folder.path().join("saved").to_string_lossy().into_owned();
        let saved = save_new(&stem, "{}").unwrap();
        assert_eq!(mode(&saved), 0o600);
        assert_ne!(save_new(&stem, "{}").unwrap(), saved);
        write_private("/dev/null", "{}").unwrap();
    }

    #[test]
    fn progress_is_kept_by_name_and_a_damaged_record_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("walkthroughs.json");
        assert!(kept_progress(&path).is_empty());
        keep_progress(&path, "built-in", 3).unwrap();
        keep_progress(&path, "team", 1).unwrap();
        keep_progress(&path, "built-in", 4).unwrap();
        assert_eq!(
            kept_progress(&path).into_iter().collect::<Vec<_>>(),
            [("built-in".into(), 4), ("team".into(), 1)]
        );
        fs::write(&path, "{").unwrap();
        assert!(kept_progress(&path).is_empty());
    }
}
