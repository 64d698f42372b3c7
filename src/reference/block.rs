//! One comment of a stub: prose, an example, and lines of tags such as `---@param`.

use super::Field;

/// The lines above something.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) prose: String,
    pub(super) example: String,
    pub(super) class: Option<(String, Option<String>)>,
    pub(super) open: bool,
    pub(super) fields: Vec<Field>,
    pub(super) parameters: Vec<Field>,
    pub(super) returns: Vec<(String, String)>,
    pub(super) kind: Option<String>,
}

impl Block {
    pub(super) fn read(lines: &[&str]) -> Self {
        let mut block = Self::default();
        let mut in_example = false;
        for line in lines {
            match line.trim_end() {
                "```lua" => in_example = true,
                "```" => in_example = false,
                code if in_example => {
                    block.example.push_str(code);
                    block.example.push('\n');
                }
                line => match line.strip_prefix('@') {
                    Some(tag) => block.tag(tag),
                    None => {
                        block.prose.push_str(line);
                        block.prose.push('\n');
                    }
                },
            }
        }
        block.prose = block.prose.trim().to_string();
        block
    }

    fn tag(&mut self, tag: &str) {
        let (word, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        match word {
            "class" => {
                let (name, parent) = match rest.split_once(" : ") {
                    Some((name, parent)) => (name, Some(parent.to_string())),
                    None => (rest, None),
                };
                self.class = Some((name.to_string(), parent));
            }
            "field" if rest.starts_with('[') => self.open = true,
            "field" => self.fields.push(field(rest)),
            "param" => self.parameters.push(field(rest)),
            "return" => {
                let (kind, prose) = kind(rest);
                self.returns.push((kind.to_string(), prose.to_string()));
            }
            "type" => self.kind = Some(kind(rest).0.to_string()),
            // Said in the prose as well.
            _ => {}
        }
    }
}

/// `name? type prose`
fn field(text: &str) -> Field {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (kind, prose) = kind(rest);
    Field {
        name: name.trim_end_matches('?').to_string(),
        optional: name.ends_with('?'),
        kind: kind.to_string(),
        prose: prose.trim_start_matches("# ").to_string(),
        example: String::new(),
    }
}

/// A type, which may hold spaces in brackets and behind `fun(…):`, and what stands behind it.
fn kind(text: &str) -> (&str, &str) {
    let (mut depth, mut quoted, mut before) = (0_u32, false, ' ');
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '(' | '<' | '[' | '{' => depth += 1,
            ')' | '>' | ']' | '}' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 && !quoted && !matches!(before, ':' | ',') => {
                return (&text[..at], text[at..].trim_start());
            }
            _ => {}
        }
        before = letter;
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_end_where_prose_begins() {
        for (text, expected) in [
            ("string A name.", ("string", "A name.")),
            ("\"a b\"|\"c\" One.", ("\"a b\"|\"c\"", "One.")),
            (
                "table<string, (string|number)[]> All.",
                ("table<string, (string|number)[]>", "All."),
            ),
            (
                "fun(value: any): string, string? What.",
                ("fun(value: any): string, string?", "What."),
            ),
            ("fun(): ...", ("fun(): ...", "")),
        ] {
            assert_eq!(kind(text), expected);
        }
    }
}
