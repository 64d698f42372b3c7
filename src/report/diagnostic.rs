//! One diagnostic as text: the title, where it is, the line with a caret, what else is known, what
//! to do. Whatever a file or a target put into it is made harmless. May use `model`.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::diagnostic::SourceSpan;
use crate::model::{Diagnostic, Excerpt};

use super::style::{Style, without_sequences};

/// Narrower than this nothing can be read, whatever the terminal says; of 40 columns one may be
/// somebody's indent.
const NARROWEST: usize = 39;

/// A log file has so many columns, and one line for a title: it is searched for.
const LOG: usize = 80;

/// What the renderer puts beside a caret: the bar, some of the line, and dots for the rest of it.
const BESIDE: usize = 14;

/// An error as text of several lines, without a newline at its end. `width` is the terminal's, in
/// columns; the excerpt is cut to it and notes are wrapped.
pub fn render(diagnostic: &Diagnostic, colour: bool, width: usize) -> String {
    render_as(Level::ERROR, diagnostic, colour, width)
}

/// The same for what is odd without being wrong.
pub fn render_warning(diagnostic: &Diagnostic, colour: bool, width: usize) -> String {
    render_as(Level::WARNING, diagnostic, colour, width)
}

fn render_as(level: Level<'_>, diagnostic: &Diagnostic, colour: bool, width: usize) -> String {
    let width = width.max(NARROWEST);
    let title = level.primary_title(diagnostic.title.as_str());
    let mut group = Group::with_title(title);
    let mut gutter = 2;
    if let Some(source) = &diagnostic.source {
        gutter = source.line.to_string().len() + 2;
        group = with_source(group, source, width, gutter);
    }
    for note in &diagnostic.notes {
        let text = message(note, width, gutter + 2);
        group = group.element(Level::NOTE.no_name().message(text));
    }
    if let Some(help) = &diagnostic.help {
        let text = message(help, width, gutter + 2 + "help: ".len());
        group = group.element(Level::HELP.message(text));
    }
    let mut lines = lines_of(group, colour, width);
    if width < LOG && !lines.is_empty() {
        let title = lines.remove(0);
        lines.splice(0..0, hanging(&title, width));
    }
    lines.join("\n")
}

/// A title in so many columns. What follows its first line stands behind `error: `.
fn hanging(title: &str, width: usize) -> Vec<String> {
    const INDENT: usize = 7;
    let shown = |text: &str| without_sequences(text).width();
    let mut lines = vec![String::new()];
    for word in title.split(' ') {
        let Some(line) = lines.last_mut() else {
            break;
        };
        let is_first = line.trim().is_empty();
        if !is_first && shown(line) + 1 + shown(word) > width {
            lines.push(format!("{}{word}", " ".repeat(INDENT)));
            continue;
        }
        if !is_first {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

fn lines_of(group: Group<'_>, colour: bool, width: usize) -> Vec<String> {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    // ASCII, because the caret is what looks the same in every log file.
    let renderer = renderer.term_width(width).decor_style(DecorStyle::Ascii);
    let text = renderer.render(&[group]);
    // Padding behind a blank line of a note is noise in a log file.
    let lines = text.lines().map(|line| line.trim_end().to_string());
    lines.collect()
}

/// The lines of a file around a failure, in the same form and without a title: the failure's own
/// text has said what is wrong, and says more below: a label that does not fit is left out.
pub(super) fn excerpt(excerpt: &Excerpt, label: &str, style: &Style) -> Vec<String> {
    // A column is for those who indent it.
    let width = style.columns_of_source() - 1;
    let source = excerpt.lines.join("\n");
    let path = one_line(&excerpt.place.file);
    let last = u64::from(excerpt.first) + excerpt.lines.len() as u64;
    let gutter = last.to_string().len() + 2;
    let group = Group::with_level(Level::ERROR);
    let index = excerpt.place.line.checked_sub(excerpt.first);
    let line = index.and_then(|index| excerpt.lines.get(index as usize));
    let (Some(index), Some(line)) = (index, line) else {
        let origin = Origin::path(path).line(excerpt.place.line as usize);
        return lines_of(group.element(origin), style.colour, width);
    };
    let before: usize = excerpt.lines[..index as usize]
        .iter()
        .map(|line| line.len() + 1)
        .sum();
    let (start, end) = cut(line, caret_bytes(line, excerpt.caret), width, gutter);
    let label = one_line(label);
    let shown = line[..end].replace('\t', "    ").width();
    let fits = gutter + 2 + shown + 1 + label.width() <= width;
    let mut annotation = AnnotationKind::Primary.span(before + start..before + end);
    if fits && !label.is_empty() {
        annotation = annotation.label(label.clone());
    }
    let snippet = Snippet::source(source)
        .path(path)
        .line_start(excerpt.first as usize)
        .fold(false)
        .annotation(annotation);
    let mut lines = lines_of(group.element(snippet), style.colour, width);
    // The renderer leaves room for more below the last line.
    if lines.last().is_some_and(|line| is_bare(line)) {
        lines.pop();
    }
    lines
}

/// A line with nothing but its bar.
fn is_bare(line: &str) -> bool {
    without_sequences(line).trim() == "|"
}

/// The bytes under the caret: the whole trimmed line if no column is known.
fn caret_bytes(line: &str, range: Option<(usize, usize)>) -> (usize, usize) {
    let indent = line.len() - line.trim_start().len();
    let (from, to) = range.unwrap_or((indent, line.trim_end().len()));
    let inside = |at: usize| line.floor_char_boundary(at.min(line.len()));
    let from = inside(from);
    (from, inside(to).max(from))
}

/// A caret that is wider than the terminal ends before it: the renderer would leave its line whole.
fn cut(text: &str, (start, end): (usize, usize), width: usize, gutter: usize) -> (usize, usize) {
    let room = width.saturating_sub(gutter + BESIDE).max(8);
    let mut used = 0;
    for (at, character) in text[start..end].char_indices() {
        used += character.width().unwrap_or(0);
        if used > room {
            return (start, start + at);
        }
    }
    (start, end)
}

fn with_source<'a>(
    group: Group<'a>,
    source: &'a SourceSpan,
    width: usize,
    gutter: usize,
) -> Group<'a> {
    let path = one_line(&source.file);
    let line = source.line as usize;
    let Some(text) = &source.text else {
        let mut origin = Origin::path(path).line(line);
        if let Some(column) = source.column {
            origin = origin.char_column(column as usize);
        }
        let group = group.element(origin);
        return below(group, &one_line(&source.label), width, gutter);
    };
    let text = text.lines().next().unwrap_or_default();
    let (start, end) = cut(text, caret(source, text), width, gutter);
    let label = one_line(&source.label);
    let before = text[..start].replace('\t', "    ").width();
    let needed = gutter + 2 + before + text[start..end].width() + 1 + label.width();
    let mut annotation = AnnotationKind::Primary.span(start..end);
    let fits = needed <= width;
    if fits && !label.is_empty() {
        annotation = annotation.label(label.clone());
    }
    let group = group.element(
        Snippet::source(text)
            .path(path)
            .line_start(line)
            .annotation(annotation),
    );
    // A label that would run out of the terminal stands below, where it can be wrapped.
    if fits {
        group
    } else {
        below(group, &label, width, gutter)
    }
}

fn below<'a>(group: Group<'a>, label: &str, width: usize, gutter: usize) -> Group<'a> {
    if label.is_empty() {
        return group;
    }
    let text = message(label, width, gutter + 2);
    group.element(Level::NOTE.no_name().message(text))
}

/// The bytes of `text` under the caret: the whole trimmed line if no column is known.
fn caret(source: &SourceSpan, text: &str) -> (usize, usize) {
    let byte_of = |characters: usize| {
        text.char_indices()
            .nth(characters)
            .map_or(text.len(), |(at, _)| at)
    };
    match source.column {
        Some(column) => {
            let first = (column as usize).saturating_sub(1);
            let most = first.saturating_add(source.width as usize);
            (byte_of(first), byte_of(most))
        }
        None => {
            let start = text.len() - text.trim_start().len();
            (start, text.trim_end().len().max(start))
        }
    }
}

/// Text for one line: no control characters, no line ends.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.lines().map(str::trim).collect();
    normalize_untrusted_str(&words.join(" "))
}

/// A note, wrapped at spaces; lines that start with a space are to be copied and stay as they are.
fn message(text: &str, width: usize, indent: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    let mut lines = Vec::new();
    for line in text.lines() {
        let line = normalize_untrusted_str(line);
        if line.starts_with(' ') {
            lines.push(line);
        } else {
            wrap(&line, room, &mut lines);
        }
    }
    lines.join("\n")
}

fn wrap(line: &str, room: usize, lines: &mut Vec<String>) {
    let mut current = String::new();
    for word in line.split(' ') {
        if !current.is_empty() && current.width() + 1 + word.width() > room {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
    }
    lines.push(current);
}

#[cfg(test)]
mod tests;
