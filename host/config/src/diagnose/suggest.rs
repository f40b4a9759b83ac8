//! The word somebody meant. A word too far from every known one gets no suggestion, because a wrong one is worse.

/// The known word nearest to `word`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing costs the product of both lengths; nobody mistypes a word of sixty letters into a known one.
    let letters = word.chars().count();
    if letters > 60 {
        return None;
    }
    let plain = plain(word);
    let allowed = (letters / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&plain, &self::plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The sentence that follows an unknown word: the one that was meant, or all that there are.
pub(crate) fn alternatives(word: &str, known: &[&str]) -> Option<String> {
    if let Some(meant) = nearest(word, known.iter().copied()) {
        return Some(format!("did you mean `{meant}`?"));
    }
    match known {
        [] => None,
        [only] => Some(format!("known here: `{only}`")),
        _ => Some(format!("known here: {}", known.join(", "))),
    }
}

/// Without the difference between `-` and `_` and of case, which people mix up.
fn plain(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_a_strange_word_none() {
        let known = ["interval", "initial_delay", "batch"];
        assert_eq!(nearest("intervall", known), Some("interval"));
        assert_eq!(nearest("Initial-Delay", known), Some("initial_delay"));
        assert_eq!(nearest("bacth", known), Some("batch"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest(&"b".repeat(100_000), known), None);
        assert_eq!(alternatives("colour", &known).unwrap(), "known here: interval, initial_delay, batch");
        assert_eq!(alternatives("colour", &["a"]).unwrap(), "known here: `a`");
        assert_eq!(alternatives("colour", &[]), None);
    }
}
