//! A bar of blocks, exact to an eighth of a column.

/// What is drawn beyond whole columns, by eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A bar of at most so many columns: all of them for `whole`. Anything above nothing can be seen.
pub(crate) fn bar(part: u64, whole: u64, columns: usize) -> String {
    let eighths = u128::try_from(columns).unwrap_or_default() * 8;
    let long = (u128::from(part.min(whole)) * eighths).checked_div(u128::from(whole)).unwrap_or_default();
    let long = usize::try_from(long).unwrap_or_default().max(usize::from(part > 0 && columns > 0));
    format!("{}{}", "█".repeat(long / 8), EIGHTHS[long % 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_part() {
        let shown = [0, 1, 50, 75, 99, 100, 200].map(|part| bar(part, 100, 4));
        assert_eq!(shown, ["", "▏", "██", "███", "███▉", "████", "████"]);
        assert_eq!((bar(0, 0, 4), bar(1, 0, 4), bar(1, 1, 0)), (String::new(), "▏".into(), String::new()));
        assert_eq!(bar(u64::MAX, u64::MAX, 3), "███");
    }
}
