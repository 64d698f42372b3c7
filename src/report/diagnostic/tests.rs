//! Whole renderings, letter by letter.

use super::{render, render_warning};
use crate::model::Diagnostic;
use crate::model::diagnostic::SourceSpan;

fn span(text: &str, column: u32, width: u32, label: &str) -> SourceSpan {
    SourceSpan {
        file: "journeys/login.lua".to_string(),
        line: 18,
        column: Some(column),
        width,
        text: Some(text.to_string()),
        label: label.to_string(),
    }
}

fn plain(diagnostic: &Diagnostic) -> String {
    render(diagnostic, false, 80)
}

const LINE: &str = "  inbox:expect({ type = \"ready\" }, { witin = \"5s\" })";

fn witin() -> SourceSpan {
    span(LINE, 38, 5, "did you mean `within`?")
}

#[test]
fn a_mistake_reads_as_drawn() {
    let diagnostic = Diagnostic::new("`witin` is no option of `expect`")
        .at(witin())
        .note("options: within, exactly, settle, since, unless");
    assert_eq!(
        plain(&diagnostic),
        r#"error: `witin` is no option of `expect`
  --> journeys/login.lua:18:38
   |
18 |   inbox:expect({ type = "ready" }, { witin = "5s" })
   |                                      ^^^^^ did you mean `within`?
   |
   = options: within, exactly, settle, since, unless"#
    );
    let warning = render_warning(&Diagnostic::new("odd"), false, 80);
    assert_eq!(warning, "warning: odd");
}

#[test]
fn help_is_wrapped_and_what_is_to_be_copied_is_not() {
    let help = "create jaunt.toml:\n\n    [targets.local] # and a very long comment, longer than the terminal\n\nor give an address, which is a sentence that must be wrapped";
    let diagnostic = Diagnostic::new("no target")
        .note("targets: none")
        .help(help);
    assert_eq!(
        render(&diagnostic, false, 60),
        "error: no target
 |
 = targets: none
 = help: create jaunt.toml:

             [targets.local] # and a very long comment, longer than the terminal

         or give an address, which is a sentence that must
         be wrapped"
    );
}

#[test]
fn a_narrow_terminal_breaks_the_title_between_words_and_a_log_does_not() {
    let long = "the quarantine of `a silent departure is announced, once` ended 12 days ago";
    let diagnostic = Diagnostic::new(long).at(witin());
    let narrow = render(&diagnostic, false, 40);
    assert_eq!(
        narrow,
        r#"error: the quarantine of `a silent
       departure is announced, once`
       ended 12 days ago
  --> journeys/login.lua:18:38
   |
18 | ...ready" }, { witin = "5s" })
   |                ^^^^^
   |
   = did you mean `within`?"#
    );
    assert!(render(&diagnostic, false, 80).starts_with(&format!("error: {long}\n")));
    let coloured = render(&diagnostic, true, 40);
    let plain: Vec<String> = coloured.lines().map(super::without_sequences).collect();
    assert_eq!(plain.join("\n"), narrow);
}

#[test]
fn a_wide_caret_ends_where_a_narrow_terminal_does() {
    let text =
        "  local page = ann:get('/orders/of/this/year'):expect { status = 200, text = match.any }";
    for column in [None, Some(3), Some(20)] {
        let at = SourceSpan {
            column,
            width: 70,
            ..span(text, 3, 70, "never read")
        };
        let narrow = render(&Diagnostic::new("odd").at(at), false, 40);
        let widest = narrow.lines().map(str::len).max();
        assert!(widest <= Some(40), "{narrow}");
    }
}

#[test]
fn without_a_column_the_whole_line_is_marked() {
    let at = SourceSpan {
        column: None,
        ..witin().label("")
    };
    assert_eq!(
        plain(&Diagnostic::new("no column").at(at)),
        r#"error: no column
  --> journeys/login.lua:18:3
   |
18 |   inbox:expect({ type = "ready" }, { witin = "5s" })
   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"#
    );
}

#[test]
fn without_the_text_the_place_is_named() {
    let at = SourceSpan {
        text: None,
        ..witin()
    };
    assert_eq!(
        plain(&Diagnostic::new("no text").at(at.clone())),
        "error: no text\n--> journeys/login.lua:18:38\n = did you mean `within`?"
    );
    let at = SourceSpan { column: None, ..at }.label("");
    assert_eq!(
        plain(&Diagnostic::new("no column").at(at)),
        "error: no column\n--> journeys/login.lua:18"
    );
}

#[test]
fn a_long_line_is_cut_around_its_caret() {
    let text = format!("{}X{}", "a".repeat(300), "b".repeat(100));
    assert_eq!(
        render(
            &Diagnostic::new("long").at(span(&text, 301, 1, "here")),
            false,
            60
        ),
        "error: long
  --> journeys/login.lua:18:301
   |
18 | ...aaaaaaaaaaaaaaaaaaaaaaaaXbbbbbbbbbbbbbbbbbbbbbbbb...
   |                            ^
   |
   = here"
    );
}

#[test]
fn tabs_and_wide_characters_keep_the_caret_in_its_column() {
    assert_eq!(
        plain(&Diagnostic::new("tabs").at(span("\tx\t= 日本 y", 9, 1, "here"))),
        "error: tabs
  --> journeys/login.lua:18:9
   |
18 |     x    = 日本 y
   |                 ^ here"
    );
}

#[test]
fn a_place_beyond_its_line_is_its_end() {
    assert_eq!(
        plain(&Diagnostic::new("beyond").at(span("ab", 50, 3, "here"))),
        "error: beyond
  --> journeys/login.lua:18:3
   |
18 | ab
   |   ^ here"
    );
    let rendered = plain(&Diagnostic::new("empty").at(span("", 1, 1, "here")));
    assert!(rendered.ends_with("18 |\n   | ^ here"), "{rendered}");
}

#[test]
fn nothing_from_outside_reaches_the_terminal_as_control() {
    let evil = "x\t\x1b[31m\u{7}\u{202e} \x1b]8;;http://h\x1b\\ü";
    for column in [None, Some(1), Some(4), Some(900)] {
        for width in [0, 40, 80, 1_000] {
            let at = SourceSpan {
                file: evil.to_string(),
                column,
                ..span(&evil.repeat(40), 1, 3, &format!("{evil}\r\n{evil}"))
            };
            let diagnostic = Diagnostic::new(evil)
                .at(at)
                .note(format!("{evil}\n{evil}"))
                .help(format!("    {evil}"));
            let rendered = render(&diagnostic, false, width);
            let control = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!rendered.contains(control), "{rendered:?}");
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let diagnostic = Diagnostic::new("`witin` is no option")
        .at(witin())
        .help("look");
    let coloured = render(&diagnostic, true, 80);
    assert!(coloured.contains("\x1b["), "{coloured:?}");
    let mut bare = String::new();
    let mut inside = false;
    for character in coloured.chars() {
        match character {
            '\x1b' => inside = true,
            'm' if inside => inside = false,
            _ if inside => {}
            other => bare.push(other),
        }
    }
    assert_eq!(bare, plain(&diagnostic));
}

#[test]
fn an_excerpt_uses_the_whole_width() {
    let long = format!("  room:expect {{ text = \"{}\" }}", "x".repeat(150));
    let excerpt = crate::model::Excerpt {
        place: crate::model::Place::new("a.lua", 1),
        first: 1,
        lines: vec![long.clone()],
        caret: Some((2, 13)),
    };
    let shown = |width| {
        let style = crate::report::Style {
            width,
            ..crate::report::Style::plain()
        };
        super::excerpt(&excerpt, "", &style).join("\n")
    };
    assert!(shown(200).contains(&long), "{}", shown(200));
    assert!(!shown(120).contains(&long), "{}", shown(120));
}
