//! Fork proofs: of each device the one that lies lowest, since it says all that the others do. However
//! often a device forks earlier than was known, it costs one row.

use protocol::fork::ForkProof;
use protocol::key;
use rusqlite::{Connection, params};

use super::dictionary::blob;
use super::fault::StoreFault;
use super::prefix;

/// Keeps a proof in place of those that it covers, or leaves it out when one covers it.
pub fn write(connection: &Connection, proof: &ForkProof) -> Result<(), StoreFault> {
    for (number, held) in numbered(connection)? {
        if held.covers(proof) {
            return Ok(());
        }
        if proof.covers(&held) {
            connection
                .prepare_cached("DELETE FROM fork_proof WHERE number = ?1")?
                .execute([number])?;
        }
    }
    let bytes = proof.to_bytes();
    connection
        .prepare_cached("INSERT INTO fork_proof (sum, proof) VALUES (?1, ?2)")?
        .execute(params![sum(&bytes), bytes])?;
    Ok(())
}

/// Reads all proofs, in the order in which they came.
pub fn read(connection: &Connection) -> Result<Vec<ForkProof>, StoreFault> {
    let numbered = numbered(connection)?.into_iter();
    Ok(numbered.map(|(_, proof)| proof).collect())
}

fn numbered(connection: &Connection) -> Result<Vec<(i64, ForkProof)>, StoreFault> {
    let mut statement =
        connection.prepare_cached("SELECT number, sum, proof FROM fork_proof ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut proofs = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = blob(row, 2)?;
        let damaged = || StoreFault::damaged("a fork proof");
        if sum(bytes) != row.get::<_, i64>(1)? {
            return Err(damaged());
        }
        let proof = ForkProof::from_bytes(bytes).map_err(|_| damaged())?;
        proofs.push((row.get(0)?, proof));
    }
    Ok(proofs)
}

fn sum(bytes: &[u8]) -> i64 {
    prefix(&key::hash(b"linli proof sum1", &[bytes]))
}
