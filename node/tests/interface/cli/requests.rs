//! Every documented command line, and the request that it becomes.

use super::*;

/// Command lines and the request that each becomes.
fn documented() -> Vec<(Vec<String>, Request)> {
    let document = DocumentId([0xab; 32]);
    let cases: Vec<(&str, Request)> = vec![
        (
            "post request --title 谁有梯子？ --body 换灯泡，周六上午 --category goods --json",
            post(
                "request",
                json!({"title": "谁有梯子？", "body": "换灯泡，周六上午", "category": "goods"}),
            ),
        ),
        (
            "post notices --title 停水 --field level=urgent --field hours:=72",
            post(
                "notice",
                json!({"title": "停水", "level": "urgent", "hours": 72}),
            ),
        ),
        (
            "invite --uses 1 --expires 7d --json",
            Request::Invite {
                successor_of: None,
                uses: 1,
                lifetime_ms: 604_800_000,
                invited_as: InvitedAs::Household,
                addresses: Vec::new(),
            },
        ),
        (
            "invite --guest --uses 30 --expires 12h --address /ip4/10.0.0.1/tcp/1 --address /dns4/a/tcp/2",
            Request::Invite {
                successor_of: None,
                uses: 30,
                lifetime_ms: 43_200_000,
                invited_as: InvitedAs::Guest,
                addresses: vec!["/ip4/10.0.0.1/tcp/1".to_owned(), "/dns4/a/tcp/2".to_owned()],
            },
        ),
        (
            "invite --relay",
            Request::Invite {
                successor_of: None,
                uses: 1,
                lifetime_ms: 604_800_000,
                invited_as: InvitedAs::Relay,
                addresses: Vec::new(),
            },
        ),
        (
            "list requests --json",
            list(|query| query.kind = Some("request".to_owned())),
        ),
        (
            "list notices",
            list(|query| query.kind = Some("notice".to_owned())),
        ),
        (
            "list plans",
            list(|query| query.kind = Some("plan".to_owned())),
        ),
        (
            "list comments --about abababababababababababababababababababababababababababababababab",
            list(|query| {
                query.kind = Some("comment".to_owned());
                query.about = Some(document);
            }),
        ),
        (
            "list --state open --limit 7",
            list(|query| {
                query.states = vec!["open".to_owned()];
                query.limit = Some(7);
            }),
        ),
        (
            "search 梯子 --json",
            Request::Search {
                words: "梯子".to_owned(),
                limit: 50,
            },
        ),
        (
            "search 停 水 --limit 3",
            Request::Search {
                words: "停 水".to_owned(),
                limit: 3,
            },
        ),
        (
            "comment abababababababababababababababababababababababababababababababab --body 我家有 --json",
            post("comment", json!({"about": id(0xab), "body": "我家有"})),
        ),
        (
            "show ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB --json",
            Request::Show { document },
        ),
        (
            "edit abababababababababababababababababababababababababababababababab --title 新 --json",
            Request::Edit {
                document,
                fields: [("title".to_owned(), json!("新"))].into(),
                base: Vec::new(),
            },
        ),
        (
            "history abababababababababababababababababababababababababababababababab --json",
            Request::History { document },
        ),
        (
            "mark-read abababababababababababababababababababababababababababababababab --json",
            Request::MarkRead {
                documents: vec![document],
                everything: false,
            },
        ),
        (
            "mark-read abababababababababababababababababababababababababababababababab --unread",
            Request::MarkUnread {
                documents: vec![document],
            },
        ),
        (
            "mark-read --all",
            Request::MarkRead {
                documents: Vec::new(),
                everything: true,
            },
        ),
        (
            "list requests --state open,offered --unread --mine --changed --json",
            Request::List(ListQuery {
                kind: Some("request".to_owned()),
                states: vec!["open".to_owned(), "offered".to_owned()],
                unread: true,
                mine: true,
                order: ListOrder::Changed,
                limit: Some(500),
                ..ListQuery::default()
            }),
        ),
        ("status --json", Request::Status),
        ("export --space --format json", Request::ExportSpace),
        (
            "export abababababababababababababababababababababababababababababababab --format automerge",
            Request::ExportAutomerge { document },
        ),
        (
            "export abababababababababababababababababababababababababababababababab --format markdown",
            Request::Show { document },
        ),
        (
            "export abababababababababababababababababababababababababababababababab --format json",
            Request::Show { document },
        ),
        ("roster --json", Request::Roster),
        ("device --json", Request::Roster),
        ("peers --json", Request::Peers),
        ("doctor --json", Request::Doctor),
        (
            "show abababababababababababababababababababababababababababababababab --hidden --json",
            Request::ShowHidden { document },
        ),
        (
            "hide abababababababababababababababababababababababababababababababab --rule 3 --reason 骂人",
            Request::Moderate(NewModeration::Hide {
                document,
                rule: 3,
                reason: "骂人".to_owned(),
            }),
        ),
        // What is hidden stands for the act that hides it.
        (
            "restore abababababababababababababababababababababababababababababababab --reason 弄错了 --json",
            Request::LiftModeration {
                moderation: DocumentId([0x71; 32]),
                reason: "弄错了".to_owned(),
            },
        ),
        (
            "appeal abab --body 不是",
            Request::Appeal {
                moderation: DocumentId([0x71; 32]),
                body: "不是".to_owned(),
            },
        ),
        (
            "decide 7171 lifted --reason 看过了",
            Request::Decide {
                moderation: DocumentId([0x71; 32]),
                outcome: ModerationOutcome::Lifted,
                reason: "看过了".to_owned(),
            },
        ),
        ("moderation --json", Request::Moderations),
        ("agreement show --json", Request::Agreement),
        ("blocks", Request::Blocks),
        (
            "promote 0202020202020202020202020202020202020202020202020202020202020202",
            Request::Promote {
                member: MemberId([2; 32]),
            },
        ),
        (
            "office add 业委会",
            Request::AddOffice {
                name: "业委会".to_owned(),
                spokespeople: Vec::new(),
            },
        ),
        (
            "office add 物业 --spokesperson 0202020202020202020202020202020202020202020202020202020202020202 --spokesperson 0303030303030303030303030303030303030303030303030303030303030303",
            Request::AddOffice {
                name: "物业".to_owned(),
                spokespeople: vec![MemberId([2; 32]), MemberId([3; 32])],
            },
        ),
        ("motion list --json", Request::Motions),
        ("motion list --open", Request::Motions),
        ("motion show 5151", Request::Motions),
        (
            "motion remove-household 0202020202020202020202020202020202020202020202020202020202020202 --reason flood --json",
            Request::Move(NewMotion::RemoveHousehold {
                member: MemberId([2; 32]),
                reason: "flood".to_owned(),
                from: None,
            }),
        ),
        (
            "motion appoint 0202020202020202020202020202020202020202020202020202020202020202 steward --office 0808080808080808080808080808080808080808080808080808080808080808",
            Request::Move(NewMotion::Appoint {
                member: MemberId([2; 32]),
                role: "steward".to_owned(),
                office: Some(MemberId([8; 32])),
                building: None,
            }),
        ),
        (
            "motion cut-role 0404040404040404040404040404040404040404040404040404040404040404 --reason over",
            Request::Move(NewMotion::CutRole {
                appointment: EntryId([4; 32]),
                reason: "over".to_owned(),
                from: None,
            }),
        ),
        (
            "motion readmit 0202020202020202020202020202020202020202020202020202020202020202 --successor-of 0303030303030303030303030303030303030303030303030303030303030303",
            Request::Move(NewMotion::Readmit {
                member: MemberId([2; 32]),
                successor_of: Some(MemberId([3; 32])),
            }),
        ),
        (
            "motion add-office 业委会",
            Request::Move(NewMotion::AddOffice {
                name: "业委会".to_owned(),
            }),
        ),
        (
            "motion enact 5151",
            Request::Enact {
                motion: EntryId([0x51; 32]),
            },
        ),
        (
            "cosign 6161 --json",
            Request::CoSign {
                motion: EntryId([0x61; 32]),
            },
        ),
        (
            "device revoke 0404040404040404040404040404040404040404040404040404040404040404 --reason lost",
            Request::Cut {
                target: CutTarget::Device(DeviceId([4; 32])),
                reason: "lost".to_owned(),
                from: None,
            },
        ),
        (
            "device revoke 0303030303030303030303030303030303030303030303030303030303030303 --reason lost --force",
            Request::Cut {
                target: CutTarget::Device(DeviceId([3; 32])),
                reason: "lost".to_owned(),
                from: None,
            },
        ),
        (
            "device add --expires 1h --address /ip4/192.0.2.1/tcp/4101",
            Request::AddDevice {
                lifetime_ms: 3_600_000,
                addresses: vec!["/ip4/192.0.2.1/tcp/4101".to_owned()],
            },
        ),
        ("device codes --json", Request::EnrolmentCodes),
        (
            "device cancel cdcd",
            Request::CancelCode {
                code: InvitationId([0xcd; 32]),
            },
        ),
        (
            "invite --successor-of 0505050505050505050505050505050505050505050505050505050505050505",
            Request::Invite {
                uses: 1,
                lifetime_ms: 604_800_000,
                invited_as: InvitedAs::Household,
                addresses: Vec::new(),
                successor_of: Some(MemberId([5; 32])),
            },
        ),
        (
            "appoint 0202020202020202020202020202020202020202020202020202020202020202 building-lead --building 3",
            Request::Appoint {
                member: MemberId([2; 32]),
                role: "building-lead".to_owned(),
                office: None,
                building: Some("3".to_owned()),
            },
        ),
        (
            "cut device 0303030303030303030303030303030303030303030303030303030303030303 --reason lost",
            Request::Cut {
                target: CutTarget::Device(DeviceId([3; 32])),
                reason: "lost".to_owned(),
                from: None,
            },
        ),
        (
            "cut role 0404040404040404040404040404040404040404040404040404040404040404 --reason over",
            Request::Cut {
                target: CutTarget::Appointment(EntryId([4; 32])),
                reason: "over".to_owned(),
                from: None,
            },
        ),
        (
            "cut member 0505050505050505050505050505050505050505050505050505050505050505 --reason flood",
            Request::Cut {
                target: CutTarget::Member(MemberId([5; 32])),
                reason: "flood".to_owned(),
                from: None,
            },
        ),
        (
            "cut member 0505050505050505050505050505050505050505050505050505050505050505 --since 2026-11-25T18:00:00Z --reason flood",
            Request::Cut {
                target: CutTarget::Member(MemberId([5; 32])),
                reason: "flood".to_owned(),
                from: Some(CutFrom::Time(1_795_629_600_000)),
            },
        ),
        (
            "cut member 0505050505050505050505050505050505050505050505050505050505050505 --since-entry abababababababababababababababababababababababababababababababab --dry-run --json",
            Request::CutLoss {
                target: CutTarget::Member(MemberId([5; 32])),
                from: Some(CutFrom::Entry(EntryId([0xab; 32]))),
            },
        ),
        (
            "device revoke 0404040404040404040404040404040404040404040404040404040404040404 --nothing-counts --dry-run",
            Request::CutLoss {
                target: CutTarget::Device(DeviceId([4; 32])),
                from: Some(CutFrom::Beginning),
            },
        ),
        (
            "motion remove-household 0202020202020202020202020202020202020202020202020202020202020202 --nothing-counts --reason flood",
            Request::Move(NewMotion::RemoveHousehold {
                member: MemberId([2; 32]),
                reason: "flood".to_owned(),
                from: Some(CutFrom::Beginning),
            }),
        ),
        (
            "door --set 3-502 --json",
            Request::PutDoor {
                text: Confidential::new("3-502".to_owned()),
            },
        ),
        ("door --erase", Request::EraseDoor),
        ("doors --lang en", Request::Doors),
        (
            "cut relay 0606060606060606060606060606060606060606060606060606060606060606 --reason gone",
            Request::Cut {
                target: CutTarget::Relay(DeviceId([6; 32])),
                reason: "gone".to_owned(),
                from: None,
            },
        ),
    ];
    let split = |line: &str| line.split(' ').map(str::to_owned).collect();
    // A search for several words is one request.
    cases
        .into_iter()
        .map(|(line, request)| (split(line), request))
        .collect()
}

#[test]
fn documented_lines_become_their_requests() {
    let home = Home::new("documented");
    for (line, request) in documented() {
        let arguments: Vec<&str> = line.iter().map(String::as_str).collect();
        let output = home.run(&arguments);
        assert_eq!(exit(&output), 0, "{line:?}: {}", stderr(&output));
        assert_eq!(home.last_asked(), Some(request), "{line:?}");
        // The fake's roster has no devices.
        let lists_devices = line[0] == "device" && line[1] == "--json";
        assert_eq!(output.stdout.is_empty(), lists_devices, "{line:?}");
    }
}
