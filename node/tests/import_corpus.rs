//! Replays the import fuzzer's committed corpus, and what is near it, through the reader.

use std::path::Path;

use node::import::requests::{ImportError, ROWS_MAX, read};
use protocol::text::Text;

#[test]
fn no_file_of_the_corpus_or_near_it_does_harm() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus/import");
    let files: Vec<_> = std::fs::read_dir(&corpus)
        .expect("the corpus is part of the repository")
        .map(|file| file.expect("a readable folder").path())
        .collect();
    assert!(!files.is_empty(), "{} is empty", corpus.display());
    let mut clean_files = 0;
    for file in files {
        let bytes = std::fs::read(&file).expect("a readable file");
        clean_files += usize::from(replay(&bytes));
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] = changed[position].wrapping_add(1 + (position % 255) as u8);
            replay(&changed);
            replay(&bytes[..position]);
        }
    }
    assert!(clean_files >= 4, "only {clean_files} files can be imported");
}

/// Reads a file and checks what may be said of any; tells whether it can be imported as a whole.
fn replay(bytes: &[u8]) -> bool {
    let preview = match read(bytes, |line| Text::line(line, 8_192).into_string()) {
        Ok(preview) => preview,
        Err(ImportError::NoTitle { found }) => {
            assert!(!found.iter().any(|name| name.contains('\u{1b}')));
            return false;
        }
        Err(_) => return false,
    };
    assert!(preview.rows.len() <= ROWS_MAX);
    for row in &preview.rows {
        assert!(!row.title.is_empty());
        let texts = [&row.title, &row.category, &row.building];
        assert!(!texts.iter().any(|text| text.contains(char::is_control)));
        let body = row.body.replace('\n', "");
        assert!(!body.contains(char::is_control));
    }
    preview.is_clean() && !preview.rows.is_empty()
}
