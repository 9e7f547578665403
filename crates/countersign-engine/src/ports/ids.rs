//! Names that nobody can guess and nobody has used.

/// Randomness, as the pipeline sees it.
pub trait Ids: Send + Sync {
    /// 128 random bits.
    fn random(&self) -> u128;
}
