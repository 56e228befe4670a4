//! What a keystore must hold to, whoever has had the file in hands.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use proptest::prelude::*;
use protocol::id::SpaceId;
use secrecy::SecretString;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::sealed_file::{FILE_BYTES_MAX, LANES_MAX, MEMORY_KIB_MAX, PASSES_MAX};
use super::*;
use crate::access::AccessError;
use crate::durable_file::StagedFile;

/// A passphrase that costs next to nothing to try, for tests that try it hundreds of times.
const CHEAP: Cost = Cost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};
const CHECKSUM_BYTES: usize = 32;

struct Bench {
    folder: TempDir,
    lock: HomeLock,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::create(&folder.path().join("home")).expect("a home");
        let lock = home.lock().expect("free");
        Self { folder, lock }
    }

    fn home(&self) -> &Home {
        self.lock.home()
    }

    fn file(&self) -> Vec<u8> {
        fs::read(self.home().keystore()).expect("a keystore")
    }

    fn put_file(&self, bytes: &[u8]) {
        // In place: what replaces or empties a file waits for the disk, a thousand times over.
        let mut file = fs::OpenOptions::new()
            .write(true)
            .open(self.home().keystore())
            .expect("a keystore");
        file.write_all(bytes).expect("written");
        file.set_len(bytes.len() as u64).expect("cut");
    }

    /// Writes a keystore with a passphrase that is cheap to try.
    fn create_cheap(&self, unlock: &Unlock) -> Keystore {
        let cost = match unlock {
            Unlock::Passphrase(_) => CHEAP,
            _ => Cost::NONE,
        };
        let keystore = Keystore::prepare(&self.lock, unlock, cost).expect("prepared");
        keystore.save(&self.lock, &secrets()).expect("saved");
        keystore
    }

    fn key_file(&self, name: &str, bytes: &[u8]) -> Unlock {
        let path = self.folder.path().join(name);
        durable_file::write(&path, bytes).expect("written");
        Unlock::KeyFile(path)
    }

    fn open(&self, unlock: &Unlock) -> Result<Secrets, OpenError> {
        Keystore::open(self.home(), unlock).map(|(_, secrets)| secrets)
    }
}

fn passphrase(text: &str) -> Unlock {
    Unlock::Passphrase(SecretString::from(text))
}

fn seed(byte: u8) -> Seed {
    Seed::take(&mut [byte; 32])
}

fn secrets() -> Secrets {
    Secrets {
        household: Some(seed(0xa1)),
        device: seed(0xa2),
        relay_transport: None,
        space_secret: Some(seed(0xa4)),
        pending_joins: vec![PendingJoin {
            space: SpaceId([0xa5; 32]),
            invitation: Zeroizing::new(b"linli1invitation".to_vec()),
        }],
        store: Some(seed(0xa6)),
    }
}

fn plain(secrets: &Secrets) -> Vec<u8> {
    let mut bytes = Vec::new();
    minicbor::encode(secrets, &mut bytes).expect("encoded");
    bytes
}

fn assert_same(found: &Secrets, expected: &Secrets) {
    assert_eq!(plain(found), plain(expected));
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("metadata").mode() & 0o777
}

/// Makes the checksum fit again, as whoever changes a file on purpose would.
fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let content = bytes.len() - CHECKSUM_BYTES;
    let checksum = blake3::hash(&bytes[..content]);
    bytes[content..].copy_from_slice(checksum.as_bytes());
    bytes
}

#[test]
fn each_way_opens_what_it_closed() {
    let bench = Bench::new();
    let credentials = bench.folder.path().join("credentials");
    fs::create_dir(&credentials).expect("made");
    fs::write(credentials.join(CREDENTIAL_NAME), [7; 40]).expect("written");
    let ways = [
        (passphrase("梧桐里 3 号楼"), Protection::Passphrase),
        (bench.key_file("key", &[7; 32]), Protection::KeyFile),
        (
            Unlock::Credential {
                folder: credentials,
            },
            Protection::Credential,
        ),
        (Unlock::KeyBesideStore, Protection::KeyBesideStore),
    ];
    for (unlock, protection) in ways {
        let created = Keystore::create(&bench.lock, &unlock, &secrets()).expect("created");
        assert_eq!(created.protection(), protection);
        assert_eq!(mode(&bench.home().keystore()), 0o600);
        assert_eq!(
            Keystore::recorded_protection(bench.home()).expect("readable"),
            protection
        );
        let (opened, found) = Keystore::open(bench.home(), &unlock).expect("opens");
        assert_same(&found, &secrets());

        let fewer = Secrets::of_device(seed(0xb1));
        opened.save(&bench.lock, &fewer).expect("saved");
        assert_same(&bench.open(&unlock).expect("opens"), &fewer);
        fs::remove_file(bench.home().keystore()).expect("removed");
    }
    assert_eq!(mode(&bench.home().device_key()), 0o600);
}

#[test]
fn a_passphrase_costs_what_it_should() {
    let bench = Bench::new();
    Keystore::create(&bench.lock, &passphrase("x"), &secrets()).expect("created");
    let file = bench.file();
    assert_eq!(file[10..14], 19_456u32.to_be_bytes(), "19 MiB");
    assert_eq!(file[14..18], 2u32.to_be_bytes());
    assert_eq!(file[18..22], 1u32.to_be_bytes());
}

#[test]
fn an_empty_answer_is_recorded_as_no_passphrase() {
    let bench = Bench::new();
    let unlock = Unlock::from_answer(SecretString::from(""));
    Keystore::create(&bench.lock, &unlock, &secrets()).expect("created");
    let protection = Keystore::recorded_protection(bench.home()).expect("readable");
    assert!(protection.is_in_the_home());
    assert!(protection.to_string().contains("no passphrase"));
    assert_eq!(fs::read(bench.home().device_key()).expect("read").len(), 32);

    fs::remove_file(bench.home().device_key()).expect("removed");
    let error = bench.open(&unlock).expect_err("the key is gone");
    assert!(
        matches!(error, OpenError::Key(KeyError::Missing { .. })),
        "{error}"
    );
    assert!(
        !bench.home().device_key().exists(),
        "no key is made up in its place"
    );
}

#[test]
fn the_wrong_key_is_told_from_a_damaged_file() {
    let bench = Bench::new();
    bench.create_cheap(&passphrase("right"));
    for wrong in ["wrong", "Right", "right ", "righ"] {
        let error = bench.open(&passphrase(wrong)).expect_err(wrong);
        assert!(matches!(error, OpenError::WrongPassphrase), "{error}");
    }
    let error = bench.open(&Unlock::KeyBesideStore).expect_err("a key");
    assert!(
        matches!(
            error,
            OpenError::OtherProtection {
                recorded: Protection::Passphrase,
                given: Protection::KeyBesideStore,
            }
        ),
        "{error}"
    );

    let right = bench.key_file("right", &[7; 32]);
    bench.create_cheap(&right);
    let wrong = bench.key_file("wrong", &[8; 32]);
    let error = bench.open(&wrong).expect_err("another key");
    assert!(matches!(error, OpenError::WrongKey), "{error}");
    let error = bench.open(&passphrase("right")).expect_err("a passphrase");
    assert!(
        matches!(error, OpenError::OtherProtection { .. }),
        "{error}"
    );

    let mut file = bench.file();
    let last = file.len() - CHECKSUM_BYTES - 1;
    file[last] ^= 1;
    bench.put_file(&file);
    let error = bench.open(&right).expect_err("damaged");
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}

#[test]
fn one_passphrase_however_it_was_typed() {
    let bench = Bench::new();
    bench.create_cheap(&passphrase("café 3号"));
    bench
        .open(&passphrase("cafe\u{301} ３号"))
        .expect("the same characters from another keyboard");
}

#[test]
fn a_key_may_move_from_a_file_to_a_credential() {
    let bench = Bench::new();
    bench.create_cheap(&bench.key_file(CREDENTIAL_NAME, &[7; 32]));
    let credential = Unlock::Credential {
        folder: bench.folder.path().to_owned(),
    };
    // systemd may leave a credential to root's group and an access list.
    let path = bench.folder.path().join(CREDENTIAL_NAME);
    fs::set_permissions(path, Permissions::from_mode(0o440)).expect("mode set");
    assert_same(&bench.open(&credential).expect("opens"), &secrets());
}

#[test]
fn every_changed_byte_is_refused() {
    let bench = Bench::new();
    for unlock in [passphrase("right"), bench.key_file("key", &[7; 32])] {
        bench.create_cheap(&unlock);
        let whole = bench.file();
        for position in 0..whole.len() {
            for bits in [0x01, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[position] ^= bits;
                bench.put_file(&changed);
                bench
                    .open(&unlock)
                    .expect_err("damaged by a disk or a thumb");
                if position + CHECKSUM_BYTES < whole.len() {
                    bench.put_file(&with_checksum(changed));
                    bench.open(&unlock).expect_err("changed on purpose");
                }
            }
        }
        for bytes in 0..whole.len() {
            bench.put_file(&whole[..bytes]);
            bench.open(&unlock).expect_err("cut off");
        }
        bench.put_file(&whole);
        bench.open(&unlock).expect("unchanged");
    }
}

#[test]
fn a_cost_beyond_its_bounds_is_refused_before_it_is_paid() {
    let bench = Bench::new();
    bench.create_cheap(&passphrase("right"));
    let whole = bench.file();
    for (position, least, most, expected) in [
        (10, 7, MEMORY_KIB_MAX + 1, "memory in KiB"),
        (14, 0, PASSES_MAX + 1, "passes"),
        (18, 0, LANES_MAX + 1, "lanes"),
    ] {
        for value in [least, most, u32::MAX] {
            let mut changed = whole.clone();
            changed[position..position + 4].copy_from_slice(&value.to_be_bytes());
            bench.put_file(&with_checksum(changed));
            match bench.open(&passphrase("right")) {
                Err(OpenError::CostOutOfBounds { what, found, .. }) => {
                    assert_eq!((what, found), (expected, value));
                }
                other => panic!("{expected} {value}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_later_version_is_not_called_damaged() {
    let bench = Bench::new();
    bench.create_cheap(&passphrase("right"));
    let mut file = bench.file();
    file[8] = 3;
    file.truncate(20);
    bench.put_file(&file);
    let error = bench.open(&passphrase("right")).expect_err("newer");
    assert!(
        matches!(
            error,
            OpenError::Newer {
                found: 3,
                known: 2,
                ..
            }
        ),
        "{error}"
    );
    bench.put_file(b"name,supplies,address,remark\n");
    let error = bench.open(&passphrase("right")).expect_err("a table");
    assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
    bench.put_file(&vec![0; FILE_BYTES_MAX + 1]);
    let error = bench.open(&passphrase("right")).expect_err("too large");
    assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
    fs::remove_file(bench.home().keystore()).expect("removed");
    let error = bench.open(&passphrase("right")).expect_err("none");
    assert!(matches!(error, OpenError::Missing { .. }), "{error}");
}

#[test]
fn files_that_others_may_read_are_refused() {
    let bench = Bench::new();
    let unlock = bench.key_file("key", &[7; 32]);
    bench.create_cheap(&unlock);
    let path = bench.home().keystore();
    fs::set_permissions(&path, Permissions::from_mode(0o604)).expect("mode set");
    let error = bench.open(&unlock).expect_err("open to others");
    assert!(
        matches!(
            error,
            OpenError::File(ReadError::Access(AccessError::TooPermissive {
                mode: 0o604,
                ..
            }))
        ),
        "{error}"
    );
    fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("mode set");

    let key = bench.folder.path().join("key");
    fs::set_permissions(&key, Permissions::from_mode(0o640)).expect("mode set");
    let error = bench.open(&unlock).expect_err("open to others");
    assert!(
        matches!(error, OpenError::Key(KeyError::File(ReadError::Access(_)))),
        "{error}"
    );
    let short = bench.key_file("key", &[7; 31]);
    let error = bench.open(&short).expect_err("too short");
    assert!(
        matches!(error, OpenError::Key(KeyError::TooShort { bytes: 31, .. })),
        "{error}"
    );
}

#[test]
fn a_crash_while_saving_leaves_what_was_there() {
    let bench = Bench::new();
    let unlock = bench.key_file("key", &[7; 32]);
    let keystore = bench.create_cheap(&unlock);
    let old = bench.file();
    let fewer = Secrets::of_device(seed(0xb1));
    keystore.save(&bench.lock, &fewer).expect("saved");
    let new = bench.file();
    bench.put_file(&old);

    drop(StagedFile::stage(&bench.home().keystore(), &new).expect("staged"));
    assert_same(&bench.open(&unlock).expect("opens"), &secrets());
}

#[test]
fn two_keystores_are_never_alike() {
    let bench = Bench::new();
    let unlock = bench.key_file("key", &[7; 32]);
    let keystore = bench.create_cheap(&unlock);
    let first = bench.file();
    keystore.save(&bench.lock, &secrets()).expect("saved");
    let second = bench.file();
    assert_eq!(first[..38], second[..38], "the same header");
    assert_ne!(first[38..62], second[38..62], "another nonce");
    bench.create_cheap(&unlock);
    assert_ne!(first[22..38], bench.file()[22..38], "another salt");
}

#[test]
fn a_keystore_that_exists_is_not_overwritten() {
    let bench = Bench::new();
    bench.create_cheap(&passphrase("right"));
    let file = bench.file();
    let error = Keystore::create(&bench.lock, &Unlock::KeyBesideStore, &secrets())
        .expect_err("there is one");
    assert!(matches!(error, SaveError::Exists { .. }), "{error}");
    assert_eq!(bench.file(), file);
    assert!(!bench.home().device_key().exists());
}

#[test]
fn more_than_fits_is_refused_and_the_old_stands() {
    let bench = Bench::new();
    let unlock = bench.key_file("key", &[7; 32]);
    let keystore = bench.create_cheap(&unlock);
    let mut more = secrets();
    more.pending_joins[0].invitation = Zeroizing::new(vec![1; FILE_BYTES_MAX]);
    let error = keystore.save(&bench.lock, &more).expect_err("too much");
    assert!(matches!(error, SaveError::TooLarge { .. }), "{error}");
    assert_same(&bench.open(&unlock).expect("opens"), &secrets());

    // The most that fits does fit.
    let without = plain(&more).len() - FILE_BYTES_MAX;
    let room = FILE_BYTES_MAX - 62 - 16 - CHECKSUM_BYTES - without;
    // A length below 65,536 takes three bytes, as many as in `without` less two.
    more.pending_joins[0].invitation = Zeroizing::new(vec![1; room + 2]);
    keystore.save(&bench.lock, &more).expect("it fits");
    assert_eq!(bench.file().len(), FILE_BYTES_MAX);
    assert_same(&bench.open(&unlock).expect("opens"), &more);
}

#[test]
fn protection_can_be_changed_and_leaves_no_key_about() {
    let bench = Bench::new();
    let key = bench.home().device_key();
    let mut keystore =
        Keystore::create(&bench.lock, &Unlock::KeyBesideStore, &secrets()).expect("created");
    let mut protect = |unlock: &Unlock| {
        keystore
            .protect(&bench.lock, unlock, &secrets())
            .expect("changed");
        assert_same(&bench.open(unlock).expect("opens"), &secrets());
        assert_eq!(keystore.protection(), unlock.protection());
    };
    protect(&Unlock::KeyBesideStore);
    assert!(key.exists());
    protect(&passphrase("right"));
    assert!(!key.exists(), "it opens nothing any more");
    protect(&Unlock::KeyBesideStore);
    protect(&Unlock::KeyFile(key.clone()));
    assert!(key.exists(), "it still opens the keystore");
    protect(&bench.key_file("key", &[7; 32]));
    assert!(!key.exists(), "another file opens it");
    bench
        .open(&passphrase("right"))
        .expect_err("the earlier passphrase does not");
}

#[test]
fn a_key_file_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    make_key_file(&path).expect("made");
    let bytes = fs::read(&path).expect("read");
    assert_eq!(bytes.len(), KEY_FILE_BYTES_MIN);
    assert_eq!(mode(&path), 0o600);
    assert!(matches!(
        make_key_file(&path),
        Err(KeyFileError::Exists { .. })
    ));
    assert_eq!(fs::read(&path).expect("read"), bytes);
}

#[test]
fn nothing_secret_shows() {
    let bench = Bench::new();
    let unlock = passphrase("open sesame");
    let keystore = bench.create_cheap(&unlock);
    let shown = format!("{:?} {keystore:?} {unlock:?} {:#?}", secrets(), secrets());
    let key = keystore.key.expose();
    for secret in [
        "161, 161".to_owned(),
        "a1a1".to_owned(),
        "162, 162".to_owned(),
        "164, 164".to_owned(),
        "166, 166".to_owned(),
        "invitation".to_owned() + "\"",
        "linli1".to_owned(),
        "open sesame".to_owned(),
        format!("{key:?}"),
        format!("{:02x}{:02x}{:02x}", key[0], key[1], key[2]),
    ] {
        assert!(!shown.contains(&secret), "{secret} in {shown}");
    }
    let file = bench.file();
    for secret in [&[0xa1; 8], &[0xa2; 8], &[0xa4; 8], &[0xa6; 8], b"linli1in"] {
        assert!(
            !file.windows(8).any(|window| window == secret),
            "in the clear: {secret:?}"
        );
    }
}

/// The form on disk is in `docs/KEYSTORE.md`; a keystore of today opens in a year.
#[test]
fn the_form_on_disk_is_pinned() {
    let header = Header {
        protection: Protection::KeyFile,
        cost: Cost::NONE,
        salt: [0x11; 16],
    };
    let sealed = sealed_file::seal(&header, &seed(0x33), [0x22; 24], &secrets()).expect("fits");
    let hash = blake3::hash(&sealed).to_hex();
    let head: String = sealed[..62].iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(
        head,
        "6c696e6c696b6579020200000000000000000000000011111111111111111111111111111111222222222222222222222222222222222222222222222222"
    );
    assert_eq!(
        hash.as_str(),
        "23bed417b2f732310452a3bf0d3f31cc46acc2c745f5320c81659c048b1d0f4d"
    );

    let bench = Bench::new();
    let key = bench
        .key_file("key", &[7; 32])
        .derive(bench.home(), &[0x11; 16], Cost::NONE)
        .expect("derived");
    assert_eq!(
        blake3::hash(key.expose()).to_hex().as_str(),
        "5e08466d0721d99a399f560fb4e10d805f2043c890a79a2a5f9d1933fd1c75c6"
    );
    let key = passphrase("梧桐里")
        .derive(bench.home(), &[0x11; 16], CHEAP)
        .expect("derived");
    assert_eq!(
        blake3::hash(key.expose()).to_hex().as_str(),
        "02739833cb93a838ace28d072e39edad4ff37988c48512335a1f3705cd7db983"
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(
        version in 1..=2u8,
        tail in proptest::collection::vec(any::<u8>(), 0..300),
        fit in any::<bool>(),
    ) {
        let mut bytes = b"linlikey".to_vec();
        bytes.push(version);
        bytes.extend_from_slice(&tail);
        if fit && bytes.len() > CHECKSUM_BYTES {
            bytes = with_checksum(bytes);
        }
        if let Ok(file) = SealedFile::parse(&bytes) {
            prop_assert!(file.unseal(&seed(1)).is_err());
        }
        prop_assert!(SealedFile::parse(&tail).is_err());
    }
}
