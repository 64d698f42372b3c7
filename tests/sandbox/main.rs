//! Attempts to leave the sandbox, each named, none of which may succeed: through the built binary,
//! with real files outside the project and real listeners where no journey may go.

mod files;
mod hosts;
mod insides;
mod language;
mod neighbours;
mod prison;
mod redirects;
mod requests;
#[path = "../support/mod.rs"]
mod support;

/// One test for each attempt: its name, the lines of the journey, and a part of what is said.
macro_rules! attempts {
    ($how:path; $($name:ident: $lua:expr => $said:expr;)+) => {
        $(
            #[test]
            fn $name() {
                $how($lua, $said);
            }
        )+
    };
}
pub(crate) use attempts;
