//! Every refusal, warning and finding has words in both languages.

use std::collections::BTreeSet;

use protocol::kind::{Fault, RuleBreach, Untimely, Who};

use super::*;
use crate::import::Encoding;
use crate::store::UNSEALABLE;

/// One refusal of every kind, with every error that it may carry.
pub fn samples() -> Vec<Refusal> {
    let mut samples = vec![
        Refusal::RelayWrites,
        Refusal::RelayInvites,
        Refusal::RelayRoster,
        Refusal::Pending,
        Refusal::NotCertified,
        Refusal::NeedsMotion {
            command: "linli motion appoint",
        },
        Refusal::FounderDecides {
            founder: "Lin".to_owned(),
        },
        Refusal::NothingOfRelay,
        Refusal::NotOfIt,
        Refusal::NotSteward,
        Refusal::NoMotion,
        Refusal::MotionLapsed,
        Refusal::MotionIncomplete {
            signed: 1,
            needed: 2,
        },
        Refusal::MotionVoid(roster::Reason::WrongTarget),
        Refusal::RemovedAlready,
        Refusal::NotRemoved,
        Refusal::NotGuest,
        Refusal::NoName,
        Refusal::NoConsent,
        Refusal::ConsentTooLong { bytes_max: 1_024 },
        Refusal::Proxies { max: 8 },
        Refusal::NoRecord,
        Refusal::RecordEnded,
        Refusal::NotActing,
        Refusal::KeyReused,
        Refusal::NotServed,
        Refusal::NoHouseholdKey,
        Refusal::CodeLifetime,
        Refusal::NoCode,
        Refusal::CodeName {
            detail: "not hexadecimal".to_owned(),
        },
        Refusal::OneSuccessor,
        Refusal::BackupLock,
        Refusal::Memory,
        Refusal::BackupTooLarge { bytes_max: 7 },
        Refusal::NoDocument,
        Refusal::NoNotice,
        Refusal::NotKnocking,
        Refusal::NoDetails,
        Refusal::DetailsTooLong {
            bytes: 2_001,
            bytes_max: 2_000,
        },
        Refusal::NothingToErase,
        Refusal::NoMember,
        Refusal::NoAppointment,
        Refusal::NoDevice,
        Refusal::Entry(AppendError::UnknownStatement),
        Refusal::NoKind {
            name: "poem".to_owned(),
        },
        Refusal::Cursor,
        Refusal::Prefix,
        Refusal::Search(QueryError::TooLong { found: 201 }),
        Refusal::Address,
        Refusal::Uses { max: 64 },
        Refusal::Addresses(WriteInvitationError::Limit { what: "addresses" }),
        Refusal::Addresses(WriteInvitationError::TooLong { characters: 9_999 }),
        Refusal::Base,
        Refusal::NoEntry,
        Refusal::DraftName,
        Refusal::DraftTooLarge { bytes_max: 7 },
        Refusal::Drafts { max: 200 },
        Refusal::Marks { max: 1_000 },
        Refusal::SettingsUnreadable(SettingsError::Language {
            code: "fr".to_owned(),
        }),
        Refusal::SettingsUnwritable,
        Refusal::NoRole,
        Refusal::NoOffice {
            role: "steward".to_owned(),
        },
        Refusal::NoBuilding,
        Refusal::ReasonTooLong { bytes_max: 256 },
        Refusal::Bundle(InvalidBundle::Magic),
        Refusal::Bundle(InvalidBundle::CutOff { read: 7 }),
        Refusal::Bundle(InvalidBundle::TooLong { read: 7 }),
        Refusal::BundleEntries(SessionError::Stranger),
        Refusal::Random,
        Refusal::DiskFull,
        Refusal::Storage,
        Refusal::Stopping,
        Refusal::Busy,
        Refusal::Connections,
        Refusal::Listeners { max: 24 },
        Refusal::Json {
            detail: "expected value at line 1 column 1".to_owned(),
        },
        Refusal::Query {
            detail: "missing field words".to_owned(),
        },
        Refusal::DocumentName {
            detail: "not hexadecimal".to_owned(),
        },
        Refusal::MemberName {
            detail: "too short".to_owned(),
        },
        Refusal::EntryName {
            detail: "not hexadecimal".to_owned(),
        },
        Refusal::TooLarge { bytes_max: 7 },
        Refusal::BrokenOff,
        Refusal::TooSlow,
        Refusal::NoPath,
        Refusal::NoMethod,
    ];
    samples.extend(draft_errors().map(Refusal::Draft));
    samples.extend(tables().map(Refusal::Table));
    samples.extend(
        [
            RefusedReason::Version,
            RefusedReason::Removed,
            RefusedReason::NotAdmitted,
            RefusedReason::InvitationExpired,
            RefusedReason::InvitationUsedUp,
            RefusedReason::InvitationUnknown,
            RefusedReason::InvalidRequest,
            RefusedReason::Unable,
        ]
        .map(Refusal::Join),
    );
    samples.extend(
        [
            roster::Reason::NoRight,
            roster::Reason::NotSenior,
            roster::Reason::WrongTarget,
            roster::Reason::Removed,
            roster::Reason::NeedsQuorum,
            roster::Reason::Suspended,
            roster::Reason::Limit { what: "name" },
            roster::Reason::LowCut,
        ]
        .map(Refusal::NoRight),
    );
    samples.extend(ModerationRefusal::ALL.map(Refusal::Moderation));
    samples
}

fn draft_errors() -> impl Iterator<Item = DraftError> {
    let breaches = ["building", "level", "expires_ms", "ends_ms", "reason", "x"];
    let rules = breaches.map(|field| Fault::Rule {
        breach: RuleBreach {
            field,
            what: "the end lies before the start",
            advice: "choose a later end",
        },
    });
    let who = [
        Who::Nobody,
        Who::Creator,
        Who::Members,
        Who::Others,
        Who::Everyone,
    ];
    let faults = [
        Fault::Kind {
            known: vec!["request"],
        },
        Fault::Unknown {
            known: vec!["title"],
        },
        Fault::Missing,
        Fault::Text,
        Fault::Chars {
            chars: 9,
            chars_max: 8,
        },
        Fault::Bytes { bytes: 9, max: 8 },
        Fault::Choice { words: &["goods"] },
        Fault::Number { min: 0, max: 9 },
        Fault::Flag,
        Fault::Name,
        Fault::NoSuchFact,
        Fault::Capacity,
        Fault::Proxy,
        Fault::Fact,
        Fault::ReadOnly,
        Fault::Full,
        Fault::Draft {
            source: protocol::document::DraftError::Deps,
        },
    ];
    let untimely = Untimely::ALL.map(|why| Fault::Untimely { why });
    let faults = faults.into_iter().chain(rules).chain(untimely);
    let faults = faults.chain(who.map(|who| Fault::NotAllowed { who }));
    faults.map(|fault| DraftError {
        field: "title".to_owned(),
        fault,
    })
}

fn tables() -> impl Iterator<Item = ImportError> {
    [
        ImportError::TooLarge { bytes: 9 },
        ImportError::Encoding {
            encoding: Encoding::Utf8,
            offset: 3,
        },
        ImportError::Binary { line: 2 },
        ImportError::Empty,
        ImportError::UnclosedQuote { row: 2, line: 3 },
        ImportError::Headings { line: 1 },
        ImportError::TooManyColumns,
        ImportError::NoTitle {
            found: vec!["address".to_owned()],
        },
        ImportError::ColumnTwice {
            first: "name".to_owned(),
            second: "title".to_owned(),
        },
        ImportError::NoDocuments,
        ImportError::TooManyRows,
    ]
    .into_iter()
}

fn row_faults() -> Vec<RowRefusal> {
    let forms = [
        RowFault::CellsMissing {
            found: 1,
            expected: 2,
        },
        RowFault::CellsExtra { expected: 2 },
        RowFault::TextAfterQuote,
        RowFault::TitleMissing,
        RowFault::TitleTooLong { characters: 121 },
        RowFault::BodyTooLong { bytes: 9_000 },
        RowFault::TooLong { characters: 65 },
        RowFault::UrgentUnclear,
        RowFault::NumberUnclear,
        RowFault::NameUnclear,
        RowFault::KindUnknown,
        RowFault::OtherKind,
        RowFault::NotJson,
        RowFault::NoFrontMatter,
        RowFault::ExpiresUnclear,
        RowFault::HouseholdUnknown,
        RowFault::HouseholdUnclear,
        RowFault::NotItsProxy,
    ];
    let forms = forms.into_iter().map(RowRefusal::Form);
    forms.chain(draft_errors().map(RowRefusal::Draft)).collect()
}

fn findings() -> Vec<Finding> {
    vec![
        Finding::Store(Problem::Page("row 7 missing from index".to_owned())),
        Finding::Store(Problem::Reference {
            table: "entry".to_owned(),
            parent: "log".to_owned(),
        }),
        Finding::Store(Problem::Head { log: 7 }),
        Finding::Store(Problem::Table("draft".to_owned())),
        Finding::Store(Problem::Fault(StoreFault::Damaged {
            what: UNSEALABLE.to_owned(),
            source: None,
        })),
        Finding::Store(Problem::Fault(StoreFault::Damaged {
            what: "entry 7".to_owned(),
            source: None,
        })),
        Finding::Store(Problem::Fault(StoreFault::Full)),
        Finding::Store(Problem::Fault(StoreFault::InUse)),
        Finding::NotOpened {
            why: "x".to_owned(),
        },
        Finding::Readable {
            entries: 7,
            pages_whole: 8,
            pages: 9,
        },
        Finding::KeyReused,
        Finding::EntriesChecked { entries: 7 },
        Finding::FormChecked,
        Finding::Sealed { key_in_home: false },
        Finding::Sealed { key_in_home: true },
    ]
}

/// Asserts that a text is of its language and shows nothing of the program's inside.
fn check(language: Language, text: &str) {
    let is_chinese = text.chars().any(|character| character > '\u{4E00}');
    match language {
        Language::Chinese => assert!(is_chinese, "{text}"),
        // The names of columns of a Chinese table are part of an English sentence.
        Language::English => assert!(
            !is_chinese || text.contains("标题") || text.contains("是 or"),
            "{text}"
        ),
    }
    assert!(
        !text.contains("::") && !text.contains('{') && !text.contains('`'),
        "{text}"
    );
}

#[test]
fn every_refusal_says_something_in_both_languages() {
    for refusal in samples() {
        for language in [Language::Chinese, Language::English] {
            let told = refusal.told(language);
            check(language, &told.message);
            assert!(told.message.ends_with(['。', '.']), "{}", told.message);
        }
    }
}

#[test]
fn a_code_and_a_field_are_the_same_in_every_language() {
    let codes: BTreeSet<&str> = crate::api::CODES.iter().map(|(code, _)| *code).collect();
    for refusal in samples() {
        let (zh, en) = (
            refusal.told(Language::Chinese),
            refusal.told(Language::English),
        );
        assert_eq!((&zh.code, &zh.field), (&en.code, &en.field));
        assert!(codes.contains(zh.code.as_str()), "{}", zh.code);
    }
}

#[test]
fn every_warning_row_and_finding_says_something_in_both_languages() {
    let field = "title".to_owned();
    let warned = [
        Warning::PhoneNumber { field },
        Warning::LikelyDuplicate {
            of: protocol::id::DocumentId([7; 32]),
            title: "7".to_owned(),
        },
    ];
    for language in [Language::Chinese, Language::English] {
        for warned in &warned {
            check(language, &warning(language, warned));
        }
        for fault in row_faults() {
            check(language, &row(language, &fault));
        }
        for found in findings() {
            check(language, &finding(language, &found));
        }
    }
}
