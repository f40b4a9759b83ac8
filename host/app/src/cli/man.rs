//! `stint man`: a page for every verb, made from the same tree of commands that reads the command line.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use serde::Serialize;

use super::Cli;
use crate::error::CliError;
use crate::output::Output;

/// Print the manual, or write its pages into a folder
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint man | man -l -\n  stint man --dir ~/.local/share/man/man1 && man stint-config-edit"
)]
pub(crate) struct Manual {
    /// The folder for the pages, one for each verb
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// A page couldn't be made.
#[derive(Debug, thiserror::Error)]
#[error("failed to write the manual's page {}: {source}", path.display())]
pub(crate) struct PageError {
    path: PathBuf,
    source: io::Error,
}

/// What was made, in JSON.
#[derive(Serialize)]
struct Made {
    version: u32,
    pages: Vec<Page>,
}

/// One page.
#[derive(Serialize)]
struct Page {
    /// The name of its file: `stint-config-edit.1`.
    name: String,
    /// Where it was written to; nothing if it was printed.
    path: Option<PathBuf>,
    /// The page itself; nothing if it was written.
    roff: Option<String>,
}

impl Manual {
    pub(super) fn run(self, output: Output) -> Result<(), CliError> {
        let mut pages = pages()?;
        if let Some(dir) = &self.dir {
            for page in &mut pages {
                page.write(dir)?;
            }
        }
        let made = Made { version: 1, pages };
        output.result(&made, || match &self.dir {
            Some(dir) => format!("wrote {} pages to {}\n", made.pages.len(), dir.display()),
            None => made.pages.iter().filter_map(|page| page.roff.as_deref()).collect(),
        })?;
        Ok(())
    }
}

impl Page {
    fn write(&mut self, dir: &Path) -> Result<(), PageError> {
        let path = dir.join(&self.name);
        let text = self.roff.take().unwrap_or_default();
        std::fs::create_dir_all(dir)
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|source| PageError { path: path.clone(), source })?;
        self.path = Some(path);
        Ok(())
    }
}

/// All pages: the program's own first, then a verb's before those of the verbs below it.
fn pages() -> io::Result<Vec<Page>> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let mut pages = Vec::new();
    collect(&root, &mut pages)?;
    Ok(pages)
}

fn collect(command: &Command, pages: &mut Vec<Page>) -> io::Result<()> {
    let man = Man::new(command.clone());
    let name = man.get_filename();
    let title = name.trim_end_matches(".1");
    // Without a date, so that a build can be had again. Clap leaves an empty one out, and all after it would move up.
    let mut roff =
        format!(".TH {title} 1 \"\" \"stint {}\" \"stint\"\n", env!("CARGO_PKG_VERSION")).into_bytes();
    man.render_name_section(&mut roff)?;
    roff.extend(synopsis(command).to_roff().into_bytes());
    man.render_description_section(&mut roff)?;
    man.render_options_section(&mut roff)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut roff)?;
    }
    roff.extend(closing(command).to_roff().into_bytes());
    let roff = Some(String::from_utf8_lossy(&roff).into_owned());
    pages.push(Page { name, path: None, roff });
    command.get_subcommands().try_for_each(|below| collect(below, pages))
}

/// The same line as in help. Clap's own lists every flag, those that all verbs take too.
fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let mut roff = Roff::default();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([bold(name), roman(usage.strip_prefix(name).unwrap_or(usage))]);
    roff
}

/// What help ends with: a heading, and lines that stay as they are. Clap's own section would fill them into a paragraph.
fn closing(command: &Command) -> Roff {
    let mut roff = Roff::default();
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut lines = text.lines();
    if let Some(heading) = lines.next() {
        roff.control("SH", [heading.trim_end_matches(':').to_uppercase().as_str()]);
        roff.control("nf", []);
        lines.for_each(|line| {
            roff.text([roman(line)]);
        });
        roff.control("fi", []);
    }
    roff
}

#[cfg(test)]
#[path = "man_tests.rs"]
mod tests;
