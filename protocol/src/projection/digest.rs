//! The digest of what is shown of one document (rule R2).
//!
//! It covers what the entries say, before it is neutralised, named, translated or looked at by a
//! clock. It is compared between nodes and never stored for long, so its form is no format.

use minicbor::Encoder;
use minicbor::encode::Error;

use crate::api::Completeness;
use crate::id::MemberId;
use crate::key;
use crate::kind::{Facts, Slot};
use crate::replica::ReadDocument;

/// Hashes what is shown.
pub fn digest(
    read: &ReadDocument,
    creator: MemberId,
    completeness: Completeness,
    facts: Option<&Facts<'_>>,
) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(1_024);
    write(&mut bytes, read, creator, completeness, facts).expect("writing to a vector cannot fail");
    key::hash(b"linli view     1", &[&bytes])
}

type Written = Result<(), Error<std::convert::Infallible>>;

fn write(
    bytes: &mut Vec<u8>,
    read: &ReadDocument,
    creator: MemberId,
    completeness: Completeness,
    facts: Option<&Facts<'_>>,
) -> Written {
    let mut encoder = Encoder::new(bytes);
    encoder
        .bytes(&read.document.id().0)?
        .u16(read.kind)?
        .bytes(&creator.0)?
        .i64(read.creator.time_ms)?
        .bool(read.counts)?
        .u8(match completeness {
            Completeness::Complete => 0,
            Completeness::Incomplete => 1,
            Completeness::Erased => 2,
            Completeness::ReadOnly => 3,
        })?;
    let Some(facts) = facts else {
        return Ok(());
    };
    encoder.i64(read.updated_ms)?;
    write_slots(&mut encoder, facts.slots())?;
    encoder.array(facts.items().len() as u64)?;
    for item in facts.items() {
        encoder
            .bytes(&item.id.0.entry.0)?
            .u32(item.id.0.atom)?
            .str(item.list.item)?
            .bytes(&item.by.0)?
            .i64(item.time_ms)?;
        write_slots(&mut encoder, item.slots())?;
    }
    Ok(())
}

fn write_slots(encoder: &mut Encoder<&mut Vec<u8>>, slots: &[Slot<'_>]) -> Written {
    encoder.array(slots.len() as u64)?;
    for slot in slots {
        encoder.str(slot.field.name)?;
        match slot.markdown() {
            Some((_, text)) => {
                encoder.str(text)?;
            }
            None => {
                encoder.array(slot.scalars().count() as u64)?;
                for scalar in slot.scalars() {
                    encoder.encode(scalar)?;
                }
            }
        }
    }
    Ok(())
}
