//! Where everything is. Somebody who asks for that may be about to correct a mistake, so mistakes don't keep it from
//! being told.

use std::path::{Path, PathBuf};

use crate::{
    decode::{Context, Reader},
    layers::{Asked, Request, read_environment, read_files, read_flags},
    load::TABLES,
    model::Config,
    text::Sources,
};

/// Where everything is, as far as that can be told from a configuration that may have mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The configuration file; nothing if there is no folder where one could be.
    pub file: Option<Located>,
    /// Who asked for the file.
    pub asked: Option<Asked>,
    /// The folder of more files.
    pub conf_d: Option<Located>,
    /// The files in it that are read, in the order of their layers.
    pub drop_ins: Vec<PathBuf>,
    /// The data directory; nothing if none is written and there is no home folder.
    pub data_dir: Option<Located>,
    /// The folder of plugins.
    pub plugin_dir: Option<Located>,
}

/// A file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Its path from the root.
    pub path: PathBuf,
    /// Whether it is there.
    pub exists: bool,
}

impl Places {
    /// Where everything is.
    pub fn of(request: &Request) -> Self {
        let (config, files) = read_despite_mistakes(request);
        let file = request.file.as_ref().map(|file| request.cwd.join(&file.path));
        let folder = file.as_ref().map(|file| file.with_file_name("conf.d"));
        let files = files.into_iter().map(|path| request.cwd.join(path));
        let drop_ins = files.filter(|path| path.parent() == folder.as_deref()).collect();
        Self {
            asked: request.file.as_ref().map(|file| file.asked),
            drop_ins,
            conf_d: folder.map(Located::at),
            data_dir: data_dir(&config, request).map(Located::at),
            plugin_dir: plugin_dir(&config, request).map(Located::at),
            file: file.map(Located::at),
        }
    }
}

impl Located {
    fn at(path: PathBuf) -> Self {
        Self { exists: path.exists(), path }
    }
}

/// Where the data is, as far as that can be told from a configuration with mistakes: a host that runs by an earlier one
/// is there.
pub fn data_dir_despite_mistakes(request: &Request) -> Option<PathBuf> {
    data_dir(&read_despite_mistakes(request).0, request)
}

/// The data directory: what is written, else where such data is.
pub(crate) fn data_dir(config: &Config, request: &Request) -> Option<PathBuf> {
    let written = config.storage.data_dir.as_ref().map(|dir| dir.path().to_owned());
    written.or_else(|| request.usual_data_dir())
}

/// The folder of plugins: beside the configuration file, unless it is written otherwise.
pub(crate) fn plugin_dir(config: &Config, request: &Request) -> Option<PathBuf> {
    let written = config.plugins.dir.as_ref().map(|dir| dir.path().to_owned());
    let beside = || Some(beside(request)?.join("plugins"));
    written.or_else(beside)
}

/// The folder that the configuration file is in.
pub(crate) fn beside(request: &Request) -> Option<PathBuf> {
    let file = request.file.as_ref()?;
    Some(request.cwd.join(file.path.parent().unwrap_or(Path::new(""))))
}

/// What can be read of a configuration, and the files that could be.
fn read_despite_mistakes(request: &Request) -> (Config, Vec<PathBuf>) {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let cwd = &request.cwd;
    let read = read_files(request.file.as_ref(), None, cwd, &mut sources, &mut findings);
    let mut tree = read.tree;
    read_environment(&request.env, &TABLES, cwd, &mut tree, &mut sources, &mut findings);
    read_flags(&request.flags, cwd, &mut tree, &mut sources, &mut findings);
    let mut cx = Context::new(&sources, request.home());
    (Reader::root(&tree, &mut cx), read.files)
}
