//! Further devices of a household, and what a backup is locked with.

use serde::{Deserialize, Serialize};

use super::Confidential;
use crate::id::InvitationId;

/// A code for a further device that can still be used. The code itself is shown once, when it is
/// made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenCode {
    /// What names it.
    pub id: InvitationId,
    /// When it ends.
    pub expires_ms: i64,
}

/// What a backup is locked with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BackupLock {
    /// A passphrase that is not empty.
    Passphrase(Confidential),
    /// 32 random bytes in 64 hexadecimal digits: a key file's.
    Key(Confidential),
}
