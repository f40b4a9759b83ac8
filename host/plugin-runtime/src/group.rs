//! The processes of a program that was started here: ended when it has ended itself, and when nobody waits for it any
//! more.

use std::io;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// The processes of a program, as long as they may be ended. It is started with a group of its own.
#[derive(Default)]
pub(crate) struct Group(Mutex<Stage>);

#[derive(Clone, Copy, Default)]
enum Stage {
    #[default]
    Ahead,
    Running(Pid),
    Over,
}

impl Group {
    /// The program was started. Where nobody waits for it any more it ends at once.
    pub(crate) fn began(&self, child: &Child) {
        let pid = Pid::from_child(child);
        let stage = self.replace(Stage::Running(pid));
        if matches!(stage, Stage::Over) {
            self.end();
        }
    }

    /// Ends all that is left of it.
    pub(crate) fn end(&self) {
        if let Stage::Running(pid) = self.replace(Stage::Over) {
            // They may have ended already.
            let _either_way = kill_process_group(pid, Signal::KILL);
        }
    }

    fn replace(&self, stage: Stage) -> Stage {
        std::mem::replace(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), stage)
    }

    /// Waits for the program, and ends what it has left behind.
    pub(crate) fn outlive(&self, mut child: Child) -> io::Result<ExitStatus> {
        // It is waited for without being buried, so that its group is still its own when that is ended.
        let pid = Pid::from_child(&child);
        while waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
            .is_err_and(|error| error == Errno::INTR)
        {}
        self.end();
        child.wait()
    }
}

/// Ends the processes when nobody waits for them any more.
#[derive(Default)]
pub(crate) struct Ended(pub(crate) Arc<Group>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.end();
    }
}
