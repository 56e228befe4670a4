use super::*;

const TEXT: &str = "门牌 3-502，电话 13800000000，按门铃两下";

fn device(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn binding() -> Binding {
    Binding {
        space: SpaceId([1; 32]),
        about: DocumentId([2; 32]),
        author: MemberId([3; 32]),
    }
}

struct Sealed {
    bytes: Vec<u8>,
    key: ContentKey,
}

fn sealed() -> Sealed {
    let key = ContentKey::from_random([4; 32]);
    Sealed {
        bytes: key.seal(&binding(), TEXT).expect("a short text"),
        key,
    }
}

impl Sealed {
    fn share(&self, to: &SecretKey) -> [u8; SHARE_BYTES] {
        let device = DeviceId(to.public());
        let share = self.key.share(&binding(), &self.bytes, &device, &[5; 32]);
        share.expect("an honest key")
    }
}

/// Reads as a device does that was given a share.
fn read(secret: &SecretKey, binding: &Binding, sealed: &[u8], share: &[u8]) -> Option<String> {
    let key = ContentKey::of_share(secret, binding, sealed, share)?;
    Some(key.open(binding, sealed)?.to_string())
}

#[test]
fn a_device_reads_what_was_shared_with_it_and_shares_it_on() {
    let sealed = sealed();
    let first = sealed.share(&device(10));
    assert_eq!(
        read(&device(10), &binding(), &sealed.bytes, &first).as_deref(),
        Some(TEXT)
    );
    let key = ContentKey::of_share(&device(10), &binding(), &sealed.bytes, &first);
    let second = key
        .expect("its own share")
        .share(
            &binding(),
            &sealed.bytes,
            &DeviceId(device(11).public()),
            &[6; 32],
        )
        .expect("an honest key");
    assert_eq!(
        read(&device(11), &binding(), &sealed.bytes, &second).as_deref(),
        Some(TEXT)
    );
}

#[test]
fn nobody_reads_with_the_share_of_another() {
    let sealed = sealed();
    let share = sealed.share(&device(10));
    assert_eq!(read(&device(11), &binding(), &sealed.bytes, &share), None);
    // Nor when it is relabelled.
    let mut stolen = share;
    stolen[..DEVICE_BYTES].copy_from_slice(&device(11).public());
    assert_eq!(read(&device(11), &binding(), &sealed.bytes, &stolen), None);
}

#[test]
fn what_was_moved_elsewhere_means_nothing() {
    let sealed = sealed();
    let share = sealed.share(&device(10));
    for moved in [
        Binding {
            space: SpaceId([9; 32]),
            ..binding()
        },
        Binding {
            about: DocumentId([9; 32]),
            ..binding()
        },
        Binding {
            author: MemberId([9; 32]),
            ..binding()
        },
    ] {
        assert_eq!(read(&device(10), &moved, &sealed.bytes, &share), None);
        assert!(sealed.key.open(&moved, &sealed.bytes).is_none());
    }
    // A share holds for one version of the text only.
    let newer = sealed.key.seal(&binding(), "改了").expect("a short text");
    assert_eq!(read(&device(10), &binding(), &newer, &share), None);
}

#[test]
fn any_changed_bit_is_noticed() {
    let sealed = sealed();
    let share = sealed.share(&device(10));
    for at in 0..SHARE_BYTES * 8 {
        let mut changed = share;
        changed[at / 8] ^= 1 << (at % 8);
        // X25519 ignores the highest bit of a point (RFC 7748, section 5), HPKE's key schedule
        // does not.
        let read = read(&device(10), &binding(), &sealed.bytes, &changed);
        assert_eq!(read, None, "bit {at}");
    }
    for at in 0..sealed.bytes.len() * 8 {
        let mut changed = sealed.bytes.clone();
        changed[at / 8] ^= 1 << (at % 8);
        assert!(sealed.key.open(&binding(), &changed).is_none(), "bit {at}");
    }
}

#[test]
fn lengths_are_hidden_and_bounded() {
    let key = ContentKey::from_random([4; 32]);
    let length = |text: &str| key.seal(&binding(), text).map(|sealed| sealed.len());
    assert_eq!(length(""), length(&"门".repeat(80)));
    assert_eq!(length(""), Ok(PADDED_BYTES + TAG_BYTES));
    let longest = "a".repeat(CONTACT_BYTES_MAX);
    let sealed = key.seal(&binding(), &longest).expect("the longest");
    assert!(sealed.len() <= crate::limits::SEALED_BYTES_MAX);
    assert_eq!(key.open(&binding(), &sealed).as_deref(), Some(&longest));
    assert_eq!(
        length(&"a".repeat(CONTACT_BYTES_MAX + 1)),
        Err(SealError::TooLong {
            bytes: CONTACT_BYTES_MAX + 1
        })
    );
}

#[test]
fn nothing_is_sealed_to_what_is_no_key() {
    let sealed = sealed();
    for bytes in [[0; 32], [0xff; 32], {
        let mut identity = [0; 32];
        identity[0] = 1;
        identity
    }] {
        let share = sealed
            .key
            .share(&binding(), &sealed.bytes, &DeviceId(bytes), &[5; 32]);
        assert_eq!(share, Err(SealError::Device));
    }
}

#[test]
fn shares_are_told_apart_and_what_is_left_over_is_none() {
    let sealed = sealed();
    let mut bytes = sealed.share(&device(10)).to_vec();
    bytes.extend(sealed.share(&device(11)));
    bytes.push(0);
    let devices: Vec<_> = shares(&bytes).map(|(device, _)| device).collect();
    assert_eq!(
        devices,
        [DeviceId(device(10).public()), DeviceId(device(11).public())]
    );
}

/// The bytes are a format that other programs read: they may not change.
#[test]
fn golden() {
    let sealed = sealed();
    let share = sealed.share(&device(10));
    let name = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    assert_eq!(
        [name(&sealed.bytes), name(&share)],
        [
            "9422b45913d7c4952ce64ce292388a0464c2a7649d1a522bd4be4e78a660c29d",
            "3e1d57bfe23dfdbf74d092ecea880e10b71354bbd2484625f83512507013aa6b",
        ]
    );
}
