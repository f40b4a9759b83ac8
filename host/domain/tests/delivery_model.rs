//! One delivery's life against a backend that may store an item and lose the answer: whatever happens, in whatever
//! order, the item takes effect at most once without a person's word, and nothing is called sent that isn't there.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a model that can't go on has failed its test")]

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use stint_domain::{
    delivery::{Delivery, DeliveryState, Idempotency, Move, NotAllowed, Remedy},
    failure::{Cause, Evidence, rule},
};

const ATTEMPTS_MAX: u32 = 5;

/// What becomes of one request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reply {
    /// The network is away: nothing was sent.
    NotSent,
    /// It was sent, and no answer came.
    Lost { stored: bool },
    /// It was stored, and the answer says so.
    Stored,
    /// It was refused, and trying again may help.
    Conflict,
    /// It was refused, and trying again is no use.
    Refused,
    /// The credential has expired.
    Unauthorized,
    /// The backend failed, perhaps after it had stored it.
    ServerError { stored: bool, others_pass: bool },
    /// The plugin crashed before it sent anything.
    CrashedUnsent { alone: bool },
    /// The plugin crashed after it had sent it.
    CrashedSent { stored: bool },
    /// The whole host was killed before or after the backend stored it.
    HostKilled { stored: bool },
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A pass takes it in hand and sends it, or looks it up where that is due.
    Pass(Reply),
    /// A pass takes it in hand and gives it back.
    Shutdown,
    /// A pass takes it in hand and dies before it begins.
    DieBeforeBegin,
    FallDue,
    Retry,
    Drop,
    Supersede,
    /// A pass that was given up for dead comes back with a success.
    LateSuccess,
}

/// The plain truth: what the backend has, and what an onlooker would say of the delivery.
#[derive(Clone, Debug)]
struct Truth {
    class: Idempotency,
    /// How often the item took effect at the backend.
    effects: u32,
    /// How many effects a person has asked for knowingly.
    allowed: u32,
    state: DeliveryState,
    charged: u32,
    crashes: u32,
    attempted: bool,
    doubted: bool,
    /// A request that nobody waits for any more had reached the backend.
    stray_success: bool,
}

impl Truth {
    fn store(&mut self) {
        let dedupes = self.class.remedy() == Remedy::Resend;
        if !dedupes || self.effects == 0 {
            self.effects += 1;
        }
    }

    /// What an onlooker expects of a pass that sends.
    fn send(&mut self, reply: Reply) {
        use DeliveryState::{Delayed, Failed, Ready, Sent, Unknown};
        self.attempted = true;
        let stored = match reply {
            Reply::Stored => true,
            Reply::Lost { stored }
            | Reply::ServerError { stored, .. }
            | Reply::CrashedSent { stored }
            | Reply::HostKilled { stored } => stored,
            _ => false,
        };
        if stored {
            self.store();
        }
        let charged = match reply {
            Reply::Conflict | Reply::Refused | Reply::CrashedSent { .. } => true,
            Reply::ServerError { others_pass, .. } => others_pass,
            Reply::CrashedUnsent { alone } => alone,
            _ => false,
        };
        let crashed = matches!(reply, Reply::CrashedSent { .. } | Reply::CrashedUnsent { alone: true });
        self.charged += u32::from(charged);
        self.crashes += u32::from(crashed);
        let unsure = matches!(
            reply,
            Reply::Lost { .. }
                | Reply::ServerError { .. }
                | Reply::CrashedSent { .. }
                | Reply::HostKilled { .. }
        );
        self.doubted |= unsure;
        let given_up = charged && (self.charged >= ATTEMPTS_MAX || (crashed && self.crashes >= 2));
        self.state = match reply {
            Reply::Stored => Sent,
            _ if given_up => Failed,
            Reply::Refused => Failed,
            _ if unsure => Unknown,
            Reply::Conflict | Reply::CrashedUnsent { alone: true } => Delayed,
            _ => Ready,
        };
        self.stray_success |= matches!(reply, Reply::HostKilled { stored: true });
    }

    /// What an onlooker expects of a pass that asks the backend first.
    fn look_up(&mut self, reply: Reply) {
        match reply {
            Reply::NotSent | Reply::Unauthorized => {}
            _ if self.effects > 0 => self.state = DeliveryState::Sent,
            _ => self.state = DeliveryState::Ready,
        }
    }
}

struct Model;

impl ReferenceStateMachine for Model {
    type State = Truth;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Truth> {
        let classes = [
            Idempotency::NativeKey,
            Idempotency::PutOverwrite,
            Idempotency::LookupBeforeCreate,
            Idempotency::AtMostOnce,
        ];
        proptest::sample::select(classes.to_vec())
            .prop_map(|class| Truth {
                class,
                effects: 0,
                allowed: 1,
                state: DeliveryState::Ready,
                charged: 0,
                crashes: 0,
                attempted: false,
                doubted: false,
                stray_success: false,
            })
            .boxed()
    }

    fn transitions(_: &Truth) -> BoxedStrategy<Step> {
        let flag = any::<bool>();
        let reply = prop_oneof![
            Just(Reply::NotSent),
            flag.prop_map(|stored| Reply::Lost { stored }),
            Just(Reply::Stored),
            Just(Reply::Conflict),
            Just(Reply::Refused),
            Just(Reply::Unauthorized),
            any::<(bool, bool)>()
                .prop_map(|(stored, others_pass)| Reply::ServerError { stored, others_pass }),
            flag.prop_map(|alone| Reply::CrashedUnsent { alone }),
            flag.prop_map(|stored| Reply::CrashedSent { stored }),
            flag.prop_map(|stored| Reply::HostKilled { stored }),
        ];
        prop_oneof![
            12 => reply.prop_map(Step::Pass),
            1 => Just(Step::Shutdown),
            1 => Just(Step::DieBeforeBegin),
            3 => Just(Step::FallDue),
            2 => Just(Step::Retry),
            1 => Just(Step::LateSuccess),
            1 => prop_oneof![Just(Step::Drop), Just(Step::Supersede)],
        ]
        .boxed()
    }

    fn apply(mut truth: Truth, step: &Step) -> Truth {
        use DeliveryState::{Delayed, Dropped, Failed, Ready, Sent, Superseded, Unknown};
        if truth.state.is_done() {
            return truth;
        }
        let resends = truth.class.remedy() == Remedy::Resend;
        match (truth.state, *step) {
            (Ready, Step::Pass(reply)) => truth.send(reply),
            (Unknown, Step::Pass(reply)) if resends => truth.send(reply),
            (Unknown, Step::Pass(reply)) if truth.class.remedy() == Remedy::LookUp => truth.look_up(reply),
            (Ready, Step::DieBeforeBegin) if truth.attempted => {
                truth.doubted = true;
                truth.state = Unknown;
            }
            (Delayed, Step::FallDue) => truth.state = Ready,
            (Failed | Unknown | Delayed, Step::Retry) => {
                (truth.charged, truth.crashes) = (0, 0);
                let asks_first = truth.doubted && truth.class.remedy() == Remedy::LookUp;
                truth.state = if asks_first { Unknown } else { Ready };
                if truth.class.remedy() == Remedy::AskPerson {
                    truth.allowed = truth.effects + 1;
                }
            }
            (_, Step::Drop) => truth.state = Dropped,
            (Failed, Step::Supersede) => truth.state = Superseded,
            (_, Step::Supersede) if !truth.attempted => truth.state = Superseded,
            (_, Step::LateSuccess) if truth.stray_success => truth.state = Sent,
            _ => {}
        }
        truth
    }
}

/// The engine's way with a delivery, as short as it can be.
fn pass(delivery: Delivery, class: Idempotency, reply: Reply, present: bool) -> Delivery {
    let resolved = match delivery.state {
        DeliveryState::Unknown => match delivery.after(Move::Resolve(class)) {
            Ok(resolved) => resolved,
            Err(NotAllowed::AskPerson) => return delivery,
            Err(error) => panic!("{error}"),
        },
        _ => delivery,
    };
    let Ok(leased) = resolved.after(Move::Claim) else { return delivery };
    let next = if leased.looking_up { looked_up(&leased, reply, present) } else { sent(&leased, reply) };
    next.unwrap()
}

fn looked_up(leased: &Delivery, reply: Reply, present: bool) -> Result<Delivery, NotAllowed> {
    match reply {
        Reply::NotSent => leased.after(Move::Fail(rule(Cause::Offline, &evidence(leased)))),
        Reply::Unauthorized => leased.after(Move::Fail(rule(Cause::Unauthorized, &evidence(leased)))),
        _ if present => leased.after(Move::Deliver),
        _ => leased.after(Move::LookedUpAbsent),
    }
}

fn sent(leased: &Delivery, reply: Reply) -> Result<Delivery, NotAllowed> {
    let begun = leased.after(Move::Begin)?;
    let plain = evidence(&begun);
    let sent = Evidence { sent: true, ..plain };
    let (cause, evidence) = match reply {
        Reply::Stored => return begun.after(Move::Deliver),
        Reply::HostKilled { .. } => return begun.after(Move::Reclaim),
        Reply::NotSent => (Cause::Offline, plain),
        Reply::Lost { .. } => (Cause::Timeout, sent),
        Reply::Conflict => (Cause::Conflict, sent),
        Reply::Refused => (Cause::Invalid, Evidence { proven: true, said_final: true, ..sent }),
        Reply::Unauthorized => (Cause::Unauthorized, sent),
        Reply::ServerError { others_pass, .. } => (Cause::Server, Evidence { others_pass, ..sent }),
        Reply::CrashedUnsent { alone } => (Cause::Trap, Evidence { alone, ..plain }),
        Reply::CrashedSent { .. } => (Cause::Trap, sent),
    };
    begun.after(Move::Fail(rule(cause, &evidence)))
}

fn evidence(delivery: &Delivery) -> Evidence {
    Evidence {
        sent: false,
        said_unknown: false,
        said_final: false,
        others_pass: false,
        proven: false,
        alone: true,
        attempts: delivery.attempts,
        crashes: delivery.crashes,
        attempts_max: ATTEMPTS_MAX,
    }
}

struct Life {
    delivery: Delivery,
    /// What the backend had before this step: that is what it answers a look-up with.
    effects: u32,
}

impl StateMachineTest for Life {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(truth: &Truth) -> Self {
        Self { delivery: Delivery::new(truth.state), effects: 0 }
    }

    fn apply(life: Self, truth: &Truth, step: Step) -> Self {
        let before = life.delivery;
        let after = match step {
            Step::Pass(reply) => pass(before, truth.class, reply, life.effects > 0),
            Step::Shutdown => taken_and(before, Move::Release),
            Step::DieBeforeBegin if before.state == DeliveryState::Ready => taken_and(before, Move::Reclaim),
            Step::FallDue => before.after(Move::FallDue).unwrap_or(before),
            Step::Retry => before.after(Move::Retry(truth.class)).unwrap_or(before),
            Step::Drop => before.after(Move::Drop).unwrap_or(before),
            Step::Supersede => before.after(Move::Supersede).unwrap_or(before),
            Step::LateSuccess if truth.stray_success => before.after(Move::Deliver).unwrap_or(before),
            Step::DieBeforeBegin | Step::LateSuccess => before,
        };
        assert!(!before.state.is_done() || after == before, "what is done stays as it is");
        assert!(after.attempted || !before.attempted, "frozen bytes stay frozen");
        assert!(after.uncertain || !before.uncertain, "a doubt is remembered for ever");
        Self { delivery: after, effects: truth.effects }
    }

    fn check_invariants(life: &Self, truth: &Truth) {
        let delivery = &life.delivery;
        assert_eq!(delivery.state, truth.state, "{truth:?}");
        assert!(truth.effects <= truth.allowed, "it took effect twice: {truth:?}");
        assert!(
            delivery.state != DeliveryState::Sent || truth.effects > 0,
            "called sent, and it isn't there"
        );
        assert!(delivery.attempts <= ATTEMPTS_MAX);
        assert!(!delivery.looking_up, "only a lease looks up");
        assert_eq!(delivery.uncertain, truth.doubted);
        if delivery.may_be_prepared_anew() {
            assert_eq!(truth.effects, 0, "other bytes under the same key: {truth:?}");
        }
    }
}

fn taken_and(delivery: Delivery, what: Move) -> Delivery {
    delivery.after(Move::Claim).map_or(delivery, |leased| leased.after(what).unwrap())
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_item_takes_effect_once(sequential 1..40 => Life);
}
