//! From a failure and what is known around it to what happens: the table, applied.

use super::{
    cause::Cause,
    table::{Charge, Consequence, meaning},
};

/// An item that crashed its plugin this often, alone in the call, fails.
pub const CRASHES_MAX: u32 = 2;

/// What is known around a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact, independent of the others")]
pub struct Evidence {
    /// Whether a request left the machine during the call.
    pub sent: bool,
    /// Whether the plugin says that it can't tell what became of the item.
    pub said_unknown: bool,
    /// Whether the plugin says that trying again is no use.
    pub said_final: bool,
    /// Whether other items reach the target meanwhile.
    pub others_pass: bool,
    /// Whether an item of its kind succeeded since the target's configuration, credential or plugin last changed.
    pub proven: bool,
    /// Whether the item was alone in its call.
    pub alone: bool,
    /// How often the item was charged before.
    pub attempts: u32,
    /// How often the item crashed its plugin before.
    pub crashes: u32,
    /// How many charged attempts an item has.
    pub attempts_max: u32,
}

/// What happens to the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemFate {
    /// It is tried again as soon as its target is.
    Again,
    /// It is tried again after a delay that grows with its charged attempts.
    Later,
    /// It may have arrived: that is found out first.
    Unknown,
    /// It fails for good.
    Fail,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// To the item.
    pub item: ItemFate,
    /// To its target.
    pub target: Consequence,
    /// Whether the attempt counts against the item.
    pub charged: bool,
    /// Whether it counts as a crash of the item.
    pub crashed: bool,
    /// Whether it may have arrived. An item of which that was ever so is never prepared anew.
    pub uncertain: bool,
}

/// What follows from `cause`.
pub fn rule(cause: Cause, evidence: &Evidence) -> Ruling {
    let row = meaning(cause);
    let charged = match row.charge {
        Charge::Never => false,
        Charge::Always | Charge::Final => true,
        Charge::WhileOthersPass => evidence.others_pass,
        Charge::OnceProven => evidence.proven,
        Charge::Crash => evidence.alone,
    };
    let crashed = charged && row.charge == Charge::Crash;
    let uncertain = evidence.said_unknown || (row.uncertain && evidence.sent);
    let exhausted = charged && evidence.attempts + 1 >= evidence.attempts_max;
    let crashed_out = crashed && evidence.crashes + 1 >= CRASHES_MAX;
    let item = if row.charge == Charge::Final || exhausted || crashed_out {
        ItemFate::Fail
    } else if uncertain {
        ItemFate::Unknown
    } else if charged && evidence.said_final {
        ItemFate::Fail
    } else if charged {
        ItemFate::Later
    } else {
        ItemFate::Again
    };
    let blames_item = charged && row.charge != Charge::Crash;
    let target = if blames_item { Consequence::GoOn } else { row.target };
    Ruling { item, target, charged, crashed, uncertain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIRST: Evidence = Evidence {
        sent: false,
        said_unknown: false,
        said_final: false,
        others_pass: false,
        proven: false,
        alone: true,
        attempts: 0,
        crashes: 0,
        attempts_max: 5,
    };

    fn fate(cause: Cause, evidence: Evidence) -> (ItemFate, Consequence, bool) {
        let ruling = rule(cause, &evidence);
        (ruling.item, ruling.target, ruling.charged)
    }

    #[test]
    fn an_expired_token_a_dead_network_and_a_busy_backend_fail_no_item() {
        let spent = Evidence { attempts: 4, said_final: true, ..FIRST };
        for (cause, target) in [
            (Cause::Offline, Consequence::BackOff),
            (Cause::Dns, Consequence::BackOff),
            (Cause::Connect, Consequence::BackOff),
            (Cause::Tls, Consequence::BackOff),
            (Cause::Timeout, Consequence::BackOff),
            (Cause::Unauthorized, Consequence::NeedsLogin),
            (Cause::RateLimited, Consequence::Floor),
            (Cause::Quota, Consequence::Floor),
            (Cause::Server, Consequence::BackOff),
            (Cause::Misconfigured, Consequence::Misconfigured),
        ] {
            assert_eq!(fate(cause, spent), (ItemFate::Again, target, false), "{cause}");
        }
    }

    #[test]
    fn a_wrong_url_holds_the_target_until_the_kind_has_passed_once() {
        for cause in [Cause::Invalid, Cause::NotFound, Cause::Forbidden] {
            assert_eq!(fate(cause, FIRST), (ItemFate::Again, Consequence::Misconfigured, false));
            let proven = Evidence { proven: true, ..FIRST };
            assert_eq!(fate(cause, proven), (ItemFate::Later, Consequence::GoOn, true));
            let final_word = Evidence { said_final: true, ..proven };
            assert_eq!(fate(cause, final_word), (ItemFate::Fail, Consequence::GoOn, true));
        }
    }

    #[test]
    fn the_fifth_charged_attempt_is_the_last() {
        for cause in [Cause::Conflict, Cause::TooLarge, Cause::PluginBug, Cause::Other] {
            for attempts in 0..4 {
                let evidence = Evidence { attempts, ..FIRST };
                assert_eq!(fate(cause, evidence), (ItemFate::Later, Consequence::GoOn, true));
            }
            let fifth = Evidence { attempts: 4, ..FIRST };
            assert_eq!(fate(cause, fifth), (ItemFate::Fail, Consequence::GoOn, true));
        }
    }

    #[test]
    fn a_server_error_is_the_items_fault_only_while_others_pass() {
        let alone_in_trouble = Evidence { sent: true, others_pass: true, ..FIRST };
        assert_eq!(fate(Cause::Server, alone_in_trouble), (ItemFate::Unknown, Consequence::GoOn, true));
        let all_in_trouble = Evidence { sent: true, ..FIRST };
        assert_eq!(fate(Cause::Server, all_in_trouble), (ItemFate::Unknown, Consequence::BackOff, false));
    }

    #[test]
    fn silence_after_a_request_left_is_an_unknown_outcome() {
        let sent = Evidence { sent: true, ..FIRST };
        for cause in [Cause::Offline, Cause::Connect, Cause::Timeout, Cause::Trap, Cause::NoAnswer] {
            let ruling = rule(cause, &sent);
            assert_eq!(ruling.item, ItemFate::Unknown, "{cause}");
            assert!(ruling.uncertain);
            assert!(!rule(cause, &FIRST).uncertain);
        }
        let answered = rule(Cause::Invalid, &Evidence { proven: true, ..sent });
        assert_eq!((answered.item, answered.uncertain), (ItemFate::Later, false));
    }

    #[test]
    fn a_plugin_may_say_that_it_cannot_tell() {
        let ruling = rule(Cause::Other, &Evidence { said_unknown: true, ..FIRST });
        assert_eq!((ruling.item, ruling.uncertain, ruling.charged), (ItemFate::Unknown, true, true));
    }

    #[test]
    fn a_poison_item_fails_alone_and_at_its_second_crash() {
        let in_company = rule(Cause::Trap, &Evidence { alone: false, crashes: 1, ..FIRST });
        assert_eq!(
            (in_company.item, in_company.charged, in_company.crashed),
            (ItemFate::Again, false, false)
        );
        let first = rule(Cause::Trap, &FIRST);
        assert_eq!((first.item, first.target, first.crashed), (ItemFate::Later, Consequence::Suspect, true));
        let second = rule(Cause::NoAnswer, &Evidence { crashes: 1, ..FIRST });
        assert_eq!(
            (second.item, second.target, second.charged),
            (ItemFate::Fail, Consequence::Suspect, true)
        );
    }

    #[test]
    fn an_item_whose_bytes_are_gone_fails_at_once_and_nothing_else_does() {
        assert_eq!(fate(Cause::Damaged, FIRST), (ItemFate::Fail, Consequence::GoOn, true));
    }

    fn any_evidence() -> impl Strategy<Value = Evidence> {
        (any::<[bool; 6]>(), 0_u32..7, 0_u32..4).prop_map(|(flags, attempts, crashes)| {
            let [sent, said_unknown, said_final, others_pass, proven, alone] = flags;
            Evidence {
                sent,
                said_unknown,
                said_final,
                others_pass,
                proven,
                alone,
                attempts,
                crashes,
                attempts_max: 5,
            }
        })
    }

    proptest! {
        #[test]
        fn nothing_fails_uncharged_and_nothing_uncertain_is_blindly_sent_again(
            place in 0..Cause::ALL.len(),
            evidence in any_evidence(),
        ) {
            let cause = Cause::ALL[place];
            let ruling = rule(cause, &evidence);
            prop_assert!(ruling.charged || ruling.item != ItemFate::Fail);
            prop_assert!(!ruling.uncertain || matches!(ruling.item, ItemFate::Unknown | ItemFate::Fail));
            prop_assert!(ruling.charged || ruling.target != Consequence::GoOn, "{cause} would be a hot loop");
            prop_assert_eq!(ruling.item == ItemFate::Later, ruling.charged && !ruling.uncertain
                && ruling.item != ItemFate::Fail);
        }
    }
}
