//! Whether what delivers is alive. It is asked, and answers from its own loop, so one that hangs can't seem well.

use std::time::Duration;

use tokio::sync::watch;

use crate::desk::Desk;

/// The name of the task that answers.
pub(crate) const ANSWERS: &str = "delivery";

/// Questions by their numbers, and the last one that was answered. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pulse {
    asked: watch::Sender<u64>,
    answered: watch::Sender<u64>,
}

impl Pulse {
    /// Tells of questions; of one that was asked before, at once.
    pub(crate) fn questions(&self) -> watch::Receiver<u64> {
        let mut questions = self.asked.subscribe();
        questions.mark_changed();
        questions
    }

    /// The question of this number has an answer.
    pub(crate) fn answer(&self, number: u64) {
        self.answered.send_replace(number);
    }

    /// Asks, and says whether there was an answer in time.
    async fn beats(&self, within: Duration) -> bool {
        let mut answers = self.answered.subscribe();
        let mut number = 0;
        self.asked.send_modify(|asked| {
            *asked += 1;
            number = *asked;
        });
        let answered = answers.wait_for(|answered| *answered >= number);
        matches!(tokio::time::timeout(within, answered).await, Ok(Ok(_)))
    }
}

impl Desk {
    /// Whether what delivers answers within this time. One that fell is alive: it is known, and started again.
    pub async fn is_alive(&self, within: Duration) -> bool {
        if self.pulse.beats(within).await {
            return true;
        }
        let tasks = self.tasks.borrow();
        tasks.iter().any(|task| task.name == ANSWERS && task.error.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_who_answers_is_alive() {
        let pulse = Pulse::default();
        assert!(!pulse.beats(Duration::from_secs(5)).await, "nobody is there");
        let (answering, mut questions) = (pulse.clone(), pulse.questions());
        let alive = tokio::spawn(async move {
            while questions.changed().await.is_ok() {
                let number = *questions.borrow_and_update();
                answering.answer(number);
            }
        });
        assert!(pulse.beats(Duration::from_secs(5)).await);
        assert!(pulse.beats(Duration::from_secs(5)).await);
        alive.abort();
        assert!(!pulse.beats(Duration::from_secs(5)).await, "it hangs");
    }
}
