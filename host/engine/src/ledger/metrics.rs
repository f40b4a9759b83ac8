//! The host's figures in Prometheus' text format: what is counted here, and what the store and the timer say.

use std::fmt::Write as _;

use stint_domain::{delivery::DeliveryState, timer::State};
use stint_store::{Error, target};

use super::tallies::{CLASSES_MS, Durations, PluginTally, Tallies, TargetTally};
use crate::{desk::Desk, status::TargetState};

/// All figures, as text.
pub fn metrics(desk: &Desk) -> Result<String, Error> {
    let status = desk.status()?;
    let targets = desk.read(target::statuses)?;
    let tallies = desk.ledger().lock().tallies.clone();
    let mut page = Page::default();
    page.gauge("stint_up", "Whether the host runs.", [(String::new(), u64::from(status.host.running))]);
    page.gauge(
        "stint_timer_running",
        "Whether time is counted.",
        [(String::new(), u64::from(status.timer.state == State::Running))],
    );
    page.gauge("stint_alerts", "Alerts that stand.", [(String::new(), status.alerts.len() as u64)]);
    let states = targets.iter().filter(|target| target.retired_at.is_none()).flat_map(|target| {
        DeliveryState::ALL.into_iter().map(|state| {
            (labels(&[("target", &target.name), ("state", state.word())]), target.counts.of(state))
        })
    });
    page.gauge("stint_deliveries", "Deliveries by target and state.", states);
    page.gauge(
        "stint_oldest_pending_seconds",
        "Age of the oldest item that is not delivered.",
        status.targets.iter().filter_map(|target| {
            Some((labels(&[("target", &target.name)]), target.oldest_pending_ms?.0 / 1_000))
        }),
    );
    page.gauge(
        "stint_target_held",
        "Whether a target is held, paused or without its plugin.",
        status
            .targets
            .iter()
            .map(|target| (labels(&[("target", &target.name)]), u64::from(target.state != TargetState::Ok))),
    );
    of_targets(&mut page, &tallies);
    of_plugins(&mut page, &tallies);
    Ok(page.0)
}

fn of_targets(page: &mut Page, tallies: &Tallies) {
    let all = || tallies.targets.iter();
    let outcomes = all().flat_map(|(name, tally)| {
        tally.outcomes.iter().map(move |((outcome, cause), count)| {
            (labels(&[("target", name), ("outcome", outcome), ("cause", cause)]), *count)
        })
    });
    page.counter("stint_attempts_total", "Attempts to deliver, by outcome and cause.", outcomes);
    let each = |figure: fn(&TargetTally) -> u64| {
        all().map(move |(name, tally)| (labels(&[("target", name)]), figure(tally)))
    };
    page.counter("stint_passes_total", "Passes over a target.", each(|tally| tally.passes));
    page.counter("stint_claims_total", "Claims of items.", each(|tally| tally.claims));
    page.counter("stint_claimed_items_total", "Items claimed.", each(|tally| tally.claimed));
    page.gauge("stint_calls_in_flight", "Calls that run now.", each(|tally| tally.in_flight));
    let took = all().map(|(name, tally)| (name.as_str(), &tally.took));
    page.histogram("stint_delivery_seconds", "How long calls took that delivered.", "target", took);
}

fn of_plugins(page: &mut Page, tallies: &Tallies) {
    let all = || tallies.plugins.iter();
    let each = |figure: fn(&PluginTally) -> u64| {
        all().map(move |(name, tally)| (labels(&[("plugin", name)]), figure(tally)))
    };
    page.counter("stint_plugin_calls_total", "Calls of a plugin.", each(|tally| tally.calls));
    page.counter("stint_plugin_failed_calls_total", "Calls without an answer.", each(|tally| tally.failed));
    page.counter("stint_plugin_requests_total", "Requests that a plugin sent.", each(|tally| tally.requests));
    page.counter(
        "stint_plugin_cpu_microseconds_total",
        "Its time on the processor.",
        each(|tally| tally.cpu_us),
    );
    page.gauge(
        "stint_plugin_memory_bytes_max",
        "The most memory that one of its calls had.",
        each(|tally| tally.memory_bytes_max),
    );
    let took = all().map(|(name, tally)| (name.as_str(), &tally.took));
    page.histogram("stint_plugin_call_seconds", "How long calls of a plugin took.", "plugin", took);
}

/// The text so far.
#[derive(Default)]
struct Page(String);

impl Page {
    fn counter(&mut self, name: &str, help: &str, figures: impl IntoIterator<Item = (String, u64)>) {
        self.figures(name, help, "counter", figures);
    }

    fn gauge(&mut self, name: &str, help: &str, figures: impl IntoIterator<Item = (String, u64)>) {
        self.figures(name, help, "gauge", figures);
    }

    fn figures(
        &mut self,
        name: &str,
        help: &str,
        kind: &str,
        figures: impl IntoIterator<Item = (String, u64)>,
    ) {
        self.head(name, help, kind);
        for (labels, figure) in figures {
            self.line(format_args!("{name}{labels} {figure}"));
        }
    }

    fn histogram<'a>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        all: impl IntoIterator<Item = (&'a str, &'a Durations)>,
    ) {
        self.head(name, help, "histogram");
        for (of, durations) in all {
            let mut sum = 0;
            for (count, end) in durations.classes.iter().zip(CLASSES_MS.map(Some).into_iter().chain([None])) {
                sum += count;
                let end = end.map_or("+Inf".to_owned(), seconds);
                let labels = labels(&[(label, of), ("le", &end)]);
                self.line(format_args!("{name}_bucket{labels} {sum}"));
            }
            let labels = labels(&[(label, of)]);
            self.line(format_args!("{name}_sum{labels} {}", seconds(durations.sum_ms)));
            self.line(format_args!("{name}_count{labels} {}", durations.count));
        }
    }

    fn head(&mut self, name: &str, help: &str, kind: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a text can't fail.
        let _infallible = writeln!(self.0, "{line}");
    }
}

/// Milliseconds as seconds, without a rounding.
fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1_000, ms % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn labels(pairs: &[(&str, &str)]) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let all: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", all.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_what_is_at_most_as_long() {
        let mut durations = Durations { count: 3, sum_ms: 12_007, ..Durations::default() };
        durations.classes[0] = 1;
        durations.classes[1] = 1;
        durations.classes[CLASSES_MS.len()] = 1;
        let mut page = Page::default();
        page.histogram("x_seconds", "Help.", "target", [("a\"b", &durations)]);
        let lines: Vec<&str> = page.0.lines().collect();
        assert_eq!(lines[..2], ["# HELP x_seconds Help.", "# TYPE x_seconds histogram"]);
        assert_eq!(lines[2], "x_seconds_bucket{target=\"a\\\"b\",le=\"0.005\"} 1");
        assert_eq!(lines[3], "x_seconds_bucket{target=\"a\\\"b\",le=\"0.01\"} 2");
        assert_eq!(lines[13], "x_seconds_bucket{target=\"a\\\"b\",le=\"+Inf\"} 3");
        assert_eq!(lines[14], "x_seconds_sum{target=\"a\\\"b\"} 12.007");
        assert_eq!(lines[15], "x_seconds_count{target=\"a\\\"b\"} 3");
        assert_eq!((seconds(0), seconds(240_000), seconds(2_500)), ("0".into(), "240".into(), "2.5".into()));
    }
}
