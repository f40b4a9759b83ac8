//! Randomness fit for cryptography.

use crate::imports;

/// So many random bytes, at most 65,536.
pub fn bytes(len: u32) -> Vec<u8> {
    imports::random_bytes(len)
}
