//! Hostile text through every widget: what reaches the cells, and the bytes that a terminal gets,
//! stay on an allow-list that is written here anew, from Unicode's own tables.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::field::{FieldStyles, Input};
use super::list::ListStyles;
use super::popup::{Popup, centred};
use super::*;
use crate::text::{Alignment, Edit, Editor, LineInput, StyledText};

fn may_follow(character: char) -> bool {
    use GeneralCategory as Category;
    let joins = matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{E0100}'..='\u{E01EF}');
    let mark = matches!(
        CodePointMapData::<GeneralCategory>::new().get(character),
        Category::NonspacingMark | Category::SpacingMark | Category::EnclosingMark
    );
    joins || (mark && !is_ignorable(character)) || may_start(character)
}

fn is_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

fn may_start(character: char) -> bool {
    use GeneralCategory as Category;
    if is_ignorable(character) || u32::from(character) & 0xFFFE == 0xFFFE {
        return false;
    }
    match CodePointMapData::<GeneralCategory>::new().get(character) {
        Category::Control
        | Category::PrivateUse
        | Category::Surrogate
        | Category::LineSeparator
        | Category::ParagraphSeparator
        | Category::NonspacingMark
        | Category::SpacingMark
        | Category::EnclosingMark => false,
        Category::SpaceSeparator => matches!(character, ' ' | '\u{3000}'),
        // Arabic, Syriac and Kaithi number signs are seen; no other format character is.
        Category::Format => matches!(
            character,
            '\u{600}'
                ..='\u{605}'
                    | '\u{6DD}'
                    | '\u{70F}'
                    | '\u{890}'
                    | '\u{891}'
                    | '\u{8E2}'
                    | '\u{110BD}'
                    | '\u{110CD}'
        ),
        Category::Unassigned => !matches!(character, '\u{FDD0}'..='\u{FDEF}'),
        _ => true,
    }
}

/// Checks every cell, and the bytes that make a terminal show them.
fn check(buffer: &Buffer) {
    for cell in buffer.content() {
        let symbol = cell.symbol();
        let mut characters = symbol.chars();
        let first = characters.next().expect("a cell has a symbol");
        assert!(may_start(first), "{symbol:?} starts a cell");
        for character in characters {
            assert!(may_follow(character), "{symbol:?} is in a cell");
        }
    }
    let mut bytes = Vec::new();
    let mut backend = CrosstermBackend::new(&mut bytes);
    let blank = Buffer::empty(buffer.area);
    backend
        .draw(blank.diff_iter(buffer))
        .expect("a vector takes every byte");
    let written = String::from_utf8(bytes).expect("cells are UTF-8");
    check_written(&written);
}

/// Of escape sequences a frame needs two: go there, and look so.
fn check_written(written: &str) {
    let mut rest = written;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        if character == '\u{1B}' {
            let sequence = rest.strip_prefix('[').expect("a control sequence");
            let end =
                sequence.trim_start_matches(|part: char| part.is_ascii_digit() || part == ';');
            assert!(end.starts_with(['H', 'm']), "{end:?}");
            rest = &end[1..];
        } else {
            assert!(may_follow(character), "{character:?} is written");
        }
    }
}

fn looks() -> [Look; 3] {
    let plain = Look::default();
    [
        plain,
        Look {
            ascii: true,
            large: true,
            ..plain
        },
        Look {
            ambiguous: AmbiguousWidth::Wide,
            ..plain
        },
    ]
}

/// Draws a text in every place where a widget takes one.
fn draw_everywhere(text: &str, area: Rect, buffer: &mut Buffer, look: Look) {
    let styled = StyledText::plain(text);
    let mut line = LineInput::new(10_000).with_text(text);
    let mut editor = Editor::new(text, 10_000);
    editor.apply(Edit::Finish);
    let mut written = Editor::new("", 10_000);
    written.apply(Edit::Paste(text.to_owned()));
    text.chars().take(200).for_each(|character| {
        line.apply(Edit::Insert(character));
        written.apply(Edit::Insert(character));
    });
    let mut secret = LineInput::masked(10_000);
    secret.apply(Edit::Paste(text.to_owned()));
    let inputs = [
        Input::Line(&line),
        Input::Line(&secret),
        Input::Text(&editor),
        Input::Text(&written),
    ];
    let rows = area.rows().collect::<Vec<_>>();
    for (number, input) in inputs.into_iter().enumerate() {
        let field = Field {
            label: text,
            input,
            placeholder: text,
            error: (number % 2 == 0).then_some(text),
            focused: true,
            styles: FieldStyles::default(),
        };
        buffer.reset();
        let cursor = field.draw(area, buffer, look).expect("it has the focus");
        assert!(area.contains(cursor), "{cursor} in {area} of {text:?}");
        check(buffer);
    }
    for alignment in [Alignment::Left, Alignment::Centre, Alignment::Right] {
        buffer.reset();
        let paragraph = Paragraph {
            alignment,
            ..Paragraph::new(&styled)
        };
        paragraph.draw(area, buffer, look);
        check(buffer);
        cells::label(buffer, rows[0], text, alignment, Style::new(), look);
        check(buffer);
    }
    let popup = Popup {
        title: text,
        ..Popup::default()
    };
    popup.draw(
        centred(area, area.width / 2, area.height / 2 + 1),
        buffer,
        look,
    );
    check(buffer);
    draw_list(text, area, buffer, look);
    check(buffer);
}

fn draw_list(text: &str, area: Rect, buffer: &mut Buffer, look: Look) {
    let ids: Vec<usize> = (0..20).collect();
    let styled = StyledText::plain(text);
    let list = List {
        ids: &ids,
        rows: &|_, columns| {
            let rows = Paragraph::new(&styled).rows(columns, look);
            u16::try_from(rows).unwrap_or(u16::MAX)
        },
        draw_item: &|_, area, buffer, _| {
            Paragraph::new(&styled).draw(area, buffer, look);
        },
        is_unread: &|_| true,
        marker: &|_| text.to_owned(),
        lines: &[(11, text)],
        styles: ListStyles::default(),
    };
    let mut state = ListState::default();
    for place in [0, 10, 19, 3] {
        assert!(state.select(&ids, &place));
        list.follow(&mut state, area, look);
        list.draw(&state, area, buffer, look);
    }
}

fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "\u{1B}[2J\u{1B}]0;title\u{07}\u{1B}P1$q\u{1B}\\\u{9B}31m\u{9D}8;;http://x\u{9C}",
        "safe\u{202E}txt.exe\u{202C} \u{2066}a\u{2069}\u{200E}\u{200F}\u{061C}",
        "pay\u{200B}pal\u{FEFF}\u{2060}\u{AD}\u{034F}\u{180E}\u{3164}\u{115F}\u{FFA0}\u{2800}",
        "\u{301}\u{301}start \u{20DD}\u{FE0F}\u{200D}\u{200D}",
        "🇨🇳🇨🇨🇳🇨 🇨 a🇳",
        "👨‍👩‍👧‍👦👨\u{200D}\u{200D}👩 🏴\u{E0067}\u{E0062}\u{E007F} 👍🏽 🏽 ❤\u{FE0F} ❤\u{FE0E} 1\u{FE0F}\u{20E3} \u{FE0F}",
        "\u{E000}\u{F0000}\u{10FFFD}\u{FFFE}\u{FFFF}\u{1FFFE}\u{FDD0}\u{10FFFF}\u{378}\u{50000}",
        "\u{FFF9}a\u{FFFA}b\u{FFFB}\u{FFFC}\u{2028}x\u{2029}y\u{85}z\u{0B}\u{0C}\r\r\n\t\t",
        "ｶﾞﾞﾞ あﾞ \u{1161}\u{11A8} 각 க்ஷ\u{0BCD} क्षि \u{0600}1\u{0601}\u{06DD}",
        "“‘’”…—·•～→⇒①Ω",
        "",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push((0..=0x9F).filter_map(char::from_u32).collect());
    texts.push(
        (0..=0x9F)
            .filter_map(char::from_u32)
            .flat_map(|c| [c, 'x'])
            .collect(),
    );
    texts.push(format!(
        "a{}b{}",
        "\u{323}".repeat(8),
        "\u{0300}".repeat(3_000)
    ));
    texts.push("\u{0600}".repeat(500));
    texts.push("水".repeat(500));
    texts.push("\u{200D}👩".repeat(200));
    texts
}

#[test]
fn hostile_text_is_harmless_in_every_widget() {
    let area = Rect::new(0, 0, 37, 9);
    for text in hostile_texts() {
        for look in looks() {
            let mut buffer = Buffer::empty(area);
            draw_everywhere(&text, area, &mut buffer, look);
        }
    }
}

#[test]
fn every_size_is_drawn() {
    let mut texts = hostile_texts();
    texts.truncate(7);
    texts.push("今晚（19:00）停水。Please fill your buckets — 谢谢！".to_owned());
    for text in texts {
        for (columns, rows) in [
            (1, 1),
            (1, 5),
            (2, 1),
            (2, 2),
            (3, 3),
            (4, 1),
            (5, 2),
            (11, 4),
        ] {
            for look in looks() {
                // Not at the screen's corner, so that places relative to it do not pass.
                let area = Rect::new(3, 2, columns, rows);
                let mut buffer = Buffer::empty(Rect::new(3, 2, columns, rows));
                draw_everywhere(&text, area, &mut buffer, look);
            }
        }
    }
}

#[test]
fn an_area_beyond_the_buffer_is_cut() {
    let mut buffer = Buffer::empty(Rect::new(2, 1, 6, 2));
    for area in [
        Rect::new(0, 0, 20, 20),
        Rect::new(7, 2, 9, 9),
        Rect::new(50, 50, 4, 4),
    ] {
        for look in looks() {
            let styled = StyledText::plain("水水水 text");
            Paragraph::new(&styled).draw(area, &mut buffer, look);
            cells::label(
                &mut buffer,
                area,
                "水 text",
                Alignment::Right,
                Style::new(),
                look,
            );
            Popup::default().draw(area, &mut buffer, look);
            draw_list("水", area, &mut buffer, look);
            check(&buffer);
        }
    }
}

/// Each scalar value after a letter; where there are letters and marks, also alone and doubled.
#[test]
fn every_scalar_value_is_harmless() {
    let look = Look::default();
    let area = Rect::new(0, 0, 480, 1);
    let mut buffer = Buffer::empty(area);
    let mut text = String::new();
    let scalars: Vec<char> = ('\0'..=char::MAX).collect();
    for chunk in scalars.chunks(32) {
        text.clear();
        for character in chunk {
            text.extend(['a', *character]);
            if !matches!(character, '\u{4000}'..='\u{9FFF}' | '\u{20000}'..) {
                text.extend([' ', *character, *character, '|']);
            }
        }
        buffer.reset();
        let used = cells::write(&mut buffer, area, &text, Style::new(), look);
        assert!(used < area.width, "all of it is drawn");
        for cell in buffer.content().iter().take(usize::from(used)) {
            let mut characters = cell.symbol().chars();
            let first = characters.next().expect("a cell has a symbol");
            assert!(may_start(first), "{:?}", cell.symbol());
            assert!(characters.all(may_follow), "{:?}", cell.symbol());
        }
    }
}
