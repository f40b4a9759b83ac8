//! What `strace` saw: the calls that change files, in the order in which they ended, with every byte.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The arguments that make `strace` write what is read here: full paths and full contents, in hexadecimal.
pub(crate) const ARGUMENTS: [&str; 6] = [
    "-y",
    "-xx",
    "-s",
    "1000000",
    "-e",
    "trace=open,openat,creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range,rename,renameat,\
     renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,truncate,fallocate,link,linkat,symlink,symlinkat,\
     copy_file_range,sendfile",
];

/// One call that succeeded, or a sync that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// A file was opened so that it would be made if it was missing.
    Create { path: PathBuf, truncate: bool },
    /// A directory was made.
    MakeDirectory { path: PathBuf },
    /// Bytes were written at a place.
    Write { path: PathBuf, offset: usize, bytes: Vec<u8> },
    /// Bytes were appended.
    Append { path: PathBuf, bytes: Vec<u8> },
    /// The length was set.
    Truncate { path: PathBuf, length: usize },
    /// A file or directory was synced.
    Sync { path: PathBuf, ok: bool },
    /// A name was changed.
    Rename { from: PathBuf, to: PathBuf },
    /// A name was removed.
    Unlink { path: PathBuf },
}

/// A call, with the number of the line at which it began. Calls of several threads may overlap.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Where it began.
    pub(crate) began: usize,
    /// Where it ended.
    pub(crate) ended: usize,
    /// What it did.
    pub(crate) call: Call,
}

/// Reads a log. A call that it does not understand is an error, because a model of the disk that misses a change
/// proves nothing.
pub(crate) fn read(log: &Path) -> Vec<Event> {
    let text = fs::read_to_string(log).unwrap();
    let mut begun: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut events = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let (pid, rest) = line.split_once(' ').unwrap();
        let rest = rest.trim_start();
        if let Some(beginning) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(pid, (number, beginning));
        } else if rest.starts_with("<... ") {
            let (began, beginning) = begun.remove(pid).unwrap();
            let (_, end) = rest.split_once(" resumed>").unwrap();
            push(&mut events, began, number, &format!("{beginning}{end}"));
        } else if !rest.starts_with(['+', '-']) {
            push(&mut events, number, number, rest);
        }
    }
    events
}

fn push(events: &mut Vec<Event>, began: usize, ended: usize, line: &str) {
    if let Some(call) = parse(line) {
        events.push(Event { began, ended, call });
    }
}

fn parse(line: &str) -> Option<Call> {
    let (name, rest) = line.split_once('(').unwrap();
    // Results are lined up, so there may be many blanks before them.
    let (arguments, result) = rest.rsplit_once(" = ").unwrap_or((rest, "?"));
    let arguments = arguments.trim_end().trim_end_matches(')');
    let failed = result.starts_with(['-', '?']);
    let arguments = split(arguments);
    let argument = |index: usize| arguments.get(index).map_or("", String::as_str);
    if failed && !matches!(name, "fsync" | "fdatasync") {
        return None;
    }
    Some(match name {
        "open" | "openat" => {
            let flags = argument(if name == "open" { 1 } else { 2 });
            let (create, truncate) = (flags.contains("O_CREAT"), flags.contains("O_TRUNC"));
            return (create || truncate).then(|| Call::Create { path: path_of_file(result), truncate });
        }
        "write" => {
            let bytes = text(argument(1));
            return regular(argument(0)).map(|path| Call::Append { path, bytes });
        }
        "pwrite64" => Call::Write {
            path: path_of_file(argument(0)),
            offset: argument(3).parse().unwrap(),
            bytes: text(argument(1)),
        },
        "fsync" | "fdatasync" => Call::Sync { path: path_of_file(argument(0)), ok: !failed },
        "ftruncate" => {
            Call::Truncate { path: path_of_file(argument(0)), length: argument(1).parse().unwrap() }
        }
        "rename" => Call::Rename { from: path(argument(0)), to: path(argument(1)) },
        "unlink" => Call::Unlink { path: path(argument(0)) },
        "mkdir" => Call::MakeDirectory { path: path(argument(0)) },
        other => panic!("the model of the disk does not know {other}: {}", &line[..line.len().min(200)]),
    })
}

/// The arguments, taken apart at the commas between them: hexadecimal texts contain none.
fn split(arguments: &str) -> Vec<String> {
    arguments.split(", ").map(ToOwned::to_owned).collect()
}

/// `5<\x2f\x74>` names the file behind a descriptor.
fn path_of_file(descriptor: &str) -> PathBuf {
    regular(descriptor).unwrap_or_else(|| panic!("no path in {descriptor}"))
}

/// The path behind a descriptor, if it has one: pipes and the like do not.
fn regular(descriptor: &str) -> Option<PathBuf> {
    let (_, rest) = descriptor.split_once('<')?;
    let (name, _) = rest.split_once('>')?;
    name.starts_with("\\x2f").then(|| bytes_to_path(unescape(name)))
}

fn path(argument: &str) -> PathBuf {
    bytes_to_path(text(argument))
}

fn bytes_to_path(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8(bytes).unwrap().into()
}

/// `"\x2f\x74"`, whole.
fn text(argument: &str) -> Vec<u8> {
    assert!(!argument.ends_with("..."), "strace cut a text short");
    unescape(argument.trim_matches('"'))
}

fn unescape(text: &str) -> Vec<u8> {
    let digit = |byte: u8| if byte <= b'9' { byte - b'0' } else { byte - b'a' + 10 };
    text.as_bytes().chunks_exact(4).map(|escape| digit(escape[2]) << 4 | digit(escape[3])).collect()
}
