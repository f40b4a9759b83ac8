//! How much can be said about an entry. What is said goes to every target with every event of the entry, so what is no
//! text any more but a file is refused where it comes in.

use crate::entry::Details;

/// The most bytes of a text: ten thousand letters of any script, and room to spare.
pub const TEXT_BYTES_MAX: usize = 64 << 10;
/// The most labels of an entry.
pub const TAGS_MAX: usize = 100;
/// The most bytes of everything together.
pub const DETAILS_BYTES_MAX: usize = 256 << 10;

/// More than can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// A text is too long.
    #[error("failed to take a {what} of {bytes} bytes: {} are the most", TEXT_BYTES_MAX)]
    Text {
        /// What it is of the entry.
        what: &'static str,
        /// How long it is.
        bytes: usize,
    },
    /// There are too many labels.
    #[error("failed to take {count} tags: {} are the most", TAGS_MAX)]
    Tags {
        /// How many there are.
        count: usize,
    },
    /// All of it is too long.
    #[error("failed to take {bytes} bytes of details: {} are the most", DETAILS_BYTES_MAX)]
    All {
        /// How long it is.
        bytes: usize,
    },
}

impl Details {
    /// Refuses more than can be said.
    pub fn within_bounds(&self) -> Result<(), TooMuch> {
        let fields = [("project", &self.project), ("task", &self.task), ("note", &self.note)];
        let fields = fields.into_iter().filter_map(|(what, text)| Some((what, text.as_ref()?.len())));
        let texts = fields.chain(self.tags.iter().map(|tag| ("tag", tag.len())));
        let mut all = 0_usize;
        for (what, bytes) in texts {
            if bytes > TEXT_BYTES_MAX {
                return Err(TooMuch::Text { what, bytes });
            }
            all = all.saturating_add(bytes);
        }
        match self.tags.len() {
            count if count > TAGS_MAX => Err(TooMuch::Tags { count }),
            _ if all > DETAILS_BYTES_MAX => Err(TooMuch::All { bytes: all }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: usize) -> String {
        "x".repeat(bytes)
    }

    #[test]
    fn what_can_be_said_has_bounds() {
        let most = Details {
            note: Some(text(TEXT_BYTES_MAX)),
            tags: vec![String::new(); TAGS_MAX],
            ..Details::default()
        };
        assert_eq!(most.within_bounds(), Ok(()));
        let refused = |details: Details| details.within_bounds().unwrap_err().to_string();
        let too_long = Some(text(TEXT_BYTES_MAX + 1));
        assert_eq!(
            refused(Details { project: too_long.clone(), ..Details::default() }),
            "failed to take a project of 65537 bytes: 65536 are the most"
        );
        assert!(refused(Details { task: too_long.clone(), ..Details::default() }).contains("a task"));
        assert!(refused(Details { note: too_long.clone(), ..Details::default() }).contains("a note"));
        assert!(
            refused(Details { tags: too_long.into_iter().collect(), ..Details::default() }).contains("a tag")
        );
        assert_eq!(
            refused(Details { tags: vec![String::new(); TAGS_MAX + 1], ..Details::default() }),
            "failed to take 101 tags: 100 are the most"
        );
        assert_eq!(
            refused(Details { tags: vec![text(TEXT_BYTES_MAX); 5], ..Details::default() }),
            "failed to take 327680 bytes of details: 262144 are the most"
        );
    }
}
