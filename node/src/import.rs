//! Reading what people already have into drafts.
//!
//! It only reads and reports: nothing here writes an entry. Whoever imports does so all at once or
//! not at all, after a look at the preview.

mod encoding;
pub mod requests;
mod source;
pub(crate) mod table;

pub use self::encoding::Encoding;
pub(crate) use self::requests::decode_text;
pub use self::source::{FILE_BYTES_MAX, SourceError, read_file, read_from};
pub use self::table::COLUMNS_MAX;
