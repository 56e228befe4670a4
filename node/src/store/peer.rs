//! Peers that were met or named: addresses to try when the node starts.
//!
//! How long to wait before the next attempt is the dialler's business.

use protocol::id::DeviceId;
use rusqlite::{OptionalExtension, params};

use super::Store;
use super::bytes_32;
use super::dictionary::{blob, wrong_type};
use super::fault::StoreFault;

/// Addresses kept; those seen longest ago are forgotten first. A neighbourhood has fewer relays
/// and a home fewer neighbours.
pub const PEERS_MAX: usize = 1_024;

/// An address of a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPeer {
    /// The multiaddress.
    pub address: String,
    /// The device that answered there, once one did.
    pub device: Option<DeviceId>,
    /// When it last answered, milliseconds since 1970; 0 for never.
    pub seen_ms: i64,
    /// Attempts that failed since.
    pub failures: u32,
}

impl Store {
    /// Saves a peer, in place of what was saved for its address.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here.
    pub fn put_peer(&mut self, peer: &SavedPeer) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO peer (address, device, seen_ms, failures)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![
                    peer.address,
                    peer.device.map(|device| device.0),
                    peer.seen_ms,
                    peer.failures
                ])?;
            // The one just saved stays, even when it never answered.
            transaction
                .prepare_cached(
                    "DELETE FROM peer WHERE address IN (
                         SELECT address FROM peer WHERE address <> ?1
                         ORDER BY seen_ms DESC, address LIMIT -1 OFFSET ?2)",
                )?
                .execute(params![peer.address, super::row_limit(PEERS_MAX - 1)])?;
            Ok(())
        })
    }

    /// Forgets an address.
    pub fn remove_peer(&mut self, address: &str) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            transaction
                .prepare_cached("DELETE FROM peer WHERE address = ?1")?
                .execute([address])?;
            Ok(())
        })
    }

    /// Returns all saved peers, the one that answered last first.
    pub fn peers(&self) -> Result<Vec<SavedPeer>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT address, device, seen_ms, failures FROM peer ORDER BY seen_ms DESC, address",
        )?;
        let mut rows = statement.query([])?;
        let mut peers = Vec::new();
        while let Some(row) = rows.next()? {
            let device = match row.get_ref(1)?.as_blob_or_null().map_err(wrong_type)? {
                Some(_) => Some(DeviceId(bytes_32(blob(row, 1)?, "a peer's device")?)),
                None => None,
            };
            peers.push(SavedPeer {
                address: row.get(0)?,
                device,
                seen_ms: row.get(2)?,
                failures: row.get(3)?,
            });
        }
        Ok(peers)
    }

    /// Notes that a device was in step with this one at a time, milliseconds since 1970.
    pub fn put_synced(&mut self, device: DeviceId, synced_ms: i64) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            transaction
                .prepare_cached(
                    "INSERT INTO synced (device, synced_ms) VALUES (?1, ?2)
                     ON CONFLICT (device) DO UPDATE SET synced_ms = excluded.synced_ms",
                )?
                .execute(params![device.0, synced_ms])?;
            Ok(())
        })
    }

    /// Returns the devices that were noted to be in step and when, the last one first, as many as
    /// peers are kept.
    pub fn synced(&self) -> Result<Vec<(DeviceId, i64)>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT device, synced_ms FROM synced ORDER BY synced_ms DESC, device LIMIT ?1",
        )?;
        let mut rows = statement.query([super::row_limit(PEERS_MAX)])?;
        let mut synced = Vec::new();
        while let Some(row) = rows.next()? {
            let device = DeviceId(bytes_32(blob(row, 0)?, "a peer's device")?);
            synced.push((device, row.get(1)?));
        }
        Ok(synced)
    }

    /// Returns when a device was last noted to be in step, milliseconds since 1970.
    pub fn synced_ms(&self, device: DeviceId) -> Result<Option<i64>, StoreFault> {
        Ok(self
            .connection
            .prepare_cached("SELECT synced_ms FROM synced WHERE device = ?1")?
            .query_row([device.0], |row| row.get(0))
            .optional()?)
    }
}
