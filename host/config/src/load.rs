//! Loading: all layers into one configuration, or into everything that is wrong with them. Nothing of a wrong
//! configuration is handed out, so a reload can't half-apply.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{
    check::check,
    decode::{Context, Reader},
    diagnose::{Code, Diagnostics, Finding, Severity},
    layers::{Request, read_environment, read_files, read_flags},
    model::{Config, Storage},
    places,
    text::{Origin, Sources},
    tree::{Node, Table},
    value::FilePath,
};

/// A configuration that is valid, and where each of its values came from.
#[derive(Clone)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// What is doubtful in it.
    pub warnings: Diagnostics,
    /// The files that were read, in the order of their layers.
    pub files: Vec<PathBuf>,
    pub(crate) request: Request,
    pub(crate) tree: Table,
    pub(crate) sources: Sources,
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The texts and the environment may hold what must not be shown.
        f.debug_struct("Loaded")
            .field("config", &self.config)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// The tables that people write, for those that mistype one.
pub(crate) const TABLES: [&str; 15] = [
    "storage",
    "identity",
    "network",
    "timer",
    "capture",
    "activity",
    "sync",
    "plugins",
    "limits",
    "control",
    "log",
    "targets",
    "transforms",
    "policies",
    "credentials",
];

/// Loads a configuration.
pub fn load(request: &Request) -> Result<Loaded, Diagnostics> {
    load_with(request, None)
}

/// What counts where nothing is written but the data directory: for who can't wait until a mistake is mended. Its limits
/// are the widest there are, so that one that can't be read is not replaced by one that drops something.
pub fn without_any_file(data_dir: &Path) -> Result<Loaded, Diagnostics> {
    let loaded = load(&Request { cwd: data_dir.to_owned(), ..Request::default() })?;
    let storage = Storage { data_dir: Some(FilePath::at(data_dir)), ..Storage::widest() };
    Ok(Loaded { config: Config { storage, ..loaded.config }, ..loaded })
}

/// Loads a configuration as if one of its files had another content.
pub(crate) fn load_with(request: &Request, instead: Option<(&Path, &str)>) -> Result<Loaded, Diagnostics> {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let cwd = &request.cwd;
    let read = read_files(request.file.as_ref(), instead, cwd, &mut sources, &mut findings);
    let mut tree = read.tree;
    read_environment(&request.env, &TABLES, cwd, &mut tree, &mut sources, &mut findings);
    read_flags(&request.flags, cwd, &mut tree, &mut sources, &mut findings);

    let mut cx = Context::new(&sources, request.home());
    let config: Config = Reader::root(&tree, &mut cx);
    let (decoded, _) = cx.finish();
    if read.partial {
        let certain = uncertain_left_out(decoded, &findings, &sources);
        findings.extend(certain);
    } else {
        findings.extend(decoded);
    }
    if !read.partial {
        let doubtful: Vec<String> = findings.iter().filter_map(Finding::table).collect();
        let certain = |finding: &Finding| !finding.compares() || !related(finding, &doubtful);
        findings.extend(check(&config, &tree).into_iter().filter(certain));
    }
    let failed = findings.iter().any(|finding| finding.severity() == Severity::Error);
    let diagnostics = Diagnostics::new(findings, &sources);
    if failed {
        return Err(diagnostics);
    }
    Ok(Loaded { config, warnings: diagnostics, files: read.files, request: request.clone(), tree, sources })
}

/// Whether a finding compares values of a table in which something is wrong: then it would compare a default that
/// nobody wrote.
fn related(finding: &Finding, doubtful: &[String]) -> bool {
    let also = |table: &str| if table == "limits" { "sync" } else { "limits" }.to_owned();
    finding.table().is_some_and(|table| {
        let timing = table == "limits" || table == "sync";
        doubtful.contains(&table) || (timing && doubtful.contains(&also(&table)))
    })
}

/// Of what was found in files that are broken, what doesn't follow from their being broken: what is missing may stand
/// in a part that couldn't be read, and a key at the root may belong to a header that couldn't.
fn uncertain_left_out(decoded: Vec<Finding>, broken: &[Finding], sources: &Sources) -> Vec<Finding> {
    let line = |finding: &Finding| finding.place().map(|place| (place.source, sources.line(place).number));
    let lines: Vec<_> = broken.iter().filter_map(line).collect();
    let open: Vec<_> = broken.iter().filter(|finding| finding.is_open_ended()).filter_map(line).collect();
    let swallowed = |(source, number)| open.iter().any(|(open, from)| *open == source && *from <= number);
    let certain = decoded.into_iter().filter(|finding| {
        finding.code() != Code::Missing
            && !finding.is_unknown_at_the_root()
            && line(finding).is_none_or(|line| !lines.contains(&line) && !swallowed(line))
    });
    certain.collect()
}

impl Loaded {
    /// Where the value of a key came from: `sync.interval`, or `targets.work` for the place of its definition. A
    /// key that nobody wrote has its default, whether or not there is such a key.
    pub fn origin(&self, key: &str) -> Origin {
        let Ok(path) = crate::layers::split_key(key) else {
            return Origin::Default;
        };
        self.node(&path).map_or(Origin::Default, |node| {
            let place = if node.table().is_some() { node.key } else { node.at };
            self.sources.origin(place)
        })
    }

    /// What a host reads it from again.
    pub fn request_again(&self) -> Request {
        self.request.clone().again()
    }

    /// The main file, if it is there.
    pub fn file(&self) -> Option<&Path> {
        let file = self.request.file.as_ref()?;
        self.files.contains(&file.path).then_some(file.path.as_path())
    }

    /// The data directory; nothing if none is written and there is no home folder.
    pub fn data_dir(&self) -> Option<PathBuf> {
        places::data_dir(&self.config, &self.request)
    }

    /// The folder of plugins: beside the configuration file, unless it is written otherwise.
    pub fn plugin_dir(&self) -> Option<PathBuf> {
        places::plugin_dir(&self.config, &self.request)
    }

    /// The folders whose changes may change the configuration: that of the file, and `conf.d` in it.
    pub fn watched(&self) -> Vec<PathBuf> {
        let Some(folder) = places::beside(&self.request) else {
            return Vec::new();
        };
        vec![folder.clone(), folder.join("conf.d")]
    }

    /// Whether a file in one of these folders is read: the main file, or one whose name says that it is a configuration.
    pub fn reads(&self, file: &Path) -> bool {
        let is_main =
            self.request.file.as_ref().is_some_and(|main| main.path.file_name() == file.file_name());
        is_main || file.extension().is_some_and(|extension| extension == "toml")
    }

    /// The node of a key.
    pub(crate) fn node<K: AsRef<str>>(&self, path: &[K]) -> Option<&Node> {
        let (first, rest) = path.split_first()?;
        self.tree.get(first.as_ref())?.below(rest)
    }
}
