//! The delay before a retry.

use crate::codec::date::Moment;
use crate::fetch::options::FetchOptions;

/// The longest delay that a server may request, in seconds.
const LONGEST_WISH: u64 = 600;

/// The delay before the next try, in milliseconds, after this many tries.
pub(super) fn delay(
    options: &FetchOptions,
    tries: u32,
    of_too_many: bool,
    retry_after: Option<u64>,
    chance: u64,
) -> u64 {
    let base = if of_too_many { options.retry_delay_rate_limited } else { options.retry_delay };
    let doubled = base.saturating_mul(1_u64.checked_shl(tries.saturating_sub(1)).unwrap_or(u64::MAX));
    let longest = doubled.min(options.retry_max_delay);
    let least = retry_after.unwrap_or(0).min(LONGEST_WISH).saturating_mul(1000);
    if options.retry_jitter { least.saturating_add(chance % longest.saturating_add(1)) } else { least.max(longest) }
}

/// The seconds in a `Retry-After` header: a number, or a date.
pub(super) fn retry_after(text: &str, now: i64) -> Option<u64> {
    let text = text.trim();
    text.parse().ok().or_else(|| u64::try_from((date(text)? - now).max(0)).ok())
}

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// The seconds from 1970 until a date of the form `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(text: &str) -> Option<i64> {
    let (_, text) = text.split_once(", ")?;
    let words: Vec<&str> = text.split([' ', '-', ':']).collect();
    let [day, month, year, hours, minutes, seconds, "GMT"] = words[..] else { return None };
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| (0..10_000).contains(number));
    let month = MONTHS.find(month).filter(|place| place % 3 == 0 && month.len() == 3)? as i64 / 3 + 1;
    let (year, day) = (number(year)?, number(day)?);
    let (hour, minute, second) = (number(hours)?, number(minutes)?, number(seconds)?);
    Some(Moment { year, month, day, hour, minute, second }.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let table = [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
            ("Thu, 29 Fe 2024 23:59:59 GMT", None),
            ("yesterday", None),
        ];
        for (text, expected) in table {
            assert_eq!(date(text), expected, "{text}");
        }
        assert_eq!(retry_after("7", 0), Some(7));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770), Some(7));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 884_111_770), Some(0));
    }

    #[test]
    fn delays() {
        let mut options = FetchOptions::new("/");
        options.retry_jitter = false;
        let delays: Vec<_> = (1..=12).map(|tries| delay(&options, tries, false, None, 0)).collect();
        assert_eq!(delays[..4], [100, 200, 400, 800]);
        assert_eq!(delays[11], 60_000);
        assert_eq!(delay(&options, 200, false, None, 0), 60_000);
        assert_eq!(delay(&options, 1, true, Some(9), 0), 9000);
        options.retry_jitter = true;
        assert_eq!(delay(&options, 1, false, Some(9), 100), 9100);
        assert_eq!(delay(&options, 1, false, None, 101), 0);
    }
}
