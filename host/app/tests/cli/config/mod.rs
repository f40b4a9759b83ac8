//! `stint config …`, run as a person runs it, where nothing of this machine's user is known.

mod check;
mod edit;
mod editor;
mod looks;
mod path;
mod show;

use std::process::Command;

use serde_json::Value;

use crate::support::{Said, Workshop};

/// The home of a person in a workshop.
struct Home {
    workshop: Workshop,
}

/// Where the configuration is, from the home.
const FILE: &str = ".config/stint/stint.toml";

impl Home {
    /// A home whose configuration says this.
    fn with(text: &str) -> Self {
        let home = Self::empty();
        home.workshop.write(FILE, text);
        home
    }

    /// A home without a configuration.
    fn empty() -> Self {
        Self { workshop: Workshop::new() }
    }

    /// What the configuration says now.
    fn text(&self) -> String {
        self.workshop.read(FILE)
    }

    fn command(&self, env: &[(&str, &str)], args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stint"));
        command
            .args(args)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.workshop.path(""))
            .env("XDG_CONFIG_DIRS", "/nowhere")
            .envs(env.iter().copied())
            .current_dir(self.workshop.path(""));
        command
    }

    /// Runs the program with these variables.
    fn with_env(&self, env: &[(&str, &str)], args: &[&str]) -> Said {
        let said = Said::from(self.command(env, args).output().unwrap());
        // Where the workshop is changes from run to run.
        let home = self.workshop.path("").display().to_string();
        let short = |text: &str| text.replace(home.trim_end_matches('/'), "~");
        Said { code: said.code, stdout: short(&said.stdout), stderr: short(&said.stderr) }
    }

    fn stint(&self, args: &[&str]) -> Said {
        self.with_env(&[], args)
    }

    /// What a verb that has to work says in JSON.
    #[track_caller]
    fn json(&self, args: &[&str]) -> Value {
        let said = self.stint(&[args, &["--json"]].concat()).ok();
        assert_eq!(said.stderr, "");
        serde_json::from_str(&said.stdout).unwrap()
    }
}

/// What a verb that has to fail says in JSON.
#[track_caller]
fn error(said: &Said) -> Value {
    assert_eq!(said.stdout, "");
    let error: Value = serde_json::from_str(&said.stderr).unwrap();
    assert_eq!((&error["version"], error["exit"].as_i64()), (&1.into(), Some(said.code.into())));
    error
}
