//! The font that the program carries: which sign stands for a character, and how wide it is.

use std::sync::{Arc, LazyLock};

use krilla::Data;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

/// Stands for a character that the font lacks: 〓, as printers have it.
const MISSING: char = '\u{3013}';
/// Bytes of the font as it is laid out in memory.
const FONT_BYTES: usize = 4 * 1024 * 1024;
/// Units in which widths are measured, of one em.
pub const EM: usize = 1_000;

static BYTES: LazyLock<Arc<Vec<u8>>> = LazyLock::new(|| {
    let sealed = include_bytes!("font/NotoSansSC.ttf.zst");
    let bytes = zstd::bulk::decompress(sealed, FONT_BYTES);
    Arc::new(bytes.expect("the font is part of the program"))
});

/// The font.
pub struct Face {
    font: Font,
    signs: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    units: usize,
}

impl Face {
    /// Opens the font.
    pub fn open() -> Self {
        let bytes: &'static Arc<Vec<u8>> = &BYTES;
        let font = Font::new(
            Data::from(bytes.clone() as Arc<dyn AsRef<[u8]> + Send + Sync>),
            0,
        );
        let read = FontRef::new(bytes).expect("the font is part of the program");
        let units = read
            .metrics(Size::unscaled(), LocationRef::default())
            .units_per_em;
        Self {
            font: font.expect("the font is part of the program"),
            signs: read.charmap(),
            widths: read.glyph_metrics(Size::unscaled(), LocationRef::default()),
            units: usize::from(units).max(1),
        }
    }

    /// Returns the font as pages name it.
    pub fn font(&self) -> Font {
        self.font.clone()
    }

    /// Returns how wide a text is, in thousandths of an em.
    pub fn width(&self, text: &str) -> usize {
        let widths = text.chars().map(|character| self.sign(character).1);
        widths.sum()
    }

    /// Returns the signs of a text, one for each character.
    pub fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let characters = text.char_indices();
        let glyphs = characters.map(|(start, character)| {
            let (sign, width) = self.sign(character);
            let range = start..start + character.len_utf8();
            let advance = width as f32 / EM as f32;
            KrillaGlyph::new(sign, advance, 0.0, 0.0, 0.0, range, None)
        });
        glyphs.collect()
    }

    fn sign(&self, character: char) -> (GlyphId, usize) {
        let sign = self.signs.map(character);
        let sign = sign.or_else(|| self.signs.map(MISSING)).unwrap_or_default();
        let width = self.widths.advance_width(sign).unwrap_or_default();
        let width = (width.max(0.0) as usize * EM).div_ceil(self.units);
        (GlyphId::new(sign.to_u32()), width)
    }
}
