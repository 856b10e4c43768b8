//! Result links: mended where a tool broke them, and how long they are good.

/// Puts back an `&` that some tool wrote as `\u0026` or `&amp;`; nothing else of a signed link may
/// be touched, or its signature is no longer that of its query.
pub(super) fn repaired(link: &str) -> String {
    // The doubled form first: the single one is a part of it.
    link.replace("\\\\u0026", "&").replace("\\u0026", "&").replace("&amp;", "&")
}

/// When a signed link expires, in unix seconds. Read are the queries of OSS V1 (`Expires`), OSS V4
/// (`x-oss-date` and `x-oss-expires`), S3 (`X-Amz-Date`, `X-Amz-Expires`) and our own (`expires`).
#[must_use]
pub fn expiry(link: &str) -> Option<i64> {
    let query = link.split('#').next()?.split_once('?')?.1;
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let seconds = |name: &str| value(name)?.parse::<u32>().ok().map(i64::from);
    let signed_for = |date: &str, expires: &str| unix_time(value(date)?)?.checked_add(seconds(expires)?);
    signed_for("x-oss-date", "x-oss-expires")
        .or_else(|| signed_for("x-amz-date", "x-amz-expires"))
        .or_else(|| seconds("expires"))
}

/// Unix seconds of `yyyymmddThhmmssZ` (ISO 8601, basic).
fn unix_time(text: &str) -> Option<i64> {
    let bytes: &[u8; 16] = text.as_bytes().try_into().ok()?;
    let [date @ .., b'Z'] = bytes else { return None };
    let number = |at: usize, length: usize| {
        let digits = date.get(at..at + length)?;
        digits.iter().try_fold(0, |n: i64, d| d.is_ascii_digit().then(|| n * 10 + i64::from(d - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(4, 2)?, number(6, 2)?);
    let (hour, minute, second) = (number(9, 2)?, number(11, 2)?, number(13, 2)?);
    let in_range = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    if date[8] != b'T' || !in_range {
        return None;
    }
    // Days of the proleptic Gregorian calendar, years beginning in March (H. Hinnant, days_from_civil).
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = days + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_ampersand_is_mended_and_nothing_else() {
        for broken in ["a?x=1\\u0026y=%2F", "a?x=1\\\\u0026y=%2F", "a?x=1&amp;y=%2F", "a?x=1&y=%2F"] {
            assert_eq!(repaired(broken), "a?x=1&y=%2F");
        }
        let odd = "https://h/a%20b?Signature=a%2Bb/c==&Expires=1&b=&&a=%26amp%3B#x";
        assert_eq!(repaired(odd), odd);
    }

    #[test]
    fn the_expiry_of_each_kind_of_signature() {
        let v1 = "https://h/r.png?Expires=1679986124&OSSAccessKeyId=a&Signature=b";
        assert_eq!(expiry(v1), Some(1_679_986_124));
        let v4 = "https://h/r?x-oss-credential=a&x-oss-date=20240229T235959Z&x-oss-expires=3600&x-oss-signature=b";
        assert_eq!(expiry(v4), Some(1_709_251_199 + 3_600));
        let s3 = "https://h/r?X-Amz-Date=19700101T000000Z&X-Amz-Expires=7";
        assert_eq!(expiry(s3), Some(7));
        assert_eq!(expiry("http://h/results/x.png?expires=12&signature=ab"), Some(12));
        assert_eq!(expiry("http://h/?x-oss-date=20000301T000000Z&x-oss-expires=0"), Some(951_868_800));
    }

    #[test]
    fn a_link_without_a_time_has_none() {
        for link in [
            "https://h/r.png",
            "https://h/r.png#?expires=3",
            "https://h/r?Expires=soon",
            "https://h/r?x-oss-date=20241301T000000Z&x-oss-expires=1",
            "https://h/r?x-oss-date=2024&x-oss-expires=1",
            "https://h/r?x-oss-date=20240101 000000Z&x-oss-expires=1",
            "https://h/r?x-oss-expires=3600",
        ] {
            assert_eq!(expiry(link), None, "{link}");
        }
    }
}
