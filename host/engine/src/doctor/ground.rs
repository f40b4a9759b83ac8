//! What everything stands on: the data directory. It is looked at from outside, so that nothing has to be opened, and
//! a host that is stuck keeps nobody from seeing it.

use std::{
    fs, io,
    os::unix::{fs::FileTypeExt as _, net::UnixStream},
    path::{Path, PathBuf},
};

use super::{Area, Finding, Mend, bounded::on_a_thread, disk::disk, finding::quoted, modes::modes};

/// What is found about a data directory whose database may have `quota` bytes. Folders of targets may lie in it.
pub async fn ground(dir: PathBuf, quota: u64, delivered: Vec<PathBuf>) -> Vec<Finding> {
    on_a_thread(Area::Data, move || look(&dir, quota, &delivered)).await
}

fn look(dir: &Path, quota: u64, delivered: &[PathBuf]) -> Vec<Finding> {
    let shown = dir.display().to_string();
    match fs::metadata(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let what = format!("there is no data in {shown} yet; the directory is made when it is needed");
            return vec![Finding::ok(Area::Data, what)];
        }
        Err(error) => {
            let what = format!("the data directory {shown} can't be looked at");
            return vec![Finding::error(Area::Data, what).because(error.to_string()).run(list(&shown))];
        }
        Ok(found) if !found.is_dir() => {
            let what = format!("{shown} is no directory, and the data should be in it");
            let command = format!("mv {0} {0}.aside", quoted(&shown));
            return vec![Finding::error(Area::Data, what).run(command)];
        }
        Ok(_) => {}
    }
    if let Err(error) = fs::read_dir(dir) {
        let what = format!("the data directory {shown} can't be read");
        let command = format!("chmod 700 {}", quoted(&shown));
        return vec![Finding::error(Area::Data, what).because(error.to_string()).run(command)];
    }
    let mut found = modes(dir, delivered);
    if found.is_empty() {
        found.push(Finding::ok(Area::Data, format!("{shown} is its owner's alone")));
    }
    found.extend(disk(dir, quota));
    found.extend(socket(dir));
    found.extend(put_aside(dir));
    found.extend(backups(dir));
    found
}

fn list(shown: &str) -> String {
    format!("namei -l {}", quoted(shown))
}

/// A socket at which nobody listens, while nobody has the directory either: a host was killed.
fn socket(dir: &Path) -> Option<Finding> {
    let path = dir.join("control.sock");
    if !fs::symlink_metadata(&path).ok()?.file_type().is_socket() {
        return None;
    }
    // A path of more than 108 bytes can't be tried, and is no reason to remove anything.
    let refused =
        UnixStream::connect(&path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    let free = fs::File::open(dir.join("stint.lock")).is_ok_and(|lock| lock.try_lock().is_ok());
    (refused && free).then(|| {
        let stale = Finding::warning(Area::Data, "a host that was killed left its socket");
        let why = "nothing is lost; the next host makes its own";
        stale
            .because(why)
            .run(format!("rm {}", quoted(&path.display().to_string())))
            .mend(Mend::RemoveSocket(path))
    })
}

/// Damaged databases, kept until somebody has looked at them.
fn put_aside(dir: &Path) -> Vec<Finding> {
    let folder = dir.join("quarantine");
    databases(&folder)
        .into_iter()
        .map(|path| {
            let shown = path.display().to_string();
            let why = "what was recorded since the last backup before it may be missing from the timeline";
            let aside = Finding::warning(Area::Data, format!("a damaged database was put aside as {shown}"));
            aside.because(why).run(format!("mv {}* ~/", quoted(&shown)))
        })
        .collect()
}

fn backups(dir: &Path) -> Option<Finding> {
    if !dir.join("stint.db").exists() {
        return None;
    }
    let all = databases(&dir.join("backups"));
    Some(match all.last() {
        Some(last) => {
            let name = last.file_name().unwrap_or_default().to_string_lossy();
            Finding::ok(Area::Data, format!("there are {} backups, the last is {name}", all.len()))
        }
        None => Finding::ok(Area::Data, "there is no backup yet: a running host makes one each day"),
    })
}

fn databases(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut all: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "db")).collect();
    all.sort();
    all
}
