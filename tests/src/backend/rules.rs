//! The faults in force, and which of them a request meets.
//!
//! Invariant: a request meets every rule that only waits, and the first of the others for each moment; a rule that it
//! did not meet is not used up.

use super::fault::{Fault, Rule, When};
use super::seen::Route;

/// The rules, in the order in which they were given.
#[derive(Default)]
pub(super) struct Rules(Vec<Rule>);

/// What one request meets.
#[derive(Default)]
pub(super) struct Met {
    /// Before the effect, in order.
    pub(super) before: Vec<Fault>,
    /// After it.
    pub(super) after: Vec<Fault>,
}

impl Rules {
    pub(super) fn add(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn all(&self) -> &[Rule] {
        &self.0
    }

    /// What a request meets; rules that are used up go.
    pub(super) fn meet(&mut self, route: Route, key: Option<&str>) -> Met {
        let mut met = Met::default();
        for rule in &mut self.0 {
            let fits_route = rule.route.is_none_or(|wanted| wanted == route);
            let fits_key = rule.key.as_deref().is_none_or(|wanted| key == Some(wanted));
            if !fits_route || !fits_key || rule.times == Some(0) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            let faults = match rule.moment() {
                When::BeforeCommit => &mut met.before,
                When::AfterCommit => &mut met.after,
            };
            // A second answer to one request would never be seen.
            if !rule.fault.only_waits() && faults.iter().any(|fault| !fault.only_waits()) {
                continue;
            }
            faults.push(rule.fault.clone());
            rule.times = rule.times.map(|times| times - 1);
        }
        self.0.retain(|rule| rule.times != Some(0));
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(rules: impl IntoIterator<Item = Rule>) -> Rules {
        Rules(rules.into_iter().collect())
    }

    #[test]
    fn a_rule_strikes_as_often_as_it_says() {
        let mut rules = rules([Rule::new(Fault::Cut).on(Route::Start).skip(1).times(2)]);
        let mut struck = || rules.meet(Route::Start, None).before.len();
        assert_eq!([struck(), struck(), struck(), struck()], [0, 1, 1, 0]);
        assert_eq!(rules.all(), []);
    }

    #[test]
    fn a_rule_strikes_its_route_and_its_key_alone() {
        let mut rules = rules([Rule::new(Fault::Cut).on(Route::Start).for_key("a").once()]);
        assert!(rules.meet(Route::Stop, Some("a")).before.is_empty());
        assert!(rules.meet(Route::Start, Some("b")).before.is_empty());
        assert!(rules.meet(Route::Start, None).before.is_empty());
        assert_eq!(rules.meet(Route::Start, Some("a")).before, [Fault::Cut]);
    }

    #[test]
    fn waiting_adds_up_and_the_second_answer_waits_its_turn() {
        let delay = Fault::Delay { ms: 1 };
        let mut rules = rules([
            Rule::new(Fault::status(503)).once(),
            Rule::new(delay.clone()).times(2),
            Rule::new(Fault::Cut).once(),
            Rule::new(Fault::Reset).after_commit().once(),
        ]);
        let first = rules.meet(Route::Start, None);
        assert_eq!(
            (first.before, first.after),
            (vec![Fault::status(503), delay.clone()], vec![Fault::Reset])
        );
        assert_eq!(rules.meet(Route::Start, None).before, [delay, Fault::Cut]);
    }
}
