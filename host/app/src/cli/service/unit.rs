//! The unit's text: a template of this repository with the places of this machine in it.

const USER: &str = include_str!("../../../../../config/systemd/user.service");
const SYSTEM: &str = include_str!("../../../../../config/systemd/system.service");

/// What a unit starts, and as whom.
#[derive(Clone, Debug)]
pub(super) struct Unit<'u> {
    /// The program.
    pub(super) program: &'u str,
    /// The words that name the configuration and the data.
    pub(super) words: &'u [String],
    /// Who runs the system's; nothing for one's own.
    pub(super) user: Option<&'u str>,
}

impl Unit<'_> {
    /// The whole text.
    pub(super) fn text(&self) -> String {
        let template = if self.user.is_some() { SYSTEM } else { USER };
        let place: String = self.words.iter().map(|word| escaped(word) + " ").collect();
        template
            .replace("@PROGRAM@", &escaped(self.program))
            .replace("@WHERE@", &place)
            .replace("@USER@", self.user.unwrap_or_default())
    }
}

/// A word as systemd reads it from a command line.
fn escaped(word: &str) -> String {
    let plain = word.replace('\\', "\\\\").replace('%', "%%").replace('$', "$$");
    let needs_quotes =
        plain.is_empty() || plain.contains(|letter: char| letter.is_whitespace() || "\"';".contains(letter));
    if needs_quotes { format!("\"{}\"", plain.replace('"', "\\\"").replace('\n', "\\n")) } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_written_as_systemd_reads_them() {
        for (word, expected) in [
            ("/usr/bin/stint", "/usr/bin/stint"),
            ("/a b/c", "\"/a b/c\""),
            ("/50%/$x\\y", "/50%%/$$x\\\\y"),
            ("say \"hi\"", "\"say \\\"hi\\\"\""),
        ] {
            assert_eq!(escaped(word), expected);
        }
    }

    #[test]
    fn nothing_of_the_template_is_left_and_code_may_be_made() {
        let words = ["--config".to_owned(), "/a b.toml".to_owned()];
        for user in [None, Some("kiosk")] {
            let text = Unit { program: "/usr/bin/stint", words: &words, user }.text();
            let left = ["@PROGRAM@", "@WHERE@", "@USER@"];
            assert!(left.iter().all(|left| !text.contains(left)), "{text}");
            let starts = "ExecStartPre=/usr/bin/stint --config \"/a b.toml\" config check --quiet\n\
                 ExecStart=/usr/bin/stint --config \"/a b.toml\" run\n";
            assert!(text.contains(starts), "{text}");
            assert_eq!(text.contains("\nUser=kiosk\n"), user.is_some());
            assert!(text.contains("\nType=notify\n") && text.contains("\nWatchdogSec=60\n"), "{text}");
            let set = |line: &str| line.starts_with("MemoryDenyWriteExecute");
            assert!(
                !text.lines().any(set) && text.contains("# MemoryDenyWriteExecute is missing on purpose")
            );
        }
    }
}
