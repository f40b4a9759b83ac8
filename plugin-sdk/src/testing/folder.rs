//! The granted folder, in memory.

use std::collections::BTreeMap;

use super::attachment::bytes_of;
use crate::files::Error;
use crate::types::Chunk;

/// Files by path, and what the next access is answered with instead.
#[derive(Default)]
pub(crate) struct Folder {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) fails_next: Option<Error>,
}

impl Folder {
    pub(crate) fn exists(&mut self, path: &str) -> Result<bool, Error> {
        self.admit(path)?;
        Ok(self.files.contains_key(path))
    }

    pub(crate) fn append(
        &mut self,
        path: &str,
        expected: u64,
        content: Vec<Chunk<'_>>,
    ) -> Result<u64, Error> {
        self.admit(path)?;
        let length = self.files.get(path).map_or(0, Vec::len) as u64;
        if length < expected {
            return Err(Error::Refused(format!("{path} has {length} bytes, and {expected} were expected")));
        }
        let file = self.files.entry(path.to_owned()).or_default();
        file.truncate(usize::try_from(expected).unwrap_or(usize::MAX));
        file.extend(bytes_of(content));
        Ok(file.len() as u64)
    }

    pub(crate) fn write(&mut self, path: &str, content: Vec<Chunk<'_>>) -> Result<(), Error> {
        self.admit(path)?;
        self.files.insert(path.to_owned(), bytes_of(content));
        Ok(())
    }

    fn admit(&mut self, path: &str) -> Result<(), Error> {
        if let Some(error) = self.fails_next.take() {
            return Err(error);
        }
        let stays_inside = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if stays_inside { Ok(()) } else { Err(Error::Refused(format!("{path} leads out of the folder"))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_before_it_grows() {
        let mut folder = Folder::default();
        assert_eq!(folder.append("a/b", 0, vec!["one".into()]), Ok(3));
        assert_eq!(folder.append("a/b", 3, vec!["two".into()]), Ok(6));
        assert_eq!(folder.append("a/b", 3, vec!["2".into()]), Ok(4));
        assert_eq!(folder.files["a/b"], b"one2");
        assert!(matches!(folder.append("a/b", 9, vec![]), Err(Error::Refused(_))));
    }

    #[test]
    fn a_path_stays_in_the_folder() {
        let mut folder = Folder::default();
        for path in ["", "/a", "a//b", "../a", "a/../b", "./a"] {
            assert!(matches!(folder.write(path, vec![]), Err(Error::Refused(_))), "{path}");
        }
    }
}
