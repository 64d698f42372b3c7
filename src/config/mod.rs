//! `jaunt.toml`: finding it, reading it into settings whose every value is present and checked,
//! and choosing the target of a run. Everything that is wrong with a file is reported at once, each
//! with its place. May use `model`; knows nothing of the embedded target but its settings' shape.

mod address;
mod checks;
mod embedded;
mod field;
pub mod find;
mod floor;
mod may_use;
mod numbers;
mod outside;
pub mod project;
mod proxy;
mod reader;
pub mod select;
pub mod settings;
mod sockets;
mod target;
mod tls;
mod version;

#[cfg(test)]
mod tests;

pub use find::{FILE_NAME, load, look};
pub use outside::Fetch;
pub use project::Reading;
pub use reader::Located;
pub use select::{Chosen, EmbeddedAddress, EmbeddedTarget, Places, TargetSelection};
pub use settings::{
    Base, Embedded, FloorPlace, FloorSetting, Named, NumberSettings, PemSource, Project,
    RunSettings, Setting, TargetSettings, TlsSettings,
};
