//! Paper: sheets of A4 as PDF, and as plain text. What stands on a sheet is a value ([`Sheet`]); the
//! rest lays it out. It asks no node, reads no clock, and knows no documents.

mod face;
mod layout;
mod markdown;
mod page;
mod pdf;
mod plain;
mod sheet;

pub use markdown::{escaped, markdown};
pub use pdf::{Unprintable, pdf};
pub use plain::plain;
pub use sheet::{Block, Column, Sheet, Table};

#[cfg(test)]
mod tests;
