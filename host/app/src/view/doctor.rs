//! `stint doctor` for people: the worst first, each with what to paste.

use stint_engine::doctor::{Finding, Level};

use crate::text::{Page, Tone};

/// What it comes to and all findings in this order, on a page of so many columns.
pub(crate) fn doctor(summary: &str, findings: &[Finding], width: usize) -> String {
    let mut page = Page::new(width);
    page.say(0, Tone::Heading, summary);
    let mut before = None;
    for finding in findings {
        // What is well belongs together; of the rest each is something to do.
        if finding.level != Level::Ok || before != Some(Level::Ok) {
            page.blank();
        }
        before = Some(finding.level);
        write(finding, &mut page);
    }
    page.finish()
}

fn write(finding: &Finding, page: &mut Page) {
    let (word, tone) = match (finding.fixed, finding.level) {
        (Some(true), _) => ("fixed", Tone::Faint),
        (_, Level::Error) => ("error", Tone::Alarm),
        (_, Level::Warning) => ("warning", Tone::Heading),
        (_, Level::Ok) => ("ok", Tone::Faint),
    };
    let subject = finding.subject.as_ref().map(|subject| format!(" {subject}")).unwrap_or_default();
    page.say(0, tone, &format!("{word}: {}{subject}: {}", finding.area.word(), finding.what));
    for line in finding.why.iter().flat_map(|why| why.lines()) {
        page.say(2, Tone::Plain, line);
    }
    if finding.fixed == Some(true) {
        return;
    }
    if let Some(write) = &finding.write {
        page.say(2, Tone::Plain, &format!("write into [{}] of stint.toml:", write.table));
        write.lines.iter().for_each(|line| page.say(4, Tone::Plain, line));
    }
    if let Some(command) = &finding.run {
        page.say(2, Tone::Plain, &format!("run: {command}"));
    }
    if finding.fixed == Some(false) {
        page.say(2, Tone::Faint, "or: stint doctor --fix");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_engine::doctor::{Area, Mend};

    fn shown(width: usize) -> String {
        let findings = [
            Finding::error(Area::Targets, "nothing answers at \u{1b}[2Jhost:1")
                .of("work")
                .because("refused")
                .write("targets.work", vec!["allow = [\"https://host\"]".into()]),
            Finding::warning(Area::Data, "2 files are open").run("chmod -R go= /d").mend(Mend::Close(vec![])),
            Finding::ok(Area::Configuration, "all is valid"),
            Finding::ok(Area::Clock, "the time zone is UTC"),
        ];
        anstream::adapter::strip_str(&doctor("1 error, 1 warning", &findings, width)).to_string()
    }

    #[test]
    fn each_finding_says_what_to_paste() {
        let said = shown(100);
        let (first, rest) = said.split_once("\n  refused\n").unwrap();
        assert!(first.starts_with("1 error, 1 warning\n\nerror: target work: nothing answers at "), "{said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
        let expected = "  write into [targets.work] of stint.toml:\n    allow = [\"https://host\"]\n\n\
             warning: data: 2 files are open\n  run: chmod -R go= /d\n  or: stint doctor --fix\n\n\
             ok: configuration: all is valid\nok: clock: the time zone is UTC\n";
        assert_eq!(rest, expected);
    }

    #[test]
    fn twenty_columns_are_enough() {
        let said = shown(20);
        assert!(said.lines().all(|line| line.chars().count() <= 20), "{said}");
    }
}
