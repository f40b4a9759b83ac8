//! What the queue promises about its cost: recording is hardly more than its statements, a claim and a status cost
//! the same whatever lies in the queue, and so does memory.

mod claim;
mod enqueue;
mod memory;
mod yard;

use std::rc::Rc;

use stint_tests::ratio::Bench;

use self::yard::Yards;
pub(crate) use self::{memory::drain_if_asked, yard::folder};

pub(crate) fn benches() -> Vec<Bench> {
    let yards = Rc::new(Yards::default());
    let mut benches = vec![enqueue::single(), enqueue::batch()];
    benches.extend(claim::benches(&yards));
    benches.push(memory::growth(yards));
    benches
}
