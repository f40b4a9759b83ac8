//! `tools/test-totals`: the closing line of `make test`, which must never call silence a success.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::machine::{Ended, tools};

fn total(output: &str) -> Ended {
    let mut child = Command::new(tools().join("test-totals"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(output.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn every_result_line_counts() {
    let ended = total(
        "running 3 tests\n\
         test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
         test a ... ok\n\
         \x1b[32mtest result: \x1b[0mok. 40 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n",
    );

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "43 passed, 0 failed\n"));
}

#[test]
fn skipped_tests_are_named_only_when_there_are_any() {
    let ended = total("test result: ok. 3 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out\n");

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "3 passed, 0 failed, 2 skipped\n"));
}

#[test]
fn one_failure_anywhere_fails_the_whole() {
    let ended = total(
        "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n\
         test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n",
    );

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), "4 passed, 2 failed\n"));
}

#[test]
fn no_test_at_all_is_a_failure() {
    for nothing in ["", "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n"] {
        let ended = total(nothing);

        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), "0 passed, 0 failed\n"));
    }
}
