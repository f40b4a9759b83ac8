//! The README's tables are the code's tables: a test fails where they differ, and `UPDATE_DOCS=1` writes them anew.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a README that can't be read has failed its test")]

use std::{env, fs, path::Path};

use stint_domain::{failure, timer};

/// Checks that the README's section `name`, between its two markers, is `expected`.
fn check_section(name: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&file).unwrap();
    let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->\n"));
    let Some((before, rest)) = text.split_once(&begin) else { panic!("README.md lacks the line {begin}") };
    let Some((section, after)) = rest.split_once(&end) else { panic!("README.md lacks the line {end}") };
    if section == expected {
        return;
    }
    if env::var_os("UPDATE_DOCS").is_some() {
        return fs::write(&file, [before, &begin, expected, &end, after].concat()).unwrap();
    }
    panic!(
        "README.md shows another {name} than the code has; `UPDATE_DOCS=1 cargo test -p stint-domain --test docs` \
         writes it anew. It should be:\n{expected}"
    );
}

/// One test for both, because both write the same file when they are told to.
#[test]
fn the_tables_are_the_codes() {
    check_section("timer table", &timer::table::markdown());
    check_section("failure table", &failure::table::markdown());
}
