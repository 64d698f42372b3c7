//! The API of journeys as data, read from the stubs for editors: classes with their fields and
//! functions, prose, defaults and examples. `check` looks names up in it, `jaunt types` writes the
//! stubs out, and `docs/api.md` is rendered from it, so that none of the three can say something
//! else than the others. May use `script::types`; pure.

mod block;
pub mod editor;
pub mod markdown;
mod parse;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use crate::script::of_lua as lua;

/// Everything that journeys can call.
#[derive(Debug, Default)]
pub struct Reference {
    /// One for each stub, in their order.
    pub pages: Vec<Page>,
    /// Where a class stands: page, and place in it.
    classes: BTreeMap<String, (usize, usize)>,
}

/// What one stub describes.
#[derive(Debug, Default)]
pub struct Page {
    /// The name of its file.
    pub file: &'static str,
    /// What stands before everything else.
    pub prose: String,
    /// In the order of the file.
    pub classes: Vec<Class>,
    /// Global functions.
    pub functions: Vec<Function>,
}

/// A class, the options of a call, or a module.
#[derive(Debug, Default)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// The class whose fields it has besides.
    pub parent: Option<String>,
    /// What it is.
    pub prose: String,
    /// Lua, or nothing.
    pub example: String,
    /// A global table: `json`, `match`.
    pub module: bool,
    /// Reading any other name gives something as well.
    pub open: bool,
    /// Values and option keys.
    pub fields: Vec<Field>,
    /// What can be called.
    pub functions: Vec<Function>,
}

/// A field of a class, or a parameter of a function.
#[derive(Debug, Default, Clone)]
pub struct Field {
    /// Its name; `...` for the rest of the arguments.
    pub name: String,
    /// It may be left out.
    pub optional: bool,
    /// As the stub writes it.
    pub kind: String,
    /// What it is, with its default.
    pub prose: String,
    /// Lua, or nothing.
    pub example: String,
}

/// Something that can be called.
#[derive(Debug, Default)]
pub struct Function {
    /// Its name, without its class.
    pub name: String,
    /// `j:step`, not `json.encode`.
    pub method: bool,
    /// What it does, and what it raises.
    pub prose: String,
    /// Lua.
    pub example: String,
    /// In order.
    pub parameters: Vec<Field>,
    /// Types of its values, each with what it is.
    pub returns: Vec<(String, String)>,
}

impl Reference {
    /// The API of this version.
    pub fn get() -> &'static Self {
        static READ: OnceLock<Reference> = OnceLock::new();
        READ.get_or_init(|| {
            let pages: Vec<Page> = crate::script::types::FILES
                .iter()
                .map(|(file, text)| parse::page(file, text))
                .collect();
            let classes = pages.iter().enumerate().flat_map(|(page, read)| {
                let names = read.classes.iter().enumerate();
                names.map(move |(at, class)| (class.name.clone(), (page, at)))
            });
            let classes = classes.collect();
            Reference { pages, classes }
        })
    }

    /// The class of that name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        let (page, at) = self.classes.get(name)?;
        self.pages.get(*page)?.classes.get(*at)
    }

    /// The module of that name.
    pub fn module(&self, name: &str) -> Option<&Class> {
        self.class(name).filter(|class| class.module)
    }

    /// The global function of that name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        let mut all = self.pages.iter().flat_map(|page| &page.functions);
        all.find(|function| function.name == name)
    }

    /// A field of a class or of what it inherits from.
    pub fn field(&self, class: &str, name: &str) -> Option<&Field> {
        let found = self.class(class)?;
        let own = found.fields.iter().find(|field| field.name == name);
        own.or_else(|| self.field(found.parent.as_deref()?, name))
    }

    /// A function of a class.
    pub fn method(&self, class: &str, name: &str) -> Option<&Function> {
        let functions = &self.class(class)?.functions;
        functions.iter().find(|function| function.name == name)
    }

    /// All names that can be read of a class; nothing if any can.
    pub fn members(&self, class: &str) -> Option<Vec<&str>> {
        let found = self.class(class).filter(|class| !class.open)?;
        let fields = found.fields.iter().map(|field| field.name.as_str());
        let functions = found.functions.iter().map(|it| it.name.as_str());
        let mut names: Vec<&str> = fields.chain(functions).collect();
        if let Some(parent) = &found.parent {
            names.extend(self.members(parent)?);
        }
        Some(names)
    }

    /// Whether any class has a method of that name.
    pub fn is_method(&self, name: &str) -> bool {
        let classes = self.pages.iter().flat_map(|page| &page.classes);
        let mut all = classes.flat_map(|class| &class.functions);
        all.any(|function| function.method && function.name == name)
    }
}

#[cfg(test)]
mod tests;
