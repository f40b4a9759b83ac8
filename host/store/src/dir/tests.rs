//! Data directories as they are found, and as they are left.

use super::*;
use std::os::unix::fs::{chown, symlink};

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o777
}

#[test]
fn a_new_directory_and_its_parents_are_for_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one/two/three");
    let dir = DataDir::prepare(&path).unwrap();
    assert_eq!(mode(&path), 0o700);
    assert_eq!(mode(&folder.path().join("one")), 0o700);
    assert_eq!(mode(&dir.subdirectory("blobs").unwrap()), 0o700);
}

#[test]
fn a_directory_that_others_can_read_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    for open in [0o755, 0o777, 0o750, 0o701] {
        fs::set_permissions(folder.path(), Permissions::from_mode(open)).unwrap();
        DataDir::prepare(folder.path()).unwrap();
        assert_eq!(mode(folder.path()), 0o700, "{open:o}");
    }
}

#[test]
fn a_file_that_others_can_read_is_mended_and_a_new_one_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    fs::write(&old, "kept").unwrap();
    fs::set_permissions(&old, Permissions::from_mode(0o644)).unwrap();
    open_private(&old).unwrap();
    open_private(&new).unwrap();
    create_private(&folder.path().join("fresh")).unwrap();
    for name in ["old", "new", "fresh"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
    assert_eq!(fs::read_to_string(&old).unwrap(), "kept");
    let error = create_private(&old).unwrap_err();
    assert_eq!(error.to_string(), format!("failed to create {old:?}: File exists (os error 17)"));
}

#[test]
fn somebody_elses_directory_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let ours = rustix::process::geteuid().as_raw();
    // Only root can give a directory away; everybody else finds one of root's.
    let (path, owner) = if ours == 0 {
        chown(folder.path(), Some(12_345), None).unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        (folder.path().to_owned(), 12_345)
    } else {
        (PathBuf::from("/usr"), 0)
    };
    let error = DataDir::prepare(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "failed to use {path:?} as data: it belongs to user {owner}, not to you (user {ours}); \
             give it over with `chown`, or name another directory with --data-dir"
        )
    );
    assert_eq!(mode(&path), 0o755);
}

#[test]
fn a_link_of_ours_is_followed_once_and_a_strangers_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::create_dir(&real).unwrap();
    symlink(&real, &link).unwrap();
    let dir = DataDir::prepare(&link).unwrap();
    assert_eq!(dir.path(), fs::canonicalize(&real).unwrap());
    assert_eq!(mode(&real), 0o700);
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::lchown(&link, Some(12_345), None).unwrap();
        let error = DataDir::prepare(&link).unwrap_err();
        assert!(matches!(error, DirError::Foreign { owner: 12_345, .. }), "{error}");
    }
}

#[test]
fn a_link_in_place_of_a_file_or_directory_of_ours_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("elsewhere");
    fs::write(&target, "not to be touched").unwrap();
    fs::set_permissions(&target, Permissions::from_mode(0o644)).unwrap();
    let link = folder.path().join("link");
    symlink(&target, &link).unwrap();
    let error = open_private(&link).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "failed to use {link:?}: it is not a regular file; move it away, or name another directory with --data-dir"
        )
    );
    let error = ensure_directory(&link).unwrap_err();
    assert!(error.to_string().contains("it is not a directory"), "{error}");
    assert_eq!(mode(&target), 0o644);
}

#[test]
fn a_file_where_the_directory_should_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "").unwrap();
    let error = DataDir::prepare(&path).unwrap_err();
    assert!(matches!(error, DirError::Kind { wanted: "directory", .. }), "{error}");
}

#[test]
fn a_file_system_without_permissions_is_named_as_the_cause() {
    let error = DirError::Open { path: "/mnt/stick".into(), mode: 0o777 };
    assert_eq!(
        error.to_string(),
        "failed to close \"/mnt/stick\" to other users: its mode stays 777; \
         name a directory on a file system with permissions with --data-dir"
    );
}

#[test]
fn a_pipe_in_place_of_a_directory_or_a_file_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for refused in [DataDir::prepare(&pipe).unwrap_err(), open_private(&pipe).unwrap_err()] {
        assert!(matches!(refused, DirError::Kind { .. }), "{refused}");
    }
}
