//! Details: what only some may read about a document (rule R17), as far as this device may.
//!
//! Nothing here decides who is to read; it tells who is meant to, by the kind of the document that
//! the details are about, and who can.

use std::collections::BTreeSet;

use crate::document::MapValue;
use crate::id::{DeviceId, DocumentId, EntryId, MemberId};
use crate::intent::Scalar;
use crate::kind::{Facts, Kind, Kinds, SEALED, SHARES, document_of};
use crate::sealing::{Binding, ContentKey, SHARE_BYTES, shares};
use crate::storage::{Storage, StorageError};
use zeroize::Zeroizing;

use super::{ReadDocument, Replica};

/// Shares for the own device that are tried: one is right, unless its author wants to be in the way.
const OWN_SHARES_MAX: usize = 16;

/// Details as they stand here.
#[derive(Debug)]
pub struct Detail {
    /// Their document.
    pub id: DocumentId,
    /// What they are about and who wrote them.
    pub binding: Binding,
    /// When they were written, by their author's own account, milliseconds since 1970.
    pub time_ms: i64,
    /// The devices for which there are shares: the own one, and those that the author or the own
    /// member named.
    pub shared_with: BTreeSet<DeviceId>,
    sealed: Vec<u8>,
    key: Option<ContentKey>,
}

impl Detail {
    /// Returns the text, if it is for this device.
    pub fn text(&self) -> Option<Zeroizing<String>> {
        self.key.as_ref()?.open(&self.binding, &self.sealed)
    }

    /// Makes a share for a device. `random` is used for this share only. None for what this device
    /// cannot read itself, and for a device that nothing can be sealed to.
    pub fn share(&self, device: &DeviceId, random: &[u8; 32]) -> Option<[u8; SHARE_BYTES]> {
        let key = self.key.as_ref()?;
        key.share(&self.binding, &self.sealed, device, random).ok()
    }
}

impl ReadDocument {
    /// Returns what the document says, through its kind's table.
    pub fn facts<'a>(&'a self, kind: &'static Kind, value: &'a MapValue) -> Facts<'a> {
        let creator = self.creator.member.unwrap_or_default();
        let created = (creator, self.creator.time_ms);
        Facts::gather(kind, created, (&self.document, value), |entry: EntryId| {
            let author = self.authors.get(&entry)?;
            Some((author.member?, author.time_ms))
        })
    }

    /// Returns for whom the details are that a member wrote about the document, beside that member.
    pub fn readers(&self, kinds: &Kinds, author: MemberId) -> BTreeSet<MemberId> {
        let kind = kinds.by_code(self.kind);
        let Some(kind) = kind.filter(|_| self.counts && !self.erased) else {
            return BTreeSet::new();
        };
        let value = self.document.value();
        (kind.readers)(&self.facts(kind, &value), author)
    }
}

impl Replica {
    /// Reads details; none when the document holds none, or they were erased.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn detail<S: Storage>(
        &mut self,
        storage: &S,
        id: DocumentId,
    ) -> Result<Option<Detail>, StorageError> {
        let Some(read) = self.read_document(storage, id)? else {
            return Ok(None);
        };
        Ok(self.detail_of(&read))
    }

    fn detail_of(&self, read: &ReadDocument) -> Option<Detail> {
        let kind = self.kinds.by_code(read.kind)?;
        if kind.field(SEALED).is_none() || !read.counts || read.erased {
            return None;
        }
        let value = read.document.value();
        let facts = read.facts(kind, &value);
        let binding = Binding {
            space: self.space,
            about: facts.scalar("about").and_then(document_of)?,
            author: facts.creator,
        };
        let Some(Scalar::Bytes(sealed)) = facts.scalar(SEALED) else {
            return None;
        };
        let given = facts.items().iter();
        let given = given.map(|item| (item.by, item.scalar(SHARES)));
        let given = std::iter::once((facts.creator, facts.scalar(SHARES))).chain(given);
        let own = self.device();
        let mut shared_with = BTreeSet::new();
        let mut key = None;
        let mut tried = 0;
        for (by, scalar) in given {
            let Some(Scalar::Bytes(bytes)) = scalar else {
                continue;
            };
            // Others may say that they shared, so that nobody does, or share what opens nothing.
            if by != facts.creator && Some(by) != self.identity.member {
                continue;
            }
            for (device, share) in shares(bytes) {
                if device != own {
                    shared_with.insert(device);
                } else if key.is_none() && tried < OWN_SHARES_MAX {
                    tried += 1;
                    key = ContentKey::of_share(&self.identity.key, &binding, sealed, share)
                        .filter(|key| key.open(&binding, sealed).is_some());
                }
            }
        }
        if key.is_some() {
            shared_with.insert(own);
        }
        Some(Detail {
            id: read.document.id(),
            binding,
            time_ms: read.creator.time_ms,
            shared_with,
            sealed: sealed.clone(),
            key,
        })
    }
}
