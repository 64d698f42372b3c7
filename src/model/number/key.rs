//! What identifies a number within its journey: its name and its dimensions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Name and dimensions of a number: `orders.total {region=eu}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NumberKey {
    /// As the journey names it.
    pub name: String,
    /// Its dimensions, as `by` gives them; empty if it has none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by: BTreeMap<String, String>,
}

impl NumberKey {
    /// A number without dimensions.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            by: BTreeMap::new(),
        }
    }

    /// The same with one dimension more.
    #[must_use]
    pub fn with(mut self, dimension: impl Into<String>, value: impl Into<String>) -> Self {
        self.by.insert(dimension.into(), value.into());
        self
    }
}

impl std::fmt::Display for NumberKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        if self.by.is_empty() {
            return Ok(());
        }
        let by: Vec<String> = self
            .by
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        write!(f, " {{{}}}", by.join(", "))
    }
}
