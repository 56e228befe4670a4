//! Hints: "log X has reached seq N", and nothing more (rule R16).
//!
//! A hint may be lost, late or a lie; all it can cause is a question to a peer.

use protocol::id::DeviceId;

const BYTES: usize = 40;

/// Writes a hint.
pub fn write(device: DeviceId, seq: u64) -> Vec<u8> {
    let mut bytes = device.0.to_vec();
    bytes.extend(seq.to_le_bytes());
    bytes
}

/// Reads a hint; `None` when it is none.
pub fn read(bytes: &[u8]) -> Option<(DeviceId, u64)> {
    let bytes: &[u8; BYTES] = bytes.try_into().ok()?;
    let (device, seq) = bytes.split_at(32);
    let device = DeviceId(device.try_into().ok()?);
    Some((device, u64::from_le_bytes(seq.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_read_as_it_was_written_and_other_bytes_are_none() {
        let device = DeviceId([7; 32]);
        assert_eq!(read(&write(device, 9)), Some((device, 9)));
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[0; 41]), None);
    }
}
