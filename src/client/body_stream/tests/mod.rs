//! The parsers alone, and streams over real sockets.

mod faults;
mod parsing;
