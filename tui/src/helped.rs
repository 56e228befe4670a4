//! Help that was given and got: as each household remembers it, and how much there was in all. There
//! is no ranking and no balance.

use protocol::api::{DocumentView, ListQuery, MemberRef, RecordedRef};
use protocol::id::{DocumentId, MemberId};
use serde_json::Value;

/// Minutes in an hour.
const HOUR: i64 = 60;

/// One help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// The request.
    pub request: DocumentId,
    /// What it is called.
    pub title: String,
    /// Who asked.
    pub requester: MemberRef,
    /// The household without a device for which it was asked.
    pub for_household: Option<RecordedRef>,
    /// Who helped.
    pub helper: MemberRef,
    /// How long it took, where both sides say the same.
    pub minutes: Option<i64>,
}

/// What a household did and got, and what all of them did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Helped {
    /// What the household gave.
    pub given: Vec<Help>,
    /// What it got.
    pub received: Vec<Help>,
    /// How often anybody helped.
    pub helps: usize,
    /// How many minutes both sides agree about, of all.
    pub minutes: i64,
}

impl Helped {
    /// Asks for the requests that tell of help: those that are over and went well.
    pub fn query() -> ListQuery {
        ListQuery {
            kind: Some("request".to_owned()),
            states: ["confirmed", "gone"].map(str::to_owned).into(),
            ..ListQuery::default()
        }
    }

    /// Reads what requests tell of help, for a household.
    pub fn of(requests: &[DocumentView], me: Option<MemberId>) -> Self {
        let mut helped = Self::default();
        for help in requests.iter().flat_map(helps) {
            helped.helps += 1;
            helped.minutes = helped.minutes.saturating_add(help.minutes.unwrap_or(0));
            if me == Some(help.helper.id) {
                helped.given.push(help);
            } else if me == Some(help.requester.id) && help.for_household.is_none() {
                // Whoever asked for another household was not helped itself.
                helped.received.push(help);
            }
        }
        helped
    }
}

/// Writes minutes as hours and minutes, `1:30`.
pub fn hours(minutes: i64) -> String {
    format!("{}:{:02}", minutes / HOUR, minutes % HOUR)
}

fn helps(request: &DocumentView) -> impl Iterator<Item = Help> {
    let offers = request.fields.get("offers").and_then(Value::as_array);
    let offers = offers.into_iter().flatten().filter_map(Value::as_object);
    offers.filter_map(|offer| {
        let state = offer.get("state").and_then(Value::as_str)?;
        matches!(state, "done" | "gone").then_some(())?;
        let title = request.fields.get("title").and_then(Value::as_str);
        Some(Help {
            request: request.id,
            title: title.unwrap_or_default().to_owned(),
            requester: request.author.clone(),
            for_household: request.for_household.clone(),
            helper: serde_json::from_value(offer.get("by")?.clone()).ok()?,
            minutes: offer.get("agreed_minutes").and_then(Value::as_i64),
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::app::tests::fixtures;

    #[test]
    fn help_is_told_by_side_and_counted_for_all() {
        let request = |place: usize, by: u8, state: &str, minutes: Option<i64>| {
            let mut view = fixtures::documents()[place].clone();
            let offer = json!([{ "id": "1.0", "by": fixtures::member(by), "time_ms": 0,
                "state": state, "agreed_minutes": minutes }]);
            view.fields.insert("offers".to_owned(), offer);
            view
        };
        let requests = [
            request(2, 2, "done", Some(90)),
            request(4, 1, "gone", None),
            request(4, 3, "done", Some(30)),
            request(4, 3, "withdrawn", Some(500)),
        ];
        let helped = Helped::of(&requests, Some(fixtures::named(1).id));
        let names = |helps: &[Help]| -> Vec<String> {
            helps.iter().map(|help| help.helper.name.clone()).collect()
        };
        assert_eq!(names(&helped.received), ["陈家"]);
        assert_eq!(names(&helped.given), ["林家"]);
        assert_eq!((helped.helps, helped.minutes), (3, 120));
        assert_eq!(hours(90), "1:30");
    }

    #[test]
    fn help_for_a_household_without_a_device_is_not_its_proxys() {
        let mut view = fixtures::documents()[2].clone();
        let offer = json!([{ "id": "1.0", "by": fixtures::member(2), "time_ms": 0,
            "state": "done", "agreed_minutes": 90 }]);
        view.fields.insert("offers".to_owned(), offer);
        let wang = json!({ "id": fixtures::id(0xb7), "name": "王奶奶" });
        view.for_household = serde_json::from_value(wang).expect("a household");
        let of_the_proxy = Helped::of(&[view.clone()], Some(view.author.id));
        assert_eq!(of_the_proxy.received, []);
        assert_eq!((of_the_proxy.helps, of_the_proxy.minutes), (1, 90));
        let of_the_helper = Helped::of(&[view.clone()], Some(fixtures::named(2).id));
        assert_eq!(of_the_helper.given[0].for_household, view.for_household);
    }
}
