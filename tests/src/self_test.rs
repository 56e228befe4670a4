//! The simulator's own test: with a rule switched off, a named check has to notice.

use protocol::switches::Rule;

/// The rules that can be switched off.
pub const RULES: [Rule; 11] = [
    Rule::R3,
    Rule::R4,
    Rule::R5,
    Rule::R6,
    Rule::R7,
    Rule::R8,
    Rule::R9,
    Rule::R10,
    Rule::R13,
    Rule::R15,
    Rule::R21,
];

/// Returns a rule's name as the design gives it.
pub fn name(rule: Rule) -> String {
    format!("R{}", rule as u32)
}
