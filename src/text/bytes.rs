//! Looking through long texts.

/// True where every byte passes. Long values are looked through many bytes at a time.
pub fn all_bytes(text: &str, passes: impl Fn(u8) -> bool) -> bool {
    let all = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & passes(*byte));
    text.as_bytes().chunks(64).all(all)
}
