//! Pages as a browser without scripting reads them: elements by CSS selector, forms filled and
//! encoded. A page may come from a hostile server, so nodes, depth and time of its reading are
//! bounded. It may use `model` for suggestions, and the parts of a multipart body.

mod charset;
mod control;
mod entity;
mod fill;
mod form;
mod page;

pub use control::Fill;
pub use entity::{decode, encode};
pub use form::{FormError, Submission};
pub use page::{BadSelector, Node, Page, PageError};

#[cfg(test)]
mod tests;
