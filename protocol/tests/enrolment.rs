//! Golden vector of the code of a further device, how its text can be wrong, and what a request
//! by it or by the household's key is worth.

use protocol::enrolment::{Enrolment, EnrolmentCode, EnrolmentSecret, PREFIX, greeting};
use protocol::id::{DeviceId, EntryId, MemberId, SpaceId};
use protocol::invitation::{Invitation, InvitationError};
use protocol::key::SecretKey;
use protocol::statement::Certificate;

const GOLDEN: &str = "linlidev1sgqcskpqqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyq4sgqrqvpsxqc\
    rqvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrqvpsxqcrqdvzqpqyqszqgpqyqszqgpqyqszqgpqyqszqgpq\
    yqszqgpqyqszqgpqy2qzs2pg9q5zs2pg9q5zs2pg9q5zczkpqqcrqvpsxqcrqvpsxqcrqvpsxqcrqvps\
    xqcrqvpsxqcrqvpsxqcrp566f6gqxne4z5ln2ry8fs7xgz7px9a5hqdp0xyunyt33xcuzuvfsxqhrzvp\
    s9a6kgup0xscnqvfs9ach26tr94mrzpglft6";

fn sample() -> EnrolmentCode {
    EnrolmentCode {
        space: SpaceId([1; 32]),
        member: MemberId([3; 32]),
        device: DeviceId([4; 32]),
        secret: EnrolmentSecret([5; 16]),
        heads: vec![EntryId([6; 32])],
        expires_s: 1_800_000_000,
        neighbourhood: "梧桐里".to_owned(),
        addresses: vec!["/ip4/192.168.100.100/udp/41010/quic-v1".to_owned()],
    }
}

fn device() -> DeviceId {
    DeviceId(SecretKey::from_seed(&[8; 32]).public())
}

#[test]
fn golden_vector() {
    let text = sample().to_text().expect("a small code");
    assert_eq!(text, GOLDEN);
    assert_eq!(EnrolmentCode::parse(GOLDEN).expect("it"), sample());
    let id = sample().secret.id();
    let names = [id.to_string(), EntryId(greeting(id)).to_string()];
    assert_eq!(
        names,
        [
            "5c320639831128d8f8dbe446ecc6632a30ad57875efbf689e56a65fdab96c432",
            "8eed061bce01589e83dc9f5f71e06f72de39ad376b38e18939e33ee2f7b7079d"
        ]
    );
}

#[test]
fn a_changed_character_is_found_and_capitals_are_the_same() {
    let right = sample().to_text().expect("a small code");
    let shouted = EnrolmentCode::parse(&right.to_uppercase()).expect("it");
    assert_eq!(shouted, sample());
    for (index, original) in right.char_indices().skip(PREFIX.len() + 1) {
        let mut changed = right.clone();
        let other = if original == 'q' { "p" } else { "q" };
        changed.replace_range(index..=index, other);
        match EnrolmentCode::parse(&changed) {
            Err(InvitationError::Checksum { position }) => assert_eq!(position, Some(index + 1)),
            other => panic!("{index}: {other:?}"),
        }
    }
    let cut = EnrolmentCode::parse(&right[..right.len() - 9]);
    assert!(matches!(cut, Err(InvitationError::Truncated)));
}

#[test]
fn codes_and_invitations_are_not_taken_for_each_other() {
    let code = sample().to_text().expect("a small code");
    assert!(EnrolmentCode::is_meant_by(&code) && EnrolmentCode::is_meant_by("LINLIDEV1x"));
    assert!(EnrolmentCode::is_meant_by(" linli\ndev1"));
    assert!(!EnrolmentCode::is_meant_by("linli1qqq"));
    let read = Invitation::parse(&code);
    assert!(matches!(read, Err(InvitationError::Prefix)), "{read:?}");
    let read = EnrolmentCode::parse("linli1sgqc5kpqqyqszqg");
    assert!(matches!(read, Err(InvitationError::Prefix)), "{read:?}");
}

#[test]
fn a_request_holds_for_one_device_member_and_space() {
    let code = sample();
    let by_code = Enrolment::by_code(&code, device());
    assert!(by_code.verifies(code.space));
    assert!(!by_code.verifies(SpaceId([2; 32])));
    let changes: [fn(&mut DeviceId, &mut MemberId); 2] = [
        |device, _| *device = DeviceId(SecretKey::from_seed(&[9; 32]).public()),
        |_, member| *member = MemberId([9; 32]),
    ];
    for change in changes {
        let mut changed = by_code.clone();
        if let Enrolment::ByCode { device, member, .. } = &mut changed {
            change(device, member);
        }
        assert!(!changed.verifies(code.space), "{changed:?}");
    }
    let household = SecretKey::from_seed(&[7; 32]);
    let certificate = Certificate::issue(&household, device());
    assert!(Enrolment::ByKey(certificate.clone()).verifies(code.space));
    let stolen = Certificate {
        member: MemberId(SecretKey::from_seed(&[6; 32]).public()),
        ..certificate
    };
    assert!(!Enrolment::ByKey(stolen).verifies(code.space));
}
