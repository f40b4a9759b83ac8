//! The bound of a check: a name server, a proxy or a network disk that never answers is a finding too.

use std::time::Duration;

use super::{Area, Finding};

/// How long a check may take.
const BOUND: Duration = Duration::from_secs(15);

/// What a check finds, or that it found nothing in time.
pub async fn bounded(
    area: Area,
    subject: Option<&str>,
    check: impl Future<Output = Vec<Finding>>,
) -> Vec<Finding> {
    if let Ok(found) = tokio::time::timeout(BOUND, check).await {
        return found;
    }
    let what = format!("it could not be looked at within {} s", BOUND.as_secs());
    let finding = Finding { subject: subject.map(str::to_owned), ..Finding::error(area, what) };
    vec![finding.because("something it needs doesn't answer: a name server, a proxy, a network disk")]
}

/// The same for a check that blocks its thread.
pub(super) async fn on_a_thread(
    area: Area,
    check: impl FnOnce() -> Vec<Finding> + Send + 'static,
) -> Vec<Finding> {
    bounded(area, None, async {
        let found = tokio::task::spawn_blocking(check).await;
        found.unwrap_or_else(|_| vec![Finding::error(area, "it could not be looked at: the check was lost")])
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_never_answers_is_a_finding() {
        let found = bounded(Area::Targets, Some("work"), std::future::pending()).await;
        assert_eq!(found[0].what, "it could not be looked at within 15 s");
        assert_eq!(found[0].subject.as_deref(), Some("work"));
        let found = bounded(Area::Data, None, async { vec![Finding::ok(Area::Data, "well")] }).await;
        assert_eq!(found[0].what, "well");
    }
}
