//! Switches that turn single rules off, so that the simulator can show that its checks notice.
//!
//! Only the simulator's self-test enables the feature that this module belongs to. Switches are a
//! value that is handed over where something is made; there is no global, and nothing reads them
//! from an environment.

/// Which rules of the design are followed: by default, all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// Store before send.
    pub r3: bool,
    /// Intents, not Automerge bytes, cross the network.
    pub r4: bool,
    /// Policy reads no mutable state.
    pub r5: bool,
    /// Seniority decides between cuts. Off: the cut with the greatest hash does, and any holder of
    /// a role ranks over any other.
    pub r6: bool,
    /// Rights are judged where the author stood. Off: as the roster stands.
    pub r7: bool,
    /// A fork suspends. Off: entries of a forked device count.
    pub r8: bool,
    /// Replication ignores verdicts.
    pub r9: bool,
    /// Exclusion is exact.
    pub r10: bool,
    /// Verify for each segment before committing it.
    pub r13: bool,
    /// Frontiers are compared by buckets.
    pub r15: bool,
    /// Invitations are used in order and signed. Off: neither is judged.
    pub r21: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            r3: true,
            r4: true,
            r5: true,
            r6: true,
            r7: true,
            r8: true,
            r9: true,
            r10: true,
            r13: true,
            r15: true,
            r21: true,
        }
    }
}
