//! What a target's loop remembers from pass to pass. It is lost when the host ends, and costs nothing but a guess then.

use std::collections::HashMap;

use stint_store::Serial;

/// Crashes of so many different items in a row suspend a plugin.
const CRASHES_IN_A_ROW: usize = 3;
/// More server errors than this are not told apart.
const ERRORS_KEPT: usize = 10_000;

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The item at which the target failed last: the next probe takes another one.
    pub(super) avoid: Option<Serial>,
    /// How often in a row the plugin was suspended.
    pub(super) suspensions: u32,
    /// Why the built-in rules count in place of the policy's, where they do.
    pub(super) policy_error: Option<String>,
    /// How many items a bulk call takes at most, after one that ended without an answer.
    bulk: Option<usize>,
    crashed: Vec<Serial>,
    passed: u64,
    server_errors: HashMap<Serial, u64>,
}

impl Memory {
    /// An item reached the target, or was refused in good order: the plugin works.
    pub(super) fn answered(&mut self) {
        self.crashed.clear();
    }

    /// An item reached the target.
    pub(super) fn passed(&mut self, serial: Serial) {
        self.passed += 1;
        self.suspensions = 0;
        self.server_errors.remove(&serial);
        if self.avoid == Some(serial) {
            self.avoid = None;
        }
    }

    /// The backend failed at this item. Whether others passed since it failed at this one before: then it is the item.
    pub(super) fn server_error(&mut self, serial: Serial) -> bool {
        if self.server_errors.len() >= ERRORS_KEPT {
            self.server_errors.clear();
        }
        self.server_errors.insert(serial, self.passed).is_some_and(|before| self.passed > before)
    }

    /// The plugin crashed at this item. Whether it is to be suspended.
    pub(super) fn crashed(&mut self, serial: Serial) -> bool {
        if !self.crashed.contains(&serial) {
            self.crashed.push(serial);
        }
        let suspend = self.crashed.len() >= CRASHES_IN_A_ROW;
        if suspend {
            self.crashed.clear();
            self.suspensions += 1;
        }
        suspend
    }

    /// How many items the next call gets, where the plugin takes up to `most`.
    pub(super) fn bulk(&self, most: usize) -> usize {
        self.bulk.map_or(most, |bulk| bulk.min(most)).max(1)
    }

    /// A call with so many items ended without an answer: the next ones get half of that.
    pub(super) fn halve(&mut self, items: usize) {
        self.bulk = Some((items / 2).max(1));
    }

    /// A call with so many items was answered: the next ones may get twice as many.
    pub(super) fn grow(&mut self, items: usize) {
        self.bulk = self.bulk.map(|bulk| bulk.max(items.saturating_mul(2)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Serial = Serial(1);
    const B: Serial = Serial(2);
    const C: Serial = Serial(3);

    #[test]
    fn a_server_error_is_the_items_own_once_others_passed_since() {
        let mut memory = Memory::default();
        assert!(!memory.server_error(A), "the first time it may be the server");
        assert!(!memory.server_error(A), "nothing passed since");
        memory.passed(B);
        assert!(memory.server_error(A));
        assert!(!memory.server_error(C));
        memory.passed(A);
        assert!(!memory.server_error(A), "it passed after all");
    }

    #[test]
    fn three_different_items_in_a_row_suspend_and_an_answer_begins_the_row_anew() {
        let mut memory = Memory::default();
        assert!(!memory.crashed(A) && !memory.crashed(A) && !memory.crashed(B));
        memory.answered();
        assert!(!memory.crashed(A) && !memory.crashed(B));
        assert!(memory.crashed(C));
        assert_eq!(memory.suspensions, 1);
        assert!(!memory.crashed(A), "a new row");
        memory.passed(A);
        assert_eq!(memory.suspensions, 0);
    }

    #[test]
    fn a_bulk_call_without_an_answer_is_cut_in_half_until_it_is_found_which_item_it_was() {
        let mut memory = Memory::default();
        assert_eq!(memory.bulk(100), 100);
        memory.halve(100);
        assert_eq!(memory.bulk(100), 50);
        memory.halve(1);
        assert_eq!(memory.bulk(100), 1);
        memory.grow(1);
        assert_eq!(memory.bulk(100), 2);
        memory.grow(2);
        assert_eq!(memory.bulk(3), 3);
    }

    #[test]
    fn a_probe_no_longer_avoids_what_passed() {
        let mut memory = Memory { avoid: Some(A), ..Memory::default() };
        memory.passed(B);
        assert_eq!(memory.avoid, Some(A));
        memory.passed(A);
        assert_eq!(memory.avoid, None);
    }
}
