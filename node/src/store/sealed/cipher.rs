//! How the pages of the store and the frames of its write-ahead log are sealed: each by itself,
//! under a key of its kind, with a nonce that is random for each write, and bound to its place.
//!
//! It knows no files. docs/STORE.md has the bytes.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use crate::keystore::Seed;

/// Bytes of a page, on the disk as in the database.
pub(super) const PAGE_BYTES: usize = 4096;
/// Bytes that the database leaves free at the end of each page: nonce and tag.
pub(super) const SPARE_BYTES: usize = NONCE_BYTES + TAG_BYTES;
/// Bytes of a frame of the write-ahead log as the database writes it: a head and a page.
pub(super) const FRAME_BYTES: usize = FRAME_HEAD_BYTES + PAGE_BYTES;
/// Bytes of the head of a frame.
pub(super) const FRAME_HEAD_BYTES: usize = 24;
/// Bytes of a frame on the disk.
pub(super) const SEALED_FRAME_BYTES: usize = FRAME_BYTES + SPARE_BYTES;
/// Bytes with which every database begins.
pub(super) const DATABASE_MARK: &[u8; MARK_BYTES] = b"SQLite format 3\0";
/// Bytes of the mark that stands in their place.
pub(super) const MARK_BYTES: usize = 16;

const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
const MAGIC: &[u8; 7] = b"linlidb";
/// The version of the form that is written here, and the only one that is read.
const VERSION: u8 = 1;

const PAGES: &str = "linli store 1: key of the pages";
const FRAMES: &str = "linli store 1: key of the write-ahead log";
const CHECK: &str = "linli store 1: check of the key";

/// A page or frame that was not sealed here, or not for this place.
#[derive(Debug)]
pub(super) struct Unsealable;

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A database in the clear.
    Plain,
    /// A sealed store.
    Sealed {
        /// The version of its form.
        version: u8,
        /// Tells one key from another.
        check: [u8; 8],
    },
    /// Something else.
    Other,
}

impl Mark {
    /// Reads the first bytes of a file.
    pub fn read(bytes: &[u8; MARK_BYTES]) -> Self {
        if bytes == DATABASE_MARK {
            return Self::Plain;
        }
        match bytes.split_first_chunk() {
            Some((MAGIC, [version, check @ ..])) => Self::Sealed {
                version: *version,
                check: check.try_into().expect("sixteen bytes less eight"),
            },
            _ => Self::Other,
        }
    }
}

/// Seals and opens the pages of one store.
pub(super) struct Cipher {
    pages: XChaCha20Poly1305,
    frames: XChaCha20Poly1305,
    mark: [u8; MARK_BYTES],
}

impl Cipher {
    pub fn new(key: &Seed) -> Self {
        let mut mark = [0; MARK_BYTES];
        mark[..MAGIC.len()].copy_from_slice(MAGIC);
        mark[MAGIC.len()] = VERSION;
        let check = Zeroizing::new(blake3::derive_key(CHECK, key.expose()));
        mark[MAGIC.len() + 1..].copy_from_slice(&check[..8]);
        Self {
            pages: derive(PAGES, key),
            frames: derive(FRAMES, key),
            mark,
        }
    }

    /// Tells whether a file with this mark was sealed in this form and with this key.
    pub fn made(&self, mark: Mark) -> bool {
        Mark::read(&self.mark) == mark
    }

    /// The version of the form that is written.
    pub const fn version() -> u8 {
        VERSION
    }

    /// Seals a page in its place. Pages are counted from 0.
    pub fn seal_page(&self, number: u64, page: &mut [u8]) -> Result<(), getrandom::Error> {
        let (place, begin) = self.page_place(number);
        seal(&self.pages, &place, &mut page[begin..])?;
        page[..begin].copy_from_slice(&self.mark[..begin]);
        Ok(())
    }

    /// Opens a page in its place; its spare bytes are zeros then.
    pub fn open_page(&self, number: u64, page: &mut [u8]) -> Result<(), Unsealable> {
        let (place, begin) = self.page_place(number);
        if page[..begin] != self.mark[..begin] {
            return Err(Unsealable);
        }
        open(&self.pages, &place, &mut page[begin..])?;
        page[..begin].copy_from_slice(&DATABASE_MARK[..begin]);
        Ok(())
    }

    /// Seals a frame in its place. Frames are counted from 0.
    pub fn seal_frame(&self, number: u64, frame: &mut [u8]) -> Result<(), getrandom::Error> {
        seal(&self.frames, &number.to_be_bytes(), frame)
    }

    /// Opens a frame in its place.
    pub fn open_frame(&self, number: u64, frame: &mut [u8]) -> Result<(), Unsealable> {
        open(&self.frames, &number.to_be_bytes(), frame)
    }

    /// Returns what a page is bound to, and where its sealed part begins: the first one carries
    /// the mark.
    fn page_place(&self, number: u64) -> ([u8; 8 + MARK_BYTES], usize) {
        let mut place = [0; 8 + MARK_BYTES];
        place[..8].copy_from_slice(&number.to_be_bytes());
        place[8..].copy_from_slice(&self.mark);
        (place, if number == 0 { MARK_BYTES } else { 0 })
    }
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Cipher(secret)")
    }
}

fn derive(context: &str, key: &Seed) -> XChaCha20Poly1305 {
    let key = Zeroizing::new(blake3::derive_key(context, key.expose()));
    XChaCha20Poly1305::new((&*key).into())
}

/// Seals all of a buffer but its spare bytes, and puts nonce and tag there.
fn seal(
    cipher: &XChaCha20Poly1305,
    place: &[u8],
    buffer: &mut [u8],
) -> Result<(), getrandom::Error> {
    let (content, spare) = buffer.split_at_mut(buffer.len() - SPARE_BYTES);
    let (nonce, tag) = spare.split_at_mut(NONCE_BYTES);
    getrandom::fill(nonce)?;
    let nonce: [u8; NONCE_BYTES] = (&*nonce).try_into().expect("the length of a nonce");
    let made = cipher
        .encrypt_inout_detached(&nonce.into(), place, content.into())
        .expect("a page is shorter than the cipher's limit");
    tag.copy_from_slice(&made);
    Ok(())
}

/// Opens what [`seal`] sealed; the spare bytes are zeros then.
fn open(cipher: &XChaCha20Poly1305, place: &[u8], buffer: &mut [u8]) -> Result<(), Unsealable> {
    let (content, spare) = buffer.split_at_mut(buffer.len() - SPARE_BYTES);
    let (nonce, tag) = spare.split_at(NONCE_BYTES);
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().expect("the length of a nonce");
    let tag: [u8; TAG_BYTES] = tag.try_into().expect("the length of a tag");
    cipher
        .decrypt_inout_detached(&nonce.into(), place, content.into(), &tag.into())
        .map_err(|_| Unsealable)?;
    spare.fill(0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher(byte: u8) -> Cipher {
        Cipher::new(&Seed::take(&mut [byte; 32]))
    }

    fn page() -> Vec<u8> {
        let mut page = vec![0x5a; PAGE_BYTES];
        page[..MARK_BYTES].copy_from_slice(DATABASE_MARK);
        page[PAGE_BYTES - SPARE_BYTES..].fill(0);
        page
    }

    #[test]
    fn a_page_comes_back_in_its_place_with_its_key_and_nowhere_else() {
        let mine = cipher(1);
        for number in [0, 1, 77] {
            let mut sealed = page();
            mine.seal_page(number, &mut sealed).expect("random bytes");
            let shown = sealed.windows(4).any(|part| part == [0x5a; 4]);
            assert!(!shown, "a part of page {number} is in the clear");
            let mut opened = sealed.clone();
            mine.open_page(number, &mut opened).expect("its own page");
            assert!(opened == page(), "page {number} changed");
            for (other, place) in [(&mine, number + 1), (&mine, 0), (&cipher(2), number)] {
                if (place, other.mark) == (number, mine.mark) {
                    continue;
                }
                let mut opened = sealed.clone();
                assert!(other.open_page(place, &mut opened).is_err());
            }
        }
    }

    #[test]
    fn every_changed_byte_of_a_page_is_noticed() {
        let cipher = cipher(1);
        for number in [0, 1] {
            let mut sealed = page();
            cipher.seal_page(number, &mut sealed).expect("random bytes");
            for place in (0..PAGE_BYTES).step_by(13).chain(4_000..PAGE_BYTES) {
                let mut changed = sealed.clone();
                changed[place] ^= 0x10;
                assert!(cipher.open_page(number, &mut changed).is_err(), "{place}");
            }
        }
    }

    #[test]
    fn a_page_that_is_written_again_has_another_nonce() {
        let cipher = cipher(1);
        let [mut first, mut second] = [page(), page()];
        cipher.seal_page(3, &mut first).expect("random bytes");
        cipher.seal_page(3, &mut second).expect("random bytes");
        let spare = PAGE_BYTES - SPARE_BYTES;
        assert_ne!(first[spare..], second[spare..]);
        assert_ne!(first[..64], second[..64]);
    }

    #[test]
    fn a_frame_is_no_page_and_stays_in_its_place() {
        let cipher = cipher(1);
        let mut sealed = vec![0x5a; SEALED_FRAME_BYTES];
        cipher.seal_frame(3, &mut sealed).expect("random bytes");
        assert!(cipher.open_frame(4, &mut sealed.clone()).is_err());
        assert!(cipher.open_page(3, &mut sealed.clone()).is_err());
        cipher.open_frame(3, &mut sealed).expect("its own frame");
        assert!(sealed[..FRAME_BYTES] == [0x5a; FRAME_BYTES]);
    }

    /// The bytes of docs/STORE.md: stores that exist begin with them, and no other key opens them.
    #[test]
    fn the_mark_and_the_keys_are_the_documented_ones() {
        let cipher = cipher(7);
        let check = &blake3::derive_key("linli store 1: check of the key", &[7; 32])[..8];
        assert_eq!(cipher.mark, [b"linlidb\x01", check].concat()[..]);
        let mut sealed = page();
        cipher.seal_page(1, &mut sealed).expect("random bytes");
        let key = blake3::derive_key("linli store 1: key of the pages", &[7; 32]);
        let plain = XChaCha20Poly1305::new((&key).into());
        let place = [&1u64.to_be_bytes()[..], &cipher.mark].concat();
        open(&plain, &place, &mut sealed).expect("the documented key and place");
        assert!(sealed == page());
    }
}
