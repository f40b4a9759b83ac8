//! The figures as a table for a person: a row a bench, columns as wide as what stands in them.

use std::time::Duration;

use super::{Measured, Verdict};

const HEAD: [&str; 7] = ["bench", "figure", "bar", "", "lowest – highest", "subject", "control"];

/// The table, and below it why a bench is broken.
pub(super) fn render(measured: &[Measured]) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(measured.iter().map(row));
    let widths = HEAD.each_ref().map(|_| 0_usize);
    let widths = rows.iter().fold(widths, |mut widths, row| {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
        widths
    });
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    for bench in measured {
        if let Err(error) = &bench.result {
            text.extend(["\n", bench.name, " is broken: ", &error.to_string(), "\n"]);
        }
    }
    text
}

fn row(measured: &Measured) -> [String; 7] {
    let verdict = match measured.verdict() {
        Verdict::Met => "met",
        Verdict::Missed => "MISSED",
        Verdict::Broken => "BROKEN",
    };
    let figure = measured.result.as_ref().ok();
    let timing = figure.and_then(|(_, timing)| *timing);
    let or_nothing = |text: Option<String>| text.unwrap_or_default();
    [
        measured.name.to_owned(),
        or_nothing(figure.map(|(value, _)| format!("{value:.3} {}", measured.unit))),
        measured.bar.to_string(),
        verdict.to_owned(),
        or_nothing(timing.map(|timing| format!("{:.3} – {:.3}", timing.min, timing.max))),
        or_nothing(timing.map(|timing| seconds(timing.subject))),
        or_nothing(timing.map(|timing| seconds(timing.control))),
    ]
}

/// A duration in the unit that leaves the fewest digits.
fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match duration.as_micros() {
        0..1_000 => format!("{:.1} µs", seconds * 1e6),
        1_000..1_000_000 => format!("{:.1} ms", seconds * 1e3),
        _ => format!("{seconds:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratio::{Bar, Timing};

    #[test]
    fn a_row_for_each_bench_and_a_reason_for_each_broken_one() {
        let timing = Timing {
            subject: Duration::from_micros(1_500),
            control: Duration::from_millis(1),
            min: 1.25,
            max: 2.0,
            pairs: 7,
        };
        let measured = [
            Measured {
                name: "sum",
                unit: "× control",
                bar: Bar::AtMost(2.0),
                result: Ok((1.5, Some(timing))),
            },
            Measured { name: "fsyncs", unit: "per commit", bar: Bar::AtMost(1.02), result: Ok((1.5, None)) },
            Measured {
                name: "claim",
                unit: "× control",
                bar: Bar::AtLeast(0.9),
                result: Err("no disk".into()),
            },
        ];

        let expected = "\
bench   figure            bar             lowest – highest  subject  control
sum     1.500 × control   ≤ 2     met     1.250 – 2.000     1.5 ms   1.0 ms
fsyncs  1.500 per commit  ≤ 1.02  MISSED
claim                     ≥ 0.9   BROKEN

claim is broken: no disk
";
        assert_eq!(render(&measured), expected);
    }

    #[test]
    fn durations_take_the_unit_that_suits_them() {
        let shown = [12_340, 12_340_000, 12_340_000_000].map(|nanos| seconds(Duration::from_nanos(nanos)));

        assert_eq!(shown, ["12.3 µs", "12.3 ms", "12.34 s"]);
    }
}
