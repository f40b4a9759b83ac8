//! The arithmetic of a bench: medians, because one disturbed run must not move the figure.

/// The middle of `values`, or the mean of the two middle ones; `None` of nothing.
pub(super) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[sorted.len() / 2 - 1], upper))
}

/// The smallest and the largest of `values`; `None` of nothing.
pub(super) fn extremes(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |range, value| {
        let (low, high) = range.unwrap_or((value, value));
        Some((f64::min(low, value), f64::max(high, value)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_odd_number_is_the_middle_one() {
        assert_eq!(median([5.0, 1.0, 100.0]), Some(5.0));
        assert_eq!(median([2.0]), Some(2.0));
    }

    #[test]
    fn the_median_of_an_even_number_is_between_the_middle_two() {
        assert_eq!(median([4.0, 1.0, 2.0, 100.0]), Some(3.0));
    }

    #[test]
    fn nothing_has_neither_median_nor_extremes() {
        assert_eq!(median([]), None);
        assert_eq!(extremes([]), None);
    }

    #[test]
    fn extremes_are_the_smallest_and_the_largest() {
        assert_eq!(extremes([2.0, 0.5, 3.0]), Some((0.5, 3.0)));
        assert_eq!(extremes([1.0]), Some((1.0, 1.0)));
    }
}
