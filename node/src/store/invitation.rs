//! Invitations that this node issued, and how often they were used.
//!
//! The node that issued an invitation alone judges its expiry (rule R21); the time is an argument.

use protocol::id::InvitationId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use thiserror::Error;

use super::Store;
use super::bytes_32;
use super::dictionary::blob;
use super::fault::StoreFault;

/// An invitation as its issuer remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedInvitation {
    /// Its one-time public key.
    pub id: InvitationId,
    /// How many may use it.
    pub uses: u32,
    /// How many did.
    pub used: u32,
    /// When it expires, milliseconds since 1970.
    pub expires_ms: i64,
    /// What those who use it become, as the owner of the store writes it.
    pub role: String,
}

/// Why an invitation does not admit anybody.
#[derive(Debug, Error)]
pub enum UseError {
    /// It was not issued here.
    #[error("this invitation was not issued here: ask the neighbour who gave it to you")]
    Unknown,
    /// Its time is over.
    #[error("this invitation has expired: ask for another one")]
    Expired,
    /// All its uses are used up.
    #[error("this invitation was used by all {uses} whom it was made for: ask for another one")]
    UsedUp {
        /// How many uses it had.
        uses: u32,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Fault(#[from] StoreFault),
}

impl Store {
    /// Saves an invitation, in place of what was saved under its name.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here that does not say otherwise.
    pub fn put_invitation(&mut self, invitation: &IssuedInvitation) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO invitation (id, uses, used, expires_ms, role)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    invitation.id.0,
                    invitation.uses,
                    invitation.used,
                    invitation.expires_ms,
                    invitation.role
                ])?;
            Ok(())
        })
    }

    /// Returns an invitation that was issued here.
    pub fn invitation(&self, id: InvitationId) -> Result<Option<IssuedInvitation>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, uses, used, expires_ms, role FROM invitation WHERE id = ?1",
        )?;
        let mut rows = statement.query([id.0.as_slice()])?;
        rows.next()?.map(read).transpose()
    }

    /// Returns all invitations, the one that expires last first.
    pub fn invitations(&self) -> Result<Vec<IssuedInvitation>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, uses, used, expires_ms, role FROM invitation ORDER BY expires_ms DESC, id",
        )?;
        let mut rows = statement.query([])?;
        let mut invitations = Vec::new();
        while let Some(row) = rows.next()? {
            invitations.push(read(row)?);
        }
        Ok(invitations)
    }

    /// Returns the number of an invitation's next use. It becomes used when the admission is
    /// committed with it (see [`super::Alongside::invitations_used`]).
    ///
    /// # Errors
    ///
    /// [`UseError`] when nobody may use it any more.
    pub fn next_use(&self, id: InvitationId, now_ms: i64) -> Result<u32, UseError> {
        let invitation = self.invitation(id)?.ok_or(UseError::Unknown)?;
        if now_ms >= invitation.expires_ms {
            return Err(UseError::Expired);
        }
        if invitation.used >= invitation.uses {
            return Err(UseError::UsedUp {
                uses: invitation.uses,
            });
        }
        Ok(invitation.used + 1)
    }

    /// Forgets invitations that expired before a time. Returns how many.
    pub fn forget_expired_invitations(&mut self, before_ms: i64) -> Result<usize, StoreFault> {
        self.write(|transaction, _, _| {
            Ok(transaction
                .prepare_cached("DELETE FROM invitation WHERE expires_ms < ?1")?
                .execute([before_ms])?)
        })
    }
}

/// Notes how many uses of an invitation are used up; the number never goes back.
pub(super) fn write_used(
    connection: &Connection,
    id: InvitationId,
    used: u32,
) -> Result<(), StoreFault> {
    let stored: Option<u32> = connection
        .prepare_cached("SELECT used FROM invitation WHERE id = ?1")?
        .query_row([id.0.as_slice()], |row| row.get(0))
        .optional()?;
    if stored.is_some_and(|stored| stored < used) {
        connection
            .prepare_cached("UPDATE invitation SET used = ?2 WHERE id = ?1")?
            .execute(params![id.0, used])?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<IssuedInvitation, StoreFault> {
    Ok(IssuedInvitation {
        id: InvitationId(bytes_32(blob(row, 0)?, "an invitation's name")?),
        uses: row.get(1)?,
        used: row.get(2)?,
        expires_ms: row.get(3)?,
        role: row.get(4)?,
    })
}
