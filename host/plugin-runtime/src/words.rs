//! Finds the word somebody meant. Used wherever an unknown name is refused, so that a typing mistake is
//! answered with its correction; a word too far from every known one gets no suggestion.

/// So many words are told where any of them may be meant.
const LISTED_MAX: usize = 50;

/// The known word nearest to `word`, if one is near enough to be meant by it.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The known word that this one is a slip of: another one, and by two letters at most. For words that needn't be known,
/// of which one further away may be meant as it is.
pub(crate) fn slip<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    nearest(word, known.iter().copied()).filter(|meant| (1..=2).contains(&edits(word, meant)))
}

/// The sentence that follows a refused word: its correction, or else all that may be written.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "nothing may be written here".to_owned(),
        None if known.len() > LISTED_MAX => {
            format!(
                "what may be written here: {} and {} more",
                known[..LISTED_MAX].join(", "),
                known.len() - LISTED_MAX
            )
        }
        None => format!("what may be written here: {}", known.join(", ")),
    }
}

/// The number of letters to insert, delete, replace or swap with a neighbour to turn `from` into `to`.
fn edits(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().take(64).collect();
    let to: Vec<char> = to.chars().take(64).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != other);
            let mut best = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *letter == to[column - 1] && from[row - 1] == *other {
                best = best.min(before_last[column - 1] + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_finds_its_word_and_a_strange_word_none() {
        let known = ["name", "version", "kinds"];
        assert_eq!(nearest("nmae", known), Some("name"));
        assert_eq!(nearest("versoin", known), Some("version"));
        assert_eq!(nearest("kind", known), Some("kinds"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(suggestion("colour", &known), "what may be written here: name, version, kinds");
        let told = suggestion("colour", &["a1234"; 53]);
        assert!(told.starts_with("what may be written here: a1234, "), "{told}");
        assert!(told.ends_with(", a1234 and 3 more"), "{told}");
    }

    #[test]
    fn a_slip_is_near_and_not_the_word_itself() {
        let known = ["screenshot", "activity"];
        assert_eq!(slip("screenshots", &known), Some("screenshot"));
        assert_eq!(slip("acitvity", &known), Some("activity"));
        assert_eq!(slip("activity", &known), None);
        assert_eq!(slip("screencast", &known), None, "a word of its own");
    }

    #[test]
    fn a_very_long_word_costs_no_more_than_a_long_one() {
        assert_eq!(edits(&"a".repeat(1_000_000), "b"), 64);
    }
}
