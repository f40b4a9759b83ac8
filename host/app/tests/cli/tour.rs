//! README's five minutes, followed word by word by somebody with an empty home: its commands are run, its file is
//! written, what it promises is looked for, and what was recorded is in the archive in the end.
//!
//! Nobody is at a terminal here, and no command may need one: each has its standard input closed and a minute.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::{
    blocks::blocks,
    support::{Said, Workshop},
};

const README: &str = include_str!("../../../../README.md");

/// A person's home and a built checkout, with nothing else of this machine.
struct Home {
    workshop: Workshop,
}

/// What runs in the second terminal. It ends when it goes out of scope.
struct Terminal {
    child: Child,
    said: String,
}

impl Home {
    /// What `make build` leaves: the programs and a plugin.
    fn new() -> Self {
        let workshop = Workshop::new();
        let plugin = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins/archive");
        workshop.stint(&format!("plugin build {plugin} --locked --out checkout/target/plugins")).ok();
        fs::create_dir_all(workshop.path("checkout/target/release")).unwrap();
        for (name, built) in
            [("stint", env!("CARGO_BIN_EXE_stint")), ("stint-screen", env!("CARGO_BIN_EXE_stint-screen"))]
        {
            let release = workshop.path("checkout/target/release").join(name);
            std::os::unix::fs::symlink(built, release).unwrap();
        }
        fs::create_dir(workshop.path("home")).unwrap();
        Self { workshop }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.workshop.path("home").join(name.strip_prefix("~/").unwrap())
    }

    /// A line, ready to be run where the checkout is.
    fn shell(&self, line: &str) -> Command {
        let home = self.workshop.path("home");
        let path = format!("{}/.local/bin:{}", home.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("timeout");
        command
            .args(["--kill-after=5", "60", "sh", "-euc", line])
            .env_clear()
            .env("HOME", home)
            .env("PATH", path)
            .env("TZ", "Europe/Vienna")
            // The usual port may be somebody's.
            .env("STINT_CONTROL__LISTEN", ":0")
            .current_dir(self.workshop.path("checkout"))
            .stdin(Stdio::null());
        command
    }

    fn type_in(&self, line: &str) -> String {
        Said::from(self.shell(line).output().unwrap()).ok().stdout
    }

    /// Starts what goes on while the rest is typed, and waits for its first line.
    fn second_terminal(&self, line: &str) -> Terminal {
        let log = File::create(self.workshop.path("second")).unwrap();
        let mut command = self.shell(line);
        let mut child = command.stdout(Stdio::piped()).stderr(log).process_group(0).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        Terminal { child, said }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

fn tour() -> &'static str {
    let (_, tour) = README.split_once("\n## Five minutes\n").unwrap();
    tour.split_once("\n## ").unwrap().0
}

#[test]
fn every_step_of_the_tour_works() {
    let (home, mut second, mut said) = (Home::new(), None::<Terminal>, String::new());
    let mut typed = 0;
    for block in blocks(tour()) {
        match (block.language, block.file) {
            ("sh", None) => {
                said.clear();
                for line in block.content.lines() {
                    said.push_str(&home.type_in(line));
                    typed += 1;
                }
            }
            ("sh", Some("in a second terminal")) => {
                let terminal = home.second_terminal(block.content.trim());
                said.clone_from(&terminal.said);
                second = Some(terminal);
            }
            ("text", None) => {
                for line in block.content.lines() {
                    assert!(said.contains(line), "the tour promises:\n{line}\nbut the command said:\n{said}");
                }
            }
            (_, Some(file)) => {
                let path = home.path(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, block.content).unwrap();
            }
            (language, None) => panic!("nobody runs this block of {language}:\n{}", block.content),
        }
    }
    assert!(typed > 12 && second.is_some(), "{typed} commands");
    let kept: Vec<_> =
        fs::read_dir(home.path("~/stint-archive")).unwrap().map(|file| file.unwrap().path()).collect();
    let kept: String =
        kept.iter().filter(|file| file.is_file()).map(|file| fs::read_to_string(file).unwrap()).collect();
    for text in ["Write the report", "Read the mail"] {
        assert!(kept.contains(text), "{text} is not in the archive:\n{kept}");
    }
}
