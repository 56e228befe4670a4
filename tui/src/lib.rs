//! The front end, and the client of a node's local interface that it shares with the command
//! line. It deliberately knows neither network nor store.

pub mod app;
pub mod client;
pub mod digest;
pub mod helped;
pub mod host;
pub mod language;
pub mod palette;
pub mod plain;
pub mod qr;
pub mod run;
pub mod screen;
pub mod text;
pub mod theme;
pub mod widget;
pub mod words;
