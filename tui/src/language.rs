//! The language of the program: the type that the settings hold.

pub use protocol::api::{Language, UnknownLanguage};
