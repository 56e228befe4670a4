//! Every limit of the protocol, in one place, each with its unit and its reason (rule R12).
//!
//! A limit here is part of the protocol: replicas that disagree about one disagree about which
//! entries are valid. Local choices (queues, caches) live with the code that makes them; those that
//! bound what others may do to a disk stand here too, at the end.

use crate::budget::Amount;

/// Bytes of an entry's header and payload together: one entry fits in a UDP-sized burst and a
/// segment of 256 stays below [`SEGMENT_BYTES_MAX`] for ordinary writing.
pub const ENTRY_BYTES_MAX: usize = 16 * 1024;
/// Intents in one entry: a form has far fewer fields, an edit far fewer places.
pub const INTENTS_MAX: usize = 64;
/// Atoms (Automerge ops) in one entry: bounds the cost of deriving it.
pub const ATOMS_MAX: u32 = 1_024;
/// Atoms that one device writes into one document: some sixty pages of Chinese, corrections
/// included, and about 13 MiB of op table. Nobody's share is filled by others.
pub const SHARE_ATOMS_MAX: u64 = 131_072;
/// Bytes that one device's entries in one document count for: some 12,000 edits, which are read
/// together whenever the document is.
pub const SHARE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Atoms that all devices of one member write into one document: four devices' shares, and about
/// 52 MiB of op table.
pub const MEMBER_SHARE_ATOMS_MAX: u64 = 4 * SHARE_ATOMS_MAX;
/// Bytes that the entries of all devices of one member in one document count for.
pub const MEMBER_SHARE_BYTES_MAX: u64 = 4 * SHARE_BYTES_MAX;
/// Nesting of objects below the root: deeper documents overflow stacks of decoders and screens.
pub const DEPTH_MAX: u8 = 8;
/// Entries that one entry names as its document's heads.
pub const DEPS_MAX: usize = 16;
/// Further entries that a payload may name beside its document and deps.
pub const REFERENCES_MAX: usize = 64;
/// Statements that one header names as seen; who has seen more joins them first.
pub const SEEN_MAX: usize = 8;
/// Absolute value of a counter's start and of one increment: Automerge's own addition overflows.
pub const COUNTER_ABS_MAX: i64 = 1 << 31;
/// Bytes of a map key: names of fields, not data.
pub const KEY_BYTES_MAX: usize = 64;
/// Entries in one segment: one signature is verified for all of them (rule R13).
pub const SEGMENT_ENTRIES_MAX: usize = 256;
/// Bytes that the entries of one segment count for
/// ([`Header::entry_bytes`](crate::entry::Header::entry_bytes)), which is more than they take on
/// the wire: a frame holds any segment.
pub const SEGMENT_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a fork proof: a frame holds any. A fork whose headers are longer, before either side
/// is signed, shows where both branches are held.
pub const FORK_PROOF_BYTES_MAX: usize = 256 * 1024;
/// Bytes of one frame of a session, before compression.
pub const FRAME_BYTES_MAX: usize = 512 * 1024;
/// Bytes of text that can be sealed: a telephone number, a door and a few sentences, in any script.
pub const CONTACT_BYTES_MAX: usize = 2_000;
/// Bytes of sealed text: what can be sealed, filled up to 2,048 bytes, and its tag.
pub const SEALED_BYTES_MAX: usize = 2_064;
/// Bytes of shares in one field: 64 devices, so that they fit in an entry beside sealed text.
pub const SHARES_BYTES_MAX: usize = 64 * crate::sealing::SHARE_BYTES;
/// Receipts in one frame: about 14 KiB, and 3 ms to verify on a small machine.
pub const RECEIPTS_FRAME_MAX: usize = 64;
/// Receipts that a replica keeps, of its own device and of others: a relay's 32,768 take about
/// 13 MiB. A relay lets the oldest go first, which their authors have most likely seen.
pub const RECEIPTS_MAX: usize = 32_768;
/// Devices of one member whose receipts for one log are kept: a member counts once, and may change
/// its devices.
pub const RECEIPT_DEVICES_MAX: usize = 4;
/// Bytes that an unknown peer may spend on its admission chain (rule R21).
pub const ADMISSION_CHAIN_BYTES_MAX: usize = 64 * 1024;
/// Branches of one forked log that are kept, and told of in one row: 32 that each of 128 homes has
/// seen and names. A fork suspends the device from its first difference on, so further branches add
/// nothing but statements.
pub const BRANCHES_MAX: usize = 4_096;
/// Branches of one forked log that are taken as they come. The others of [`BRANCHES_MAX`] are for
/// those that somebody names: cuts by their last entries, statements and changes by what they saw.
pub const BRANCHES_UNNAMED_MAX: usize = 32;
/// Branches of one forked log up to which one is taken that may lead to what somebody names; the
/// last of [`BRANCHES_MAX`] are for segments that hold it.
pub const BRANCHES_LEADING_MAX: usize = 2_048;
/// Names of statements that one device gives as seen, that are not held and are asked for, while
/// some device has more branches than are taken as they come: an honest one gives a handful.
pub const UNHELD_NAMES_MAX: usize = 64;
/// Heads in all rows of one round: four for each device, and about 3 MiB.
pub const HEADS_MAX: usize = 4 * DEVICES_MAX;
/// Tips that one statement names itself; longer lists span `Tips` statements.
pub const TIPS_MAX: usize = 128;
/// `Tips` statements that one statement may refer to: 128 × 128 logs.
pub const TIPS_PARTS_MAX: usize = 128;
/// Tips of one whole list: what a statement names itself and what its parts hold, which is more
/// than there can be devices.
pub const TIPS_LIST_MAX: usize = TIPS_MAX * (TIPS_PARTS_MAX + 1);
const _: () = assert!(TIPS_LIST_MAX >= DEVICES_MAX);
/// Bytes of a household's, office's or neighbourhood's name.
pub const NAME_BYTES_MAX: usize = 96;
/// Bytes of a reason given with a statement.
pub const REASON_BYTES_MAX: usize = 1_024;
/// Members that one statement lets act for a household without a device: relatives, and a neighbour
/// or two.
pub const PROXIES_MAX: usize = 8;
/// Uses of one invitation: a large building.
pub const INVITATION_USES_MAX: u32 = 512;
/// Co-signatures that an enactment may name.
pub const COSIGNATURES_MAX: usize = 64;
/// Statements in a space's roster: 100 a household in a neighbourhood of 600.
pub const STATEMENTS_MAX: usize = 65_536;
/// Devices in a space.
pub const DEVICES_MAX: usize = 16_384;
/// Entries that wait for a missing dependency, in all documents of a space, and are asked for by
/// name in one session.
pub const WANTED_MAX: usize = 1_024;
/// Claimed times beyond this lie after the year 9999 and fit no calendar, in milliseconds.
pub const TIME_MS_MAX: i64 = 253_402_300_799_999;
/// Characters of a title: a line of a list on a wide terminal.
pub const TITLE_CHARS_MAX: usize = 120;
/// Characters of a short field (place, time window): a few words.
pub const LINE_CHARS_MAX: usize = 80;
/// Characters of a reason in a document: a few sentences.
pub const REASON_CHARS_MAX: usize = 300;
/// Characters of a text that is replaced as a whole: two printed pages of Chinese. At four bytes a
/// character every field of a form together still fits in [`ENTRY_BYTES_MAX`].
pub const BODY_CHARS_MAX: usize = 3_000;
/// Clauses of an agreement that can be named: a booklet.
pub const CLAUSES_MAX: i64 = 999;
/// The greatest version of an agreement: one a day for two thousand years.
pub const AGREEMENT_VERSION_MAX: i64 = 999_999;
/// Logs of which one mute says how far they are spared: all that a member's budget takes, and with
/// a reason they fit in an entry.
pub const SPARED_LOGS_MAX: usize = MEMBER_DEVICES_MAX;
/// How far an urgent notice's expiry may lie behind its claimed time, in milliseconds: 72 h, after
/// which it is no longer urgent.
pub const URGENT_NOTICE_MS_MAX: i64 = 72 * 60 * 60 * 1_000;

// Budgets: local, and never a verdict (see `budget` and docs/decisions/0008-budgets.md).

/// Bytes of one member's entries that are taken as they come: ten times what a household writes
/// in ten years at ten entries a day, and twice what an office does at fifty.
pub const MEMBER_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Entries of one member that are taken as they come: twenty-six imports of 20,000 records.
pub const MEMBER_ENTRIES_MAX: u64 = 512 * 1024;
/// Statements and joins of one member that are taken as they come: an eighth of
/// [`STATEMENTS_MAX`], and several for each household of the largest neighbourhood.
pub const MEMBER_STATEMENTS_MAX: u64 = STATEMENTS_MAX as u64 / 8;
/// Statements that each branch of a member's logs counts for: [`BRANCHES_MAX`] are all that its
/// budget holds, what others name included.
pub const BRANCH_STATEMENTS: u64 = 4;
/// Devices of one member whose logs are taken: an office's staff over the years.
pub const MEMBER_DEVICES_MAX: usize = 256;
/// What is taken of one relay as it comes; relays write joins at most.
pub const RELAY_AMOUNT_MAX: Amount = Amount {
    bytes: 4 * 1024 * 1024,
    entries: 8 * 1024,
    statements: 8 * 1024,
};
/// What is taken as it comes of all logs together whose devices nobody known here has certified:
/// more than the entries of a sync by which a certificate may come later than what it covers.
pub const UNKNOWN_AMOUNT_MAX: Amount = Amount {
    bytes: 32 * 1024 * 1024,
    entries: 32 * 1024,
    statements: 4 * 1024,
};
/// Logs that are taken of devices that nobody known here has certified.
pub const UNKNOWN_DEVICES_MAX: usize = 2_048;
/// What is taken of each beyond that, in an hour: 8 MiB a day, so that whoever writes much for long
/// falls behind and catches up.
pub const HOURLY_AMOUNT_MAX: Amount = Amount {
    bytes: 8 * 1024 * 1024 / 24,
    entries: 16 * 1024 / 24,
    statements: 16,
};
/// Statements that the roster has room for beyond those of others: a home can always state.
pub const STATEMENTS_RESERVED: usize = 1_024;
/// Emergency numbers that a home shows: more are not read in an emergency.
pub const EMERGENCY_NUMBERS_MAX: usize = 6;
/// Characters of an emergency number: the longest that a telephone network takes, with its `+`.
pub const EMERGENCY_NUMBER_CHARS_MAX: usize = 16;
