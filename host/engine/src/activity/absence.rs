//! Finds out from looks at the desk when somebody came back, and after how long.

use stint_domain::time::Millis;

/// What is remembered between two looks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Absence {
    /// Since when nobody touched the machine, by its awake time, as of the last look.
    since: Option<Millis>,
}

/// Two counts of the same stretch may differ by so much: the display and we read different clocks.
const BLUR: Millis = Millis(1_500);

impl Absence {
    /// One look: at `now` nobody had touched the machine for `idle`. Says for how long nobody was there, when somebody
    /// came back after at least `idle_after`.
    pub(super) fn look(&mut self, now: Millis, idle: Millis, idle_after: Millis) -> Option<Millis> {
        let touched = Millis(now.0.saturating_sub(idle.0));
        let before = self.since.replace(touched)?;
        // The same touch as at the last look: the earlier count stands, so that small errors don't add up.
        if touched.0 <= before.0.saturating_add(BLUR.0) {
            self.since = Some(before);
            return None;
        }
        let away = Millis(touched.0 - before.0);
        (away >= idle_after).then_some(away)
    }

    /// The desk couldn't be looked at: what happens until it can be again is nobody's to judge.
    pub(super) fn blind(&mut self) {
        self.since = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: Millis = Millis::from_mins(10);

    /// Looks every five seconds at somebody who touches the machine at these seconds.
    fn returns(touches: &[u64], seconds: u64) -> Vec<(u64, u64)> {
        let mut absence = Absence::default();
        let look = |now: u64| {
            let last = touches.iter().rev().find(|touch| **touch <= now).copied().unwrap_or_default();
            let away = absence.look(Millis::from_secs(now), Millis::from_secs(now - last), AFTER)?;
            Some((now, away.0 / 1_000))
        };
        (0..seconds).step_by(5).filter_map(look).collect()
    }

    #[test]
    fn coming_back_is_told_once_with_the_length_of_the_absence() {
        assert_eq!(returns(&[3, 1_000, 1_001, 1_002], 2_000), [(1_000, 997)]);
        assert_eq!(returns(&[3, 500, 1_000, 1_500], 2_000), [], "never away for long enough");
        assert_eq!(returns(&[0, 700, 1_400], 2_000), [(700, 700), (1_400, 700)]);
    }

    #[test]
    fn what_happened_unseen_is_not_judged() {
        let mut absence = Absence::default();
        assert_eq!(absence.look(Millis(0), Millis(0), AFTER), None);
        absence.blind();
        assert_eq!(absence.look(Millis::from_mins(60), Millis(0), AFTER), None);
    }
}
