//! Pages of A4 as marks in their places, in points of 1/72 inch from the upper left corner.

/// Width of a page.
pub const WIDTH: f32 = 595.28;
/// Height of a page.
pub const HEIGHT: f32 = 841.89;
/// What stays empty on every side: 18 mm, which every printer can leave.
pub const MARGIN: f32 = 51.0;

/// Something on a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Letters; `y` is the line that they stand on.
    Letters {
        x: f32,
        y: f32,
        size: f32,
        strong: bool,
        text: String,
    },
    /// A filled rectangle.
    Ink {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

/// Marks of one page.
pub type Page = Vec<Mark>;
