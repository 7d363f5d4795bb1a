//! A share of the rows for each of several machines, by the key of the row alone: the same
//! row falls to the same machine, whatever the order of the table.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// One of so many shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// Returns whether a row falls into it.
    pub fn has(self, key: &str) -> bool {
        share(key, u64::from(self.of)) == u64::from(self.index - 1)
    }
}

/// Returns which of so many shares, from 0, a key falls into.
pub(super) fn share(key: &str, of: u64) -> u64 {
    let digest = Sha256::digest(key);
    let mut number = [0; 8];
    number.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(number) % of.max(1)
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts =
            text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((index, of)) if (1..=of).contains(&index) => Ok(Self { index, of }),
            _ => Err("write it as 2/4: the second of four".to_owned()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_falls_into_one_shard_and_shards_are_about_even() {
        let shards: Vec<Shard> = (1..=4).map(|index| Shard { index, of: 4 }).collect();
        let mut counts = [0; 4];
        for key in (0..4_000).map(|n| format!("row-{n}")) {
            let takers: Vec<u32> = shards.iter().filter(|shard| shard.has(&key)).map(|s| s.index).collect();
            assert_eq!(takers.len(), 1, "{key}: {takers:?}");
            counts[takers[0] as usize - 1] += 1;
        }
        assert!(counts.iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_shard_is_written_as_a_fraction() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, of: 4 }));
        for bad in ["0/4", "5/4", "1", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
