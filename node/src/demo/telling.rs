//! Telling a story: the founder gives the roles, then every household writes its part through its
//! own node, round by round. What is written in one round has reached everybody before the next.

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::api::{
    Answer, Confidential, DocumentView, Draft, NewModeration, NewMotion, Request, Status,
};
use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::kind::FOR_HOUSEHOLD;
use serde_json::{Value, json};
use tokio::time::Instant;
use tui::client::Client;

use super::DemoError;
use super::story::{Act, Document, Edit, Fields, Story};

/// Time in which all nodes must hold the same.
const AGREEMENT_MAX: Duration = Duration::from_secs(30);
/// Pause between two looks at whether they do.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// A story being told.
pub struct Telling<'a> {
    story: &'a Story,
    /// The households' nodes, then the relay's.
    clients: &'a [Client],
    members: Vec<MemberId>,
    appointments: BTreeMap<String, EntryId>,
    /// The statements that recorded households without a device.
    recorded: BTreeMap<String, EntryId>,
    documents: BTreeMap<String, DocumentId>,
}

impl<'a> Telling<'a> {
    /// Begins to tell a story to nodes whose households have been admitted.
    pub fn new(story: &'a Story, clients: &'a [Client], members: Vec<MemberId>) -> Self {
        Self {
            story,
            clients,
            members,
            appointments: BTreeMap::new(),
            recorded: BTreeMap::new(),
            documents: BTreeMap::new(),
        }
    }

    /// Tells all of it.
    ///
    /// # Errors
    ///
    /// [`DemoError`] at the first node that does not do its part.
    pub async fn tell(mut self) -> Result<(), DemoError> {
        self.appoint().await?;
        self.record().await?;
        agreed(self.clients).await?;
        for round in 0..self.story.rounds() {
            self.round(round).await?;
            agreed(self.clients).await?;
            if round == self.story.read_after {
                self.read_everything().await?;
            }
        }
        Ok(())
    }

    async fn appoint(&mut self) -> Result<(), DemoError> {
        let mut offices = BTreeMap::new();
        for office in &self.story.offices {
            let name = office.name.clone();
            let request = Request::AddOffice {
                name,
                spokespeople: Vec::new(),
            };
            let id = self.write(0, request).await?;
            offices.insert(office.key.as_str(), MemberId(id.0));
        }
        for role in &self.story.roles {
            let office = role.office.as_deref();
            let request = Request::Appoint {
                member: self.members[self.number(&role.household)?],
                role: role.role.clone(),
                office: office.and_then(|key| offices.get(key).copied()),
                building: role.building.clone(),
            };
            let appointment = self.write(0, request).await?;
            if let Some(office) = office {
                self.appointments.insert(office.to_owned(), appointment);
            }
        }
        Ok(())
    }

    async fn record(&mut self) -> Result<(), DemoError> {
        for recorded in &self.story.recorded {
            let proxies = recorded.proxies.iter();
            let proxies = proxies.map(|key| Ok(self.members[self.number(key)?]));
            let request = Request::RecordHousehold {
                name: recorded.name.clone(),
                building: Some(recorded.building.clone()),
                proxies: proxies.collect::<Result<_, DemoError>>()?,
                consent: recorded.consent.clone(),
            };
            let id = self.write(self.number(&recorded.by)?, request).await?;
            self.recorded.insert(recorded.key.clone(), id);
        }
        Ok(())
    }

    async fn round(&mut self, round: u32) -> Result<(), DemoError> {
        for document in &self.story.documents {
            if document.round == round {
                self.post(document).await?;
            } else if let Some(act) = document.act(round) {
                self.act(document, act).await?;
            }
        }
        for motion in self.story.motions.iter().filter(|one| one.round == round) {
            let name = motion.name.clone();
            let moved = Request::Move(NewMotion::AddOffice { name });
            self.ask(self.number(&motion.by)?, moved).await?;
        }
        Ok(())
    }

    async fn post(&mut self, document: &Document) -> Result<(), DemoError> {
        let mut fields = document.fields.clone();
        if let Some(office) = &document.capacity {
            fields.insert("capacity".to_owned(), json!(self.appointments.get(office)));
        }
        if let Some(key) = &document.for_household {
            fields.insert(FOR_HOUSEHOLD.name.to_owned(), json!(self.recorded.get(key)));
        }
        let now_ms = crate::core::now_ms();
        for (field, hours) in &document.hours {
            fields.insert(field.clone(), json!(now_ms + hours * HOUR_MS));
        }
        let draft = Draft {
            kind: document.kind.clone(),
            fields,
        };
        let by = self.number(&document.by)?;
        let id = self.write(by, Request::Post(draft)).await?;
        self.documents.insert(document.key.clone(), id.into());
        if let Some(contact) = &document.contact {
            let text = Confidential::new(contact.clone());
            let document = id.into();
            self.ask(by, Request::PutDetails { document, text }).await?;
        }
        Ok(())
    }

    async fn act(&self, document: &Document, act: &Act) -> Result<(), DemoError> {
        let id = self.documents.get(&document.key);
        let id = *id.ok_or(DemoError::OtherAnswer)?;
        let by = self.number(&act.by)?;
        let request = if let Some(body) = &act.comment {
            comment(id, body)
        } else if let Some(fact) = &act.fact {
            let shown = self.show(by, id).await?;
            self.fact(&shown, fact)?
        } else if let Some(edit) = &act.edit {
            let shown = self.show(by, id).await?;
            change(&shown, edit)?
        } else if act.sign.is_some() {
            Request::SignAgreement { agreement: id }
        } else if let Some(hide) = &act.hide {
            Request::Moderate(NewModeration::Hide {
                document: id,
                rule: hide.rule,
                reason: hide.reason.clone(),
            })
        } else if let Some(body) = &act.appeal {
            let hidden = self.show(by, id).await?.moderation;
            let moderation = hidden.ok_or(DemoError::OtherAnswer)?.id;
            let body = body.clone();
            Request::Appeal { moderation, body }
        } else if let Some(fields) = &act.set {
            Request::Edit {
                document: id,
                fields: fields.clone(),
                base: Vec::new(),
            }
        } else {
            return Ok(());
        };
        self.ask(by, request).await
    }

    fn fact(&self, shown: &DocumentView, fact: &Fields) -> Result<Request, DemoError> {
        let mut fact = fact.clone();
        let list = fact.remove("list");
        let list = list.as_ref().and_then(Value::as_str);
        let list = list.ok_or(DemoError::OtherAnswer)?.to_owned();
        if let Some(offer) = fact.get_mut("offer") {
            let helper = offer.as_str().unwrap_or_default();
            let helper = self.members[self.number(helper)?].to_string();
            *offer = offer_of(shown, &helper).ok_or(DemoError::OtherAnswer)?;
        }
        if let Some(household) = fact.get_mut("household") {
            let key = household.as_str().unwrap_or_default();
            *household = json!(self.members[self.number(key)?]);
        }
        if let Some(recorded) = fact.get_mut(FOR_HOUSEHOLD.name) {
            *recorded = json!(self.recorded.get(recorded.as_str().unwrap_or_default()));
        }
        Ok(Request::Edit {
            document: shown.id,
            fields: BTreeMap::from([(list, json!(fact))]),
            base: Vec::new(),
        })
    }

    async fn read_everything(&self) -> Result<(), DemoError> {
        for client in &self.clients[..self.story.households.len()] {
            let read = Request::MarkRead {
                documents: Vec::new(),
                everything: true,
            };
            client.call(read).await?;
        }
        Ok(())
    }

    async fn show(&self, by: usize, document: DocumentId) -> Result<DocumentView, DemoError> {
        match self.clients[by].call(Request::Show { document }).await? {
            Answer::Document { document, .. } => Ok(*document),
            _ => Err(DemoError::OtherAnswer),
        }
    }

    async fn write(&self, by: usize, request: Request) -> Result<EntryId, DemoError> {
        match self.clients[by].call(request).await? {
            Answer::Written { id, .. } => Ok(id),
            _ => Err(DemoError::OtherAnswer),
        }
    }

    async fn ask(&self, by: usize, request: Request) -> Result<(), DemoError> {
        self.clients[by].call(request).await?;
        Ok(())
    }

    fn number(&self, household: &str) -> Result<usize, DemoError> {
        self.story
            .household(household)
            .ok_or(DemoError::NoHousehold)
    }
}

fn comment(about: DocumentId, body: &str) -> Request {
    Request::Post(Draft {
        kind: "comment".to_owned(),
        fields: BTreeMap::from([
            ("about".to_owned(), json!(about)),
            ("body".to_owned(), json!(body)),
        ]),
    })
}

/// Changes the text as its author had it on screen.
fn change(shown: &DocumentView, edit: &Edit) -> Result<Request, DemoError> {
    let text = shown.fields.get("text").and_then(Value::as_str);
    let text = text.filter(|text| text.contains(&edit.find));
    let text = text.ok_or(DemoError::OtherAnswer)?;
    let text = text.replacen(&edit.find, &edit.put, 1);
    Ok(Request::Edit {
        document: shown.id,
        fields: BTreeMap::from([("text".to_owned(), json!(text))]),
        base: shown.heads.clone(),
    })
}

/// Returns the name of a helper's last offer.
fn offer_of(shown: &DocumentView, helper: &str) -> Option<Value> {
    let offers = shown.fields.get("offers")?.as_array()?;
    let mut own = offers.iter().filter(|offer| offer["by"]["id"] == helper);
    own.next_back().map(|offer| offer["id"].clone())
}

/// Waits until all nodes hold the same entries and show them.
pub async fn agreed(clients: &[Client]) -> Result<(), DemoError> {
    let deadline = Instant::now() + AGREEMENT_MAX;
    loop {
        let mut digests = Vec::new();
        for client in clients {
            let status = status(client).await?;
            // A node that still projects shows less than it holds.
            digests.push((status.frontier_digest, status.unprojected > 0));
        }
        let is_shown = digests.iter().all(|(_, projects)| !projects);
        if is_shown && digests.windows(2).all(|pair| pair[0] == pair[1]) {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(DemoError::TooSlow);
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}

/// Asks a node how it is.
pub async fn status(client: &Client) -> Result<Box<Status>, DemoError> {
    match client.call(Request::Status).await? {
        Answer::Status(status) => Ok(status),
        _ => Err(DemoError::OtherAnswer),
    }
}
