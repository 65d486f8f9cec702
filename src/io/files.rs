//! Files and standard input, read whole and left as they are.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufRead, Read, Write as _},
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy as _;

/// The longest text that is read, in bytes, and the longest that is saved, so that what was saved can be read back. A token
/// response or a secret is far shorter.
pub const LONGEST: u64 = 16 * 1024 * 1024;

/// One line from a person, without its end; `None` at the end of the input. A line that is longer than [`LONGEST`] is cut
/// there and the rest of it is passed over, so that what comes after it is not taken for another line.
pub fn read_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.pop_if(|last| *last == b'\n').is_none() {
        input.skip_until(b'\n')?;
    }
    line.pop_if(|last| *last == b'\r');
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

/// Reads a file, or standard input where the path is `-`, as text. Nothing is trimmed: the newline behind a secret is
/// evidence. Bytes that are not UTF-8 become U+FFFD.
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
        match write_new(Path::new(&path), text) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("no name is free"))
}

/// Where a person is in each walkthrough, by name. A file that is missing or damaged is an empty record.
pub fn kept_progress(path: &Path) -> BTreeMap<String, usize> {
    not_a_pipe(path)
        .and_then(|()| File::open(path))
        .and_then(read_limited)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Notes where a person is in one walkthrough.
///
/// # Errors
/// The system's error.
pub fn keep_progress(path: &Path, name: &str, at: usize) -> io::Result<()> {
    let mut kept = kept_progress(path);
    kept.insert(name.to_owned(), at);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    write_private(&path.to_string_lossy(), &serde_json::to_string_pretty(&kept)?)
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

/// Reads a file in the working directory as text, if it is one.
///
/// # Errors
/// The system's error, or [`io::ErrorKind::FileTooLarge`] above [`LONGEST`].
pub fn read_beside(name: &str) -> io::Result<String> {
    let path = Path::new(name);
    not_a_pipe(path)?;
    let bytes = read_limited(File::open(path)?)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Refuses a pipe, which would be waited for until somebody writes into it. A pipe that the person names is waited for, as
/// everywhere; one in the place of a file that is looked for at each start would only look as if nothing started.
fn not_a_pipe(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if fs::metadata(path).is_ok_and(|there| there.file_type().is_fifo()) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
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
    let Some(path) = settings_path() else {
        return Ok(None);
    };
    match not_a_pipe(Path::new(&path)).and_then(|()| read_text(&path)) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err((path, error)),
    }
}

/// Where the settings file of this user is looked for.
pub fn settings_path() -> Option<String> {
    let directories = etcetera::choose_base_strategy().ok()?;
    let path = directories.config_dir().join("oauthlens").join("settings.toml");
    Some(path.to_string_lossy().into_owned())
}

/// Writes a file that only its owner may read, replacing what was there: the new one is written beside it and takes its place
/// when it is complete, so that a full disk does not destroy the old one.
///
/// # Errors
/// The system's error; [`io::ErrorKind::InvalidInput`] where something else than a file is there, a pipe or a device; and
/// [`io::ErrorKind::FileTooLarge`] above [`LONGEST`].
pub fn write_private(path: &str, text: &str) -> io::Result<()> {
    // A link is followed: its target is what is to be replaced.
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => PathBuf::from(path),
        Err(error) => return Err(error),
    };
    if fs::metadata(&target).is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let name = target
        .file_name()
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?;
    let beside = |number: u32| {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{number}.part", std::process::id()));
        target.with_file_name(hidden)
    };
    for number in 0..16 {
        let part = beside(number);
        match write_new(&part, text) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            written => {
                let replaced = written.and_then(|()| fs::rename(&part, &target));
                if replaced.is_err() {
                    let _ = fs::remove_file(&part);
                }
                return replaced;
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Opens a file for a text that grows, emptied and readable by its owner alone.
///
/// # Errors
/// The system's error; [`io::ErrorKind::InvalidInput`] where something else than a file is there, a pipe or a device.
pub fn private_file(path: &Path) -> io::Result<File> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // The mode above is that of a new file only.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// Removes a folder with all that is in it.
pub fn remove_folder(path: &Path) {
    let _ = fs::remove_dir_all(path);
}

/// Makes a folder that only its owner may enter, where there is none.
///
/// # Errors
/// The system's error; [`io::ErrorKind::NotADirectory`] where something else has that name.
pub fn private_folder(path: &str) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    if fs::metadata(path)?.is_dir() {
        Ok(())
    } else {
        Err(io::ErrorKind::NotADirectory.into())
    }
}

/// Writes a new file that only its owner may read, down to the disk.
pub fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if text.len() as u64 > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
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
    fn a_pipe_in_the_place_of_a_file_that_is_looked_for_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("progress.json");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(not_a_pipe(&pipe).is_err());
        assert!(kept_progress(&pipe).is_empty());
        assert!(not_a_pipe(folder.path()).is_ok() && not_a_pipe(Path::new("/dev/null")).is_ok());
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
        let log = folder.path().join("log");
        fs::write(&log, "an earlier run").unwrap();
        fs::set_permissions(&log, fs::Permissions::from_mode(0o644)).unwrap();
        private_file(&log).unwrap().write_all(b"x").unwrap();
        let log = log.to_string_lossy();
        assert_eq!(
            (mode(&log), fs::read_to_string(&*log).unwrap()),
            (0o600, "x".into())
        );
        assert_ne!(save_new(&stem, "{}").unwrap(), saved);
    }

    #[cfg(unix)]
    #[test]
    fn only_files_are_written_and_an_old_one_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        for place in ["/dev/null".to_owned(), at("")] {
            assert!(write_private(&place, "{}").is_err(), "{place}");
            assert!(private_file(Path::new(&place)).is_err(), "{place}");
        }
        // Opening a pipe that has no reader would block for ever.
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        if made.is_ok_and(|status| status.success()) {
            let refused = write_private(&at("pipe"), "{}").unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
        }
        write_private(&at("t.json"), "old").unwrap();
        let too_long = "x".repeat(usize::try_from(LONGEST).unwrap() + 1);
        assert_eq!(
            write_private(&at("t.json"), &too_long).unwrap_err().kind(),
            io::ErrorKind::FileTooLarge
        );
        assert_eq!(fs::read_to_string(at("t.json")).unwrap(), "old");
        std::os::unix::fs::symlink(at("t.json"), at("link")).unwrap();
        write_private(&at("link"), "new").unwrap();
        assert_eq!(fs::read_to_string(at("t.json")).unwrap(), "new");
        assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
        let names = fs::read_dir(folder.path()).unwrap();
        assert!(
            names
                .flatten()
                .all(|entry| !entry.file_name().to_string_lossy().ends_with(".part"))
        );
    }

    #[test]
    fn a_line_without_an_end_is_cut_and_the_next_one_is_whole() {
        let long = "x".repeat(usize::try_from(LONGEST).unwrap() + 7);
        let text = format!("?code=c&state=s\r\n{long}\nlast");
        let mut input = io::BufReader::new(text.as_bytes());
        assert_eq!(read_line(&mut input).unwrap().as_deref(), Some("?code=c&state=s"));
        let cut = read_line(&mut input).unwrap().unwrap();
        assert_eq!(cut.len() as u64, LONGEST);
        assert_eq!(read_line(&mut input).unwrap().as_deref(), Some("last"));
        assert_eq!(read_line(&mut input).unwrap(), None);
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
