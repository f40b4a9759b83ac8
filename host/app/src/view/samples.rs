//! What the tests of the views have in common: names as people, programs and attackers write them, and what holds of a
//! view whatever is in it.

use unicode_width::UnicodeWidthStr as _;

/// Names that have gone wrong somewhere.
pub(super) fn odd_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "\u{1b}[2J\u{1b}]0;title\u{7}red",
        "two\nlines\r\nand\ta tab",
        "\u{202e}txt.exe\u{2066}",
        "工時管理システムの開発プロジェクト",
        "👩\u{200d}💻👨\u{200d}👩\u{200d}👧\u{200d}👦🇦🇹",
        "<script>alert('x')</script>&amp;\"",
        "=cmd()",
        "",
        "\u{0}\u{7f}\u{9b}\u{ffff}",
    ]
    .map(str::to_owned)
    .to_vec();
    // Ten kilobytes of letters; of what is slow to look at in a test, a tenth.
    names.push("x".repeat(10_000));
    names.extend(
        ["工", "e\u{301}", "\u{301}", "\u{1b}[31m", "a "].map(|part| part.repeat(1_000 / part.len())),
    );
    names
}

/// Without colours.
pub(super) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Nothing in it acts on a terminal but colours, and nothing is wider than the paper.
#[track_caller]
pub(super) fn assert_fits(text: &str, width: usize) {
    let text = plain(text);
    for line in text.lines() {
        assert!(line.width() <= width, "{} > {width}: {line}", line.width());
        let acts = |letter: char| letter.is_control() || ('\u{202a}'..='\u{202e}').contains(&letter);
        assert!(!line.contains(acts), "{line:?}");
    }
}
