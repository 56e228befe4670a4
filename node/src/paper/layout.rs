//! Lays a sheet out on pages: breaks lines, repeats the head of a table on every page, and keeps
//! together what belongs together.

use tui::qr::Squares;
use tui::text::wrap_by;

use super::face::{EM, Face};
use super::page::{HEIGHT, MARGIN, Mark, Page, WIDTH};
use super::sheet::{Block, Sheet, Table};

/// Letters of the text, in points.
const TEXT: f32 = 11.0;
const NOTE: f32 = 9.0;
const HEADING: f32 = 13.5;
const BANNER: f32 = 18.0;
const TITLE: f32 = 22.0;
const CELL: f32 = 10.0;
/// A line's height, beside its letters'.
const LEADING: f32 = 1.5;
/// Where the letters stand in a line, beside their size.
const ASCENT: f32 = 1.08;
/// What stays empty between parts.
const GAP: f32 = 9.0;
/// What stays empty between the columns of a table.
const GUTTER: f32 = 8.0;
/// Height of the foot.
const FOOT: f32 = 24.0;
/// A thin line.
const HAIR: f32 = 0.5;
/// Side of a QR code: 34 mm, which a telephone reads from an arm's length.
const CODE: f32 = 96.0;
/// Distance between lines to write on.
const WRITING: f32 = 26.0;

/// Lays a sheet out.
pub fn lay_out(sheet: &Sheet, face: &Face) -> Vec<Page> {
    let mut pages = Pages::new(face);
    if !sheet.title.is_empty() {
        pages.letters(&sheet.title, TITLE, true);
        pages.rule();
    }
    for (at, block) in sheet.blocks.iter().enumerate() {
        if at > 0 {
            pages.y += GAP;
        }
        pages.block(block);
    }
    pages.finish(&sheet.foot)
}

struct Pages<'a> {
    face: &'a Face,
    done: Vec<Page>,
    page: Page,
    y: f32,
}

impl<'a> Pages<'a> {
    fn new(face: &'a Face) -> Self {
        Self {
            face,
            done: Vec::new(),
            page: Vec::new(),
            y: MARGIN,
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Banner(text) => self.letters(text, BANNER, true),
            Block::Heading(text) => {
                // A title alone at the foot of a page is no help.
                self.room(HEADING * LEADING + 3.0 * TEXT * LEADING);
                self.letters(text, HEADING, true);
            }
            Block::Text(text) => self.letters(text, TEXT, false),
            Block::Note(text) => self.letters(text, NOTE, false),
            Block::Fields(fields) => self.fields(fields),
            Block::Table(table) => self.table(table),
            Block::Code(squares, caption) => self.code(squares, caption),
            Block::Lines(count) => {
                for _ in 0..*count {
                    self.room(WRITING);
                    self.y += WRITING;
                    self.ink(MARGIN, self.y, text_width(), HAIR);
                }
            }
        }
    }

    /// Begins another page where so much does not fit on this one.
    fn room(&mut self, height: f32) {
        let bottom = HEIGHT - MARGIN - FOOT;
        if self.y + height > bottom && self.y > MARGIN {
            self.done.push(std::mem::take(&mut self.page));
            self.y = MARGIN;
        }
    }

    fn ink(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.page.push(Mark::Ink {
            x,
            y,
            width,
            height,
        });
    }

    fn rule(&mut self) {
        self.y += GAP / 2.0;
        self.ink(MARGIN, self.y, text_width(), HAIR);
        self.y += GAP;
    }

    fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let widest = (width / size * EM as f32) as usize;
        let lines = wrap_by(text, widest, |sign| self.face.width(sign));
        lines
            .into_iter()
            .map(|line| text[line.range].replace('\t', "    "))
            .collect()
    }

    fn line(&mut self, x: f32, top: f32, size: f32, strong: bool, text: String) {
        if !text.is_empty() {
            let y = top + size * ASCENT;
            self.page.push(Mark::Letters {
                x,
                y,
                size,
                strong,
                text,
            });
        }
    }

    fn letters(&mut self, text: &str, size: f32, strong: bool) {
        for line in self.lines(text, size, text_width()) {
            self.room(size * LEADING);
            self.line(MARGIN, self.y, size, strong, line);
            self.y += size * LEADING;
        }
    }

    fn fields(&mut self, fields: &[(String, String)]) {
        let names = fields.iter().map(|(name, _)| self.face.width(name));
        let widest = names.max().unwrap_or(0) as f32 / EM as f32 * TEXT;
        let name_width = widest.min(text_width() / 3.0);
        let x = MARGIN + name_width + GUTTER;
        for (name, value) in fields {
            let names = self.lines(name, TEXT, name_width + 1.0);
            let values = self.lines(value, TEXT, text_width() - name_width - GUTTER);
            for at in 0..names.len().max(values.len()) {
                self.room(TEXT * LEADING);
                let (name, value) = (names.get(at), values.get(at));
                self.line(
                    MARGIN,
                    self.y,
                    TEXT,
                    true,
                    name.cloned().unwrap_or_default(),
                );
                self.line(x, self.y, TEXT, false, value.cloned().unwrap_or_default());
                self.y += TEXT * LEADING;
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let names: Vec<String> = table
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect();
        let head = self.row_height(table, &names);
        let first = table
            .rows
            .first()
            .map_or(0.0, |row| self.row_height(table, row));
        self.room(head + first);
        self.row(table, &names, true);
        for row in &table.rows {
            let before = self.done.len();
            self.room(self.row_height(table, row));
            if self.done.len() > before {
                self.row(table, &names, true);
            }
            self.row(table, row, false);
        }
    }

    fn cell_width(table: &Table, share: usize) -> f32 {
        let between = GUTTER * (table.columns.len().saturating_sub(1)) as f32;
        (text_width() - between) * share.max(1) as f32 / table.shares() as f32
    }

    fn row_height(&self, table: &Table, row: &[String]) -> f32 {
        let lines = table.cells(row).map(|(column, text)| {
            let width = Self::cell_width(table, column.share);
            self.lines(text, CELL, width).len()
        });
        lines.max().unwrap_or(1) as f32 * CELL * LEADING + GAP
    }

    /// Draws a row; one that is higher than a page goes on on the next.
    fn row(&mut self, table: &Table, row: &[String], strong: bool) {
        let mut x = MARGIN;
        let mut columns = Vec::new();
        for (column, text) in table.cells(row) {
            let width = Self::cell_width(table, column.share);
            columns.push((x, self.lines(text, CELL, width)));
            x += width + GUTTER;
        }
        let lines = columns.iter().map(|(_, lines)| lines.len()).max();
        self.y += GAP / 2.0;
        for at in 0..lines.unwrap_or(0) {
            self.room(CELL * LEADING);
            for (x, lines) in &columns {
                let line = lines.get(at).cloned().unwrap_or_default();
                self.line(*x, self.y, CELL, strong, line);
            }
            self.y += CELL * LEADING;
        }
        self.y += GAP / 2.0;
        self.ink(MARGIN, self.y - HAIR, text_width(), HAIR);
    }

    fn code(&mut self, squares: &Squares, caption: &str) {
        self.room(CODE);
        let (top, side) = (self.y, CODE / squares.size.max(1) as f32);
        for row in 0..squares.size {
            for (from, length) in runs(squares, row) {
                let x = MARGIN + from as f32 * side;
                // A little over the next row's edge, or white lines show between them.
                self.ink(x, top + row as f32 * side, length as f32 * side, side + 0.1);
            }
        }
        let x = MARGIN + CODE + 2.0 * GUTTER;
        let mut y = top;
        for line in self.lines(caption, NOTE, WIDTH - MARGIN - x) {
            self.line(x, y, NOTE, false, line);
            y += NOTE * LEADING;
        }
        self.y = y.max(top + CODE);
    }

    fn finish(mut self, foot: &str) -> Vec<Page> {
        self.done.push(self.page);
        let count = self.done.len();
        let top = HEIGHT - MARGIN - NOTE * LEADING;
        for (at, page) in self.done.iter_mut().enumerate() {
            let number = format!("{} / {count}", at + 1);
            let wide = self.face.width(&number) as f32 / EM as f32 * NOTE;
            for (x, text) in [(MARGIN, foot), (WIDTH - MARGIN - wide, number.as_str())] {
                page.push(Mark::Letters {
                    x,
                    y: top + NOTE * ASCENT,
                    size: NOTE,
                    strong: false,
                    text: text.to_owned(),
                });
            }
        }
        self.done
    }
}

fn text_width() -> f32 {
    WIDTH - 2.0 * MARGIN
}

/// Returns where dark squares stand side by side, and how many.
fn runs(squares: &Squares, row: usize) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in (0..squares.size).filter(|at| squares.is_dark(row, *at)) {
        match runs.last_mut() {
            Some((from, length)) if *from + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}
