//! The word that was probably meant.

/// A hint with the known word nearest to a wrong one, or with all of them when none is near.
pub(crate) fn hint<'a>(wrong: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let near = known.clone().map(|word| (distance(wrong, word), word)).min();
    match near {
        Some((distance, word)) if distance <= word.chars().count().div_ceil(3) => {
            format!("did you mean `{word}`?")
        }
        _ => format!("one of {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// How many letters have to be changed, added or taken away (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (above, a) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (column, b) in right.chars().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
