//! What people's files hold, and what else may come in their place.

use std::path::PathBuf;

use encoding_rs::GB18030;
use proptest::prelude::*;

use super::*;
use crate::import::read_file;

/// Makes visible what passed through it, and takes escapes away.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control() && *character != '\u{202e}')
        .collect()
}

fn preview(text: &str) -> Preview {
    read(text.as_bytes(), clean).expect("a table")
}

fn fault(bytes: &[u8]) -> ImportError {
    read(bytes, clean).expect_err("no table")
}

/// The faults of a table as (row, line, column, what).
fn faults(text: &str) -> Vec<(u64, u64, String, RowFault)> {
    preview(text)
        .errors
        .into_iter()
        .map(|error| (error.row, error.line, error.column, error.what))
        .collect()
}

fn keys(preview: &Preview) -> Vec<[u8; 32]> {
    preview.rows.iter().map(|row| row.key).collect()
}

fn utf_16(text: &str, mark: [u8; 2], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mut bytes = mark.to_vec();
    bytes.extend(text.encode_utf16().flat_map(unit));
    bytes
}

/// The same text in every form in which a spreadsheet might save it again.
fn saved_again(text: &str) -> Vec<(Encoding, Vec<u8>)> {
    let crlf = text.replace('\n', "\r\n");
    let (gb18030, _, lost) = GB18030.encode(&crlf);
    assert!(!lost);
    vec![
        (Encoding::Utf8, crlf.clone().into_bytes()),
        (Encoding::Utf8, text.trim_end().as_bytes().to_vec()),
        (Encoding::Utf8, text.replace('\n', "\r").into_bytes()),
        (
            Encoding::Utf8Marked,
            ["\u{feff}", &crlf].concat().into_bytes(),
        ),
        (
            Encoding::Utf16Le,
            utf_16(&crlf, [0xff, 0xfe], u16::to_le_bytes),
        ),
        (
            Encoding::Utf16Be,
            utf_16(text, [0xfe, 0xff], u16::to_be_bytes),
        ),
        (Encoding::Gb18030, gb18030.into_owned()),
    ]
}

const TABLE: &str = "name,supplies,address,remark\n\
    汉口医院,N95，防护服,武汉市江岸区二七侧路7号,\n\
    长航总医院,\"急需\n口罩 5万只\",,\"已\"\"核实\"\"\"\n";

#[test]
fn a_row_becomes_a_title_and_labelled_words() {
    let preview = preview(TABLE);
    assert!(preview.is_clean());
    assert_eq!(preview.rows[0].title, "汉口医院");
    assert_eq!(
        preview.rows[0].body,
        "物资：N95，防护服\n地址：武汉市江岸区二七侧路7号"
    );
    assert_eq!(
        preview.rows[1].body,
        "物资：\n急需\n口罩 5万只\n备注：已\"核实\""
    );
    assert_eq!(preview.rows[1].row, 3);
    let english = "name,body,supplies,remark\nLadder,On Saturday,one,\"a\nb\"\n";
    assert_eq!(
        super::tests::preview(english).rows[0].body,
        "On Saturday\nSupplies: one\nRemark:\na\nb"
    );
}

#[test]
fn the_same_requests_have_the_same_keys_however_they_were_saved() {
    let expected = preview(TABLE);
    for (encoding, bytes) in saved_again(TABLE) {
        let again = read(&bytes, clean).expect("a table");
        assert_eq!(again.encoding, encoding);
        assert_eq!(again.rows, expected.rows, "{encoding}");
    }
    let chinese = TABLE.replace("name,supplies,address,remark", "名称,物资,地址,备注");
    assert_eq!(keys(&preview(&chinese)), keys(&expected));
    let tabs = TABLE.replace(',', "\t");
    assert_eq!(preview(&tabs).rows, expected.rows);
    let semicolons = TABLE.replace(',', ";");
    assert_eq!(preview(&semicolons).rows, expected.rows);
}

#[test]
fn requests_that_differ_in_anything_have_other_keys() {
    let rows = preview(
        "title,body,category,urgent,building,expires\n\
         a,b,goods,,3,\n\
         ab,,goods,,3,\n\
         a,b,errand,,3,\n\
         a,b,goods,yes,3,\n\
         a,b,goods,,5,\n\
         a,b,goods,,3,2026-03-01\n\
         a,b,goods,,3,2026-03-02\n",
    );
    assert!(rows.is_clean(), "{:?}", rows.errors);
    let mut different = keys(&rows);
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 7);

    let again = preview("title,category,building,body\n a ,goods,3,b \n");
    assert_eq!(again.rows[0].key, rows.rows[0].key, "blanks do not count");
    let composed = preview("title\ncafé\n");
    let decomposed = preview("title\ncafe\u{301}\n");
    assert_eq!(keys(&composed), keys(&decomposed));
}

#[test]
fn the_programs_own_columns_are_read() {
    let rows = preview(
        "title,body,category,urgent,building,expires\n\
         谁有梯子？,换灯泡，周六上午,goods,yes,3,1970-01-01T00:00:05Z\n",
    );
    assert_eq!(
        rows.rows[0],
        RequestRow {
            title: "谁有梯子？".to_owned(),
            body: "换灯泡，周六上午".to_owned(),
            category: "goods".to_owned(),
            urgent: true,
            building: "3".to_owned(),
            expires_ms: Some(5000),
            key: rows.rows[0].key,
            row: 2,
        }
    );
    assert!(rows.ignored_columns.is_empty());
}

#[test]
fn faults_are_told_by_row_line_and_column() {
    let long = "长".repeat(TITLE_CHARACTERS_MAX + 1);
    let words = "x".repeat(BODY_BYTES_MAX);
    let text = format!(
        "标题,内容,备注,类别,紧急,截止\n\
         好,\"1\n2\",,,,\n\
         \n\
         {long},,,,,\n\
         ,words without a title,,,,\n\
         short,row\n\
         long,,,,,,row\n\
         a,short,{words},,,\n\
         a,\"b\"c,,,,\n\
         a,,,{long},maybe,soon\n\
         ,,,,,\n\
         好,,,,,\n"
    );
    let expected = [
        (
            4,
            5,
            "标题",
            RowFault::TitleTooLong {
                characters: TITLE_CHARACTERS_MAX + 1,
            },
        ),
        (5, 6, "标题", RowFault::TitleMissing),
        (
            6,
            7,
            "备注",
            RowFault::CellsMissing {
                found: 2,
                expected: 6,
            },
        ),
        (7, 8, "G", RowFault::CellsExtra { expected: 6 }),
        (
            8,
            9,
            "备注",
            RowFault::BodyTooLong {
                bytes: "short\nRemark: ".len() + BODY_BYTES_MAX,
            },
        ),
        (9, 10, "内容", RowFault::TextAfterQuote),
        (
            10,
            11,
            "类别",
            RowFault::TooLong {
                characters: TITLE_CHARACTERS_MAX + 1,
            },
        ),
        (10, 11, "紧急", RowFault::UrgentUnclear),
        (10, 11, "截止", RowFault::ExpiresUnclear),
    ];
    assert_eq!(
        faults(&text),
        expected.map(|(row, line, column, what)| (row, line, column.to_owned(), what))
    );
    let preview = preview(&text);
    assert!(!preview.is_clean());
    let rows: Vec<u64> = preview.rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, [2, 12]);
    assert_eq!(preview.skipped_empty, 2, "a blank line and a row of commas");
}

#[test]
fn what_just_fits_is_taken() {
    let title = "长".repeat(TITLE_CHARACTERS_MAX);
    let words = "x".repeat(BODY_BYTES_MAX);
    let preview = preview(&format!("title,body\n{title},{words}\n"));
    assert_eq!(preview.rows[0].title, title);
    assert_eq!(preview.rows[0].body, words);
}

#[test]
fn columns_that_are_not_read_are_named() {
    let preview = preview("name,电话,\u{1b}[31mphone\n汉口医院,12345,12345\n");
    assert_eq!(preview.ignored_columns, ["电话", "[31mphone"]);
    assert!(!format!("{:?}", preview.rows).contains("12345"));
}

#[test]
fn every_text_passes_through_the_neutraliser() {
    let preview = preview(
        "title,body,remark,category,building\n\
         \"a\u{1b}[2J\u{202e}\nb\",\"c\u{7}\nd\u{1b}\",\u{202e}e,f\u{8},g\u{7f}\n\
         \u{1b}\u{7},,,,x\n",
    );
    let row = &preview.rows[0];
    assert_eq!(row.title, "a[2J b");
    assert_eq!(row.body, "c\nd\nRemark: e");
    assert_eq!((row.category.as_str(), row.building.as_str()), ("f", "g"));
    assert_eq!(
        preview.errors[0].what,
        RowFault::TitleMissing,
        "nothing is left of it"
    );
    for bytes in [
        "\u{1b}[31mx,y\n".as_bytes(),
        "name,\u{1b}body,bo\u{1b}dy\n".as_bytes(),
        "name,title\u{202e}\n".as_bytes(),
        "name\n\"\u{1b}".as_bytes(),
    ] {
        if let Err(error) = read(bytes, clean) {
            let shown = error.to_string();
            assert_eq!(clean(&shown), shown);
        }
    }
}

#[test]
fn what_is_no_table_is_refused_with_a_reason() {
    assert!(matches!(fault(b""), ImportError::Empty));
    assert!(matches!(fault(b"\r\n\r\n"), ImportError::Empty));
    assert!(matches!(
        fault(b"a,b\n1,2\n"),
        ImportError::NoTitle { found } if found == ["a", "b"]
    ));
    assert!(matches!(
        fault(b"name\nx\n\0\n"),
        ImportError::Binary { line: 3 }
    ));
    assert!(matches!(
        fault(b"n\0a\0m\0e\0\n\0"),
        ImportError::Binary { line: 1 }
    ));
    assert!(matches!(
        fault(b"\x7fELF\x02\x01\x01\0\0"),
        ImportError::Binary { .. }
    ));
    assert!(matches!(
        fault(b"PK\x03\x04\xff\xff\xff"),
        ImportError::Encoding {
            encoding: Encoding::Gb18030,
            offset: 4
        }
    ));
    assert!(matches!(
        fault(b"name,body\nx,\"y\nz,w\n"),
        ImportError::UnclosedQuote { row: 2, line: 2 }
    ));
    assert!(matches!(
        fault(b"\"name\"s,body\n"),
        ImportError::Headings { line: 1 }
    ));
    assert!(matches!(
        fault(&vec![b','; 1_000_000]),
        ImportError::TooManyColumns
    ));
    assert!(matches!(
        fault(&vec![b'"'; 1_000_001]),
        ImportError::UnclosedQuote { .. }
    ));
    assert!(matches!(
        fault(&vec![b'a'; FILE_BYTES_MAX + 1]),
        ImportError::TooLarge { .. }
    ));
    let many = "name\n".to_owned() + &"x\n".repeat(ROWS_MAX);
    assert_eq!(preview(&many).rows.len(), ROWS_MAX);
    assert!(matches!(
        fault((many + "x\n").as_bytes()),
        ImportError::TooManyRows
    ));
}

#[test]
fn headings_alone_are_a_table_without_requests() {
    let preview = preview("title,body\n\n\n");
    assert!(preview.is_clean() && preview.rows.is_empty());
    assert_eq!(preview.skipped_empty, 0);
}

/// Real requests as a real spreadsheet saved them: `../shared/data` beside the project.
#[test]
fn the_hospitals_of_wuhan_are_read_as_they_are() {
    let folder = std::env::var_os("LINLI_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    if !folder.is_dir() {
        println!("skipped: no data folder");
        return;
    }
    let bytes = read_file(&folder.join("requests/wuhan-2020.csv")).expect("read");
    let preview = read(&bytes, str::to_owned).expect("a table");
    assert_eq!(preview.errors, []);
    assert_eq!(preview.rows.len(), 41);
    assert_eq!(
        (preview.skipped_empty, preview.encoding),
        (0, Encoding::Utf8)
    );
    assert!(preview.ignored_columns.is_empty());
    let mut different = keys(&preview);
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 41);
    // Every cell is in its request, whole.
    let mut reader = csv::Reader::from_reader(&*bytes);
    for (record, row) in reader.records().zip(&preview.rows) {
        let record = record.expect("a record");
        assert_eq!(record[0].trim(), row.title);
        for cell in record.iter().skip(1) {
            assert!(row.body.contains(cell.trim()), "{cell} in {}", row.body);
        }
    }
    let text = String::from_utf8(bytes).expect("it is UTF-8");
    for (encoding, bytes) in saved_again(&text) {
        let again = read(&bytes, str::to_owned).expect("a table");
        assert_eq!(again.encoding, encoding);
        assert_eq!(keys(&again), keys(&preview), "{encoding}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), marked in 0..4usize) {
        let mark: &[u8] = [&b""[..], b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"][marked];
        let _ = read(&[mark, &bytes].concat(), clean);
    }

    #[test]
    fn no_table_panics(text in "[,;\t\"\r\n aé汉\u{feff}\u{1b}]{0,80}", expires in "[0-9/:TZ+-]{0,12}") {
        if let Ok(preview) = read(format!("name,{expires}\n{text}").as_bytes(), clean) {
            for row in &preview.rows {
                prop_assert!(!row.title.is_empty());
            }
            let rows = preview.rows.len() as u64 + preview.skipped_empty;
            prop_assert!(rows <= text.len() as u64 + 1);
        }
        let _ = read(format!("name,expires\na,{expires}").as_bytes(), clean);
    }

    #[test]
    fn cells_come_back_as_they_were_written(
        rows in proptest::collection::vec(("[a汉\"',; ]{0,9}x", "[a汉\"', \n]{0,9}"), 1..9),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["title", "body"]).expect("written");
        for (title, body) in &rows {
            writer.write_record([title, body]).expect("written");
        }
        let bytes = writer.into_inner().expect("written");
        let preview = read(&bytes, str::to_owned).expect("a table");
        prop_assert!(preview.is_clean(), "{:?}", preview.errors);
        let found: Vec<(&str, &str)> = preview
            .rows
            .iter()
            .map(|row| (row.title.as_str(), row.body.as_str()))
            .collect();
        let trimmed: Vec<String> = rows
            .iter()
            .map(|(_, body)| {
                let lines: Vec<&str> = body.trim().split('\n').map(str::trim_end).collect();
                lines.join("\n")
            })
            .collect();
        let expected: Vec<(&str, &str)> = rows
            .iter()
            .zip(&trimmed)
            .map(|((title, _), body)| (title.trim(), body.as_str()))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
