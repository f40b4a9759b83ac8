//! Paths that are written and lead to nothing, or to a file where a folder is meant. No configuration is refused for
//! that: a disk may be mounted later, and what stint can make it makes. Somebody who asks whether all is well is told.

use std::path::Path;

use crate::{
    diagnose::{Code, Diagnostics, Finding},
    load::Loaded,
    value::FilePath,
};

/// What stands at a path should be.
#[derive(Clone, Copy)]
enum Wanted {
    /// A file that is there.
    File,
    /// A folder that is there.
    Folder,
    /// A folder, which is made if it isn't there.
    NewFolder,
}

impl Loaded {
    /// What is doubtful about the files and folders that the configuration names, as they are at this moment.
    pub fn doubtful_places(&self) -> Diagnostics {
        let config = &self.config;
        let fixed = [
            (&config.storage.data_dir, ["storage", "data_dir"], Wanted::NewFolder),
            (&config.network.ca_file, ["network", "ca_file"], Wanted::File),
            (&config.plugins.dir, ["plugins", "dir"], Wanted::Folder),
        ];
        let fixed =
            fixed.into_iter().map(|(path, key, wanted)| (path, key.map(str::to_owned).to_vec(), wanted));
        let targets = config.targets.iter().map(|(name, target)| {
            let key = ["targets", name.as_str(), "files"].map(str::to_owned).to_vec();
            (&target.files, key, Wanted::NewFolder)
        });
        let findings =
            fixed.chain(targets).filter_map(|(path, key, wanted)| self.doubt(path.as_ref()?, &key, wanted));
        Diagnostics::new(findings.collect(), &self.sources)
    }

    fn doubt(&self, path: &FilePath, key: &[String], wanted: Wanted) -> Option<Finding> {
        let (message, hint) = doubtful(path.path(), wanted)?;
        let finding = Finding::warning(Code::Unreadable, message).key(key).hint(hint);
        Some(self.node(key).map(|node| node.at).into_iter().fold(finding, Finding::at))
    }
}

fn doubtful(path: &Path, wanted: Wanted) -> Option<(&'static str, &'static str)> {
    match (wanted, path.exists(), path.is_dir()) {
        (Wanted::File, false, _) => {
            Some(("this file isn't there", "correct the path; one with ~ starts at the home folder"))
        }
        (Wanted::File, true, true) => Some(("this is a folder, and a file is meant", "name the file in it")),
        (Wanted::Folder, false, _) => Some((
            "this folder isn't there",
            "make it, or correct the path; a relative one starts at the folder of its file",
        )),
        (Wanted::Folder | Wanted::NewFolder, true, false) => {
            Some(("this is a file, and a folder is meant", "name another one, or move the file away"))
        }
        _ => None,
    }
}
