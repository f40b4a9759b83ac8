//! `stint dashboard`

use std::io::{IsTerminal as _, stdout};

use clap::Args;

use super::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;
use crate::text::{Page, Tone};
use crate::time::length;
use crate::web::{LinkCall, LinkView, open_in_browser};

/// Show the page of the running host
///
/// It prints a link that lets one browser in, once, and opens it where a display is at hand.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint dashboard\n  stint dashboard --no-open\n  stint dashboard --json | jq -r .url"
)]
pub(crate) struct Dashboard {
    /// Print the link, and open nothing
    #[arg(long)]
    no_open: bool,
}

impl Dashboard {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let link: LinkView = session.call(Call::post("/api/v1/dashboard/link", &LinkCall {})).await?;
            output.result(&link, || text(&link))?;
            if !self.no_open && !output.json && stdout().is_terminal() {
                match open_in_browser(session.dir(), &link.url) {
                    Ok(_) => {}
                    Err(error) => {
                        output.note(&format!("it could not be opened, so follow the link: {error}"));
                    }
                }
            }
            Ok(())
        })
    }
}

fn text(link: &LinkView) -> String {
    let mut page = Page::new(columns());
    page.say(0, Tone::Faint, &format!("it lets one browser in, once, within {}", length(link.lasts_ms)));
    // A link that is wrapped or cut is none.
    format!("{}\n{}", link.url, page.finish())
}
