//! `oauthlens explain`, from the pasted bytes to every report.
//!
//! The first byte chooses a width and the form in which a secret is planted; it takes the place of each `@@` behind.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oauthlens::{diagnosis::{context::Facts, outcome::Outcome}, oauth::time::Moment, render::reports, sources};
use oauthlens_fuzz::{LANGUAGES, WIDTHS, assert_harmless, reports};

/// As long and as random as a real one; nothing else in an input is taken for it.
const SECRET: &str = "gho_Xw7Qk2Zp9Rv4Ns8Tc6Yb3Mf5Hj1Ld0GaEuVq";

/// A line of HTML, XML or text has these around a value; a name that goes on in front of it would be another name.
const PLANTS: [(&str, &str); 6] = [
    ("\"access_token\":\"", "\""),
    ("\"client_secret\": \"", "\""),
    ("&access_token=", "&"),
    ("&client_secret=", "&"),
    ("<access_token>", "</access_token>"),
    ("\"refresh_token\":\"", "\","),
];

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else {
        return;
    };
    let width = WIDTHS[usize::from(*choice) % WIDTHS.len()];
    let (before, behind) = PLANTS[usize::from(*choice) / WIDTHS.len() % PLANTS.len()];
    let planted = plant(rest, format!("{before}{SECRET}{behind}").as_bytes());
    let out = match sources::read(&planted, Moment(1_795_435_200_000)) {
        Ok(transcript) => {
            let _ = Outcome::of(&Facts::of(&transcript));
            reports(&transcript, width)
        }
        Err(refusal) => {
            let mut all = String::new();
            for messages in &*LANGUAGES {
                let text = reports::text::not_recognised(&refusal, messages);
                assert_harmless(&text, "the refusal");
                all.push_str(&text);
            }
            all
        }
    };
    assert!(!out.contains(SECRET), "the secret came out: {out}");
});

/// Every `@@` becomes the planted text.
fn plant(bytes: &[u8], planted: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + planted.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"@@") {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(planted);
        rest = &rest[at + 2..];
    }
    out.extend_from_slice(rest);
    out
}
