//! A call of an expectation as it stands on one line of Lua: found, and given more to demand.

/// `a:expect({ type = "x" }, { within = "5s" })`, with what stands before and behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    before: String,
    method: String,
    pattern: String,
    options: Option<String>,
    behind: String,
}

impl Call {
    /// The first call on a line whose pattern is a table that ends there.
    pub(super) fn read(line: &str) -> Option<Self> {
        let at = find(line, ":expect")?;
        let rest = &line[at + 1..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let (method, rest) = rest.split_at(end);
        let open = rest.trim_start();
        let (pattern, options, behind) = match open.strip_prefix('(') {
            Some(inner) => {
                let (pattern, rest) = table(inner.trim_start())?;
                let rest = rest.trim_start();
                let (options, rest) = match rest.strip_prefix(',') {
                    Some(more) => {
                        let (options, rest) = table(more.trim_start())?;
                        (Some(options), rest.trim_start())
                    }
                    None => (None, rest),
                };
                (pattern, options, rest.strip_prefix(')')?)
            }
            None => {
                let (pattern, rest) = table(open)?;
                (pattern, None, rest)
            }
        };
        Some(Self {
            before: line[..=at].to_string(),
            method: method.to_string(),
            pattern: pattern.to_string(),
            options: options.map(str::to_string),
            behind: behind.to_string(),
        })
    }

    /// The same with one more member in its pattern.
    pub(super) fn with_member(&self, member: &str) -> String {
        Self {
            pattern: merged(&self.pattern, member),
            ..self.clone()
        }
        .write()
    }

    /// True if its pattern demands this already.
    pub(super) fn has(&self, member: &str) -> bool {
        self.pattern.contains(member)
    }

    /// The same with an option.
    pub(super) fn with_option(&self, name: &str, value: &str) -> String {
        let options = self.options.clone().unwrap_or_else(|| "{}".to_string());
        Self {
            options: Some(merged(&options, &format!("{name} = {value}"))),
            ..self.clone()
        }
        .write()
    }

    /// The same, exactly once; not for a method that cannot count.
    pub(super) fn with_count(&self) -> Option<String> {
        (self.method == "expect").then(|| self.with_option("exactly", "1"))
    }

    /// The same with another method.
    pub(super) fn with_method(&self, method: &str) -> String {
        Self {
            method: method.to_string(),
            ..self.clone()
        }
        .write()
    }

    fn write(&self) -> String {
        let Self {
            before,
            method,
            pattern,
            options,
            behind,
        } = self;
        match options {
            Some(options) => format!("{before}{method}({pattern}, {options}){behind}"),
            None if behind.is_empty() => format!("{before}{method} {pattern}"),
            None => format!("{before}{method}({pattern}){behind}"),
        }
    }
}

/// A table with one more member: into a table of the same name where there is one, and in the place
/// of a value of that name.
fn merged(table: &str, member: &str) -> String {
    let inner = table.trim_start_matches('{');
    let inner = inner
        .strip_suffix('}')
        .unwrap_or(inner)
        .trim()
        .trim_end_matches(',');
    let Some((name, value)) = member
        .split_once('=')
        .map(|(name, value)| (name.trim(), value.trim()))
    else {
        return format!("{{ {inner}, {member} }}");
    };
    for (at, end) in members(inner) {
        let own = &inner[at..end];
        let Some((known, old)) = own.split_once('=') else {
            continue;
        };
        if known.trim() != name {
            continue;
        }
        let old = old.trim();
        let new = both(old, value);
        return format!("{{ {}{name} = {new}{} }}", &inner[..at], &inner[end..]);
    }
    match inner {
        "" => format!("{{ {member} }}"),
        inner => format!("{{ {inner}, {member} }}"),
    }
}

/// A value that demands what both demand; where that cannot be written, the new one.
fn both(old: &str, new: &str) -> String {
    const CONTAINS: &str = "match.contains(";
    const ALL: &str = "match.all_of(";
    let inner = |text: &str| {
        text.strip_prefix(CONTAINS)?
            .strip_suffix(')')
            .map(str::to_string)
    };
    if old.starts_with('{') && new.starts_with('{') {
        let inside = new.strip_prefix('{').and_then(|new| new.strip_suffix('}'));
        let inside = inside.unwrap_or(new);
        let inside = inside.trim();
        return members(inside)
            .into_iter()
            .fold(old.to_string(), |table, (at, end)| {
                merged(&table, &inside[at..end])
            });
    }
    if let (Some(old), Some(new)) = (inner(old), inner(new)) {
        return format!("{CONTAINS}{})", both(&old, &new));
    }
    if let Some(all) = old.strip_prefix(ALL).and_then(|all| all.strip_suffix(')')) {
        let all = all.trim();
        // Of several the one of the same kind, else one more.
        for (at, end) in members(all) {
            if inner(&all[at..end]).is_some() && inner(new).is_some() {
                let one = both(&all[at..end], new);
                return format!("{ALL}{}{one}{})", &all[..at], &all[end..]);
            }
        }
        return format!("{ALL}{all}, {new})");
    }
    // A type says less than what is there.
    if new.starts_with("match.type(") || (old.starts_with('{') && new.starts_with("match.")) {
        return old.to_string();
    }
    match old.starts_with("match.") && new.starts_with("match.") && old != new {
        true => format!("{ALL}{old}, {new})"),
        false => new.to_string(),
    }
}

/// Where the members of a table's inside begin and end.
fn members(inner: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut begin = 0;
    let mut scan = Scan::default();
    for (at, c) in inner.char_indices() {
        if scan.step(c) && scan.depth == 0 && c == ',' {
            found.push((begin, at));
            begin = at + 1;
        }
    }
    found.push((begin, inner.len()));
    let trimmed = found.into_iter().map(|(begin, end)| {
        let text = &inner[begin..end];
        let skipped = text.len() - text.trim_start().len();
        (begin + skipped, begin + text.trim_end().len())
    });
    trimmed.filter(|(begin, end)| begin < end).collect()
}

/// A table at the beginning of a text, and what is behind it.
fn table(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with('{') {
        return None;
    }
    let mut scan = Scan::default();
    for (at, c) in text.char_indices() {
        if scan.step(c) && scan.depth == 0 && at > 0 {
            return Some(text.split_at(at + c.len_utf8()));
        }
    }
    None
}

/// Reads Lua character by character, strings and brackets in mind.
#[derive(Default)]
struct Scan {
    depth: usize,
    quote: Option<char>,
    escaped: bool,
}

impl Scan {
    /// True if this character stands outside of strings.
    fn step(&mut self, c: char) -> bool {
        if let Some(quote) = self.quote {
            match (self.escaped, c) {
                (true, _) => self.escaped = false,
                (false, '\\') => self.escaped = true,
                (false, c) if c == quote => self.quote = None,
                (false, _) => {}
            }
            return false;
        }
        match c {
            '"' | '\'' => self.quote = Some(c),
            '{' | '(' | '[' => self.depth += 1,
            '}' | ')' | ']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        true
    }
}

/// Where a text begins outside of strings.
fn find(line: &str, wanted: &str) -> Option<usize> {
    let mut scan = Scan::default();
    for (at, c) in line.char_indices() {
        if scan.step(c) && line[at..].starts_with(wanted) {
            return Some(at);
        }
    }
    None
}

/// The line of a request with an expectation behind it: `bob:get("/x"):expect { status = 404 }`.
pub(super) fn asked(line: &str, member: &str) -> Option<String> {
    let (code, comment) = match line.split_once(" --") {
        Some((code, comment)) => (code.trim_end(), format!(" --{comment}")),
        None => (line, String::new()),
    };
    let closed = {
        let mut scan = Scan::default();
        code.chars().all(|c| {
            scan.step(c);
            true
        }) && scan.depth == 0
            && scan.quote.is_none()
    };
    let is_call = code.ends_with(')') && !code.contains("function") && !code.starts_with("for ");
    (closed && is_call).then(|| format!("{code}:expect {{ {member} }}{comment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: &str) -> Call {
        Call::read(line).expect("a call")
    }

    #[test]
    fn a_call_is_found_and_written_again() {
        let bare = call(r#"local m = a:expect { type = "a, }", n = { 1 } }"#);
        assert_eq!(
            bare.with_member("count = 2"),
            r#"local m = a:expect { type = "a, }", n = { 1 }, count = 2 }"#
        );
        let full = call(r#"b:expect({ type = "x" }, { within = "5s" }).text"#);
        assert_eq!(
            full.with_option("exactly", "1"),
            r#"b:expect({ type = "x" }, { within = "5s", exactly = 1 }).text"#
        );
        assert_eq!(
            call("b:expect { a = 1 }").with_option("exactly", "1"),
            "b:expect({ a = 1 }, { exactly = 1 })"
        );
        assert_eq!(Call::read("b:expect(pattern)"), None);
    }

    #[test]
    fn tables_of_the_same_name_become_one_and_a_value_gives_way() {
        let call = call("x:expect { status = 200, json = { ok = true } }");
        assert_eq!(
            call.with_member("json = { count = 3 }"),
            "x:expect { status = 200, json = { ok = true, count = 3 } }"
        );
        assert_eq!(
            call.with_member("status = 201"),
            "x:expect { status = 201, json = { ok = true } }"
        );
    }

    #[test]
    fn a_request_gets_its_expectation() {
        assert_eq!(
            asked("local r = bob:get(\"/x\") -- why", "status = 404").as_deref(),
            Some("local r = bob:get(\"/x\"):expect { status = 404 } -- why")
        );
        assert_eq!(asked("bob:post(\"/x\", {", "status = 404"), None);
    }
}
