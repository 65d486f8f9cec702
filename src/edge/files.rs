//! Files and standard input, read whole and left as they are.

use std::{
    fs::File,
    io::{self, Read, Write as _},
};

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

/// Writes a file that only its owner may read, replacing what was there.
///
/// # Errors
/// The system's error.
pub fn write_private(path: &str, text: &str) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_as_it_is_and_bounded() {
        assert_eq!(read_limited(&b"secret\n"[..]).unwrap(), b"secret\n");
        let error = read_limited(io::repeat(b'a')).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
