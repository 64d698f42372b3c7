//! Reads a stub: comments, and the line of Lua that each belongs to. The stubs are our own, so that
//! what has another form is passed over here and found by the tests that compare them.

use super::block::Block;
use super::{Class, Field, Function, Page};

pub(super) fn page(file: &'static str, text: &str) -> Page {
    let mut page = Page {
        file,
        ..Page::default()
    };
    let mut lines: Vec<&str> = Vec::new();
    // A file's last comment may be a class as well.
    for line in text.lines().chain([""]) {
        if let Some(comment) = line.strip_prefix("---") {
            if comment != "@meta" {
                lines.push(comment);
            }
            continue;
        }
        if lines.is_empty() && line.is_empty() {
            continue;
        }
        let block = Block::read(&std::mem::take(&mut lines));
        add(&mut page, block, line);
    }
    page
}

fn add(page: &mut Page, mut block: Block, line: &str) {
    if let Some((name, parent)) = block.class.take() {
        page.classes.push(Class {
            name,
            parent,
            module: line.ends_with("= {}") && !line.starts_with("local "),
            open: block.open,
            prose: block.prose,
            example: block.example,
            fields: block.fields,
            functions: Vec::new(),
        });
        return;
    }
    if let Some(declared) = line.strip_prefix("function ") {
        let path = declared.split('(').next().unwrap_or_default();
        let split = path.split_once([':', '.']);
        let function = Function {
            name: split.map_or(path, |(_, name)| name).to_string(),
            method: path.contains(':'),
            prose: block.prose,
            example: block.example,
            parameters: block.parameters,
            returns: block.returns,
        };
        match split {
            None => page.functions.push(function),
            Some((class, _)) => {
                if let Some(class) = class_named(page, class) {
                    class.functions.push(function);
                }
            }
        }
        return;
    }
    if let (Some(path), Some(kind)) = (line.strip_suffix(" = nil"), block.kind)
        && let Some((class, name)) = path.split_once('.')
    {
        if let Some(class) = class_named(page, class) {
            class.fields.push(Field {
                name: name.to_string(),
                optional: false,
                kind,
                prose: block.prose,
                example: block.example,
            });
        }
        return;
    }
    if page.prose.is_empty() && page.classes.is_empty() {
        page.prose = block.prose;
    }
}

fn class_named<'a>(page: &'a mut Page, name: &str) -> Option<&'a mut Class> {
    page.classes.iter_mut().find(|class| class.name == name)
}
