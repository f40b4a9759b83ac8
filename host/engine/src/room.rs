//! How much room the disk has left, and from when on that is too little.

use std::path::Path;

/// With less than this nothing works for long: the log of the database alone may have as much.
pub(crate) const LEAST: u64 = 64 << 20;

/// The bytes that the disk under a folder has left for us.
pub(crate) fn free(dir: &Path) -> std::io::Result<u64> {
    let found = rustix::fs::statvfs(dir)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// What a person must know of a disk that is full, or soon will be. A disk that can't be asked is for the doctor.
pub(crate) fn alert(dir: &Path) -> Option<String> {
    let free = free(dir).ok().filter(|free| *free < LEAST)?;
    Some(format!(
        "the disk of {} has {} left, and nothing can be recorded once it is full: make room on it, or give the data \
         directory another one (storage.data_dir)",
        dir.display(),
        bytes(free)
    ))
}

/// A number of bytes for a person.
pub(crate) fn bytes(bytes: u64) -> String {
    match bytes {
        0..0x400 => format!("{bytes} B"),
        0x400..0x10_0000 => format!("{} KiB", bytes >> 10),
        0x10_0000..0x4000_0000 => format!("{} MiB", bytes >> 20),
        _ => format!("{}.{} GiB", bytes >> 30, (bytes >> 20) % 1024 * 10 / 1024),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_in_the_largest_unit_that_fits() {
        let told = [0, 1023, 1024, (1 << 20) - 1, 1 << 20, 1 << 30, (1 << 30) + (1 << 29)].map(bytes);
        assert_eq!(told, ["0 B", "1023 B", "1 KiB", "1023 KiB", "1 MiB", "1.0 GiB", "1.5 GiB"]);
    }

    #[test]
    fn a_place_that_cannot_be_asked_is_no_alert() {
        assert_eq!(alert(Path::new("/nonexistent/data")), None);
    }
}
