//! What a motion asks, in words.

use protocol::api::{ActedAs, MemberRef, MovedAct};

use super::Words;

impl Words {
    /// Says what a motion asks, with a mark between a member and its role: "remove: Chen
    /// (building 5)".
    pub fn moved(&self, moved: &MovedAct, between: &str) -> String {
        let holding = |member: Option<&MemberRef>, role: &ActedAs| {
            let role = self.acted_as(role);
            match member {
                Some(member) => format!("{} {between} {role}", self.member(member)),
                None => role,
            }
        };
        let (act, of) = match moved {
            MovedAct::RemoveHousehold { member } => ("remove-household", self.member(member)),
            MovedAct::Appoint { member, role } => ("appoint", holding(Some(member), role)),
            MovedAct::CutRole {
                member,
                role: Some(role),
                ..
            } => ("cut-role", holding(member.as_ref(), role)),
            MovedAct::CutRole { appointment, .. } => ("cut-role", appointment.short()),
            MovedAct::Readmit {
                member,
                successor_of: None,
            } => ("readmit", self.member(member)),
            MovedAct::Readmit {
                member,
                successor_of: Some(of),
            } => {
                let of = self.member(of);
                let takes = self.with("roster-succeed", &[("name", of.into())]);
                (
                    "readmit",
                    format!("{} {between} {takes}", self.member(member)),
                )
            }
            MovedAct::Promote { member } => ("promote", self.member(member)),
            MovedAct::AddOffice { name, .. } => ("add-office", name.clone()),
            MovedAct::CertifyRelay { name, .. } => ("certify-relay", name.clone()),
            MovedAct::CutRelay { device } => ("cut-relay", device.short()),
            MovedAct::Other => ("other", String::new()),
        };
        let act = self.act(act);
        match of.is_empty() {
            true => act,
            false => self.with("act-on", &[("act", act.into()), ("name", of.into())]),
        }
    }
}
