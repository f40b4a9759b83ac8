//! Deliveries: where one item stands at one target, in which order, and what may happen to it next.

mod idempotency;
mod lane;
mod life;
mod state;

pub use idempotency::{Idempotency, Remedy};
pub use lane::{LaneRole, Ordering};
pub use life::{Delivery, Move, NotAllowed};
pub use state::{DeliveryState, PlainState};
