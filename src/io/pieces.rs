//! Input that may be too large to be read whole: it is passed on in blocks then.

use std::{
    fs::{File, Metadata},
    io::{self, Read},
    time::{Duration, Instant},
};

use crate::io::files::{LONGEST, read_bytes};

/// So much is read from what has no length of its own, as a pipe that never ends.
pub const LONGEST_STREAM: u64 = 4 * 1024 * 1024 * 1024;
/// What stays in the processor's cache while it is looked through.
const BLOCK: usize = 256 * 1024;
/// Before that nobody asks how far it is.
const PATIENCE: Duration = Duration::from_millis(500);
/// Between two words on how far it is.
const PAUSE: Duration = Duration::from_millis(200);

/// What a file or standard input holds.
pub enum Given {
    /// All of it.
    Whole(Vec<u8>),
    /// More than [`LONGEST`].
    Pieces(Pieces),
}

/// A large input, opened.
pub struct Pieces {
    input: Box<dyn Read>,
    begun: Vec<u8>,
    /// Its length, where it has one.
    pub length: Option<u64>,
}

/// Opens a file, or standard input where the path is `-`, and reads it if it is not too large for that.
///
/// # Errors
/// The system's error; [`io::ErrorKind::FileTooLarge`] for a device.
pub fn open(path: &str) -> io::Result<Given> {
    let (mut input, length): (Box<dyn Read>, _) = if path == "-" {
        (Box::new(io::stdin().lock()), None)
    } else {
        let file = File::open(path)?;
        let about = file.metadata()?;
        if is_device(&about) {
            return read_bytes(path).map(Given::Whole);
        }
        (Box::new(file), about.is_file().then_some(about.len()))
    };
    let mut begun = Vec::new();
    if length.is_none_or(|length| length <= LONGEST) {
        input.by_ref().take(LONGEST + 1).read_to_end(&mut begun)?;
        if begun.len() as u64 <= LONGEST {
            return Ok(Given::Whole(begun));
        }
    }
    Ok(Given::Pieces(Pieces { input, begun, length }))
}

#[cfg(unix)]
fn is_device(about: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_char_device(&about.file_type())
}

#[cfg(not(unix))]
fn is_device(_: &Metadata) -> bool {
    false
}

impl Pieces {
    /// Passes everything on: each block behind the last `overlap` bytes before it, and how many these are. `progress` hears
    /// now and then how many bytes that was, when it takes long.
    ///
    /// # Errors
    /// The system's error; [`io::ErrorKind::FileTooLarge`] where what has no length does not end.
    pub fn pass(
        self,
        overlap: usize,
        mut take: impl FnMut(&[u8], usize),
        mut progress: impl FnMut(u64),
    ) -> io::Result<()> {
        let mut input = io::Cursor::new(self.begun).chain(self.input);
        let mut buffer = vec![0; overlap + BLOCK];
        let (mut seen, mut read) = (0, 0);
        let mut next = Instant::now() + PATIENCE;
        loop {
            let end = seen + fill(&mut input, &mut buffer[seen..seen + BLOCK])?;
            if end == seen {
                return Ok(());
            }
            take(&buffer[..end], seen);
            read += (end - seen) as u64;
            if self.length.is_none() && read > LONGEST_STREAM {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            if Instant::now() >= next {
                progress(read);
                next = Instant::now() + PAUSE;
            }
            seen = end.min(overlap);
            buffer.copy_within(end - seen..end, 0);
        }
    }
}

/// Fills a buffer as far as there is something.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use crate::io::pieces::*;

    #[test]
    fn every_byte_is_passed_on_once_behind_those_before_it() {
        let bytes: Vec<u8> = (0..=250_u8).cycle().take(3 * BLOCK + 77).collect();
        let pieces = Pieces {
            input: Box::new(io::Cursor::new(bytes[100..].to_vec())),
            begun: bytes[..100].to_vec(),
            length: Some(bytes.len() as u64),
        };
        let mut passed: Vec<u8> = Vec::new();
        let take = |block: &[u8], seen: usize| {
            assert_eq!(seen, passed.len().min(1000));
            assert!(passed.ends_with(&block[..seen]));
            passed.extend(&block[seen..]);
        };
        pieces.pass(1000, take, |_| {}).unwrap();
        assert!(passed == bytes);
    }

    #[test]
    fn a_stream_without_an_end_is_left_and_a_device_is_none() {
        let pieces = Pieces {
            input: Box::new(Endless),
            begun: Vec::new(),
            length: None,
        };
        let ended = pieces.pass(16, |_, _| {}, |_| {}).unwrap_err();
        assert_eq!(ended.kind(), io::ErrorKind::FileTooLarge);
        #[cfg(unix)]
        assert!(open("/dev/zero").is_err_and(|error| error.kind() == io::ErrorKind::FileTooLarge));
    }

    /// Says that it has filled the buffer, whatever is in it.
    struct Endless;

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            Ok(buffer.len())
        }
    }
}
