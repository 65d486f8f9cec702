//! A body as it was before it was compressed on its way (RFC 9110 §8.4).

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::{oauth::http::HttpResponse, sources::tap::BODY_CAP};

/// Undoes the encodings that `Content-Encoding` names, within [`BODY_CAP`]. A body that cannot be read is taken out, and
/// is not known then.
pub(super) fn undo(response: &mut HttpResponse) {
    let codings: Vec<String> = response
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"))
        .flat_map(|(_, value)| value.split(','))
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect();
    // A few at most; each one is a pass over the body.
    for coding in codings.iter().rev().take(4) {
        if response.body.is_empty() {
            return;
        }
        let body = std::mem::take(&mut response.body);
        let read = match coding.as_str() {
            "gzip" | "x-gzip" => bounded(MultiGzDecoder::new(body.as_slice())),
            // Some servers leave the wrapper out.
            "deflate" => bounded(ZlibDecoder::new(body.as_slice()))
                .or_else(|| bounded(DeflateDecoder::new(body.as_slice()))),
            "br" => bounded(brotli_decompressor::Decompressor::new(body.as_slice(), 4096)),
            _ => None,
        };
        let Some((body, longer)) = read else {
            response.body_cut_at = Some(0);
            return;
        };
        response.body = body;
        if longer {
            response.body_cut_at = Some(BODY_CAP);
        }
    }
}

/// What a decoder gives, and whether there was more of it; `None` where the beginning is damaged already. What was cut or
/// ended early gives as much as there is.
fn bounded(decoder: impl Read) -> Option<(Vec<u8>, bool)> {
    let mut body = Vec::new();
    let mut decoder = decoder.take(BODY_CAP as u64 + 1);
    let whole = decoder.read_to_end(&mut body).is_ok();
    if body.is_empty() && !whole {
        return None;
    }
    let longer = body.len() > BODY_CAP;
    body.truncate(BODY_CAP);
    Some((body, longer || !whole))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };

    use crate::sources::tap::decode::*;

    const TEXT: &[u8] = br#"{"error":"bad_verification_code"}"#;

    fn decoded(coding: &str, body: Vec<u8>) -> HttpResponse {
        let mut response = HttpResponse {
            status: 200,
            headers: vec![("Content-Encoding".into(), coding.into())],
            body,
            ..HttpResponse::default()
        };
        undo(&mut response);
        response
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_was_compressed_is_read() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(TEXT).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(TEXT).unwrap();
        for (coding, body) in [
            ("gzip", gzip(TEXT)),
            ("GZIP", gzip(TEXT)),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", raw.finish().unwrap()),
            ("gzip, gzip", gzip(&gzip(TEXT))),
            ("identity", TEXT.to_vec()),
        ] {
            let response = decoded(coding, body);
            assert_eq!(
                (response.body.as_slice(), response.body_cut_at),
                (TEXT, None),
                "{coding}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_known_and_what_is_long_is_cut() {
        for coding in ["br", "zstd", "gzip"] {
            let response = decoded(coding, b"\xff\xff\xffnothing of the kind".to_vec());
            assert!(
                response.body.is_empty() && response.body_cut_at == Some(0),
                "{coding}"
            );
        }
        let bomb = decoded("gzip", gzip(&vec![b'a'; 10_000_000]));
        assert_eq!((bomb.body.len(), bomb.body_cut_at), (BODY_CAP, Some(BODY_CAP)));
        let mut half = gzip(&b"0123456789".repeat(500));
        half.truncate(half.len() - 12);
        assert!(decoded("gzip", half).body_cut_at.is_some());
    }
}
