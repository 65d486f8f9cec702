//! Files and standard input, read whole and left as they are.

use std::{
    io::{self, Read},
    path::Path,
};

/// The longest text that is read, in bytes. A token response or a secret is far shorter.
pub const LONGEST: u64 = 4 * 1024 * 1024;

/// Reads a file, or standard input where the path is `-`. Nothing is trimmed: the newline behind a secret is evidence.
/// Bytes that are no UTF-8 become U+FFFD.
///
/// # Errors
/// The system's error, or [`io::ErrorKind::FileTooLarge`] above [`LONGEST`].
pub fn read_text(path: &str) -> io::Result<String> {
    if path == "-" {
        read_limited(io::stdin().lock())
    } else {
        read_limited(std::fs::File::open(Path::new(path))?)
    }
}

fn read_limited(reader: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_as_it_is_and_bounded() {
        assert_eq!(read_limited(&b"secret\n"[..]).unwrap(), "secret\n");
        let error = read_limited(io::repeat(b'a')).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
