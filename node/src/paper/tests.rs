use tui::qr::Squares;
use tui::text::{AmbiguousWidth, columns};

use super::face::Face;
use super::layout::lay_out;
use super::page::{HEIGHT, MARGIN, Mark, Page, WIDTH};
use super::{Block, Sheet, Table, pdf, plain};

fn sheet() -> Sheet {
    let mut table = Table::of([("户".to_owned(), 2), ("签名".to_owned(), 1)]);
    table.rows = (1..=90)
        .map(|number| {
            vec![
                format!("第{number}户，住得很远很远，名字也很长很长很长很长很长很长"),
                String::new(),
            ]
        })
        .collect();
    Sheet {
        title: "停水通知".to_owned(),
        language: "zh".to_owned(),
        blocks: vec![
            Block::Banner("紧急".to_owned()),
            Block::Text(
                "周六上午八点到十二点停水，请提前接水。\nBring WATER in time, please.".to_owned(),
            ),
            Block::Fields(vec![("谁发的".to_owned(), "物业".to_owned())]),
            Block::Heading("还没签收".to_owned()),
            Block::Table(table),
            Block::Code(Squares::of("linli").expect("it fits"), "扫一扫".to_owned()),
            Block::Lines(3),
        ],
        foot: "梧桐里".to_owned(),
    }
}

fn letters(page: &Page) -> Vec<(f32, f32, f32, &str)> {
    let letters = page.iter().filter_map(|mark| match mark {
        Mark::Letters {
            x, y, size, text, ..
        } => Some((*x, *y, *size, text.as_str())),
        Mark::Ink { .. } => None,
    });
    letters.collect()
}

#[test]
fn nothing_is_lost_and_nothing_leaves_the_page() {
    let face = Face::open();
    let pages = lay_out(&sheet(), &face);
    assert!(pages.len() > 2, "90 rows take pages");
    let all: String = pages
        .iter()
        .flat_map(letters)
        .map(|letter| letter.3)
        .collect();
    for number in 1..=90 {
        assert!(all.contains(&format!("第{number}户，")), "{number}");
    }
    for (number, page) in pages.iter().enumerate() {
        let letters = letters(page);
        let foot = format!("{} / {}", number + 1, pages.len());
        assert!(letters.iter().any(|letter| letter.3 == foot));
        for (x, y, size, text) in letters {
            let width = face.width(text) as f32 / 1_000.0 * size;
            assert!(x >= MARGIN && x + width <= WIDTH - MARGIN + 0.5, "{text}");
            assert!(y > MARGIN && y < HEIGHT - MARGIN, "{text}");
        }
    }
}

#[test]
fn every_page_of_a_table_says_what_its_columns_are() {
    let pages = lay_out(&sheet(), &Face::open());
    for page in &pages {
        let letters = letters(page);
        if letters.iter().any(|letter| letter.3.contains('第')) {
            assert!(
                letters.iter().any(|letter| letter.3 == "签名"),
                "{letters:?}"
            );
        }
    }
}

#[test]
fn no_line_begins_with_a_closing_sign() {
    let text = "今天停水，请接水。".repeat(40);
    let blocks = vec![Block::Text(text)];
    let sheet = Sheet {
        blocks,
        ..Sheet::default()
    };
    for page in lay_out(&sheet, &Face::open()) {
        for (.., text) in letters(&page) {
            assert!(!text.starts_with(['，', '。']), "{text}");
        }
    }
}

#[test]
fn what_the_font_lacks_is_seen_to_be_missing() {
    let face = Face::open();
    let missing = face.glyphs("〓")[0].glyph_id;
    assert_eq!(face.glyphs("\u{1F600}")[0].glyph_id, missing);
    for character in "喆堃梧桐臺灣é€AZ①☐".chars().filter(|sign| *sign != '☐') {
        let text = character.to_string();
        assert_ne!(face.glyphs(&text)[0].glyph_id, missing, "{character}");
    }
    assert_eq!(face.width("林"), 1_000);
}

#[test]
fn a_file_carries_its_font_and_equal_sheets_are_equal_files() {
    let written = pdf(&sheet()).expect("it is written");
    assert!(written.starts_with(b"%PDF-"));
    let has = |text: &[u8]| written.windows(text.len()).any(|part| part == text);
    assert!(has(b"/FontFile"), "a machine without fonts shows it");
    assert!(
        written.len() < 100_000,
        "only signs that are used: {}",
        written.len()
    );
    assert_eq!(pdf(&sheet()).expect("it is written"), written);
}

#[test]
fn plain_text_fits_its_columns_and_says_all() {
    let text = plain(&sheet());
    for line in text.lines() {
        assert!(columns(line, AmbiguousWidth::Narrow) <= 76, "{line}");
    }
    for said in [
        "停水通知",
        "** 紧急",
        "谁发的  物业",
        "第90户",
        "█▀▀▀▀▀█",
        "梧桐里",
    ] {
        assert!(text.contains(said), "{said}");
    }
}
