//! Durations as people write and read them: `"250ms"` in settings and scripts, `1.6 s` in reports.

use std::time::Duration;

use super::Nanos;

/// The longest duration that is taken: 100 years. Deadlines are computed by adding to "now", and
/// the sum must not run over.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

const MILLI: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MILLI;

/// Reads `250ms`, `5s`, `2m`, `1h`, `1.5s` or a sum such as `1m 30s`.
///
/// # Errors
/// One sentence that says what was found and what is valid.
pub fn parse(text: &str) -> Result<Duration, String> {
    let trimmed = text.trim();
    if trimmed.parse::<f64>().is_ok() {
        return Err(format!(
            "{text:?} has no unit: write \"{trimmed}s\" for seconds, or a number without quotes"
        ));
    }
    match humantime::parse_duration(trimmed) {
        Ok(duration) if duration <= LONGEST => Ok(duration),
        Ok(_) => Err(too_long(&format!("{text:?}"))),
        Err(_) => Err(format!(
            "{text:?} is no duration: expected \"250ms\", \"5s\", \"2m\", \"1h\" or a number of seconds"
        )),
    }
}

/// A duration given as a number of seconds.
///
/// # Errors
/// One sentence, for a negative number, one that is none, or one beyond 100 years.
pub fn from_seconds(seconds: f64) -> Result<Duration, String> {
    if seconds < 0.0 {
        return Err(format!("{seconds} is no duration: it must not be negative"));
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if duration <= LONGEST => Ok(duration),
        _ if seconds.is_nan() => Err("a duration must be a number of seconds".to_string()),
        _ => Err(too_long(&seconds.to_string())),
    }
}

fn too_long(found: &str) -> String {
    format!("{found} is too long: at most 100 years")
}

/// The same in nanoseconds, as traces keep it.
pub fn nanos(duration: Duration) -> Nanos {
    Nanos::try_from(duration.as_nanos()).unwrap_or(Nanos::MAX)
}

/// As reports show it: `0.4 ms`, `38 ms`, `1.6 s`, `31 s`, `2 min 3 s`, `1 h 5 min`. Rounded to
/// what is shown, so that 999.9 ms is `1.0 s` and never `1000 ms`.
pub fn show(nanos: Nanos) -> String {
    let tenths_of_milli = rounded(nanos, MILLI / 10);
    let millis = rounded(nanos, MILLI);
    let tenths = rounded(nanos, SECOND / 10);
    let seconds = rounded(nanos, SECOND);
    if nanos == 0 {
        "0 ms".to_string()
    } else if tenths_of_milli < 10 {
        // What took any time at all is not shown as nothing.
        format!("0.{} ms", tenths_of_milli.max(1))
    } else if millis < 1_000 {
        format!("{millis} ms")
    } else if tenths < 100 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else if seconds < 60 {
        format!("{seconds} s")
    } else if seconds < 60 * 60 {
        two(seconds / 60, "min", seconds % 60, "s")
    } else {
        let minutes = rounded(nanos, 60 * SECOND);
        two(minutes / 60, "h", minutes % 60, "min")
    }
}

fn rounded(nanos: Nanos, unit: u64) -> u64 {
    nanos.saturating_add(unit / 2) / unit
}

fn two(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    if small == 0 {
        format!("{large} {large_unit}")
    } else {
        format!("{large} {large_unit} {small} {small_unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read() {
        for (text, millis) in [
            ("250ms", 250),
            ("5s", 5_000),
            (" 5 s ", 5_000),
            ("1.5s", 1_500),
            ("2m", 120_000),
            ("1h", 3_600_000),
            ("1m 30s", 90_000),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_what_is() {
        for (text, part) in [
            ("5", "\"5\" has no unit: write \"5s\""),
            ("", "\"\" is no duration: expected \"250ms\", \"5s\""),
            ("soon", "\"soon\" is no duration"),
            ("5 parsecs", "no duration"),
            ("-5s", "no duration"),
            ("5,5s", "no duration"),
            ("999 years", "too long: at most 100 years"),
        ] {
            let message = parse(text).expect_err(text);
            assert!(message.contains(part), "{text}: {message}");
        }
    }

    #[test]
    fn seconds_are_checked() {
        assert_eq!(from_seconds(0.25), Ok(Duration::from_millis(250)));
        for seconds in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert!(from_seconds(seconds).is_err(), "{seconds}");
        }
        assert_eq!(nanos(Duration::MAX), u64::MAX);
    }

    #[test]
    fn reports_round_to_what_they_show() {
        for (micros, shown) in [
            (0, "0 ms"),
            (1, "0.1 ms"),
            (420, "0.4 ms"),
            (960, "1 ms"),
            (38_000, "38 ms"),
            (999_600, "1.0 s"),
            (1_640_000, "1.6 s"),
            (5_000_000, "5.0 s"),
            (9_960_000, "10 s"),
            (31_200_000, "31 s"),
            (59_700_000, "1 min"),
            (123_000_000, "2 min 3 s"),
            (3_599_800_000, "1 h"),
            (3_900_000_000, "1 h 5 min"),
        ] {
            assert_eq!(show(micros * 1_000), shown, "{micros} µs");
        }
    }
}
