//! Statements and admission chains.

use super::*;

pub(super) fn statements() -> Vec<Seed> {
    let tip = |number| Tip {
        device: device(number),
        seq: 3,
        entry: id(number),
    };
    let tips = Tips {
        named: vec![tip(2)],
        parts: vec![id(4)],
        digest: Some(Tips::digest(&[tip(2), tip(4)])),
    };
    let remove = Act::Remove {
        member: member(3),
        tips: tips.clone(),
        reason: "搬走了".to_owned(),
    };
    let ended = Tips {
        named: vec![tip(4)],
        ..Tips::default()
    };
    let name = || NAME.to_owned();
    let acts = vec![
        ("found", Act::Found(founding())),
        ("admit", admission(Some(invitation_use(SPACE)))),
        ("promote", Act::Promote { member: member(3) }),
        (
            "enrol",
            Act::Enrol {
                certificate: certificate(3, 6),
            },
        ),
        (
            "cut-device",
            Act::CutDevice(DeviceCut::issue(&key(3), SPACE, device(4), Some(tip(4)))),
        ),
        (
            "appoint",
            Act::Appoint {
                member: member(3),
                role: Role::Steward { office: member(7) },
            },
        ),
        (
            "appoint-lead",
            Act::Appoint {
                member: member(3),
                role: Role::BuildingLead {
                    building: "5".to_owned(),
                },
            },
        ),
        (
            "cut-role",
            Act::CutRole {
                appointment: id(3),
                tips: tips.clone(),
                reason: String::new(),
            },
        ),
        ("remove", remove.clone()),
        (
            "add-office",
            Act::AddOffice {
                office: member(7),
                name: name(),
            },
        ),
        (
            "certify-relay",
            Act::CertifyRelay {
                device: device(8),
                name: name(),
                building: None,
            },
        ),
        (
            "cut-relay",
            Act::CutRelay {
                device: device(8),
                reason: name(),
            },
        ),
        (
            "move",
            Act::Move {
                number: 2,
                previous: Some(id(5)),
                act: Box::new(remove),
            },
        ),
        ("co-sign", Act::CoSign { motion: id(5) }),
        (
            "enact",
            Act::Enact {
                motion: id(5),
                cosignatures: vec![id(6), id(7)],
                founder_tips: Some(tips.clone()),
            },
        ),
        (
            "close",
            Act::Close {
                document: id(6).into(),
                tips,
            },
        ),
        (
            "retire",
            Act::Retire {
                documents: vec![id(6).into(), id(7).into()],
            },
        ),
        (
            "tips",
            Act::Tips {
                tips: vec![tip(2), tip(4)],
            },
        ),
        (
            "record-household",
            Act::RecordHousehold {
                name: name(),
                building: Some("3".to_owned()),
                proxies: vec![member(3)],
                consent: "paper".to_owned(),
            },
        ),
        (
            "add-proxies",
            Act::AddProxies {
                record: id(8),
                proxies: vec![member(5)],
                consent: "paper".to_owned(),
            },
        ),
        (
            "end-record",
            Act::EndRecord {
                record: id(8),
                proxy: Some(member(3)),
                tips: ended,
                reason: "moved".to_owned(),
            },
        ),
        (
            "describe",
            Act::Describe {
                name: name(),
                building: Some("3".to_owned()),
            },
        ),
    ];
    let authorities = [
        Authority::Founder,
        Authority::Member { admission: id(1) },
        Authority::Grant { appointment: id(2) },
    ];
    let mut seeds: Vec<Seed> = acts
        .into_iter()
        .zip(authorities.into_iter().cycle())
        .map(|((name, act), authority)| (name.to_owned(), statement(authority, act)))
        .collect();
    // A statement of a later version: [authority, [99, 1]].
    seeds.push((
        "unknown".to_owned(),
        vec![0x82, 0x81, 0x00, 0x82, 0x18, 0x63, 0x01],
    ));
    seeds
}

pub(super) fn chains() -> Vec<Seed> {
    let space = founded_space();
    let founder = roster_log(space);
    let enrolled = log(
        space,
        (4, Some(3)),
        [roster_entry(
            Authority::Member {
                admission: founder[1].id,
            },
            Act::Enrol {
                certificate: certificate(3, 6),
            },
        )],
    );
    let invitation = Invitation {
        space,
        space_secret: founding().secret(),
        inviter: member(1),
        device: device(2),
        secret: InvitationSecret([5; 16]),
        heads: vec![founder[1].id],
        expires_s: 1_780_000_000,
        invited_as: InvitedAs::Household,
        neighbourhood: "梧桐里".to_owned(),
        addresses: vec!["/ip4/127.0.0.1/tcp/4101".to_owned()],
    };
    let text = invitation.to_text().expect("a short invitation");
    let code = EnrolmentCode {
        space,
        member: member(1),
        device: device(2),
        secret: EnrolmentSecret([5; 16]),
        heads: vec![invitation.heads[0]],
        expires_s: 1_780_000_000,
        neighbourhood: "梧桐里".to_owned(),
        addresses: vec!["/ip4/127.0.0.1/tcp/4101".to_owned()],
    };
    let code = code.to_text().expect("a short code");
    let capitals = format!(" {}\n", text.to_uppercase());
    named([
        (
            "founding-and-admission",
            segment::write_segments(std::slice::from_ref(&founder)),
        ),
        (
            "two-logs",
            segment::write_segments(&[founder.clone(), enrolled.clone()]),
        ),
        ("wrong-order", segment::write_segments(&[enrolled, founder])),
        ("other-space", segment::write_segments(&[roster_log(SPACE)])),
        ("empty", segment::write_segments(&[])),
        ("invitation", text.into_bytes()),
        ("invitation-capitals", capitals.into_bytes()),
        ("code", code.into_bytes()),
    ])
}
