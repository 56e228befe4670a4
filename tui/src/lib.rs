//! The front end, and the client of a node's local interface that it shares with the command
//! line. It deliberately knows neither network nor store.

pub mod client;
pub mod language;
pub mod text;
pub mod widget;
