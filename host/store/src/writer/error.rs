//! Why a write was not acknowledged.

/// Why a write was not acknowledged, apart from what the job itself says.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WriteError {
    /// There is no room. Nothing of the write was kept.
    #[error(
        "failed to write to the database: the disk or the quota is full ({reason}); \
         make room or raise storage.quota, then it goes on by itself"
    )]
    Full {
        /// What SQLite said.
        reason: String,
    },
    /// The disk can't be written. Nothing of the write was kept.
    #[error(
        "failed to write to the database: its disk is full or can't be written ({reason}); make room or make it \
         writable, then send the same command again"
    )]
    ReadOnly {
        /// What SQLite said.
        reason: String,
    },
    /// The disk failed. Whether the write was kept will only be known when the file is next read: the same command
    /// may be sent again, because ids make it count once.
    #[error("failed to make a write durable: {reason}; check the disk, then send the same command again")]
    NotDurable {
        /// What SQLite said.
        reason: String,
    },
    /// The file is damaged. Nothing of the write was kept.
    #[error(
        "failed to write to the database: it is damaged ({reason}); restart stint to go on with the last backup"
    )]
    Damaged {
        /// What was found.
        reason: String,
    },
    /// The database could not be opened again, or its lock could not be had. Nothing of the write was kept.
    #[error("failed to begin writing to the database: {reason}; try again")]
    Unavailable {
        /// What SQLite said.
        reason: String,
    },
    /// The job panicked: a fault in stint. Nothing of the write was kept; others were not affected.
    #[error(
        "failed to write to the database: a fault in stint stopped the write ({message}); please report it"
    )]
    Panicked {
        /// What the panic said.
        message: String,
    },
    /// The store was closed before the write was taken. Nothing of it was kept.
    #[error("failed to write to the database: the store is closed")]
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_says_what_to_do() {
        let reason = || "disk I/O error".to_owned();
        let shown = |error: WriteError| error.to_string();
        assert_eq!(
            shown(WriteError::Full { reason: reason() }),
            "failed to write to the database: the disk or the quota is full (disk I/O error); \
             make room or raise storage.quota, then it goes on by itself"
        );
        assert_eq!(
            shown(WriteError::ReadOnly { reason: reason() }),
            "failed to write to the database: its disk is full or can't be written (disk I/O error); make room or make \
             it writable, then send the same command again"
        );
        assert_eq!(
            shown(WriteError::NotDurable { reason: reason() }),
            "failed to make a write durable: disk I/O error; check the disk, then send the same command again"
        );
        assert_eq!(
            shown(WriteError::Damaged { reason: "page 3".into() }),
            "failed to write to the database: it is damaged (page 3); restart stint to go on with the last backup"
        );
        assert_eq!(
            shown(WriteError::Unavailable { reason: reason() }),
            "failed to begin writing to the database: disk I/O error; try again"
        );
        assert_eq!(
            shown(WriteError::Panicked { message: "boom".into() }),
            "failed to write to the database: a fault in stint stopped the write (boom); please report it"
        );
        assert_eq!(shown(WriteError::Closed), "failed to write to the database: the store is closed");
    }
}
