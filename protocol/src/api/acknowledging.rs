//! Who has acknowledged a notice, and who has not.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{DocumentView, MemberRef, RecordedRef};
use crate::id::EntryId;
use crate::kind::FOR_HOUSEHOLD;

/// How far a notice that asks for it has been acknowledged, as it was last corrected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acknowledgements {
    /// Whether the notice asks for it.
    pub asked: bool,
    /// How many households it is meant for, without its issuer.
    pub households: u32,
    /// How many of them have no device.
    #[serde(default)]
    pub without_device: u32,
    /// How many of them have acknowledged it, in whatever way.
    pub acknowledged: u32,
    /// How many of these did so on paper.
    pub on_paper: u32,
    /// For how many of these somebody else did.
    pub by_proxy: u32,
    /// The editions of the notice: as it was issued, then with each correction. A sheet of paper says
    /// which one it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<Edition>,
    /// Whether the lists below are given: to the issuer and to stewards, and to building leads those of
    /// their building, so that somebody can knock. Others are told totals.
    pub named: bool,
    /// Those that have acknowledged it, in the order of the list below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Acknowledged>,
    /// Those that have not, by building and name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outstanding: Vec<MemberRef>,
    /// Households without a device for which somebody has acknowledged it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given_recorded: Vec<AcknowledgedFor>,
    /// Those for which nobody has, by building and name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outstanding_recorded: Vec<OutstandingRecorded>,
}

impl Acknowledgements {
    /// Tells whether nobody whom the notice is meant for is outstanding, with or without a device.
    pub fn is_complete(&self) -> bool {
        self.acknowledged >= self.households
    }

    /// How many households stand in none of the lists, though names are told: whoever leads a building
    /// is told those of that building.
    pub fn unnamed(&self) -> usize {
        let listed = self.given.len()
            + self.outstanding.len()
            + self.given_recorded.len()
            + self.outstanding_recorded.len();
        (self.households as usize).saturating_sub(listed)
    }

    /// Tells whether every household stands in one of the lists.
    pub fn names_all(&self) -> bool {
        self.named && self.unnamed() == 0
    }

    /// Returns an edition by its number, the first being 1.
    pub fn edition(&self, number: usize) -> Option<Edition> {
        self.editions.get(number.checked_sub(1)?).copied()
    }
}

/// A notice as it was issued, or as it was corrected once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Edition {
    /// The entry by which it came to be: what an acknowledgement of it is based on.
    pub entry: EntryId,
    /// Whether an acknowledgement of it counts: nothing was corrected since in what matters.
    pub counts: bool,
}

/// A household without a device for which somebody has acknowledged a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcknowledgedFor {
    /// The household.
    pub household: RecordedRef,
    /// `paper` or `proxy`.
    pub way: String,
    /// Who wrote it down.
    pub by: MemberRef,
    /// Claimed time.
    pub time_ms: i64,
}

/// A household without a device for which nobody has acknowledged a notice yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutstandingRecorded {
    /// The household.
    pub household: RecordedRef,
    /// Those who act for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proxies: Vec<MemberRef>,
}

/// A household that has acknowledged a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acknowledged {
    /// The household.
    pub household: MemberRef,
    /// `self`, `paper` or `proxy`.
    pub way: String,
    /// Who wrote it down, where that was somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberRef>,
    /// Claimed time.
    pub time_ms: i64,
}

/// Tells whether a notice is meant for a household of a building, or of none that is known: it is
/// asked then, and counted. A notice to one building is not meant for who lives in another.
pub fn is_meant(audience: Option<&str>, meant: Option<&str>, building: Option<&str>) -> bool {
    let meant = meant.filter(|_| audience == Some("building"));
    match (meant, building) {
        (Some(meant), Some(building)) => meant == building,
        _ => true,
    }
}

impl DocumentView {
    /// Tells whether it, a notice, is meant for a household of a building: see [`is_meant`].
    pub fn is_meant_for(&self, building: Option<&str>) -> bool {
        let text = |field: &str| self.fields.get(field).and_then(Value::as_str);
        is_meant(text("audience"), text("building"), building)
    }

    /// Tells whether it is a notice that asks for acknowledgements.
    pub fn asks_for_acknowledgement(&self) -> bool {
        self.kind == "notice" && self.fields.get("ack") == Some(&Value::Bool(true))
    }

    /// Returns the acknowledgements by those who had seen the last material correction, or a later
    /// one, as [`acknowledgements`](crate::kind::acknowledgements) counts them.
    pub fn standing_acknowledgements(&self) -> impl Iterator<Item = &Map<String, Value>> {
        let corrections: Vec<&Map<String, Value>> = self.facts("corrections").collect();
        let is_material =
            |fact: &&Map<String, Value>| fact.get("material") == Some(&Value::Bool(true));
        let material = corrections.iter().rposition(is_material);
        self.facts("acknowledgements").filter(move |fact| {
            let seen = fact.get("correction").and_then(|seen| {
                let mut places = corrections.iter();
                places.rposition(|correction| correction.get("id") == Some(seen))
            });
            seen >= material
        })
    }

    /// Tells whether it asks a household without a device for an acknowledgement, and nobody has
    /// given one for it.
    pub fn lacks_acknowledgement_for(&self, household: &RecordedRef) -> bool {
        let id = household.id.to_string();
        let is_for_it = |fact: &Map<String, Value>| {
            let named = fact.get(FOR_HOUSEHOLD.name);
            named.and_then(|named| named.get("id")?.as_str()) == Some(id.as_str())
        };
        self.is_meant_for(household.building.as_deref())
            && self.asks_for_acknowledgement()
            && !self.standing_acknowledgements().any(is_for_it)
    }

    fn facts(&self, list: &str) -> impl Iterator<Item = &Map<String, Value>> {
        let facts = self.fields.get(list).and_then(Value::as_array);
        facts.into_iter().flatten().filter_map(Value::as_object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_to_a_building_is_not_meant_for_who_lives_in_another() {
        let to = |audience, own| is_meant(Some(audience), Some("3"), own);
        assert!(to("building", Some("3")));
        assert!(!to("building", Some("5")));
        assert!(to("building", None), "it may live there");
        assert!(
            to("neighbourhood", Some("5")),
            "it names a building by the way"
        );
    }
}
