//! A file to import, as bytes, within a limit that holds whatever the file says of its size.
//!
//! It does not look at the bytes.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Bytes of a file to import, whichever way it comes: 100,000 rows of 200 bytes. A larger file is
/// another kind of file.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

/// Why a file was not read.
#[derive(Debug, Error)]
pub enum SourceError {
    /// It is larger than a file to import may be.
    #[error(
        "the file is larger than {} MiB; check that it is the right one, or split it",
        FILE_BYTES_MAX / 1024 / 1024
    )]
    TooLarge,
    /// The system refused.
    #[error("could not read {}; check the name and its permissions", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What was piped in broke off.
    #[error("could not read to the end of the input; nothing was imported")]
    Input(#[source] io::Error),
}

/// Reads a file. A large one is refused by its size, before it is read.
///
/// # Errors
///
/// [`SourceError`].
pub fn read_file(path: &Path) -> Result<Vec<u8>, SourceError> {
    let refused = |source| SourceError::File {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(refused)?;
    let bytes = file.metadata().map_err(refused)?.len();
    if bytes > FILE_BYTES_MAX as u64 {
        return Err(SourceError::TooLarge);
    }
    read_from(file).map_err(|error| match error {
        SourceError::Input(source) => refused(source),
        other => other,
    })
}

/// Reads what has no size beforehand. One byte more than the limit is read at most.
///
/// # Errors
///
/// [`SourceError`].
pub fn read_from(source: impl Read) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    source
        .take(FILE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(SourceError::Input)?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(SourceError::TooLarge);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts what is taken from an endless input.
    struct Endless(usize);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += buffer.len();
            buffer.fill(b',');
            Ok(buffer.len())
        }
    }

    #[test]
    fn a_huge_file_is_refused_by_its_size() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("huge.csv");
        let file = File::create(&path).expect("made");
        file.set_len(200_000_000).expect("a file with a hole");
        assert!(matches!(read_file(&path), Err(SourceError::TooLarge)));
        file.set_len(FILE_BYTES_MAX as u64).expect("shortened");
        assert_eq!(read_file(&path).expect("fits").len(), FILE_BYTES_MAX);
    }

    #[test]
    fn an_endless_input_is_not_read_to_its_end() {
        let mut endless = Endless(0);
        assert!(matches!(
            read_from(&mut endless),
            Err(SourceError::TooLarge)
        ));
        assert!(endless.0 <= FILE_BYTES_MAX + 1, "{} bytes", endless.0);
        assert!(matches!(
            read_file(Path::new("/dev/zero")),
            Err(SourceError::TooLarge)
        ));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in [folder.path().to_owned(), folder.path().join("none.csv")] {
            let error = read_file(&path).expect_err("no file");
            assert!(
                error.to_string().contains(&path.display().to_string()),
                "{error}"
            );
        }
    }
}
