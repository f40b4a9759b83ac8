//! The configuration file and the files of `conf.d` beside it, in the order of their names. A hidden file and one
//! that doesn't end in `.toml` is left alone: editors and package managers leave such files.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{Asked, ConfigFile};
use crate::{
    diagnose::{Code, Finding},
    text::{Origin, Place, Source, SourceName, Sources},
    tree::{Table, mask_secrets, merge_file, parse_document},
};

/// The largest file that is read. A larger one is no configuration.
const LARGEST: u64 = 1 << 20;

/// What was read from files.
pub(crate) struct Read {
    pub(crate) tree: Table,
    /// The files, in the order of their layers.
    pub(crate) files: Vec<PathBuf>,
    /// Whether something couldn't be read, so that what is missing may be there.
    pub(crate) partial: bool,
}

/// Reads the file and `conf.d`. `instead` stands for the content of one of the files.
pub(crate) fn read_files(
    file: Option<&ConfigFile>,
    instead: Option<(&Path, &str)>,
    cwd: &Path,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Read {
    let mut read = Read { tree: Table::new(), files: Vec::new(), partial: false };
    let Some(ConfigFile { path, asked }) = file else {
        return read;
    };
    let before = findings.len();
    let mut paths = Vec::new();
    match is_there(path, *asked) {
        Ok(true) => paths.push(path.clone()),
        Ok(false) => paths.extend(instead.filter(|(edited, _)| edited == path).map(|_| path.clone())),
        Err(finding) => findings.push(*finding),
    }
    paths.extend(drop_ins(path, findings));
    for path in paths {
        let text = match instead {
            Some((edited, text)) if edited == path => Ok(text.to_owned()),
            _ => contents(&path),
        };
        match text {
            Ok(text) => {
                let base = cwd.join(path.parent().unwrap_or(Path::new("")));
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                one(&path, text, base, &mut read.tree, sources, findings);
                read.files.push(path);
            }
            Err(Broken::Unreadable(finding)) => findings.push(*finding),
            Err(Broken::NoText(text, at)) => {
                let source = sources.add(Source {
                    name: SourceName::File(path.clone()),
                    text,
                    base: PathBuf::new(),
                    masks: Vec::new(),
                });
                let finding = Finding::error(Code::Unreadable, "this file is not UTF-8 from here on");
                let hint = "save it as UTF-8, without the byte that is shown as a question mark";
                findings.push(finding.hint(hint).at(Place { source, start: at, end: at + 3 }));
            }
        }
    }
    read.partial = findings.len() > before;
    read
}

fn one(
    path: &Path,
    text: String,
    base: PathBuf,
    tree: &mut Table,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) {
    let name = SourceName::File(path.to_owned());
    let source = sources.add(Source { name, text, base, masks: Vec::new() });
    let (table, errors) = parse_document(&sources.get(source).text, source);
    let broken: Vec<Place> = errors.iter().filter_map(Finding::place).collect();
    mask_secrets(&table, &broken, sources);
    findings.extend(errors);
    merge_file(tree, table, findings);
}

/// Whether the main file is there; an error if it has to be and isn't.
fn is_there(path: &Path, asked: Asked) -> Result<bool, Box<Finding>> {
    if path.is_dir() {
        let finding = Finding::error(Code::Unreadable, "this is a folder, and a configuration is a file");
        let hint = format!("name the file in it: {}", path.join("stint.toml").display());
        return Err(Box::new(finding.hint(hint).in_all_of(Origin::whole(path))));
    }
    let missing = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
    if !path.symlink_metadata().is_err_and(missing) {
        return Ok(true);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let asker = match asked {
        Asked::Nobody => return Ok(false),
        Asked::Flag => "--config names it",
        Asked::Argument => "it is the one to be looked at",
        Asked::Variable => "$STINT_CONFIG names it",
        Asked::Before => "it was there when it was read the last time",
    };
    let finding = if folder.exists() {
        Finding::error(Code::Unreadable, format!("the configuration file isn't there, and {asker}"))
            .hint("correct the path, or create the file; an empty file has all defaults")
    } else {
        Finding::error(Code::Unreadable, format!("the folder of the configuration file is gone, and {asker}"))
            .hint(format!("bring {} back, or name another file with --config", folder.display()))
    };
    Err(Box::new(finding.in_all_of(Origin::whole(path))))
}

/// The files of `conf.d`.
fn drop_ins(file: &Path, findings: &mut Vec<Finding>) -> Vec<PathBuf> {
    let folder = file.with_file_name("conf.d");
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            findings.push(*unreadable(&folder, &error));
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => paths.push(entry.path()),
            Err(error) => findings.push(*unreadable(&folder, &error)),
        }
    }
    paths.retain(|path| {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        !hidden && path.extension().is_some_and(|extension| extension == "toml")
    });
    paths.sort();
    paths
}

enum Broken {
    Unreadable(Box<Finding>),
    /// The text up to where it stops being one, and that byte.
    NoText(String, usize),
}

fn contents(path: &Path) -> Result<String, Broken> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| Broken::Unreadable(unreadable(path, &error)))?;
    if bytes.len() as u64 > LARGEST {
        let finding = Finding::error(Code::Unreadable, "this file is larger than 1 MiB");
        let finding = finding.hint("is it a configuration?").in_all_of(Origin::whole(path));
        return Err(Broken::Unreadable(Box::new(finding)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Broken::NoText(String::from_utf8_lossy(error.as_bytes()).into_owned(), at)
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Box<Finding> {
    let finding = Finding::error(Code::Unreadable, format!("it can't be read: {error}"));
    let finding = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            finding.hint(format!("let the user that stint runs as read it: chmod u+r {}", path.display()))
        }
        io::ErrorKind::IsADirectory => {
            finding.hint("it is a folder; give it a name that doesn't end in .toml")
        }
        io::ErrorKind::NotFound => finding.hint("is it a link to a file that is gone?"),
        _ => finding,
    };
    Box::new(finding.in_all_of(Origin::whole(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_may_not_be_read_comes_with_the_command_that_helps() {
        let finding = unreadable(Path::new("/etc/stint.toml"), &io::ErrorKind::PermissionDenied.into());
        let diagnostic = finding.resolve(&Sources::default());
        assert_eq!(diagnostic.message, "it can't be read: permission denied");
        assert_eq!(
            diagnostic.hint.unwrap(),
            "let the user that stint runs as read it: chmod u+r /etc/stint.toml"
        );
    }
}
