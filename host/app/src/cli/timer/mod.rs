//! The timer's verbs. Each is one request with an id of its own, and answers in one line.

mod add;
mod delete;
mod details;
mod edit;
mod gap;
mod start;
mod undo;
mod verbs;

pub(super) use add::Add;
pub(super) use delete::Delete;
pub(super) use edit::Edit;
pub(super) use gap::Command as Gap;
pub(super) use start::Start;
pub(super) use undo::Undo;
pub(super) use verbs::{Cancel, Continue, Pause, Resume, Stop};

use stint_engine::When;

use crate::api::{Answered, VerbCall};
use crate::client::{Call, Session};
use crate::error::CliError;
use crate::output::Output;
use crate::time::read_time;

/// Sends one of the timer's verbs.
async fn send(
    session: &mut Session,
    word: &str,
    at: Option<&str>,
    call: VerbCall,
    output: Output,
) -> Result<(), CliError> {
    let at = at.map(|at| read_time(at, session.now(), session.zone())).transpose()?;
    let call = VerbCall { command_id: Some(session.command_id()?), at: at.map(When), ..call };
    let answered = session.call(Call::post(format!("/api/v1/timer/{word}"), &call)).await?;
    tell(session, &answered, output)
}

/// Says what came of a verb, in one line or as JSON.
fn tell(session: &Session, answered: &Answered, output: Output) -> Result<(), CliError> {
    output.result(answered, || format!("{}\n", answered.message))?;
    if answered.changed && session.is_alone() && session.has_targets() {
        output.note("no host is running; what was recorded is delivered once `stint run` does");
    }
    if answered.changed && session.reaches_nobody() {
        output.note(
            "no target is known yet, so this goes to none by itself; once the configuration is right, `stint queue backfill \
             TARGET --since TIME` brings it there",
        );
    }
    Ok(())
}
