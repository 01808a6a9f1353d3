//! Times as the invocation log writes them.

/// Milliseconds since 1970 of an ISO 8601 time such as `2026-04-02T10:11:12.345Z`; `None` if it is none.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() < 19 || bytes[4] != b'-' || bytes[7] != b'-' || !matches!(bytes[10], b'T' | b' ')
    {
        return None;
    }
    if bytes[13] != b':' || bytes[16] != b':' {
        return None;
    }
    let [year, month, day] = [
        digits(&bytes[..4])?,
        digits(&bytes[5..7])?,
        digits(&bytes[8..10])?,
    ];
    let [hour, minute, second] = [
        digits(&bytes[11..13])?,
        digits(&bytes[14..16])?,
        digits(&bytes[17..19])?,
    ];
    if !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let mut rest = &bytes[19..];
    let mut fraction = 0;
    if rest.first() == Some(&b'.') {
        let length = rest[1..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        for position in 0..3 {
            fraction = fraction * 10
                + rest[1..=length]
                    .get(position)
                    .map_or(0, |digit| i64::from(digit - b'0'));
        }
        rest = &rest[1 + length..];
    }
    let offset = match rest {
        b"" | b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), hours @ .., _, _] => {
            let hours = digits(hours.strip_suffix(b":").unwrap_or(hours))?;
            let minutes = digits(&rest[rest.len() - 2..])?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            let minutes = hours * 60 + minutes;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let seconds =
        days_since_1970(year, month, day) * 86_400 + hour * 3_600 + (minute - offset) * 60 + second;
    Some(seconds * 1_000 + fraction)
}

/// A number of four digits at most, as the parts of a time are.
fn digits(bytes: &[u8]) -> Option<i64> {
    let all = matches!(bytes.len(), 1..=4) && bytes.iter().all(u8::is_ascii_digit);
    all.then(|| {
        bytes
            .iter()
            .fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
    })
}

/// Days since 1970 in the Gregorian calendar, with years that begin in March so that the leap day is their last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::milliseconds;

    proptest! {
        #[test]
        fn whatever_stands_behind_a_moment_is_read_or_refused(rest in "[.:+Zz0-9-]{0,40}") {
            let day = 86_400_000;
            let read = milliseconds(&format!("1970-01-03T00:00:00{rest}"));
            prop_assert!(read.is_none_or(|it| (day..=3 * day).contains(&it)), "{read:?}");
        }
    }

    #[test]
    fn reads_what_bedrock_and_cloudwatch_write() {
        assert_eq!(milliseconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(
            milliseconds("2026-04-02T10:11:12Z"),
            Some(1_775_124_672_000)
        );
        assert_eq!(
            milliseconds("2026-04-02T10:11:12.3456Z"),
            Some(1_775_124_672_345)
        );
        assert_eq!(
            milliseconds("2026-04-02 10:11:12.345"),
            Some(1_775_124_672_345)
        );
        assert_eq!(
            milliseconds("2026-04-02T12:11:12+02:00"),
            Some(1_775_124_672_000)
        );
        assert_eq!(
            milliseconds("2024-02-29T00:00:00Z"),
            Some(1_709_164_800_000)
        );
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "yesterday",
            "2026-13-02T10:11:12Z",
            "2026-04-02T10:11:12?",
            "2026-04-02X10:11:12Z",
            "2026-04-0é10:11:12Z",
            "2026-04-02T10:11:12+99999999999999999999999",
            "2026-04-02T10:11:12-24:00",
            "2026-04-02T10:11:12+01:60",
        ] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
