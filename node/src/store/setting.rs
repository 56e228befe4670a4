//! Settings and whatever else the node keeps under a name. Meaning and form are the caller's.

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::fault::StoreFault;

impl Store {
    /// Keeps a value under a key, in place of the former one.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here.
    pub fn put_setting(&mut self, key: &str, value: &[u8]) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)")?
                .execute(params![key, value])?;
            Ok(())
        })
    }

    /// Returns the value under a key.
    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>, StoreFault> {
        Ok(self
            .connection
            .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }

    /// Removes the value under a key.
    pub fn remove_setting(&mut self, key: &str) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            transaction
                .prepare_cached("DELETE FROM setting WHERE key = ?1")?
                .execute([key])?;
            Ok(())
        })
    }
}
