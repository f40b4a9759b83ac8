//! What wakes the loops: something was recorded, something changed that held deliveries up, a person doesn't want to
//! wait. Ringing costs nothing and waits for nobody; many rings at once are one.

use std::collections::BTreeMap;

use tokio::sync::watch;

/// Rings for all loops. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Bell(watch::Sender<Rings>);

/// How often it rang, and for what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rings {
    recorded: u64,
    chance: u64,
    hurry: BTreeMap<String, u64>,
}

/// The bell, as one loop hears it.
#[derive(Debug)]
pub(super) struct Ear {
    rings: watch::Receiver<Rings>,
    heard: Rings,
    /// What a pass has heard already, of what was recorded and of chances; the loop hears it again when the pass is
    /// over.
    heard_in_pass: (u64, u64),
    target: String,
}

/// What a loop was rung for since it listened last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rung {
    /// Something was recorded.
    pub(super) recorded: bool,
    /// What failed before may work now.
    pub(super) chance: bool,
    /// The number of the youngest wish to have everything sent now.
    pub(super) hurry: Option<u64>,
}

impl Bell {
    /// Something was recorded, or a person put something back into the queue.
    pub fn recorded(&self) {
        self.0.send_modify(|rings| rings.recorded += 1);
    }

    /// Something changed that may let through what failed before: the network is back, the machine woke up, a person
    /// released a target. A target that rests is tried at once.
    pub fn another_chance(&self) {
        self.0.send_modify(|rings| rings.chance += 1);
    }

    /// A person wants everything sent to a target now. The number of the wish is in the report of the pass that
    /// grants it.
    pub fn hurry(&self, target: &str) -> u64 {
        let mut number = 0;
        self.0.send_modify(|rings| {
            let wishes = rings.hurry.entry(target.to_owned()).or_default();
            *wishes += 1;
            number = *wishes;
        });
        number
    }

    /// An ear that hears what is rung from now on, and the youngest wish, if it isn't the one that was granted last:
    /// it may have been made while nobody listened.
    pub(super) fn ear(&self, target: &str, granted: u64) -> Ear {
        let rings = self.0.subscribe();
        let mut heard = rings.borrow().clone();
        if let Some(wish) = heard.hurry.get_mut(target) {
            *wish = granted.min(*wish);
        }
        Ear { rings, heard_in_pass: (heard.recorded, heard.chance), heard, target: target.to_owned() }
    }
}

impl Ear {
    /// Waits until it rings for this loop.
    pub(super) async fn wait(&mut self) {
        while !self.is_rung() {
            if self.rings.changed().await.is_err() {
                // The bell is gone, and so will this loop be.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Waits, during a pass, until something more was recorded or a person said something about a target.
    pub(super) async fn more(&mut self) {
        loop {
            let heard = {
                let rings = self.rings.borrow_and_update();
                (rings.recorded, rings.chance)
            };
            if heard != self.heard_in_pass {
                self.heard_in_pass = heard;
                return;
            }
            if self.rings.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// What it rang for since the last time this was asked.
    pub(super) fn take(&mut self) -> Rung {
        let now = self.rings.borrow_and_update().clone();
        let wish = now.hurry.get(&self.target).copied();
        let rung = Rung {
            recorded: now.recorded != self.heard.recorded,
            chance: now.chance != self.heard.chance,
            hurry: wish.filter(|_| wish != self.heard.hurry.get(&self.target).copied()),
        };
        self.heard = now;
        rung
    }

    fn is_rung(&self) -> bool {
        let now = self.rings.borrow();
        let wish = |rings: &Rings| rings.hurry.get(&self.target).copied();
        now.recorded != self.heard.recorded
            || now.chance != self.heard.chance
            || wish(&now) != wish(&self.heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rings_are_one_and_a_wish_is_for_one_target() {
        let bell = Bell::default();
        let mut work = bell.ear("work", 0);
        let mut home = bell.ear("home", 0);
        bell.recorded();
        bell.recorded();
        assert_eq!(bell.hurry("work"), 1);
        assert_eq!(bell.hurry("work"), 2);
        assert_eq!(work.take(), Rung { recorded: true, chance: false, hurry: Some(2) });
        assert_eq!(home.take(), Rung { recorded: true, ..Rung::default() });
        assert_eq!(work.take(), Rung::default(), "heard once");
        bell.another_chance();
        assert!(work.take().chance);
    }

    #[test]
    fn a_wish_that_was_made_while_nobody_listened_is_heard() {
        let bell = Bell::default();
        bell.hurry("work");
        bell.hurry("work");
        bell.recorded();
        let mut ear = bell.ear("work", 1);
        assert!(ear.is_rung());
        assert_eq!(ear.take(), Rung { hurry: Some(2), ..Rung::default() });
        assert_eq!(bell.ear("work", 2).take(), Rung::default(), "it was granted");
        assert_eq!(bell.ear("home", 0).take(), Rung::default());
    }

    #[tokio::test]
    async fn a_pass_hears_of_more_and_the_loop_hears_it_too() {
        let bell = Bell::default();
        let mut ear = bell.ear("work", 0);
        bell.recorded();
        ear.more().await;
        bell.hurry("work");
        assert!(tokio::time::timeout(std::time::Duration::ZERO, ear.more()).await.is_err(), "nothing more");
        assert_eq!(ear.take(), Rung { recorded: true, chance: false, hurry: Some(1) });
    }

    #[tokio::test]
    async fn an_ear_wakes_for_its_own_target() {
        let bell = Bell::default();
        let mut ear = bell.ear("work", 0);
        bell.hurry("home");
        assert!(!ear.is_rung());
        let ringing = bell.clone();
        let rings = tokio::spawn(async move { ringing.hurry("work") });
        ear.wait().await;
        assert_eq!(rings.await.unwrap(), 1);
        assert_eq!(ear.take().hurry, Some(1));
    }
}
