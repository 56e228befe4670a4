//! Text on a terminal's grid: what is drawn of it, how wide it is, where it breaks, how it is
//! edited. Pure values. It deliberately draws nothing ([`crate::widget`] does), knows no language,
//! and leaves the judgement of what is harmless to [`protocol::text`].

mod change;
pub mod edit;
pub mod editor;
pub mod glyph;
mod history;
pub mod line_input;
mod manuscript;
pub mod markdown;
mod merge;
mod motion;
pub mod styled;
pub mod table;
pub mod width;
pub mod wrap;
mod writing;

pub use edit::{Edit, Outcome, Refusal};
pub use editor::Editor;
pub use glyph::{Glyph, glyphs, harmless};
pub use line_input::LineInput;
pub use styled::StyledText;
pub use width::{Alignment, AmbiguousWidth, columns, fit, truncate};
pub use wrap::{WrappedLine, wrap, wrap_by};
