//! Exit codes: what a script learns without reading a word. `docs/CLI.md` has the same table.

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The program failed, or what it needs of the machine did.
    Internal = 1,
    /// The command line is not understood.
    Usage = 2,
    /// The input is wrong and was refused.
    Invalid = 3,
    /// What was named does not exist.
    NotFound = 4,
    /// The roster does not allow it.
    NotAllowed = 5,
    /// Another process works on the home.
    Locked = 6,
    /// The store or the disk: damaged, newer, full.
    Storage = 7,
    /// The network or a peer could not be reached.
    Network = 8,
    /// Joining waits, or the invitation does not hold.
    Joining = 9,
    /// The keystore did not open: passphrase or key file.
    Keystore = 10,
}

impl Exit {
    /// Every exit code, in order.
    pub const ALL: [Self; 11] = [
        Self::Done,
        Self::Internal,
        Self::Usage,
        Self::Invalid,
        Self::NotFound,
        Self::NotAllowed,
        Self::Locked,
        Self::Storage,
        Self::Network,
        Self::Joining,
        Self::Keystore,
    ];

    /// Returns the number that the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Returns the exit code of a refusal by the node.
    pub fn of_refusal(code: &str) -> Self {
        match code {
            "invalid" | "too-large" | "too-slow" => Self::Invalid,
            "not-found" => Self::NotFound,
            "not-allowed" | "read-only" => Self::NotAllowed,
            "pending" | "expired" | "used-up" | "unknown-invitation" => Self::Joining,
            "storage" | "disk-full" => Self::Storage,
            "unreachable" => Self::Network,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::CODES;

    #[test]
    fn every_refusal_has_its_exit_code() {
        let expected = [
            ("invalid", 3),
            ("too-large", 3),
            ("too-slow", 3),
            ("not-found", 4),
            ("not-allowed", 5),
            ("read-only", 5),
            ("pending", 9),
            ("expired", 9),
            ("used-up", 9),
            ("unknown-invitation", 9),
            ("storage", 7),
            ("disk-full", 7),
            ("unreachable", 8),
            ("busy", 1),
            ("stopping", 1),
            ("internal", 1),
        ];
        let codes: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, expected.map(|(code, _)| code));
        for (code, exit) in expected {
            assert_eq!(Exit::of_refusal(code).code(), exit, "{code}");
        }
    }

    #[test]
    fn the_documented_table_is_this_one() {
        let page = include_str!("../../../docs/CLI.md");
        for exit in Exit::ALL {
            let row = format!("| {} | `{exit:?}` |", exit.code());
            assert!(page.contains(&row), "docs/CLI.md lacks {row}");
        }
        for (code, _) in CODES {
            let exit = Exit::of_refusal(code).code();
            let row = format!("| `{code}` | {exit} |");
            assert!(page.contains(&row), "docs/CLI.md lacks {row}");
        }
    }
}
