//! Files and folders around a configuration: where they are, and whether what is written fits what is there.

mod doubt;
mod find;
mod sure;

pub use find::{Located, Places, data_dir_despite_mistakes};
pub(crate) use find::{beside, data_dir, plugin_dir};
pub use sure::sure_data_dir;
