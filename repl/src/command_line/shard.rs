//! `--shard K/N`: one of several parts of a work that are done apart.

use super::words::usage;
use nivis::Result;
use nivis::codec::hash::{HashAlgorithm, hash_bytes};

/// One of several parts. What belongs to it depends on names alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Its number, from 0.
    index: u64,
    count: u64,
}

impl Shard {
    /// Reads `K/N`, with K from 1 to N.
    ///
    /// # Errors
    /// Fails if the text is not in this form.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok())?;
        let parts = text.split_once('/').and_then(|(part, count)| Some((number(part)?, number(count)?)));
        match parts {
            Some((part, count)) if (1..=count).contains(&part) => Ok(Self { index: part - 1, count }),
            _ => Err(usage(format!("'--shard' needs K/N, such as 2/5, with K from 1 to N, not '{text}'"))),
        }
    }

    /// True if a name belongs to this part.
    pub(crate) fn has(self, name: &str) -> bool {
        let digest = hash_bytes(HashAlgorithm::Sha256, name.as_bytes()).bytes;
        let number = digest.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte));
        number % self.count == self.index
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn each_name_is_in_one_part() {
        let parts: Vec<_> = (1..=7).map(|part| Shard::parse(&format!("{part}/7")).ok()).collect();
        for number in 0..1000 {
            let name = format!("package-{number}");
            assert_eq!(parts.iter().flatten().filter(|part| part.has(&name)).count(), 1, "{name}");
        }
        // Other versions of the program must find the same.
        assert!(parts[PART_OF_HELLO].is_some_and(|part| part.has("hello")));
    }

    const PART_OF_HELLO: usize = 0;

    #[test]
    fn other_texts() {
        let all = [
            "",
            "1",
            "0/0",
            "0/4",
            "5/4",
            "1/0",
            "a/b",
            "1/2/3",
            "+1/2",
            "-1/2",
            "1/",
            "/2",
            " 1/2",
            "99999999999999999999/2",
        ];
        for text in all {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
