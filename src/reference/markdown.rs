//! The API as one Markdown page: `docs/api.md`, which a test holds to this.

use super::{Class, Field, Function, Page, Reference};

const HEAD: &str = "\
# What journeys can call

Made by `jaunt types --markdown` from the stubs for editors; a test holds this page to them. How journeys are written
stands in the README.

A `?` behind a name says that it may be left out. An error is a table `{ kind, message, reason?, … }`, see
[Error](#error): kinds of the *target* (`expectation`, `unreadable`, `timeout`, `connect`, …) fail a journey, kinds of
*ours* (`script`, `config`, `host`, `memory`) mean that the journey itself is wrong.
";

/// The whole page.
pub fn render(api: &Reference) -> String {
    let mut out = HEAD.to_string();
    out.push('\n');
    for page in &api.pages {
        out.push_str(&format!("- [{}](#{})", title(page), anchor(&title(page))));
        let classes = page.classes.iter().filter(|class| !class.module);
        let links: Vec<String> = classes
            .map(|class| format!("[{}](#{})", class.name, anchor(&class.name)))
            .collect();
        if !links.is_empty() {
            out.push_str(&format!(": {}", links.join(", ")));
        }
        out.push('\n');
    }
    for page in &api.pages {
        out.push_str(&format!("\n## {}\n", title(page)));
        paragraph(&mut out, &page.prose);
        for function in &page.functions {
            write_function(&mut out, &function.name, function);
        }
        for class in &page.classes {
            write_class(&mut out, class);
        }
    }
    out
}

/// What a page is about, by its file.
fn title(page: &Page) -> String {
    match page.file {
        "globals.lua" => "Globals",
        "journey.lua" => "The journey `j`",
        "client.lua" => "Clients",
        "response.lua" => "Responses",
        "page.lua" => "Pages and forms",
        "stream.lua" => "Streams",
        "match.lua" => "Patterns: `match`",
        "random.lua" => "Random and invented values",
        file => return format!("`{}`", file.trim_end_matches(".lua")),
    }
    .to_string()
}

/// As GitHub makes it of a heading.
fn anchor(title: &str) -> String {
    let kept = title.to_lowercase().replace(' ', "-");
    kept.chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
        .collect()
}

fn paragraph(out: &mut String, prose: &str) {
    if !prose.is_empty() {
        out.push_str(&format!("\n{prose}\n"));
    }
}

fn example(out: &mut String, code: &str) {
    if !code.is_empty() {
        out.push_str(&format!("\n```lua\n{code}```\n"));
    }
}

fn write_class(out: &mut String, class: &Class) {
    if !class.module {
        out.push_str(&format!("\n### {}\n", class.name));
    }
    paragraph(out, &class.prose);
    if let Some(parent) = &class.parent {
        out.push_str(&format!(
            "\nAll that [{parent}](#{}) has, and:\n",
            anchor(parent)
        ));
    }
    example(out, &class.example);
    let (plain, shown): (Vec<&Field>, Vec<&Field>) = class
        .fields
        .iter()
        .partition(|field| field.example.is_empty());
    table(out, "field", &plain);
    for field in shown {
        out.push_str(&format!("\n#### `{}.{}`\n", class.name, field.name));
        paragraph(out, &field.prose);
        example(out, &field.example);
    }
    for function in &class.functions {
        let dot = if function.method { ':' } else { '.' };
        let name = format!("{}{dot}{}", spoken(&class.name), function.name);
        write_function(out, &name, function);
    }
}

/// What stands before the dot where one writes it.
fn spoken(class: &str) -> String {
    match class {
        "Journey" => "j".to_string(),
        "Random" => "j.random".to_string(),
        "Fake" => "j.fake".to_string(),
        class => class.to_lowercase(),
    }
}

fn write_function(out: &mut String, name: &str, function: &Function) {
    let parameters: Vec<String> = function
        .parameters
        .iter()
        .map(|it| format!("{}{}", it.name, if it.optional { "?" } else { "" }))
        .collect();
    out.push_str(&format!("\n#### `{name}({})`\n", parameters.join(", ")));
    paragraph(out, &function.prose);
    example(out, &function.example);
    let parameters: Vec<&Field> = function.parameters.iter().collect();
    table(out, "argument", &parameters);
    if !function.returns.is_empty() {
        let values: Vec<String> = function
            .returns
            .iter()
            .map(|(kind, said)| match said.trim_start_matches("# ") {
                "" => code(kind),
                said => format!("{} ({said})", code(kind)),
            })
            .collect();
        out.push_str(&format!("\nGives {}.\n", values.join(", ")));
    }
}

fn table(out: &mut String, what: &str, fields: &[&Field]) {
    if fields.is_empty() {
        return;
    }
    out.push_str(&format!("\n| {what} | type | |\n|---|---|---|\n"));
    for field in fields {
        let optional = if field.optional { "?" } else { "" };
        out.push_str(&format!(
            "| `{}`{optional} | {} | {} |\n",
            field.name,
            code(&field.kind),
            field.prose.replace('|', "\\|").replace('\n', " ")
        ));
    }
}

/// A type as code; a table of Markdown takes no bare bar, not even there.
fn code(kind: &str) -> String {
    format!("`{}`", kind.replace('|', "\\|"))
}
