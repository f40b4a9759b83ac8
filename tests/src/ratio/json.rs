//! The figures as a file that a program reads. The shape has a version; a change that a reader could notice
//! raises it.

use serde::Serialize;

use super::{Bar, Measured, Verdict};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    benches: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    unit: &'a str,
    bar: Bar,
    met: bool,
    value: Option<f64>,
    timing: Option<Pairs>,
    error: Option<String>,
}

/// Present for a ratio, null for a count.
#[derive(Serialize)]
struct Pairs {
    subject_seconds: f64,
    control_seconds: f64,
    ratio_min: f64,
    ratio_max: f64,
    measured: usize,
}

/// All figures as one JSON document.
pub(super) fn render(measured: &[Measured]) -> Result<String, serde_json::Error> {
    let document = Document { version: VERSION, benches: measured.iter().map(row).collect() };
    serde_json::to_string_pretty(&document)
}

fn row(measured: &Measured) -> Row<'_> {
    let figure = measured.result.as_ref().ok();
    Row {
        name: measured.name,
        unit: measured.unit,
        bar: measured.bar,
        met: measured.verdict() == Verdict::Met,
        value: figure.map(|(value, _)| *value),
        timing: figure.and_then(|(_, timing)| *timing).map(|timing| Pairs {
            subject_seconds: timing.subject.as_secs_f64(),
            control_seconds: timing.control.as_secs_f64(),
            ratio_min: timing.min,
            ratio_max: timing.max,
            measured: timing.pairs,
        }),
        error: measured.result.as_ref().err().map(ToString::to_string),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::ratio::Timing;

    fn rendered(measured: &[Measured]) -> serde_json::Value {
        serde_json::from_str(&render(measured).unwrap()).unwrap()
    }

    #[test]
    fn a_ratio_comes_with_its_timing() {
        let timing = Timing {
            subject: Duration::from_millis(750),
            control: Duration::from_millis(500),
            min: 1.25,
            max: 2.0,
            pairs: 7,
        };
        let measured = Measured {
            name: "sum",
            unit: "× control",
            bar: Bar::AtMost(1.25),
            result: Ok((1.5, Some(timing))),
        };

        assert_eq!(
            rendered(&[measured]),
            json!({ "version": 1, "benches": [{
                "name": "sum", "unit": "× control", "bar": { "at_most": 1.25 }, "met": false, "value": 1.5,
                "timing": { "subject_seconds": 0.75, "control_seconds": 0.5, "ratio_min": 1.25, "ratio_max": 2.0,
                            "measured": 7 },
                "error": null,
            }] })
        );
    }

    #[test]
    fn a_count_and_a_broken_bench_leave_out_what_they_have_not() {
        let count = Measured { name: "a", unit: "rows", bar: Bar::AtLeast(1.0), result: Ok((2.0, None)) };
        let broken =
            Measured { name: "b", unit: "rows", bar: Bar::AtLeast(1.0), result: Err("no disk".into()) };

        assert_eq!(
            rendered(&[count, broken]),
            json!({ "version": 1, "benches": [
                { "name": "a", "unit": "rows", "bar": { "at_least": 1.0 }, "met": true, "value": 2.0,
                  "timing": null, "error": null },
                { "name": "b", "unit": "rows", "bar": { "at_least": 1.0 }, "met": false, "value": null,
                  "timing": null, "error": "no disk" },
            ] })
        );
    }
}
