//! The built program with bad input and rough endings: what it says, what it sends, what it leaves
//! behind. Every test has a project of its own in a temporary folder and servers of its own.

mod ci;
mod endings;
mod failing;
mod files;
mod floor;
mod html;
mod killed;
mod late;
mod loading;
mod places;
mod plain;
mod release;
mod release_heard;
mod replay;
mod retries;
mod selecting;
mod servers;
mod shards;
mod support;
mod toml;
mod usage;
mod wait;
mod watch;
