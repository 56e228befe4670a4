//! The form of a backup on disk: what opens it, and where damage is found.

use secrecy::SecretString;

use super::sealed::{Lock, OpenError, open, opener, seal};
use super::{Contents, InvalidContents, Opener};
use crate::keystore::Seed;

fn key(byte: u8) -> Lock {
    Lock::Key(Seed::take(&mut [byte; 32]))
}

fn plain() -> Vec<u8> {
    (0..200_000_u32)
        .flat_map(u32::to_le_bytes)
        .take(150_000)
        .collect()
}

#[test]
fn what_is_sealed_opens_with_the_same_key_alone() {
    for plain in [Vec::new(), vec![7; 64 * 1024], plain()] {
        let file = seal(&key(1), &plain).expect("sealed");
        assert_eq!(opener(&file).expect("a header"), Opener::Key);
        assert_eq!(**open(&key(1), &file).expect("opened"), *plain);
        let wrong = open(&key(2), &file).expect_err("another key");
        assert!(matches!(wrong, OpenError::WrongKey), "{wrong}");
    }
    let passphrase = |text: &str| Lock::Passphrase(SecretString::from(text));
    let file = seal(&passphrase("梧桐"), b"inside").expect("sealed");
    assert_eq!(opener(&file).expect("a header"), Opener::Passphrase);
    assert_eq!(
        **open(&passphrase("梧桐"), &file).expect("opened"),
        *b"inside"
    );
    for wrong in [passphrase("梧"), key(1)] {
        assert!(matches!(open(&wrong, &file), Err(OpenError::WrongKey)));
    }
    let needle = b"inside";
    assert!(!file.windows(needle.len()).any(|part| part == needle));
}

#[test]
fn a_changed_byte_is_found_where_it_lies() {
    let file = seal(&key(1), &plain()).expect("sealed");
    for at in [9, 12, 50, 80, 104, 105, 70_000, 140_000, file.len() - 1] {
        let mut changed = file.clone();
        changed[at] ^= 1;
        match open(&key(1), &changed) {
            Err(OpenError::Damaged { from, to }) => {
                assert!((from..to).contains(&at), "{at} in {from} to {to}");
                assert!(to - from <= 64 * 1024 + 16);
            }
            other => panic!("{at}: {other:?}"),
        }
    }
}

#[test]
fn a_missing_end_and_parts_in_another_order_are_noticed() {
    let file = seal(&key(1), &plain()).expect("sealed");
    let chunk = 64 * 1024 + 16;
    for length in [8, 40, 105, 105 + chunk, 105 + 2 * chunk] {
        let cut = open(&key(1), &file[..length]);
        assert!(
            matches!(cut, Err(OpenError::CutOff { bytes }) if bytes == length),
            "{length}: {cut:?}"
        );
    }
    let mut swapped = file.clone();
    swapped.copy_within(105 + chunk..105 + 2 * chunk, 105);
    let found = open(&key(1), &swapped);
    assert!(matches!(found, Err(OpenError::Damaged { from: 105, .. })));
    assert!(matches!(open(&key(1), b"PK"), Err(OpenError::Foreign)));
    let mut newer = file;
    newer[8] = 2;
    assert!(matches!(
        open(&key(1), &newer),
        Err(OpenError::Newer { found: 2 })
    ));
}

#[test]
fn contents_of_another_shape_or_version_are_told_apart() {
    let newer = Contents::from_bytes(&[0x82, 2, 0]);
    assert!(matches!(newer, Err(InvalidContents::Newer { found: 2 })));
    let other = Contents::from_bytes(b"something else");
    assert!(matches!(other, Err(InvalidContents::Shape(_))));
}
