#![no_main]

use node::import::requests::{Preview, read};
use protocol::text::Text;
use tests::fuzz::choices::Choices;
use tests::fuzz::table::table;

fn preview(bytes: &[u8]) -> Option<Preview> {
    read(bytes, |line| Text::line(line, 8_192).into_string()).ok()
}

// The bytes as a file, and as choices from which a spreadsheet's file is made.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    preview(bytes);
    let table = table(&mut Choices::new(bytes));
    let preview = preview(&table.bytes);
    if let Some(titles) = table.titles {
        let preview = preview.expect("a spreadsheet's file can be read");
        assert!(preview.is_clean(), "a spreadsheet's file has faults");
        assert_eq!(preview.rows.len(), titles.len(), "a row was lost");
    }
});
