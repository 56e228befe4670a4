//! The two files over a disk in memory: what the database writes in any parts it reads again, and
//! what a power cut may leave is taken for what it is.

use std::cell::RefCell;

use super::*;
use crate::keystore::Seed;

/// A file in memory.
#[derive(Default)]
struct Memory(RefCell<Vec<u8>>);

impl Disk for Memory {
    fn read(&self, buffer: &mut [u8], place: u64) -> Outcome {
        let bytes = self.0.borrow();
        let from = bytes.len().min(place as usize);
        let there = &bytes[from..bytes.len().min(from + buffer.len())];
        buffer[..there.len()].copy_from_slice(there);
        buffer[there.len()..].fill(0);
        if there.len() < buffer.len() {
            return Err(ffi::SQLITE_IOERR_SHORT_READ);
        }
        Ok(())
    }

    fn write(&self, bytes: &[u8], place: u64) -> Outcome {
        let mut all = self.0.borrow_mut();
        let end = place as usize + bytes.len();
        if all.len() < end {
            all.resize(end, 0);
        }
        all[place as usize..end].copy_from_slice(bytes);
        Ok(())
    }

    fn truncate(&self, bytes: u64) -> Outcome {
        self.0.borrow_mut().truncate(bytes as usize);
        Ok(())
    }

    fn size(&self) -> Outcome<u64> {
        Ok(self.0.borrow().len() as u64)
    }
}

fn cipher() -> Cipher {
    Cipher::new(&Seed::take(&mut [1; 32]))
}

fn first_page() -> Vec<u8> {
    let mut page = vec![0x5a; PAGE_BYTES];
    write_header(&mut page);
    page[PAGE_BYTES - SPARE_BYTES..].fill(0);
    page
}

fn frame(byte: u8) -> Vec<u8> {
    vec![byte; FRAME_BYTES]
}

fn place(number: u64) -> u64 {
    LOG_HEAD_BYTES as u64 + number * FRAME_BYTES as u64
}

#[test]
fn pages_come_back_whole_and_in_parts() {
    let (cipher, disk, mut file) = (cipher(), Memory::default(), SealedFile::pages());
    let pages = [first_page(), {
        let mut page = vec![0x77; PAGE_BYTES];
        page[PAGE_BYTES - SPARE_BYTES..].fill(0);
        page
    }];
    for (number, page) in (0..).zip(&pages) {
        file.write(&cipher, &disk, page, number * PAGE_BYTES as u64)
            .expect("written");
    }
    assert_eq!(file.size(&cipher, &disk), Ok(2 * PAGE_BYTES as u64));
    for (place, bytes) in [
        (0, 100),
        (24, 16),
        (0, PAGE_BYTES),
        (PAGE_BYTES, PAGE_BYTES),
    ] {
        let mut buffer = vec![0; bytes];
        file.read(&cipher, &disk, &mut buffer, place as u64)
            .expect("read");
        assert!(buffer == pages.concat()[place..place + bytes], "{place}");
    }
    let mut beyond = [1; 100];
    let read = file.read(&cipher, &disk, &mut beyond, 2 * PAGE_BYTES as u64);
    assert_eq!(read, Err(ffi::SQLITE_IOERR_SHORT_READ));
    assert_eq!(beyond, [0; 100]);
}

#[test]
fn a_page_that_was_changed_or_cut_off_is_refused_and_the_others_are_not() {
    let (cipher, disk, mut file) = (cipher(), Memory::default(), SealedFile::pages());
    for number in 0..3 {
        file.write(&cipher, &disk, &first_page(), number * PAGE_BYTES as u64)
            .expect("written");
    }
    disk.0.borrow_mut()[PAGE_BYTES + 9] ^= 1;
    disk.0.borrow_mut().truncate(3 * PAGE_BYTES - 1);
    let mut page = vec![0; PAGE_BYTES];
    let mut read = |number: u64| file.read(&cipher, &disk, &mut page, number * PAGE_BYTES as u64);
    assert_eq!(read(0), Ok(()));
    assert_eq!(read(1), Err(ffi::SQLITE_IOERR_DATA));
    assert_eq!(read(2), Err(ffi::SQLITE_IOERR_DATA));
}

/// What is whole in the write-ahead log must be reached.
#[test]
fn a_torn_first_page_still_says_how_long_pages_are() {
    let (cipher, disk, mut file) = (cipher(), Memory::default(), SealedFile::pages());
    file.write(&cipher, &disk, &first_page(), 0)
        .expect("written");
    disk.0.borrow_mut()[2_000..].fill(9);
    let mut header = [0; HEADER_BYTES];
    file.read(&cipher, &disk, &mut header, 0).expect("a header");
    assert_eq!(header[..24], first_page()[..24]);
    let mut page = vec![0; PAGE_BYTES];
    let read = file.read(&cipher, &disk, &mut page, 0);
    assert_eq!(read, Err(ffi::SQLITE_IOERR_DATA));
}

#[test]
fn a_page_without_room_for_its_seal_is_never_written() {
    let (cipher, disk, mut file) = (cipher(), Memory::default(), SealedFile::pages());
    let mut page = first_page();
    page[20] = 0;
    assert!(file.write(&cipher, &disk, &page, 0).is_err());
    assert!(file.write(&cipher, &disk, &first_page()[..512], 0).is_err());
    assert!(file.write(&cipher, &disk, &first_page(), 512).is_err());
    assert_eq!(disk.size(), Ok(0));
}

#[test]
fn frames_come_back_however_they_were_written() {
    let (cipher, disk, mut file) = (cipher(), Memory::default(), SealedFile::log());
    let log_head = [7; LOG_HEAD_BYTES];
    file.write(&cipher, &disk, &log_head, 0).expect("written");
    // Head and page, as the database does it; all at once; in odd parts.
    for parts in [
        vec![24, PAGE_BYTES],
        vec![FRAME_BYTES],
        vec![24, 1_000, 3_096],
    ] {
        let number = (file.size(&cipher, &disk).expect("a size") - 32) / FRAME_BYTES as u64;
        let bytes = frame(number as u8 + 1);
        let mut done = 0;
        for part in parts {
            file.write(
                &cipher,
                &disk,
                &bytes[done..done + part],
                place(number) + done as u64,
            )
            .expect("written");
            done += part;
        }
    }
    // A page is written over, and then the heads are, as when checksums are made anew.
    file.write(&cipher, &disk, &[9; PAGE_BYTES], place(1) + 24)
        .expect("written");
    for number in [1, 2] {
        file.write(&cipher, &disk, &[8; FRAME_HEAD_BYTES], place(number))
            .expect("written");
    }
    let mut expected = log_head.to_vec();
    expected.extend(frame(1));
    expected.extend(
        [
            vec![8; 24],
            vec![9; PAGE_BYTES],
            vec![8; 24],
            vec![3; PAGE_BYTES],
        ]
        .concat(),
    );
    let mut all = vec![0; expected.len()];
    file.read(&cipher, &disk, &mut all, 0).expect("read");
    assert!(all == expected);
    assert_eq!(file.size(&cipher, &disk), Ok(expected.len() as u64));
    let length = LOG_HEAD_BYTES + 3 * SEALED_FRAME_BYTES;
    assert_eq!(disk.size(), Ok(length as u64));
    let sealed = disk.0.borrow();
    for byte in [1, 3, 8, 9] {
        assert!(!sealed.windows(8).any(|part| part == [byte; 8]));
    }
}

#[test]
fn what_a_power_cut_tore_off_the_log_is_its_end_and_what_was_changed_in_it_is_refused() {
    let (cipher, disk, mut file) = (cipher(), Memory::default(), SealedFile::log());
    file.write(&cipher, &disk, &[7; LOG_HEAD_BYTES], 0)
        .expect("written");
    for number in 0..3 {
        file.write(&cipher, &disk, &frame(1), place(number))
            .expect("written");
    }
    disk.0.borrow_mut()[LOG_HEAD_BYTES + SEALED_FRAME_BYTES + 500] ^= 1;
    // Looking for the end of the log, the database reads whole frames.
    let mut whole = frame(5);
    file.read(&cipher, &disk, &mut whole, place(1))
        .expect("read");
    assert!(whole == frame(0));
    // Afterwards it reads pages.
    let mut page = vec![0; PAGE_BYTES];
    let read = file.read(&cipher, &disk, &mut page, place(1) + 24);
    assert_eq!(read, Err(ffi::SQLITE_IOERR_DATA));
    file.read(&cipher, &disk, &mut page, place(2) + 24)
        .expect("the next one");
    // A frame that is half there counts for nothing.
    disk.0
        .borrow_mut()
        .truncate(LOG_HEAD_BYTES + 3 * SEALED_FRAME_BYTES - 1);
    assert_eq!(file.size(&cipher, &disk), Ok(place(2)));
}

#[test]
fn a_log_is_cut_off_where_the_database_says() {
    let (cipher, disk, mut file) = (cipher(), Memory::default(), SealedFile::log());
    file.write(&cipher, &disk, &[7; LOG_HEAD_BYTES], 0)
        .expect("written");
    for number in 0..3 {
        file.write(&cipher, &disk, &frame(1), place(number))
            .expect("written");
    }
    for (bytes, frames) in [(place(3), 3), (place(2) + 100, 2), (place(1), 1)] {
        file.truncate(&cipher, &disk, bytes).expect("cut");
        assert_eq!(file.size(&cipher, &disk), Ok(place(frames)));
    }
    file.truncate(&cipher, &disk, 0).expect("cut");
    assert_eq!(disk.size(), Ok(0));
}
