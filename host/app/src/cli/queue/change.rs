//! What the verbs that change the queue have in common: the answer, and what they end with.

use serde::Serialize;

use crate::api::QueueChange;
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;
use crate::text::{Page, Tone};

/// Sends a change and says what came of it. Where the rules left something as it is, the verb ends as refused.
pub(super) fn change(
    path: &str,
    body: &impl Serialize,
    globals: &Globals,
    output: Output,
) -> Result<(), CliError> {
    run(async {
        let mut session = Session::begin(globals)?;
        let change: QueueChange = session.call(Call::post(path, body).patiently()).await?;
        output.result(&change, || text(&change))?;
        if session.is_alone() && change.changed > 0 {
            output.note("nothing is delivered before a host runs: stint run");
        }
        match change.refused.len() {
            0 => Ok(()),
            left => Err(CliError::left_as_they_are(left)),
        }
    })
}

fn text(change: &QueueChange) -> String {
    let mut page = Page::new(columns());
    page.say(0, Tone::Plain, &change.message);
    for refused in &change.refused {
        let line = format!("#{} at {} stays as it is: {}", refused.number, refused.target, refused.reason);
        page.say(2, Tone::Alarm, &line);
    }
    page.finish()
}
