//! Which of the files of one name serves: a table that a person can read.
//!
//! - The pinned file, if one is pinned, and no other.
//! - The newest version that passes its trial; of one version the bytes that serve already.
//! - What serves stays until another one may take its place, also while its own file is being replaced or was refused.
//!
//! Whatever is left out is told.

use std::path::{Path, PathBuf};

use semver::Version;

use super::examine::pin_sentence;

/// A file that could be loaded.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) file: PathBuf,
    pub(super) version: Version,
    pub(super) sha256: String,
    /// What came of its trial, if it was tried.
    pub(super) verdict: Option<Result<(), String>>,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// This one serves now; it may have served before.
    Serve(usize),
    /// This one has to be tried first.
    Try(usize),
    /// None of them may serve.
    Nobody,
}

/// What to do, and what to tell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) step: Step,
    /// Why files were refused.
    pub(super) refused: Vec<String>,
    /// Which files are left out, though nothing is wrong with them.
    pub(super) left_out: Vec<String>,
}

/// Chooses among the candidates of one name.
pub(super) fn choose(
    name: &str,
    candidates: &[Candidate],
    serving: Option<&str>,
    pin: Option<&str>,
) -> Choice {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    let serves = |index: &usize| serving == Some(candidates[*index].sha256.as_str());
    order.sort_by(|one, other| {
        let (left, right) = (&candidates[*one], &candidates[*other]);
        let newer = right.version.cmp(&left.version);
        newer.then(serves(other).cmp(&serves(one))).then(left.file.cmp(&right.file))
    });
    let mut choice = Choice { step: Step::Nobody, refused: Vec::new(), left_out: Vec::new() };
    for index in order {
        let candidate = &candidates[index];
        if let Step::Serve(winner) | Step::Try(winner) = choice.step {
            choice.left_out.push(left_out(candidate, &candidates[winner]));
            continue;
        }
        match (pin, &candidate.verdict) {
            (Some(pin), _) if pin != candidate.sha256 => {
                choice.refused.push(pin_sentence(&candidate.file, name, &candidate.sha256, pin));
            }
            _ if serves(&index) => choice.step = Step::Serve(index),
            (_, Some(Ok(()))) => choice.step = Step::Serve(index),
            (_, Some(Err(why))) => choice.refused.push(format!("{}: {why}", shown(&candidate.file))),
            (_, None) => choice.step = Step::Try(index),
        }
    }
    choice
}

fn left_out(candidate: &Candidate, winner: &Candidate) -> String {
    let (file, other) = (shown(&candidate.file), shown(&winner.file));
    if candidate.sha256 == winner.sha256 {
        return format!("{file} is left out, because it is the same as {other}; remove one of them");
    }
    if candidate.version == winner.version {
        return format!(
            "{file} is left out, because it has the name and version of {other} ({}) and is another build; remove one \
             of them",
            winner.version
        );
    }
    format!(
        "{file} ({}) is left out, because {other} has the newer version {}; remove one of them",
        candidate.version, winner.version
    )
}

/// A file's name as messages have it: the folder is known.
pub(super) fn shown(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.display().to_string())
}

#[cfg(test)]
#[path = "choose_tests.rs"]
mod tests;
