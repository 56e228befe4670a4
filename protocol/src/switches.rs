//! Rules that a test may switch off, so that the simulator's oracle can be seen to notice.
//!
//! Without the crate's feature `switches` every rule holds and nothing here can be set.

/// A rule of the design that can be switched off in tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Rule {
    /// Store before send.
    R3 = 3,
    /// Validity reads the causal past only.
    R4 = 4,
    /// Policy by kind.
    R5 = 5,
    /// Seniority.
    R6 = 6,
    /// Rights are judged where the author stood.
    R7 = 7,
    /// A fork suspends.
    R8 = 8,
    /// Replication ignores verdicts.
    R9 = 9,
    /// Exclusion is exact.
    R10 = 10,
    /// One verified signature for each segment.
    R13 = 13,
    /// Frontiers are compared whole.
    R15 = 15,
    /// What was retired is forgotten.
    R18 = 18,
    /// Admissions are judged.
    R21 = 21,
}

/// Which rules are switched off: none, but in tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    #[cfg(feature = "switches")]
    off: u32,
}

impl Switches {
    /// Every rule holds.
    pub const NONE: Self = Self {
        #[cfg(feature = "switches")]
        off: 0,
    };

    /// Switches one rule off.
    #[cfg(feature = "switches")]
    pub const fn without(rule: Rule) -> Self {
        Self {
            off: 1 << rule as u32,
        }
    }

    /// Tells whether a rule holds.
    pub const fn holds(self, rule: Rule) -> bool {
        #[cfg(feature = "switches")]
        {
            self.off >> (rule as u32) & 1 == 0
        }
        #[cfg(not(feature = "switches"))]
        {
            let _ = rule;
            true
        }
    }
}
