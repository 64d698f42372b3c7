//! Pages and forms as browsers read them.

mod forms;
mod pages;
