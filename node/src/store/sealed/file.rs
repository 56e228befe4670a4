//! The two files of a store as the database sees them, over the sealed files on the disk.
//!
//! The main file is sealed page by page in place. The write-ahead log is sealed frame by frame, and
//! a sealed frame is longer, so places in it are counted anew; only its first 32 bytes, which say
//! how long a page is, stand as they are. What the database writes in parts, a frame's head and
//! then its page, reaches the disk as one.

use std::ffi::c_int;

use rusqlite::ffi;

use super::cipher::{
    Cipher, DATABASE_MARK, FRAME_BYTES, FRAME_HEAD_BYTES, PAGE_BYTES, SEALED_FRAME_BYTES,
    SPARE_BYTES,
};

/// Bytes with which the write-ahead log begins.
const LOG_HEAD_BYTES: usize = 32;
/// Bytes of the first page that the database reads before it knows how long a page is.
const HEADER_BYTES: usize = 100;

/// What came of it: the database's code where it failed.
pub(super) type Outcome<T = ()> = Result<T, c_int>;

/// A file on the disk.
pub(super) trait Disk {
    /// Fills a buffer from a place. Where the file ends before, the rest is zeros and the answer
    /// `SQLITE_IOERR_SHORT_READ`.
    fn read(&self, buffer: &mut [u8], place: u64) -> Outcome;
    /// Writes bytes at a place.
    fn write(&self, bytes: &[u8], place: u64) -> Outcome;
    /// Cuts the file off.
    fn truncate(&self, bytes: u64) -> Outcome;
    /// Returns how long the file is.
    fn size(&self) -> Outcome<u64>;
}

/// One of the two files.
pub(super) enum SealedFile {
    /// The main file.
    Pages(Pages),
    /// The write-ahead log.
    Log(Log),
}

impl SealedFile {
    pub fn pages() -> Self {
        Self::Pages(Pages {
            page: vec![0; PAGE_BYTES],
        })
    }

    pub fn log() -> Self {
        Self::Log(Log {
            frame: vec![0; SEALED_FRAME_BYTES],
            head: None,
        })
    }

    pub fn read(
        &mut self,
        cipher: &Cipher,
        disk: &impl Disk,
        buffer: &mut [u8],
        place: u64,
    ) -> Outcome {
        match self {
            Self::Pages(pages) => pages.read(cipher, disk, buffer, place),
            Self::Log(log) => log.read(cipher, disk, buffer, place),
        }
    }

    pub fn write(
        &mut self,
        cipher: &Cipher,
        disk: &impl Disk,
        bytes: &[u8],
        place: u64,
    ) -> Outcome {
        match self {
            Self::Pages(pages) => pages.write(cipher, disk, bytes, place),
            Self::Log(log) => log.write(cipher, disk, bytes, place),
        }
    }

    pub fn truncate(&mut self, cipher: &Cipher, disk: &impl Disk, bytes: u64) -> Outcome {
        match self {
            Self::Pages(_) => disk.truncate(bytes),
            Self::Log(log) => log.truncate(cipher, disk, bytes),
        }
    }

    pub fn size(&mut self, cipher: &Cipher, disk: &impl Disk) -> Outcome<u64> {
        match self {
            Self::Pages(_) => disk.size(),
            Self::Log(log) => log.size(cipher, disk),
        }
    }

    /// Writes what is kept back.
    pub fn flush(&mut self, cipher: &Cipher, disk: &impl Disk) -> Outcome {
        match self {
            Self::Pages(_) => Ok(()),
            Self::Log(log) => log.flush(cipher, disk),
        }
    }
}

/// The main file.
pub(super) struct Pages {
    page: Vec<u8>,
}

impl Pages {
    /// Reads a page, or a part of one.
    fn read(
        &mut self,
        cipher: &Cipher,
        disk: &impl Disk,
        buffer: &mut [u8],
        place: u64,
    ) -> Outcome {
        let (number, within) = split(place, PAGE_BYTES);
        let begin = place - within as u64;
        let wanted = within..within + buffer.len();
        if wanted.end > PAGE_BYTES {
            return Err(ffi::SQLITE_IOERR_READ);
        }
        match disk.read(&mut self.page, begin) {
            Ok(()) => {}
            Err(ffi::SQLITE_IOERR_SHORT_READ) if disk.size()? <= begin => {
                buffer.fill(0);
                return Err(ffi::SQLITE_IOERR_SHORT_READ);
            }
            Err(ffi::SQLITE_IOERR_SHORT_READ) => return Err(ffi::SQLITE_IOERR_DATA),
            Err(code) => return Err(code),
        }
        if cipher.open_page(number, &mut self.page).is_err() {
            // A power cut may leave the first page torn and whole in the write-ahead log. The
            // database asks for its beginning before it looks there.
            if number != 0 || buffer.len() > HEADER_BYTES {
                return Err(ffi::SQLITE_IOERR_DATA);
            }
            write_header(&mut self.page);
        }
        buffer.copy_from_slice(&self.page[wanted]);
        Ok(())
    }

    /// Writes a page.
    fn write(&mut self, cipher: &Cipher, disk: &impl Disk, bytes: &[u8], place: u64) -> Outcome {
        let (number, within) = split(place, PAGE_BYTES);
        if within != 0 || bytes.len() != PAGE_BYTES || (number == 0 && !leaves_room(bytes)) {
            return Err(ffi::SQLITE_IOERR_WRITE);
        }
        self.page.copy_from_slice(bytes);
        cipher
            .seal_page(number, &mut self.page)
            .map_err(|_| ffi::SQLITE_IOERR_WRITE)?;
        disk.write(&self.page, place)
    }
}

/// Tells whether a first page says that pages have the length and the spare bytes that they need.
fn leaves_room(first: &[u8]) -> bool {
    first[16..18] == page_bytes_field() && usize::from(first[20]) == SPARE_BYTES
}

/// Writes what the beginning of every store says: how long pages are, that there is a write-ahead
/// log, and how much of each page is spare.
fn write_header(page: &mut [u8]) {
    page[..HEADER_BYTES].fill(0);
    page[..16].copy_from_slice(DATABASE_MARK);
    page[16..18].copy_from_slice(&page_bytes_field());
    page[18..20].fill(2);
    page[20] = SPARE_BYTES as u8;
    page[21..24].copy_from_slice(&[64, 32, 32]);
}

const fn page_bytes_field() -> [u8; 2] {
    (PAGE_BYTES as u16).to_be_bytes()
}

/// The write-ahead log.
pub(super) struct Log {
    frame: Vec<u8>,
    /// The head of a frame whose page is still to come, with the frame's number.
    head: Option<(u64, [u8; FRAME_HEAD_BYTES])>,
}

impl Log {
    fn read(
        &mut self,
        cipher: &Cipher,
        disk: &impl Disk,
        buffer: &mut [u8],
        place: u64,
    ) -> Outcome {
        self.flush(cipher, disk)?;
        let mut rest = buffer;
        let mut place = place;
        while !rest.is_empty() {
            let (part, after) = rest.split_at_mut(rest.len().min(room(place)));
            match frame_at(place) {
                None => disk.read(part, place)?,
                Some((number, within)) => {
                    let read = self.read_part(cipher, disk, number, within, part);
                    if let Err(code) = read {
                        part.fill(0);
                        after.fill(0);
                        return Err(code);
                    }
                }
            }
            place += part.len() as u64;
            rest = after;
        }
        Ok(())
    }

    fn read_part(
        &mut self,
        cipher: &Cipher,
        disk: &impl Disk,
        number: u64,
        within: usize,
        part: &mut [u8],
    ) -> Outcome {
        if self.load(cipher, disk, number)? {
            part.copy_from_slice(&self.frame[within..within + part.len()]);
            return Ok(());
        }
        if within == 0 {
            // So the database looks for the end of the log: what a power cut tore is no frame.
            part.fill(0);
            return Ok(());
        }
        Err(ffi::SQLITE_IOERR_DATA)
    }

    fn write(&mut self, cipher: &Cipher, disk: &impl Disk, bytes: &[u8], place: u64) -> Outcome {
        let mut rest = bytes;
        let mut place = place;
        while !rest.is_empty() {
            let (part, after) = rest.split_at(rest.len().min(room(place)));
            match frame_at(place) {
                None => disk.write(part, place)?,
                Some((number, within)) => self.write_part(cipher, disk, number, within, part)?,
            }
            place += part.len() as u64;
            rest = after;
        }
        Ok(())
    }

    fn write_part(
        &mut self,
        cipher: &Cipher,
        disk: &impl Disk,
        number: u64,
        within: usize,
        part: &[u8],
    ) -> Outcome {
        if within == 0
            && let Ok(head) = part.try_into()
        {
            self.flush(cipher, disk)?;
            self.head = Some((number, head));
            return Ok(());
        }
        match self.head {
            Some((waiting, head))
                if (waiting, within, part.len()) == (number, FRAME_HEAD_BYTES, PAGE_BYTES) =>
            {
                self.head = None;
                self.frame[..FRAME_HEAD_BYTES].copy_from_slice(&head);
            }
            _ => {
                self.flush(cipher, disk)?;
                if !self.load(cipher, disk, number)? {
                    self.frame.fill(0);
                }
            }
        }
        self.frame[within..within + part.len()].copy_from_slice(part);
        self.store(cipher, disk, number)
    }

    fn flush(&mut self, cipher: &Cipher, disk: &impl Disk) -> Outcome {
        let Some((number, head)) = self.head.take() else {
            return Ok(());
        };
        if !self.load(cipher, disk, number)? {
            self.frame.fill(0);
        }
        self.frame[..FRAME_HEAD_BYTES].copy_from_slice(&head);
        self.store(cipher, disk, number)
    }

    fn truncate(&mut self, cipher: &Cipher, disk: &impl Disk, bytes: u64) -> Outcome {
        self.flush(cipher, disk)?;
        let head = LOG_HEAD_BYTES as u64;
        disk.truncate(match bytes.checked_sub(head) {
            None => bytes,
            Some(frames) => head + frames / FRAME_BYTES as u64 * SEALED_FRAME_BYTES as u64,
        })
    }

    fn size(&mut self, cipher: &Cipher, disk: &impl Disk) -> Outcome<u64> {
        self.flush(cipher, disk)?;
        let (bytes, head) = (disk.size()?, LOG_HEAD_BYTES as u64);
        Ok(match bytes.checked_sub(head) {
            None => bytes,
            Some(frames) => head + frames / SEALED_FRAME_BYTES as u64 * FRAME_BYTES as u64,
        })
    }

    /// Loads a frame and opens it. Returns whether it opened.
    fn load(&mut self, cipher: &Cipher, disk: &impl Disk, number: u64) -> Outcome<bool> {
        let place = sealed_place(number);
        match disk.read(&mut self.frame, place) {
            Ok(()) => Ok(cipher.open_frame(number, &mut self.frame).is_ok()),
            Err(ffi::SQLITE_IOERR_SHORT_READ) => Ok(false),
            Err(code) => Err(code),
        }
    }

    fn store(&mut self, cipher: &Cipher, disk: &impl Disk, number: u64) -> Outcome {
        cipher
            .seal_frame(number, &mut self.frame)
            .map_err(|_| ffi::SQLITE_IOERR_WRITE)?;
        disk.write(&self.frame, sealed_place(number))
    }
}

/// Returns which frame a place of the log lies in, and where in it; none for the log's head.
fn frame_at(place: u64) -> Option<(u64, usize)> {
    place
        .checked_sub(LOG_HEAD_BYTES as u64)
        .map(|place| split(place, FRAME_BYTES))
}

/// Returns how many bytes there are from a place of the log to the end of its frame, or of the
/// log's head.
fn room(place: u64) -> usize {
    match frame_at(place) {
        Some((_, within)) => FRAME_BYTES - within,
        None => LOG_HEAD_BYTES - place as usize,
    }
}

/// Returns where a sealed frame lies on the disk.
fn sealed_place(number: u64) -> u64 {
    LOG_HEAD_BYTES as u64 + number * SEALED_FRAME_BYTES as u64
}

/// Returns which of equal parts a place lies in, and where in it.
fn split(place: u64, part: usize) -> (u64, usize) {
    let part = part as u64;
    (place / part, (place % part) as usize)
}

#[cfg(test)]
mod tests;
