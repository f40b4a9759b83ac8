//! The cache against damage, against other users' files, and against other engines.

use std::os::unix::fs::symlink;

use tempfile::TempDir;
use wasmtime::{Config, Engine};

use super::*;

struct Place {
    root: TempDir,
    cache: Cache,
    engine: Engine,
    key: Key,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let cache = Cache::open(&root.path().join("compiled")).unwrap();
        let engine = Engine::default();
        Self { key: Key::new("00ff", &engine), root, cache, engine }
    }

    /// A place with one entry.
    fn filled() -> Self {
        let place = Self::new();
        place.cache.store(&place.key, &compiled(&place.engine)).unwrap();
        place
    }

    fn path(&self) -> PathBuf {
        self.cache.entry(&self.key)
    }

    fn is_found(&self) -> bool {
        self.cache.load(&self.key, &self.engine).is_some()
    }

    fn names(&self) -> usize {
        fs::read_dir(self.root.path().join("compiled")).unwrap().count()
    }
}

fn compiled(engine: &Engine) -> Vec<u8> {
    engine.precompile_component(&wat::parse_str("(component (core module (func)))").unwrap()).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn what_is_stored_is_found_and_open_to_nobody_else() {
    let place = Place::new();
    assert!(!place.is_found());
    place.cache.store(&place.key, &compiled(&place.engine)).unwrap();
    assert!(place.is_found());
    assert_eq!((mode(&place.root.path().join("compiled")), mode(&place.path())), (0o700, 0o600));
    place.cache.store(&place.key, &compiled(&place.engine)).unwrap();
    assert_eq!(place.names(), 1, "nothing temporary is left");
}

#[test]
fn any_damage_is_noticed_and_the_entry_removed() {
    let length = fs::metadata(Place::filled().path()).unwrap().len();
    for at in [0, 31, 32, 33, length / 2, length - 1] {
        let place = Place::filled();
        let mut bytes = fs::read(place.path()).unwrap();
        bytes[usize::try_from(at).unwrap()] ^= 1;
        fs::write(place.path(), bytes).unwrap();
        assert!(!place.is_found(), "one bit at {at}");
        assert_eq!(place.names(), 0);
    }
    for length in [0, 5, 32, length - 1] {
        let place = Place::filled();
        File::options().write(true).open(place.path()).unwrap().set_len(length).unwrap();
        assert!(!place.is_found(), "cut to {length}");
    }
}

#[test]
fn an_entry_that_others_may_use_is_refused() {
    for bits in [0o640, 0o604, 0o620, 0o602] {
        let place = Place::filled();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(bits)).unwrap();
        assert!(!place.is_found(), "mode {bits:o}");
    }
}

/// Who may make files of another user's is the superuser alone, so it is the cache that takes itself for another.
#[test]
fn what_belongs_to_another_user_is_refused() {
    let ours = rustix::process::geteuid().as_raw();
    let mut place = Place::filled();
    place.cache.owner = ours + 1;
    assert!(!place.is_found());
    assert_eq!(place.names(), 0, "and removed");
    let folder = place.root.path().join("compiled");
    assert_eq!(
        Cache::open_as(ours + 1, &folder).unwrap_err().to_string(),
        format!(
            "use {} for compiled plugins: it belongs to user {ours}, and this is user {}; remove it, and it is made anew",
            folder.display(),
            ours + 1
        )
    );
}

#[test]
fn a_link_in_place_of_an_entry_is_refused() {
    let place = Place::filled();
    let elsewhere = place.root.path().join("elsewhere");
    fs::rename(place.path(), &elsewhere).unwrap();
    symlink(&elsewhere, place.path()).unwrap();
    assert!(!place.is_found());
    assert!(elsewhere.exists(), "what it led to is left alone");
}

#[test]
fn the_entry_of_another_engine_is_another_entry_or_refused() {
    let place = Place::filled();
    let mut config = Config::new();
    config.epoch_interruption(true);
    let other = Engine::new(&config).unwrap();
    assert_ne!(Key::new("00ff", &other), place.key);
    assert_ne!(Key::new("00fe", &place.engine), place.key);
    assert_eq!(Key::new("00ff", &Engine::default()), place.key);
    assert!(place.cache.load(&place.key, &other).is_none(), "wasmtime's own header doesn't fit");
}

#[test]
fn a_folder_that_is_not_ours_alone_is_refused_with_the_remedy() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("open");
    fs::create_dir(&path).unwrap();
    for bits in [0o750, 0o707, 0o777] {
        fs::set_permissions(&path, fs::Permissions::from_mode(bits)).unwrap();
        assert_eq!(
            Cache::open(&path).unwrap_err().to_string(),
            format!(
                "use {} for compiled plugins: others may use it (mode {bits:o}); remove it, and it is made anew",
                path.display()
            )
        );
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    let link = root.path().join("link");
    symlink(&path, &link).unwrap();
    assert_eq!(
        Cache::open(&link).unwrap_err().to_string(),
        format!(
            "use {} for compiled plugins: it is no folder; remove it, and it is made anew",
            link.display()
        )
    );
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(
        Cache::open(&file).unwrap_err().to_string(),
        format!("use {} for compiled plugins: File exists (os error 17)", file.display())
    );
}
