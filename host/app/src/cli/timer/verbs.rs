//! `stint pause`, `resume`, `stop`, `continue` and `cancel`: the verbs that take nothing but a time.

use clap::Args;

use super::send;
use crate::api::VerbCall;
use crate::cli::Globals;
use crate::client::{Session, run};
use crate::error::CliError;
use crate::output::Output;

/// When it is meant to have happened.
#[derive(Debug, Args)]
struct At {
    /// When it happened: 12:30, 9am, 15m (ago), "yesterday 17:00"; a day alone is its first moment
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

impl At {
    fn send(&self, word: &str, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            send(&mut Session::begin(globals)?, word, self.at.as_deref(), VerbCall::default(), output).await
        })
    }
}

macro_rules! verb {
    ($(#[$about:meta])* $name:ident, $word:literal) => {
        #[derive(Debug, Args)]
        $(#[$about])*
        pub(crate) struct $name {
            #[command(flatten)]
            at: At,
        }

        impl $name {
            pub(in crate::cli) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
                self.at.send($word, globals, output)
            }
        }
    };
}

verb! {
    /// Stop counting, keep the entry
    #[command(after_help = "Examples:\n  stint pause\n  stint pause --at 12:30")]
    Pause, "pause"
}
verb! {
    /// Count again for the paused entry
    #[command(after_help = "Examples:\n  stint resume\n  stint resume --at 13:00")]
    Resume, "resume"
}
verb! {
    /// Finish the entry
    ///
    /// With a time that lies back, work after it is cut away: for whoever forgot to stop.
    #[command(after_help = "Examples:\n  stint stop\n  stint stop --at \"yesterday 17:00\"")]
    Stop, "stop"
}
verb! {
    /// Begin a new entry like the last one
    #[command(after_help = "Examples:\n  stint continue\n  stint continue --at 13:00")]
    Continue, "continue"
}
verb! {
    /// Throw the current entry away
    #[command(after_help = "Example:\n  stint cancel       # stint undo brings it back")]
    Cancel, "cancel"
}
