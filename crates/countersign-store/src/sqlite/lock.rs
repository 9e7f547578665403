use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::OpenError;

/// The lock that keeps other processes out. The operating system lets go of it when this value, or the process, ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Whoever just ended may have left a child behind that was not yet told to let go: a lock goes along until a child
/// becomes another program.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(30);

impl Lock {
    /// Takes the lock beside `database`; one that is let go of within a moment is waited for.
    pub(super) async fn take(database: &Path) -> Result<Self, OpenError> {
        for _ in 1..TRIES {
            match Self::try_to_take(database) {
                Err(OpenError::InUse(_)) => tokio::time::sleep(PAUSE).await,
                other => return other,
            }
        }
        Self::try_to_take(database)
    }

    fn try_to_take(database: &Path) -> Result<Self, OpenError> {
        let path = beside(database);
        let not_writable =
            |source: std::io::Error| OpenError::NotWritable { path: path.clone(), source: source.into() };
        let file = private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(&path)
            .map_err(not_writable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse(database.to_owned())),
            Err(TryLockError::Error(source)) => Err(not_writable(source)),
        }
    }
}

/// A file that its owner alone may read: what people asked for is nobody else's business.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
