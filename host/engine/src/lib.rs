//! The running host: what it does with commands, clocks and deliveries. It knows no backend and draws nothing.

mod chance;
mod current;
pub mod deliver;
mod desk;
pub mod doctor;
mod heartbeat;
mod host;
pub mod import;
pub mod ledger;
mod link;
mod open;
mod outward;
mod place;
mod presence;
mod pulse;
mod reload;
pub mod status;
mod supervise;
mod targets;
pub mod timer;
mod upkeep;
mod watch;
mod when;
pub mod wiring;

pub use chance::{command_id, entropy};
pub use current::Current;
pub use desk::Desk;
pub use host::Host;
pub use open::{DeskError, Owner, data_dir};
pub use outward::{Keys, descriptions};
pub use place::Place;
pub use presence::Presence;
pub use reload::{ReloadError, Reloaded, Reloader};
pub use stint_store::Lost;
pub use supervise::{Stop, Supervisor, TaskReport};
pub use when::When;
