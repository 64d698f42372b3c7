//! Reads the text that Prometheus and OpenMetrics targets give. Pure.

use std::collections::BTreeMap;

/// Samples of one page at most.
const MOST: usize = 200_000;
/// Characters of a line in an error.
const SHOWN: usize = 80;

/// What a page says.
#[derive(Debug, Default, PartialEq)]
pub struct Page {
    /// In the order of the page.
    pub samples: Vec<Sample>,
    /// What `# TYPE` says of a family.
    kinds: BTreeMap<String, String>,
}

/// One line with a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// As it is written: that of a histogram ends in `_bucket`, `_sum` or `_count`.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What it is worth; may be NaN or infinite.
    pub value: f64,
}

impl Page {
    /// What a page says.
    ///
    /// # Errors
    /// Why it is no such page, with the line, as a clause.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut page = Self::default();
        for (line, number) in text.lines().zip(1..) {
            let line = line.trim();
            let wrong = |why: String| {
                let shown: String = line.chars().take(SHOWN).collect();
                format!("line {number} {why}: {shown:?}")
            };
            if let Some(comment) = line.strip_prefix('#') {
                page.comment(comment);
            } else if !line.is_empty() {
                page.samples.push(sample(line).map_err(wrong)?);
            }
            if page.samples.len() > MOST {
                return Err(wrong(format!("is beyond {MOST} samples")));
            }
        }
        match page.samples.is_empty() {
            true => Err("there is no sample in it".to_string()),
            false => Ok(page),
        }
    }

    fn comment(&mut self, comment: &str) {
        let mut words = comment.split_whitespace();
        if let (Some("TYPE"), Some(family), Some(kind)) = (words.next(), words.next(), words.next())
        {
            self.kinds.insert(family.to_string(), kind.to_string());
        }
    }

    /// Whether a number of that name only ever grows, as long as its process lives.
    pub fn only_grows(&self, name: &str) -> bool {
        let parts = ["_bucket", "_count", "_sum", "_total"];
        let families = parts.iter().filter_map(|part| name.strip_suffix(part));
        let kinds = families
            .chain([name])
            .find_map(|family| self.kinds.get(family));
        match kinds.map(String::as_str) {
            Some("counter") => true,
            // The sum of what may be negative may fall.
            Some("histogram" | "summary") => name.ends_with("_bucket") || name.ends_with("_count"),
            Some("untyped" | "unknown") | None => name.ends_with("_total"),
            Some(_) => false,
        }
    }
}

/// `name{label="value"} 7 1700000000`, or `{"odd name", label="value"} 7`.
fn sample(line: &str) -> Result<Sample, String> {
    let end = line
        .find(|c: char| c == '{' || c.is_whitespace())
        .ok_or("has no value")?;
    let mut name = line[..end].to_string();
    let mut labels = BTreeMap::new();
    let mut rest = line[end..].trim_start();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = read_labels(inner, &mut name, &mut labels)?;
    }
    if !is_name(&name) {
        return Err("begins with no name of a metric".to_string());
    }
    let mut words = rest.split_whitespace();
    let value = words.next().ok_or("has no value")?;
    let value = value.parse().map_err(|_| "has a value that is no number")?;
    // A time, and an exemplar of OpenMetrics behind it.
    match words.next() {
        Some(time) if time != "#" && time.parse::<f64>().is_err() => {
            return Err("has a time that is none".to_string());
        }
        _ => {}
    }
    match words.next() {
        Some(more) if !rest.contains(" # ") => {
            Err(format!("has more than a value and a time, `{more}`"))
        }
        _ => Ok(Sample {
            name,
            labels,
            value,
        }),
    }
}

/// A quoted name may hold anything, a bare one has come without white space and brackets.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(['<', '>', '"', '=', '}'])
}

/// Labels up to the closing brace; gives what is behind it.
fn read_labels<'a>(
    mut rest: &'a str,
    name: &mut String,
    labels: &mut BTreeMap<String, String>,
) -> Result<&'a str, String> {
    loop {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
        if let Some(behind) = rest.strip_prefix('}') {
            return Ok(behind);
        }
        let (label, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_text(quoted)?,
            None => {
                let end = rest
                    .find(['=', ' ', '}'])
                    .ok_or("has labels without an end")?;
                (rest[..end].to_string(), &rest[end..])
            }
        };
        let behind = behind.trim_start();
        rest = match behind.strip_prefix('=') {
            Some(value) => {
                let value = value.trim_start().strip_prefix('"');
                let (value, behind) = quoted_text(value.ok_or("has a label without quotes")?)?;
                labels.insert(label, value);
                behind
            }
            // A name that needs quotes stands among the labels.
            None if name.is_empty() && rest.starts_with('"') => {
                *name = label;
                behind
            }
            None => return Err("has a label without a value".to_string()),
        };
    }
}

/// Text up to its closing quote, with `\\`, `\"` and `\n` undone; and what is behind it.
fn quoted_text(text: &str) -> Result<(String, &str), String> {
    let mut out = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((out, &text[at + 1..])),
            '\\' => match characters.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, other @ ('\\' | '"'))) => out.push(other),
                // As Prometheus does: what is no escape stays as it is.
                Some((_, other)) => out.extend(['\\', other]),
                None => break,
            },
            other => out.push(other),
        }
    }
    Err("has a quote without an end".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400",}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9
metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320 # {trace_id="K x"} 0.67 1.5
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} NaN
# TYPE room gauge
room 3
{"my.dotted.metric", "some label"="v"} 5
# EOF
"#;

    #[test]
    fn the_formats_own_example_is_read() {
        let page = Page::parse(PAGE).expect("a page");
        let of = |name: &str| -> Vec<&Sample> {
            page.samples.iter().filter(|it| it.name == name).collect()
        };
        assert_eq!(page.samples.len(), 12);
        assert_eq!(of("http_requests_total")[0].value, 1027.0);
        assert_eq!(of("http_requests_total")[1].labels["code"], "400");
        let odd = &of("msdos_file_access_time_seconds")[0].labels;
        assert_eq!(odd["path"], r"C:\DIR\FILE.TXT");
        assert_eq!(odd["error"], "Cannot find file:\n\"FILE.TXT\"");
        assert_eq!(of("something_weird")[0].value, f64::INFINITY);
        assert!(of("rpc_duration_seconds")[0].value.is_nan());
        assert_eq!(
            of("http_request_duration_seconds_bucket")[1].labels["le"],
            "+Inf"
        );
        assert_eq!(of("my.dotted.metric")[0].labels["some label"], "v");
        for (name, grows) in [
            ("http_requests_total", true),
            ("http_request_duration_seconds_count", true),
            ("http_request_duration_seconds_sum", false),
            ("room", false),
            ("untold_total", true),
            ("untold", false),
        ] {
            assert_eq!(page.only_grows(name), grows, "{name}");
        }
    }

    #[test]
    fn what_is_no_page_is_said_with_its_line() {
        for (text, words) in [
            ("", "no sample"),
            ("# TYPE a counter\n", "no sample"),
            ("a 1\n<html>", "line 2 has no value"),
            ("<html lang=\"en\"> 1", "line 1 begins with no name"),
            ("a one", "no number"),
            ("a", "has no value"),
            ("a{b=\"c\"", "labels without an end"),
            ("a{b=\"c} 1", "a quote without an end"),
            ("a{b} 1", "a label without a value"),
            ("a{b=c} 1", "a label without quotes"),
            ("a 1 soon", "a time that is none"),
            ("a 1 2 3", "more than a value and a time"),
        ] {
            let why = Page::parse(text).expect_err(text);
            assert!(why.contains(words), "{text}: {why}");
        }
    }
}
