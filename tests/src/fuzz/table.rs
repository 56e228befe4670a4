//! Tables made of choices, as spreadsheets write them and as they do not.
//!
//! They are read by the program's import, which this crate does not know.

use super::choices::Choices;

/// Rows of a table beside its headings.
const ROWS_MAX: usize = 12;

/// A file, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The titles of its rows, when every row is what a spreadsheet writes and has a title that
    /// may stand.
    pub titles: Option<Vec<String>>,
}

/// Makes a table of help requests.
pub fn table(choices: &mut Choices<'_>) -> Table {
    let delimiter = choices.one_of([',', ',', ';', '\t']);
    let ending = choices.one_of(["\n", "\r\n", "\r"]);
    let headings: Vec<&str> = [
        "body", "category", "紧急", "building", "expires", "电话", "=x",
    ]
    .into_iter()
    .filter(|_| choices.rarely(90))
    .collect();
    let mut is_plain = true;
    let mut text = String::new();
    let mut titles = Vec::new();
    line(
        &mut text,
        std::iter::once("title").chain(headings.iter().copied()),
        delimiter,
        ending,
    );
    for row in 0..choices.below(ROWS_MAX) {
        let title = format!(
            "{row} {}",
            choices.one_of(["梯子", "a \"b\"", "a,b;c", "x\ny"])
        );
        let mut cells = vec![title.clone()];
        for heading in &headings {
            cells.push(cell(heading, choices, &mut is_plain));
        }
        if choices.rarely(10) {
            is_plain = false;
            cells.truncate(1 + choices.below(cells.len()));
        }
        if choices.rarely(10) {
            is_plain = false;
            cells.push("extra".to_owned());
        }
        line(
            &mut text,
            cells.iter().map(String::as_str),
            delimiter,
            ending,
        );
        titles.push(title);
    }
    let (mut bytes, keeps) = encode(&text, choices);
    if choices.rarely(30) {
        is_plain = false;
        choices.damage(&mut bytes);
    }
    Table {
        bytes,
        titles: (is_plain && keeps).then_some(titles),
    }
}

fn cell(heading: &str, choices: &mut Choices<'_>, is_plain: &mut bool) -> String {
    let fitting = match heading {
        "紧急" => choices.one_of(["是", "no", ""]),
        "expires" => choices.one_of(["2026-03-01", "2026-03-01T18:00:00+08:00", ""]),
        _ => choices.one_of(["", "五", "a\r\nb", "=1+1", "\"", "\u{202e}x"]),
    };
    if !choices.rarely(20) {
        return fitting.to_owned();
    }
    *is_plain = false;
    let length = choices.below(256) * 40;
    choices
        .one_of(["perhaps", "2026-13-45", "x\u{0}", "水"])
        .chars()
        .cycle()
        .take(length)
        .collect()
}

/// Writes a line with every cell in quotes.
fn line<'a>(
    text: &mut String,
    cells: impl Iterator<Item = &'a str>,
    delimiter: char,
    ending: &str,
) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            text.push(delimiter);
        }
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    }
    text.push_str(ending);
}

/// Encodes as some program does. Tells whether all of the text is kept.
fn encode(text: &str, choices: &mut Choices<'_>) -> (Vec<u8>, bool) {
    match choices.below(4) {
        0 => (format!("\u{feff}{text}").into_bytes(), true),
        1 => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            (units.flat_map(u16::to_le_bytes).collect(), true)
        }
        // As if UTF-8 were Latin: what is not ASCII is lost.
        2 => (text.chars().map(|one| one as u8).collect(), text.is_ascii()),
        _ => (text.as_bytes().to_vec(), true),
    }
}
