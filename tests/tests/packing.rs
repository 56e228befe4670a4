//! How entries are packed for the wire: where many devices write by turns, one signature still
//! serves many entries, and every entry goes out once (rule R13).

use std::collections::BTreeSet;

use protocol::entry::{Entry, Header, Subject, VERSION};
use protocol::id::{DeviceId, EntryId, PayloadHash, SpaceId};
use protocol::key::SecretKey;
use protocol::limits;
use protocol::roster::{Entered, Track};
use protocol::segment::write_segments;
use protocol::session::pack;
use protocol::storage::{Batch, LogNumber, StoredEntry, StoredLog};
use tests::sim::memory::Memory;

const DEVICES: u8 = 20;

/// Devices that write one entry each by turns. Where only every n-th is signed, the others came as
/// inner entries of segments.
fn by_turns(rounds: u64, signed_each: u64, payload_bytes: usize) -> Memory {
    let mut memory = Memory::default();
    let mut heads: Vec<Option<EntryId>> = vec![None; usize::from(DEVICES)];
    let mut arrival = 0;
    for seq in 1..=rounds {
        for device in 0..DEVICES {
            arrival += 1;
            let key = SecretKey::from_seed(&[device + 1; 32]);
            let head = &mut heads[usize::from(device)];
            let mut entry = Entry::new(
                Header {
                    version: VERSION,
                    space: SpaceId([9; 32]),
                    device: DeviceId(key.public()),
                    member: None,
                    seq,
                    backlink: *head,
                    seen: None,
                    time_ms: 0,
                    subject: Subject::Creation { kind: 1 },
                    deps: Vec::new(),
                    atoms: 1,
                    payload_bytes: 0,
                    payload: PayloadHash::default(),
                },
                vec![7; payload_bytes],
            );
            if seq % signed_each == 0 {
                entry.sign(&key);
            }
            *head = Some(entry.id);
            let number = LogNumber(u32::from(device));
            let log = StoredLog {
                number,
                device: DeviceId(key.public()),
                member: None,
                base: None,
                head_seq: seq,
                head: entry.id,
                bytes: 0,
                track: Track::default(),
            };
            memory.apply(&Batch {
                logs: vec![log],
                entries: vec![StoredEntry {
                    log: number,
                    arrival,
                    entered: Entered::default(),
                    entry,
                }],
                ..Batch::default()
            });
        }
    }
    memory
}

/// Packs everything, and checks that every entry goes out once, in runs that end in signed heads
/// and in frames that a receiver takes. Returns the number of runs.
fn packed(memory: &Memory) -> usize {
    let mut sent = BTreeSet::new();
    let mut number = 0;
    for frame in pack(memory, 1, memory.entries().len() as u64) {
        let runs = frame.expect("memory can be read");
        assert!(write_segments(&runs).len() <= limits::FRAME_BYTES_MAX);
        for run in runs {
            number += 1;
            assert!(run.len() <= limits::SEGMENT_ENTRIES_MAX);
            assert!(run.last().is_some_and(|head| head.signature.is_some()));
            for entry in run {
                assert!(sent.insert(entry.id), "an entry is sent twice");
            }
        }
    }
    assert_eq!(sent.len(), memory.entries().len());
    number
}

#[test]
fn devices_that_write_by_turns_are_sent_in_long_runs() {
    let memory = by_turns(150, 1, 10);
    let runs = packed(&memory);
    assert!(runs * 10 <= memory.entries().len(), "{runs} runs");
}

#[test]
fn runs_go_on_to_the_next_signed_head_whatever_the_window() {
    packed(&by_turns(120, 40, 10));
}

#[test]
fn large_entries_fill_no_frame_beyond_what_a_receiver_takes() {
    packed(&by_turns(20, 1, 15_000));
    packed(&by_turns(20, 10, 15_000));
}
