//! CSV as RFC 4180 has it, harmless for spreadsheets.

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// What others may have written: never a formula.
    Text(String),
    /// A number, as it is.
    Number(String),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    fn shown(&self) -> String {
        match self {
            Self::Number(number) => quoted(number),
            // A spreadsheet takes what begins so for a formula, and runs it.
            Self::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                quoted(&format!("'{text}"))
            }
            Self::Text(text) => quoted(text),
        }
    }
}

fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r', ';', '\t']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_string(),
    }
}

/// A table with a line of names above it.
pub(super) fn table(names: &[&str], rows: &[Vec<Cell>]) -> String {
    let mut out = format!("{}\r\n", names.join(","));
    for row in rows {
        let cells: Vec<String> = row.iter().map(Cell::shown).collect();
        out.push_str(&format!("{}\r\n", cells.join(",")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_others_wrote_becomes_a_formula_or_a_cell_more() {
        let row = vec![
            Cell::text("=cmd|'/c calc'!A0"),
            Cell::text("say \"hi\", twice\n"),
            Cell::text("-1"),
            Cell::number("-1.50"),
        ];
        assert_eq!(
            table(&["a", "b", "c", "d"], &[row]),
            "a,b,c,d\r\n'=cmd|'/c calc'!A0,\"say \"\"hi\"\", twice\n\",'-1,-1.50\r\n"
        );
    }
}
