//! The published description of the API, asked whatever it allows and much that it doesn't: `schemathesis` makes the
//! questions. Every answer has to be one that the description foretells, by its status, its type and its shape.

use std::process::{Command, Stdio};

use crate::{desk::Desk, loopback::Door};

const TOOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/python/bin/schemathesis");

/// Something of everything, so that lists aren't empty: an entry, items that wait, one that was given up.
fn desk() -> Desk {
    let desk = Desk::new();
    for words in [
        &["start", "Read", "--project", "Website", "--tag", "a", "--billable"][..],
        &["pause"],
        &["resume"],
        &["stop"],
        &["add", "yesterday 8:00-9:00", "--project", "Website"],
        &["queue", "drop", "2", "--yes"],
        &["start", "More"],
    ] {
        desk.stint(words).ok();
    }
    desk
}

/// Names of what is there: a made-up one is answered with 404 and says nothing of the answer's shape.
fn known(desk: &Desk) -> String {
    let entry = desk.timer()["entry_id"].as_str().unwrap().to_owned();
    let named = [
        ("/api/v1/entries/{id}", "id", entry.as_str()),
        ("/api/v1/queue/{id}", "id", "1"),
        ("/api/v1/targets/{name}/{word}", "name", "work"),
    ];
    let operation = |(path, parameter, value)| {
        format!(
            "[[operations]]\ninclude-path = \"{path}\"\nparameters = {{ \"path.{parameter}\" = \"{value}\" }}\n"
        )
    };
    named.map(operation).concat()
}

#[test]
fn every_answer_is_as_it_is_described() {
    let door = Door::at(desk());
    std::fs::write(door.desk.path("schemathesis.toml"), known(&door.desk)).unwrap();
    let mut command = Command::new(TOOL);
    command
        .args(["run", &format!("http://{}/api/v1/openapi.json", door.address)])
        .args(["--header", &format!("Authorization: Bearer {}", door.token)])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        ])
        // A stream of events has no end; what it begins with is asked below.
        .args(["--exclude-path", "/api/v1/events"])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "20"])
        // The same questions each time: what fails here fails for whoever looks.
        .args(["--seed", "1", "--generation-deterministic", "--no-color"])
        .current_dir(door.desk.path(""))
        .stdin(Stdio::null());
    let output =
        command.output().unwrap_or_else(|error| panic!("{TOOL}: {error}; run: tools/setup.sh tests"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let figures: Vec<&str> = said.split_whitespace().collect();
    let after = |word: &str| figures.iter().position(|found| *found == word).map(|place| figures[place + 1]);
    let (chosen, all) = after("Selected:").and_then(|chosen| chosen.split_once('/')).unwrap();
    let all: u32 = all.parse().unwrap();
    assert_eq!((chosen.parse(), after("Tested:")), (Ok(all - 1), Some(chosen)), "{said}");
    assert!(all >= 30 && said.contains(" generated, "), "{said}");
    assert!(!door.desk.log().contains("panicked"), "{}", door.desk.log());
    assert_eq!(door.ask("GET", "/healthz", &[], "").status, 200);
}
