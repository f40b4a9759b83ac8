//! The table, line by line.

use super::*;

fn candidate(file: &str, version: &str, sha256: &str, verdict: Option<Result<(), &str>>) -> Candidate {
    Candidate {
        file: format!("/plugins/{file}").into(),
        version: version.parse().unwrap(),
        sha256: sha256.into(),
        verdict: verdict.map(|verdict| verdict.map_err(str::to_owned)),
    }
}

const PASSED: Option<Result<(), &str>> = Some(Ok(()));
const FAILED: Option<Result<(), &str>> = Some(Err("the settings don't fit"));

#[test]
fn the_newest_version_is_tried_and_then_serves() {
    let files =
        |verdict| [candidate("a.wasm", "1.2.0", "aa", PASSED), candidate("b.wasm", "1.10.0", "bb", verdict)];
    assert_eq!(choose("x", &files(None), Some("aa"), None).step, Step::Try(1));
    let choice = choose("x", &files(PASSED), Some("aa"), None);
    assert_eq!(choice.step, Step::Serve(1));
    assert_eq!(
        choice.left_out,
        ["a.wasm (1.2.0) is left out, because b.wasm has the newer version 1.10.0; remove one of them"]
    );
    let choice = choose("x", &files(FAILED), Some("aa"), None);
    assert_eq!(
        (choice.step, choice.refused),
        (Step::Serve(0), vec!["b.wasm: the settings don't fit".into()])
    );
}

#[test]
fn of_one_version_what_serves_stays() {
    let files = [candidate("a.wasm", "1.0.0", "aa", None), candidate("b.wasm", "1.0.0", "bb", PASSED)];
    let choice = choose("x", &files, Some("bb"), None);
    assert_eq!(choice.step, Step::Serve(1));
    assert_eq!(
        choice.left_out,
        [
            "a.wasm is left out, because it has the name and version of b.wasm (1.0.0) and is another build; remove \
             one of them"
        ]
    );
    assert_eq!(choose("x", &files, None, None).step, Step::Try(0), "the first by name, where none serves");
    let twins = [candidate("a.wasm", "1.0.0", "aa", None), candidate("b.wasm", "1.0.0", "aa", None)];
    assert_eq!(
        choose("x", &twins, None, None).left_out,
        ["b.wasm is left out, because it is the same as a.wasm; remove one of them"]
    );
}

#[test]
fn only_the_pinned_file_serves() {
    let files = [candidate("a.wasm", "1.0.0", "aa", PASSED), candidate("b.wasm", "2.0.0", "bb", PASSED)];
    let choice = choose("x", &files, Some("bb"), Some("aa"));
    assert_eq!(choice.step, Step::Serve(0));
    assert_eq!(
        choice.refused,
        [
            "/plugins/b.wasm is not the file that is pinned: its sha256 is bb, and [plugins.pin] says aa; if you trust \
             it, write there x = \"sha256:bb\""
        ]
    );
}

#[test]
fn where_none_passes_nobody_serves() {
    let files = [candidate("a.wasm", "1.0.0", "aa", FAILED)];
    assert_eq!(choose("x", &files, Some("00"), None).step, Step::Nobody);
    assert_eq!(choose("x", &[], None, None).step, Step::Nobody);
}
