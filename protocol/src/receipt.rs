//! Receipts: a device's signed word that it holds a log durably up to an entry.
//!
//! A receipt says *replicated* and nothing else: not that anything was displayed, read or
//! acknowledged. It is no entry, so it moves no frontier and changes no view. Who counts as a
//! holder is decided in `replica`, which receipts are kept in `receipts`.

use minicbor::{Decode, Encode};

use crate::frontier::Head;
use crate::id::{DeviceId, EntryId, MemberId, SpaceId};
use crate::key::{self, PublicKey, Purpose, SecretKey, Signature};

/// A device's word that it holds a log durably, with everything before an entry and the entry
/// itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Receipt {
    /// The device that holds the log.
    #[n(0)]
    pub device: DeviceId,
    /// The member that it writes for; a relay writes for none.
    #[n(1)]
    pub member: Option<MemberId>,
    /// The log.
    #[n(2)]
    pub log: DeviceId,
    /// How far: the entry's position.
    #[n(3)]
    pub seq: u64,
    /// The entry.
    #[n(4)]
    pub entry: EntryId,
    /// The device's signature over all of it and the space.
    #[n(5)]
    pub signature: Signature,
}

/// Who holds something, as it is counted: a household with three devices is one home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A member, with whichever of its devices.
    Home(MemberId),
    /// A relay.
    Relay(DeviceId),
}

impl Receipt {
    /// Signs for a log. The caller sees to it that the log is durable up to the head (rule R3).
    pub fn issue(
        space: SpaceId,
        key: &SecretKey,
        member: Option<MemberId>,
        log: DeviceId,
        head: Head,
    ) -> Self {
        let mut receipt = Self {
            device: DeviceId(key.public()),
            member,
            log,
            seq: head.seq,
            entry: head.entry,
            signature: Signature([0; 64]),
        };
        receipt.signature = key.sign(Purpose::Receipt, &receipt.digest(space));
        receipt
    }

    /// Tells whether the named device has signed this for the space.
    pub fn verifies(&self, space: SpaceId) -> bool {
        PublicKey::parse(&self.device.0)
            .is_ok_and(|key| key.verifies(Purpose::Receipt, &self.digest(space), &self.signature))
    }

    /// Returns whom the receipt speaks for.
    pub fn holder(&self) -> Holder {
        match self.member {
            Some(member) => Holder::Home(member),
            None => Holder::Relay(self.device),
        }
    }

    /// Returns the place up to which the log is held.
    pub fn head(&self) -> Head {
        Head {
            seq: self.seq,
            entry: self.entry,
        }
    }

    fn digest(&self, space: SpaceId) -> [u8; 32] {
        let member = self.member.map_or([0; 32], |member| member.0);
        let seq = self.seq.to_le_bytes();
        key::hash(
            b"linli receipt  1",
            &[
                &space.0,
                &self.device.0,
                &member,
                &self.log.0,
                &seq,
                &self.entry.0,
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;

    const SPACE: SpaceId = SpaceId([1; 32]);

    fn receipt() -> Receipt {
        let head = Head {
            seq: 300,
            entry: EntryId([4; 32]),
        };
        let key = SecretKey::from_seed(&[2; 32]);
        let member = Some(MemberId([5; 32]));
        Receipt::issue(SPACE, &key, member, DeviceId([3; 32]), head)
    }

    #[test]
    fn a_receipt_holds_for_what_was_signed_and_for_nothing_else() {
        let honest = receipt();
        assert!(honest.verifies(SPACE));
        assert!(!honest.verifies(SpaceId([2; 32])));
        let other_key = DeviceId(SecretKey::from_seed(&[9; 32]).public());
        let changes: [fn(&mut Receipt, DeviceId); 6] = [
            |receipt, other| receipt.device = other,
            |receipt, _| receipt.member = None,
            |receipt, other| receipt.log = other,
            |receipt, _| receipt.seq += 1,
            |receipt, other| receipt.entry = EntryId(other.0),
            |receipt, _| receipt.signature.0[0] ^= 1,
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut forged = honest;
            change(&mut forged, other_key);
            assert!(!forged.verifies(SPACE), "change {number}");
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_protocol_page() {
        let bytes = codec::encode(&receipt());
        let mut expected = vec![0x86, 0x58, 0x20];
        expected.extend(SecretKey::from_seed(&[2; 32]).public());
        expected.extend([0x58, 0x20]);
        expected.extend([5; 32]);
        expected.extend([0x58, 0x20]);
        expected.extend([3; 32]);
        expected.extend([0x19, 0x01, 0x2c, 0x58, 0x20]);
        expected.extend([4; 32]);
        expected.extend([0x58, 0x40]);
        let (fields, signature) = bytes.split_at(bytes.len() - 64);
        assert_eq!(fields, expected);
        assert_eq!(signature, receipt().signature.0);
        assert_eq!(
            codec::decode::<Receipt>(&bytes).expect("canonical"),
            receipt()
        );
    }

    #[test]
    fn what_is_signed_never_changes() {
        // Made by other implementations of BLAKE3 and ed25519 from the fields that the protocol's
        // page lists.
        let digest = "052b0b1904e85a6e9112076413c1e36ac6fd4dfcf66984cdf42fb4a9bbd7fc9d";
        assert_eq!(EntryId(receipt().digest(SPACE)).to_string(), digest);
        let signature = receipt().signature.0;
        let (first, second) = signature.split_at(32);
        let halves = [first, second].map(|half| {
            let half = <[u8; 32]>::try_from(half).expect("half a signature");
            EntryId(half).to_string()
        });
        assert_eq!(
            halves,
            [
                "5c1c508e5485e5d20bd8d0f97938ecdc9c3342193226e2041ca3dddf5a0c3abe",
                "b810684ac65bbd94a92558c105ba90a777f188f777137f1f9055f6bfe731af06",
            ]
        );
    }
}
