//! How single facts of a request stand, and who is shown them.

use crate::kind::{Facts, ItemId, Mark, Marks, Sight};

use super::{HELPER, Matching, NoShow, Offer, REQUESTER, Stands};

impl Matching {
    /// Says how offers stand, and who is shown what was said about somebody.
    pub fn marks(&self, facts: &Facts<'_>) -> Marks {
        let mut marks = Marks::new();
        for (id, offer) in &self.offers {
            let mark = Mark {
                state: Some(self.word(*id, offer)),
                agreed_minutes: offer.minutes[REQUESTER]
                    .filter(|minutes| offer.minutes[HELPER] == Some(*minutes)),
                sight: None,
            };
            marks.insert(*id, mark);
        }
        let mut see = |id: ItemId, sight: Sight| {
            let sight = Some(sight);
            marks.insert(
                id,
                Mark {
                    sight,
                    ..Mark::default()
                },
            );
        };
        let between = |said: &NoShow| Sight {
            members: [facts.creator, said.helper].into(),
            stewards: true,
            since_ms: Some(said.since_ms),
            lapses_ms: Some(said.lapses_ms()),
        };
        for (id, said) in &self.no_shows {
            see(*id, between(said));
        }
        for (id, no_show) in &self.replies {
            see(*id, between(&self.no_shows[no_show]));
        }
        for (id, thanks) in &self.thanks {
            if !thanks.public || !thanks.agreed {
                let members = [facts.creator, thanks.helper].into();
                let sight = Sight {
                    members,
                    ..Sight::default()
                };
                see(*id, sight);
            }
        }
        for (id, by) in &self.unfounded {
            let members = [*by].into();
            let sight = Sight {
                members,
                ..Sight::default()
            };
            see(*id, sight);
        }
        marks
    }

    fn word(&self, id: ItemId, offer: &Offer) -> &'static str {
        match offer.stands {
            Stands::Accepted => "accepted",
            Stands::UnderWay => "under-way",
            Stands::Done => "done",
            Stands::Withdrawn => "withdrawn",
            Stands::Missed => "missed",
            Stands::Offered if self.gone == Some(id) => "gone",
            Stands::Offered if !self.has_room() => "standby",
            Stands::Offered => "offered",
        }
    }
}
