//! What measurements share.

use std::io;

/// Bytes of a page of memory, as on every machine that this is measured on.
const PAGE: u64 = 4_096;

/// The memory of this process that is resident, in bytes (Linux).
///
/// # Errors
/// `/proc/self/statm` cannot be read or does not have the form that Linux gives it.
pub fn resident_bytes() -> io::Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.map(|pages| pages * PAGE).ok_or_else(|| io::Error::other("the second field of statm is no number"))
}
