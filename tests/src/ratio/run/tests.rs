//! A run of benches, with counts for benches so that nothing depends on a clock.

use super::*;
use crate::ratio::Bar;

fn benches() -> Vec<Bench> {
    vec![
        Bench::count("store: fsyncs", "per commit", Bar::AtMost(1.02), || Ok(1.0)),
        Bench::count("store: claim", "rows", Bar::AtMost(10.0), || Ok(11.0)),
        Bench::count("sandbox", "calls", Bar::AtMost(1.0), || Ok(1.0)),
    ]
}

/// Runs with these arguments; what was printed, and the names in the file of that name.
fn outcome(arguments: &[&str], file: &str) -> (Result<(), RunError>, String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let mut out = Vec::new();
    let arguments = arguments.iter().map(|argument| (*argument).to_owned());
    let result = run(benches(), arguments, &folder.path().join("bench"), &mut out, &mut io::sink());
    let written = fs::read_to_string(folder.path().join("bench").join(file)).unwrap_or_default();
    let names = serde_json::from_str::<serde_json::Value>(&written)
        .ok()
        .and_then(|json| json["benches"].as_array().cloned())
        .unwrap_or_default()
        .iter()
        .map(|bench| bench["name"].as_str().unwrap().to_owned())
        .collect();
    (result, String::from_utf8(out).unwrap(), names)
}

#[test]
fn without_a_filter_all_are_measured_and_a_missed_bar_is_an_error() {
    let (result, printed, written) = outcome(&["--bench"], "all.json");

    assert_eq!(result.unwrap_err().to_string(), "failed to keep every bar: store: claim");
    assert_eq!(printed.lines().count(), 4);
    assert_eq!(written, ["store: fsyncs", "store: claim", "sandbox"]);
}

#[test]
fn a_filter_takes_the_benches_whose_name_has_it() {
    let (result, _, written) = outcome(&["--bench", "sand"], "sand.json");

    assert!(result.is_ok());
    assert_eq!(written, ["sandbox"]);
}

#[test]
fn a_filter_that_fits_nothing_names_what_there_is() {
    let (result, printed, _) = outcome(&["queue"], "queue.json");

    assert_eq!(
        result.unwrap_err().to_string(),
        "failed to find a bench whose name has \"queue\"; there are: store: fsyncs, store: claim, sandbox"
    );
    assert_eq!(printed, "");
}

#[test]
fn figures_that_cannot_be_written_are_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();

    let error = run(benches(), [], file.path(), &mut io::sink(), &mut io::sink()).unwrap_err().to_string();

    let expected = format!("failed to write the figures to {}: ", file.path().join("all.json").display());
    assert!(error.starts_with(&expected), "{error}");
}

#[test]
fn each_bench_is_named_before_it_starts_and_timed_when_it_is_done() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let folder = tempfile::tempdir().unwrap();
    let benches = vec![
        Bench::count("one", "rows", Bar::AtMost(1.0), {
            let sender = sender.clone();
            move || Ok(sender.send("(at work)".to_owned()).map(|()| 1.0)?)
        }),
        Bench::count("two", "rows", Bar::AtMost(1.0), || Err("no disk".into())),
    ];

    let error = run(benches, [], folder.path(), &mut io::sink(), &mut Told(sender)).unwrap_err();

    assert_eq!(error.to_string(), "failed to keep every bar: two");
    let told: String = receiver.into_iter().collect();
    let told = told.replace(|char: char| char.is_ascii_digit(), "0");
    assert_eq!(told, "0 of 0: one … (at work)0.0 s\n0 of 0: two … 0.0 s\n");
}

/// Hands what is written on, so that its place among other events can be seen.
struct Told(std::sync::mpsc::Sender<String>);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(String::from_utf8_lossy(bytes).into_owned()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_filters_file_stays_in_its_folder() {
    assert_eq!(file_stem(""), "all");
    assert_eq!(file_stem("../store: claim"), "---store--claim");
}
