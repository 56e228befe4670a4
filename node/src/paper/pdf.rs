//! Pages as a PDF that carries its font.

use krilla::Document;
use krilla::color::luma;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use thiserror::Error;

use super::face::Face;
use super::layout::lay_out;
use super::page::{HEIGHT, Mark, WIDTH};
use super::sheet::Sheet;

/// How much heavier strong letters are, of their size.
const WEIGHT: f32 = 0.032;

/// A sheet that cannot be printed.
#[derive(Debug, Error)]
#[error("the sheet cannot be written as PDF")]
pub struct Unprintable(#[source] Box<KrillaError>);

/// Returns a sheet as PDF. Equal sheets give equal bytes.
///
/// # Errors
///
/// [`Unprintable`] where the PDF's own limits are passed.
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>, Unprintable> {
    let face = Face::open();
    let mut document = Document::new();
    for page in lay_out(sheet, &face) {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT);
        let settings = settings.expect("a page of A4 has a width and a height");
        let mut paper = document.start_page_with(settings);
        let mut surface = paper.surface();
        for mark in &page {
            draw(mark, &face, &mut surface);
        }
        surface.finish();
        paper.finish();
    }
    document.set_metadata(
        Metadata::new()
            .title(sheet.title.clone())
            .language(sheet.language.clone())
            .creator("Linli".to_owned()),
    );
    document
        .finish()
        .map_err(|error| Unprintable(Box::new(error)))
}

fn draw(mark: &Mark, face: &Face, surface: &mut Surface<'_>) {
    surface.set_fill(Some(Fill {
        paint: luma::Color::black().into(),
        ..Fill::default()
    }));
    surface.set_stroke(None);
    match mark {
        Mark::Letters {
            x,
            y,
            size,
            strong,
            text,
        } => {
            if *strong {
                surface.set_stroke(Some(Stroke {
                    paint: luma::Color::black().into(),
                    width: size * WEIGHT,
                    ..Stroke::default()
                }));
            }
            let start = Point::from_xy(*x, *y);
            surface.draw_glyphs(start, &face.glyphs(text), face.font(), text, *size, false);
        }
        Mark::Ink {
            x,
            y,
            width,
            height,
        } => {
            let mut path = PathBuilder::new();
            if let Some(rectangle) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rectangle);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}
