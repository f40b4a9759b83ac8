//! The life of one delivery: which state may follow which, and what is remembered on the way.
//!
//! Invariants: what is done stays as it is; bytes that were ever attempted are frozen; what may have arrived is
//! never sent again before its class of idempotency allows it.

use serde::{Deserialize, Serialize};

use super::{
    idempotency::{Idempotency, Remedy},
    state::DeliveryState,
};
use crate::failure::{ItemFate, Ruling};

/// One delivery, as far as its rules go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Where it stands.
    pub state: DeliveryState,
    /// How many attempts were charged to it.
    pub attempts: u32,
    /// How often it crashed its plugin, alone in the call.
    pub crashes: u32,
    /// Whether its bytes were ever handed to the network: they are frozen then.
    pub attempted: bool,
    /// Whether it may ever have arrived without our knowing.
    pub uncertain: bool,
    /// Whether the pass that has it in hand asks the backend about it before anything is sent.
    pub looking_up: bool,
}

/// Something that happens to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The lane's older events are done.
    Promote,
    /// An older event of its lane came in front of it.
    Yield,
    /// Its time has come.
    FallDue,
    /// A pass takes it in hand.
    Claim,
    /// Its bytes are about to be handed to the network.
    Begin,
    /// The target has it.
    Deliver,
    /// The attempt failed, and this follows.
    Fail(Ruling),
    /// The pass gave it back before anything was sent.
    Release,
    /// The pass is gone, and nobody knows how far it came.
    Reclaim,
    /// Its unknown outcome is to be resolved under the class of the plugin that serves now.
    Resolve(Idempotency),
    /// The backend was asked: it does not have the item, or not in its present form.
    LookedUpAbsent,
    /// A person wants it tried again, under this class.
    Retry(Idempotency),
    /// A person, or the lack of room, gives it up.
    Drop,
    /// A newer snapshot takes its place.
    Supersede,
    /// The target says that it has something newer.
    Outdated,
}

/// A move that the state does not allow. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// It is done.
    #[error("failed to change a delivery that is {state}: that is final")]
    Done {
        /// Where it stands.
        state: DeliveryState,
    },
    /// It is being sent.
    #[error("failed to change a delivery that is being sent at this moment: try again when the pass is over")]
    InHand,
    /// The move makes no sense where it stands.
    #[error("failed to change a delivery that is {state}: this can't happen to it there")]
    Elsewhere {
        /// Where it stands.
        state: DeliveryState,
    },
    /// It may have arrived, or its bytes may have.
    #[error("failed to replace a delivery that may have arrived: its bytes are frozen")]
    Frozen,
    /// Only a person may decide.
    #[error(
        "failed to resolve a delivery that may have arrived: this backend can't tell, so a person decides"
    )]
    AskPerson,
}

impl Delivery {
    /// A new delivery.
    pub const fn new(state: DeliveryState) -> Self {
        Self { state, attempts: 0, crashes: 0, attempted: false, uncertain: false, looking_up: false }
    }

    /// Whether its transforms may run again for a retry: only while every attempt was definitely refused.
    pub const fn may_be_prepared_anew(&self) -> bool {
        !self.uncertain && !self.state.is_done() && !matches!(self.state, DeliveryState::Leased)
    }

    /// The delivery after `what`, or why that can't happen.
    #[expect(clippy::match_same_arms, reason = "one arm a rule, in the order of a delivery's life")]
    pub fn after(&self, what: Move) -> Result<Self, NotAllowed> {
        use DeliveryState::{Delayed, Dropped, Failed, Leased, Ready, Sent, Superseded, Unknown, Waiting};
        if self.state.is_done() {
            return Err(NotAllowed::Done { state: self.state });
        }
        match (self.state, what) {
            (Waiting, Move::Promote) | (Delayed, Move::FallDue) => Ok(self.to(Ready)),
            (Ready | Delayed, Move::Yield) => Ok(self.to(Waiting)),
            (Ready | Unknown, Move::Claim) => {
                Ok(Self { looking_up: self.state == Unknown, ..self.to(Leased) })
            }
            (Leased, Move::Begin) => Ok(Self { attempted: true, ..*self }),
            // A success counts even when its lease has run out: it happened.
            (_, Move::Deliver) => Ok(Self { attempted: true, ..self.to(Sent) }),
            (Leased, Move::Outdated) => Ok(self.to(Superseded)),
            (Leased, Move::Fail(ruling)) => Ok(self.failed(ruling)),
            (Leased, Move::Release) if self.looking_up => Ok(self.to(Unknown)),
            (Leased, Move::Reclaim) if self.attempted => Ok(Self { uncertain: true, ..self.to(Unknown) }),
            (Leased, Move::Release | Move::Reclaim) => Ok(self.to(Ready)),
            (Leased, Move::LookedUpAbsent) if self.looking_up => Ok(self.to(Ready)),
            (Unknown, Move::Resolve(class)) => match class.remedy() {
                Remedy::Resend => Ok(self.to(Ready)),
                Remedy::LookUp => Ok(*self),
                Remedy::AskPerson => Err(NotAllowed::AskPerson),
            },
            (Failed | Unknown | Delayed, Move::Retry(class)) => Ok(self.retried(class)),
            (Leased, Move::Drop | Move::Supersede | Move::Retry(_)) => Err(NotAllowed::InHand),
            (_, Move::Drop) => Ok(self.to(Dropped)),
            (Ready | Waiting | Delayed | Unknown, Move::Supersede) if self.attempted => {
                Err(NotAllowed::Frozen)
            }
            (_, Move::Supersede) => Ok(self.to(Superseded)),
            (state, _) => Err(NotAllowed::Elsewhere { state }),
        }
    }

    /// The delivery in another state. Only a lease knows what it is for.
    const fn to(&self, state: DeliveryState) -> Self {
        Self { state, looking_up: false, ..*self }
    }

    fn failed(&self, ruling: Ruling) -> Self {
        let state = match ruling.item {
            ItemFate::Fail => DeliveryState::Failed,
            ItemFate::Unknown => DeliveryState::Unknown,
            // The backend could not be asked, so what was unknown is so still.
            ItemFate::Again | ItemFate::Later if self.looking_up => DeliveryState::Unknown,
            ItemFate::Again => DeliveryState::Ready,
            ItemFate::Later => DeliveryState::Delayed,
        };
        Self {
            attempts: self.attempts + u32::from(ruling.charged),
            crashes: self.crashes + u32::from(ruling.crashed),
            uncertain: self.uncertain || ruling.uncertain,
            ..self.to(state)
        }
    }

    /// A person's word starts the count anew; where the backend can be asked, it is asked first all the same.
    fn retried(&self, class: Idempotency) -> Self {
        let ask_first = self.uncertain && class.remedy() == Remedy::LookUp;
        let state = if ask_first { DeliveryState::Unknown } else { DeliveryState::Ready };
        Self { attempts: 0, crashes: 0, ..self.to(state) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::table::Consequence;

    fn at(state: DeliveryState) -> Delivery {
        Delivery::new(state)
    }

    #[test]
    fn what_is_done_can_not_be_changed_in_any_way() {
        for state in DeliveryState::ALL.into_iter().filter(|state| state.is_done()) {
            for what in
                [Move::Claim, Move::Deliver, Move::Drop, Move::Supersede, Move::Retry(Idempotency::NativeKey)]
            {
                assert_eq!(at(state).after(what), Err(NotAllowed::Done { state }));
            }
        }
        assert_eq!(
            NotAllowed::Done { state: DeliveryState::Sent }.to_string(),
            "failed to change a delivery that is sent: that is final"
        );
    }

    #[test]
    fn what_is_being_sent_is_left_alone() {
        let leased = at(DeliveryState::Leased);
        for what in [Move::Drop, Move::Supersede, Move::Retry(Idempotency::NativeKey)] {
            assert_eq!(leased.after(what), Err(NotAllowed::InHand));
        }
        assert_eq!(
            NotAllowed::InHand.to_string(),
            "failed to change a delivery that is being sent at this moment: try again when the pass is over"
        );
    }

    #[test]
    fn a_move_out_of_place_changes_nothing() {
        let state = DeliveryState::Waiting;
        for what in
            [Move::Claim, Move::Begin, Move::Release, Move::Reclaim, Move::FallDue, Move::LookedUpAbsent]
        {
            assert_eq!(at(state).after(what), Err(NotAllowed::Elsewhere { state }));
        }
        assert_eq!(
            NotAllowed::Elsewhere { state }.to_string(),
            "failed to change a delivery that is waiting: this can't happen to it there"
        );
    }

    #[test]
    fn only_a_lease_that_looks_up_may_find_the_item_absent() {
        let sending = at(DeliveryState::Ready).after(Move::Claim).unwrap();
        assert!(!sending.looking_up);
        assert_eq!(
            sending.after(Move::LookedUpAbsent),
            Err(NotAllowed::Elsewhere { state: DeliveryState::Leased })
        );
        let asking = at(DeliveryState::Unknown).after(Move::Claim).unwrap();
        assert!(asking.looking_up);
        assert_eq!(asking.after(Move::LookedUpAbsent).unwrap(), at(DeliveryState::Ready));
        assert_eq!(asking.after(Move::Release).unwrap(), at(DeliveryState::Unknown));
    }

    #[test]
    fn a_success_counts_wherever_it_finds_the_delivery_and_means_that_it_was_attempted() {
        for state in DeliveryState::ALL.into_iter().filter(|state| !state.is_done()) {
            let delivered = at(state).after(Move::Deliver).unwrap();
            assert_eq!((delivered.state, delivered.attempted), (DeliveryState::Sent, true));
        }
    }

    #[test]
    fn a_waiting_delivery_is_promoted_and_a_delayed_one_falls_due() {
        assert_eq!(at(DeliveryState::Waiting).after(Move::Promote).unwrap(), at(DeliveryState::Ready));
        assert_eq!(at(DeliveryState::Delayed).after(Move::FallDue).unwrap(), at(DeliveryState::Ready));
    }

    #[test]
    fn an_unknown_outcome_is_resolved_under_the_class_of_the_plugin_that_serves() {
        let unknown = at(DeliveryState::Unknown);
        for class in [Idempotency::NativeKey, Idempotency::PutOverwrite] {
            assert_eq!(unknown.after(Move::Resolve(class)).unwrap(), at(DeliveryState::Ready));
        }
        assert_eq!(unknown.after(Move::Resolve(Idempotency::LookupBeforeCreate)).unwrap(), unknown);
        assert_eq!(unknown.after(Move::Resolve(Idempotency::AtMostOnce)), Err(NotAllowed::AskPerson));
        assert_eq!(
            NotAllowed::AskPerson.to_string(),
            "failed to resolve a delivery that may have arrived: this backend can't tell, so a person decides"
        );
    }

    #[test]
    fn a_failure_counts_where_it_is_charged_and_a_doubt_stays_for_good() {
        let plain = Ruling {
            item: ItemFate::Later,
            target: Consequence::GoOn,
            charged: false,
            crashed: false,
            uncertain: false,
        };
        let before = Delivery { attempts: 3, crashes: 2, ..at(DeliveryState::Leased) };
        for (charged, crashed, uncertain) in [
            (false, false, false),
            (true, false, false),
            (false, true, false),
            (false, false, true),
            (true, true, true),
        ] {
            let after = before.after(Move::Fail(Ruling { charged, crashed, uncertain, ..plain })).unwrap();
            let expected = Delivery {
                attempts: if charged { 4 } else { 3 },
                crashes: if crashed { 3 } else { 2 },
                uncertain,
                ..at(DeliveryState::Delayed)
            };
            assert_eq!(after, expected);
        }
        let doubted = Delivery { uncertain: true, ..before };
        assert!(doubted.after(Move::Fail(plain)).unwrap().uncertain);
    }

    #[test]
    fn a_retry_counts_anew_and_asks_first_where_it_can() {
        let failed = Delivery { attempts: 5, crashes: 1, attempted: true, ..at(DeliveryState::Failed) };
        let plain = failed.after(Move::Retry(Idempotency::LookupBeforeCreate)).unwrap();
        assert_eq!((plain.state, plain.attempts, plain.crashes), (DeliveryState::Ready, 0, 0));
        let doubted = Delivery { uncertain: true, ..failed };
        assert_eq!(
            doubted.after(Move::Retry(Idempotency::LookupBeforeCreate)).unwrap().state,
            DeliveryState::Unknown
        );
        assert_eq!(doubted.after(Move::Retry(Idempotency::AtMostOnce)).unwrap().state, DeliveryState::Ready);
    }

    #[test]
    fn a_newer_snapshot_replaces_what_was_never_attempted_or_has_failed() {
        let attempted = Delivery { attempted: true, ..at(DeliveryState::Ready) };
        assert_eq!(attempted.after(Move::Supersede), Err(NotAllowed::Frozen));
        assert_eq!(
            NotAllowed::Frozen.to_string(),
            "failed to replace a delivery that may have arrived: its bytes are frozen"
        );
        for delivery in
            [at(DeliveryState::Waiting), Delivery { attempted: true, ..at(DeliveryState::Failed) }]
        {
            assert_eq!(delivery.after(Move::Supersede).unwrap().state, DeliveryState::Superseded);
        }
    }

    #[test]
    fn bytes_are_prepared_anew_only_while_every_attempt_was_definitely_refused() {
        let failed = Delivery { attempted: true, ..at(DeliveryState::Failed) };
        assert!(failed.may_be_prepared_anew());
        assert!(!Delivery { uncertain: true, ..failed }.may_be_prepared_anew());
        assert!(!at(DeliveryState::Leased).may_be_prepared_anew());
        assert!(!at(DeliveryState::Sent).may_be_prepared_anew());
    }

    #[test]
    fn what_may_be_sent_yields_to_an_older_event_and_what_is_in_hand_does_not() {
        for state in [DeliveryState::Ready, DeliveryState::Delayed] {
            let yielded = Delivery::new(state).after(Move::Yield).unwrap();
            assert_eq!(yielded.state, DeliveryState::Waiting);
            assert_eq!(yielded.after(Move::Promote).unwrap().state, DeliveryState::Ready);
        }
        for state in [DeliveryState::Leased, DeliveryState::Failed, DeliveryState::Unknown] {
            assert_eq!(Delivery::new(state).after(Move::Yield), Err(NotAllowed::Elsewhere { state }));
        }
    }

    #[test]
    fn a_target_may_say_that_it_has_something_newer_even_after_an_attempt() {
        let sent = Delivery { attempted: true, ..Delivery::new(DeliveryState::Leased) };
        assert_eq!(sent.after(Move::Outdated).unwrap().state, DeliveryState::Superseded);
        assert_eq!(sent.after(Move::Supersede), Err(NotAllowed::InHand));
        let ready = Delivery::new(DeliveryState::Ready);
        assert_eq!(ready.after(Move::Outdated), Err(NotAllowed::Elsewhere { state: DeliveryState::Ready }));
    }
}
