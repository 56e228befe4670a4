//! Golden vector of an invitation, its limits, and every way in which its text can be wrong.

use protocol::codec;
use protocol::id::{DeviceId, EntryId, MemberId, SpaceId};
use protocol::invitation::{
    ADDRESSES_MAX, Invitation, InvitationError, InvitationSecret, InvitedAs, PREFIX,
    TEXT_CHARACTERS_MAX, WriteInvitationError,
};

const GOLDEN: &str = "linli1sgqc5kpqqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyq4sgqzqgpqyqszqg\
    pqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqfvzqqcrqvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrqv\
    psxqcrqvpsxqcrtqsqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpzsq5zs2pg9q5\
    zs2pg9q5zs2pg9qkq4sgqxqcrqvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcdxkjwjqq\
    qxne4z5ln2ry8fs7xgz7px9a5hqdp0xyunyt33xcuzuvfsxqhrzvps9a6kgup0xscnqvfs9ach26tr94\
    mrzuz2dzf";

fn sample() -> Invitation {
    Invitation {
        space: SpaceId([1; 32]),
        space_secret: [2; 32],
        inviter: MemberId([3; 32]),
        device: DeviceId([4; 32]),
        secret: InvitationSecret([5; 16]),
        heads: vec![EntryId([6; 32])],
        expires_s: 1_800_000_000,
        invited_as: InvitedAs::Household,
        neighbourhood: "梧桐里".to_owned(),
        addresses: vec!["/ip4/192.168.100.100/udp/41010/quic-v1".to_owned()],
    }
}

fn text() -> String {
    sample().to_text().expect("a small invitation")
}

/// Writes content with a right checksum, whatever the content is.
fn written(bytes: &[u8]) -> String {
    let prefix = bech32::Hrp::parse(PREFIX).expect("the prefix");
    bech32::encode::<bech32::Bech32m>(prefix, bytes).expect("it is short")
}

fn content() -> Vec<u8> {
    bech32::decode(&text()).expect("its own text").1
}

#[test]
fn golden_vector() {
    assert_eq!(text(), GOLDEN);
    assert_eq!(Invitation::parse(GOLDEN).expect("it"), sample());
    let id = sample().secret.id().to_string();
    assert_eq!(
        id,
        "b0b9000ba402131c2914fe5141885c8b634867d3cb7a4afc4d49c0d19847ed3a"
    );
}

#[test]
fn one_address_fits_in_450_characters() {
    assert!(text().len() <= 450, "{}", text().len());
}

#[test]
fn every_field_survives() {
    let cases: [fn(&mut Invitation); 7] = [
        |it| it.invited_as = InvitedAs::Guest,
        |it| it.invited_as = InvitedAs::Relay,
        |it| it.addresses.clear(),
        |it| it.addresses.push("/dns4/relay.example/tcp/4101".to_owned()),
        |it| it.heads = (1..=8).map(|byte| EntryId([byte; 32])).collect(),
        |it| it.expires_s = 0,
        |it| it.neighbourhood = "长".repeat(32),
    ];
    for change in cases {
        let mut invitation = sample();
        change(&mut invitation);
        let text = invitation.to_text().expect("within the limits");
        assert_eq!(Invitation::parse(&text).expect("it"), invitation);
    }
}

#[test]
fn capitals_and_white_space_do_not_matter() {
    let wrapped: String = text()
        .chars()
        .enumerate()
        .flat_map(|(index, character)| [Some(character), (index % 40 == 39).then_some('\n')])
        .flatten()
        .collect();
    for text in [
        text().to_uppercase(),
        wrapped,
        format!(" \t{}\u{3000}\r\n", text()),
    ] {
        assert_eq!(Invitation::parse(&text).expect("it"), sample());
    }
}

#[test]
fn every_changed_character_is_refused_and_found() {
    let right = text();
    let alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    for (index, original) in right.char_indices().skip(PREFIX.len() + 1) {
        // A few others at each place; the checksum finds each by the same arithmetic.
        let others = alphabet.chars().cycle().skip(index).step_by(7).take(5);
        for other in others.filter(|other| *other != original) {
            let mut changed = right.clone();
            changed.replace_range(index..=index, &other.to_string());
            match Invitation::parse(&changed) {
                Err(InvitationError::Checksum { position }) => {
                    assert_eq!(position, Some(index + 1));
                }
                other => panic!("{changed}: {other:?}"),
            }
        }
    }
}

#[test]
fn characters_of_no_invitation_are_found() {
    let right = text();
    for index in [PREFIX.len() + 1, 100, right.len() - 1] {
        for wrong in ['b', 'i', 'o', '1', '-', '里', '\u{200b}', '\0'] {
            let mut changed = right.clone();
            changed.replace_range(index..=index, &wrong.to_string());
            match Invitation::parse(&changed) {
                Err(InvitationError::Character {
                    position,
                    character,
                }) => assert_eq!((position, character), (index + 1, wrong)),
                other => panic!("{wrong:?} at {index}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_missing_end_is_said_to_be_one() {
    let right = text();
    for length in 1..right.len() {
        let read = Invitation::parse(&right[..length]);
        assert!(
            matches!(read, Err(InvitationError::Truncated)),
            "{length}: {read:?}"
        );
    }
}

#[test]
fn swapped_dropped_and_doubled_characters_are_refused() {
    let right: Vec<char> = text().chars().collect();
    for index in PREFIX.len() + 1..right.len() - 1 {
        let mut swapped = right.clone();
        swapped.swap(index, index + 1);
        let mut dropped = right.clone();
        dropped.remove(index);
        let mut doubled = right.clone();
        doubled.insert(index, right[index]);
        for changed in [swapped, dropped, doubled] {
            if changed == right {
                continue;
            }
            let changed: String = changed.into_iter().collect();
            assert!(Invitation::parse(&changed).is_err(), "{changed}");
        }
    }
}

#[test]
fn what_is_no_invitation_is_said_to_be_none() {
    let mut mixed = text();
    mixed.replace_range(7..8, &mixed[7..8].to_uppercase());
    mixed.replace_range(0..1, "L");
    assert!(matches!(
        Invitation::parse(&mixed),
        Err(InvitationError::MixedCase)
    ));
    for other in [
        "",
        " ",
        "hello",
        "linlj1qqqqqq",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "里",
    ] {
        let read = Invitation::parse(other);
        assert!(
            matches!(read, Err(InvitationError::Prefix)),
            "{other}: {read:?}"
        );
    }
    let long = format!("{PREFIX}1{}", "q".repeat(TEXT_CHARACTERS_MAX));
    assert!(matches!(
        Invitation::parse(&long),
        Err(InvitationError::TooLong)
    ));
    let endless = "q".repeat(10_000_000);
    assert!(matches!(
        Invitation::parse(&endless),
        Err(InvitationError::TooLong)
    ));
}

#[test]
fn another_version_is_named_whatever_it_holds() {
    for content in [codec::encode(&(2u8, "anything")), codec::encode(&(2u8,))] {
        let read = Invitation::parse(&written(&content));
        assert!(
            matches!(read, Err(InvitationError::Version { found: 2 })),
            "{read:?}"
        );
    }
}

#[test]
fn another_checksum_or_padding_is_another_text() {
    let prefix = bech32::Hrp::parse(PREFIX).expect("the prefix");
    let other = bech32::encode::<bech32::Bech32>(prefix, &content()).expect("it is short");
    assert!(Invitation::parse(&other).is_err());
    let mut longer = content();
    longer.push(0);
    assert!(matches!(
        Invitation::parse(&written(&longer)),
        Err(InvitationError::Content(_))
    ));
}

#[test]
fn content_with_a_right_checksum_is_still_checked() {
    let right = content();
    let mut accepted = 0;
    for index in 0..right.len() {
        for bit in 0..8 {
            let mut changed = right.clone();
            changed[index] ^= 1 << bit;
            // Whoever can make a checksum can make any invitation; it only must be one.
            if let Ok(read) = Invitation::parse(&written(&changed)) {
                assert_ne!(read, sample());
                assert_eq!(
                    read.to_text().expect("within the limits"),
                    written(&changed)
                );
                accepted += 1;
            }
        }
    }
    assert!(accepted > 0);
    for length in 0..right.len() {
        assert!(Invitation::parse(&written(&right[..length])).is_err());
    }
}

#[test]
fn limits_hold_both_ways() {
    type Change = fn(&mut Invitation);
    let cases: [(Change, &str); 8] = [
        (|it| it.heads.clear(), "heads"),
        (
            |it| it.heads = (1..=9).map(|byte| EntryId([byte; 32])).collect(),
            "heads",
        ),
        (
            |it| it.heads = vec![EntryId([2; 32]), EntryId([1; 32])],
            "heads",
        ),
        (|it| it.heads = vec![EntryId([2; 32]); 2], "heads"),
        (|it| it.neighbourhood.clear(), "neighbourhood"),
        (|it| it.neighbourhood = "长".repeat(33), "neighbourhood"),
        (
            |it| it.addresses = vec!["/a".to_owned(); ADDRESSES_MAX + 1],
            "addresses",
        ),
        (|it| it.expires_s = u64::MAX, "expiry"),
    ];
    for (change, field) in cases {
        let mut invitation = sample();
        change(&mut invitation);
        let refused = invitation.to_text();
        assert_eq!(refused, Err(WriteInvitationError::Limit { what: field }));
        let bytes = codec::encode(&(1u8, &invitation));
        match Invitation::parse(&written(&bytes)) {
            Err(InvitationError::Limit { what }) => assert_eq!(what, field),
            other => panic!("{field}: {other:?}"),
        }
    }
    let mut long = sample();
    long.addresses = vec![format!("/dns4/{}/tcp/1", "a".repeat(250)); 3];
    assert!(matches!(
        long.to_text(),
        Err(WriteInvitationError::TooLong { .. })
    ));
}

#[test]
fn one_address_of_any_kind_fits_beside_everything_else_at_its_greatest() {
    let mut invitation = sample();
    invitation.heads = (1..=8).map(|byte| EntryId([byte; 32])).collect();
    invitation.neighbourhood = "长".repeat(32);
    invitation.addresses =
        vec!["/ip6/2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/udp/65535/quic-v1".to_owned()];
    let text = invitation.to_text().expect("within the limits");
    assert!(text.len() <= TEXT_CHARACTERS_MAX);
}

#[test]
fn secrets_are_not_printed_by_accident() {
    let printed = format!("{:?}", sample());
    assert!(
        !printed.contains("0202") && !printed.contains("2, 2") && !printed.contains("5, 5"),
        "{printed}"
    );
}
