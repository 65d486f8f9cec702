//! What a mistyped name was probably meant to be.

/// The name nearest to a mistyped one, when it is near enough to be meant. Letter case does not count, nor does the
/// difference between `-` and `_`.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let typed = typed.to_ascii_lowercase().replace('-', "_");
    names
        .into_iter()
        .map(|name| (strsim::levenshtein(&typed, &name.replace('-', "_")), name))
        .filter(|(distance, name)| *distance <= (name.len() / 3).clamp(1, 4))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_recognised_and_a_far_one_is_not() {
        let names = ["code_reused", "code_expired", "wrong_client_secret"];
        assert_eq!(nearest("code_reusd", names), Some("code_reused"));
        assert_eq!(nearest("Code-Expired", names), Some("code_expired"));
        assert_eq!(nearest("banana", names), None);
    }
}
