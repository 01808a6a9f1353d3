//! Identifiers: request ids that never repeat, and ids that depend on nothing but what they name.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::machine_time;

/// Steele's `SplitMix64` step: one full-period sequence of well-mixed numbers.
#[must_use]
pub fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A hash that is the same in every process and on every machine (FNV-1a, mixed).
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    mix(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// `length` letters and digits that depend on `seed` alone.
#[must_use]
pub fn letters(seed: u64, length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    from_alphabet(ALPHABET, seed, length)
}

/// `length` lower-case letters and digits that depend on `seed` alone, as AWS's opaque resource ids are.
#[must_use]
pub fn lower_case(seed: u64, length: usize) -> String {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    from_alphabet(ALPHABET, seed, length)
}

/// `length` lower-case letters and digits from 2 to 7 that depend on `seed` alone, as projects' ids are.
#[must_use]
pub fn base32(seed: u64, length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    from_alphabet(ALPHABET, seed, length)
}

/// The opaque id of something new, made from the id of the request that asks for it.
#[must_use]
pub fn new_id(request: &[u8]) -> String {
    lower_case(hash(request), 12)
}

fn from_alphabet(alphabet: &[u8], seed: u64, length: usize) -> String {
    let mut state = seed;
    (0..length)
        .map(|_| {
            state = mix(state);
            char::from(alphabet[usize::try_from(state % alphabet.len() as u64).unwrap_or(0)])
        })
        .collect()
}

/// Ids that do not repeat: two emulators, or two runs of one, do not give the same.
#[derive(Debug)]
pub struct Sequence {
    seed: u64,
    next: AtomicU64,
}

impl Default for Sequence {
    fn default() -> Self {
        let seed = mix(machine_time().epoch_milliseconds()) ^ mix(u64::from(std::process::id()));
        Self {
            seed,
            next: AtomicU64::new(0),
        }
    }
}

impl Sequence {
    /// A number that this sequence has not given before.
    pub fn number(&self) -> u64 {
        mix(self.seed.wrapping_add(
            self.next
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_mul(0x9e37_79b9),
        ))
    }

    /// A request id in the form of a random UUID.
    pub fn request_id(&self) -> String {
        let (high, low) = (self.number(), self.number());
        let mut id = String::with_capacity(36);
        let _ = write!(
            id,
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0x0fff,
            0x8000 | (low >> 48 & 0x3fff),
            low & 0xffff_ffff_ffff
        );
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_look_like_uuids_and_differ() {
        let sequence = Sequence::default();
        let ids: std::collections::HashSet<_> =
            (0..10_000).map(|_| sequence.request_id()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(
            ids.iter()
                .all(|id| id.len() == 36 && id.as_bytes()[14] == b'4')
        );
    }

    #[test]
    fn named_ids_depend_on_their_seed_alone() {
        assert_eq!(letters(7, 22), letters(7, 22));
        assert_ne!(letters(7, 22), letters(8, 22));
        assert!(
            lower_case(1, 12)
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        );
    }
}
