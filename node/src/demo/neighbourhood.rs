//! The demonstration's nodes: four households and a relay in this process, on loopback alone.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::future::{join_all, try_join, try_join_all};
use protocol::api::{Answer, Request};
use protocol::invitation::{Invitation, InvitedAs};
use tokio::time::Instant;
use tui::client::Client;
use tui::language::Language;

use super::DemoError;
use super::folder::Folder;
use super::story::{Household, Story};
use super::telling::{Telling, agreed, status};
use crate::running::{self, NodeOptions, RunningNode};
use crate::setup::{self, FoundOptions, JoinOptions, Joiner, Unlock};

/// Where every node listens: nobody else can reach it.
const LOOPBACK: &str = "/ip4/127.0.0.1/tcp/0";
/// Time in which a node must listen, and be admitted.
const READY_MAX: Duration = Duration::from_secs(30);
/// Pause between two looks at whether it is.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
/// How long the invitations hold, in milliseconds.
const INVITATION_MS: i64 = 60 * 60 * 1_000;

/// A running neighbourhood. Dropping it removes its homes; [`Neighbourhood::stop`] also waits for
/// its nodes.
#[derive(Debug)]
pub struct Neighbourhood {
    story: Story,
    households: Vec<Place>,
    relay: Place,
    /// The households' nodes, then the relay's. They go before the folder they work in.
    nodes: Vec<RunningNode>,
    folder: Folder,
}

/// A node of the neighbourhood, as people find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of its household, or the relay's.
    pub name: String,
    /// The building.
    pub building: String,
    /// Its home.
    pub home: PathBuf,
    /// The socket of its local interface.
    pub socket: PathBuf,
}

impl Neighbourhood {
    /// Founds the neighbourhood and starts its nodes; nothing is written in it yet. It is not to be
    /// broken off: a home that is being made would outlive its folder.
    ///
    /// # Errors
    ///
    /// [`DemoError`]; nothing is left behind.
    pub async fn start(language: Language) -> Result<Self, DemoError> {
        let story = Story::of(language);
        let folder = Folder::new().map_err(DemoError::Folder)?;
        let mut building = Building {
            story: &story,
            language,
            folder: folder.path(),
            nodes: Vec::new(),
            clients: Vec::new(),
        };
        building.found().await?;
        building.join().await?;
        let nodes = building.nodes;
        Ok(Self::of(story, nodes, folder))
    }

    /// Tells the stories. May be broken off.
    ///
    /// # Errors
    ///
    /// [`DemoError`] at the first node that does not do its part.
    pub async fn tell(&self) -> Result<(), DemoError> {
        let clients = self.clients()?;
        let mut members = Vec::new();
        for client in &clients[..self.households.len()] {
            let status = status(client).await?;
            members.push(status.member.ok_or(DemoError::OtherAnswer)?.id);
        }
        Telling::new(&self.story, &clients, members).tell().await
    }

    /// The neighbourhood's name.
    pub fn name(&self) -> &str {
        &self.story.neighbourhood
    }

    /// The folder of all homes.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The households, the founder first.
    pub fn households(&self) -> &[Place] {
        &self.households
    }

    /// The relay.
    pub fn relay(&self) -> &Place {
        &self.relay
    }

    /// Cuts a household off from the network, or takes it back.
    ///
    /// # Errors
    ///
    /// [`DemoError::NoHousehold`].
    pub async fn set_network(&self, household: usize, on: bool) -> Result<(), DemoError> {
        let nodes = &self.nodes[..self.households.len()];
        let node = nodes.get(household).ok_or(DemoError::NoHousehold)?;
        node.set_network(on).await;
        Ok(())
    }

    /// Waits until every node holds and shows the same.
    ///
    /// # Errors
    ///
    /// [`DemoError::TooSlow`] when that does not come about, as while a household is cut off.
    pub async fn agreed(&self) -> Result<(), DemoError> {
        agreed(&self.clients()?).await
    }

    /// Stops every node and removes every home.
    ///
    /// # Errors
    ///
    /// [`DemoError`] when a node had failed or the folder could not be removed; all the others are
    /// stopped nevertheless.
    pub async fn stop(self) -> Result<(), DemoError> {
        let stopped = self.nodes.into_iter().map(RunningNode::stop);
        let stopped = join_all(stopped).await;
        self.folder.remove().map_err(DemoError::Folder)?;
        for stopped in stopped {
            stopped?;
        }
        Ok(())
    }

    fn clients(&self) -> Result<Vec<Client>, DemoError> {
        let sockets = self.nodes.iter().map(RunningNode::socket);
        let clients: Result<Vec<Client>, _> = sockets.map(Client::connect).collect();
        Ok(clients?)
    }

    fn of(story: Story, nodes: Vec<RunningNode>, folder: Folder) -> Self {
        let names = story.households.iter().map(|household| {
            let Household { name, building, .. } = household;
            (name, building)
        });
        let names = names.chain([(&story.relay.name, &story.relay.building)]);
        let mut places: Vec<Place> = names
            .zip(&nodes)
            .enumerate()
            .map(|(number, ((name, building), node))| Place {
                name: name.clone(),
                building: building.clone(),
                home: home(folder.path(), number),
                socket: node.socket().to_owned(),
            })
            .collect();
        let relay = places.pop().expect("a story has a relay");
        Self {
            story,
            households: places,
            relay,
            nodes,
            folder,
        }
    }
}

/// A neighbourhood while it is being made.
struct Building<'a> {
    story: &'a Story,
    language: Language,
    folder: &'a Path,
    nodes: Vec<RunningNode>,
    clients: Vec<Client>,
}

impl Building<'_> {
    /// Founds the neighbourhood and starts the founder's node.
    async fn found(&mut self) -> Result<(), DemoError> {
        let founder = &self.story.households[0];
        let options = FoundOptions {
            neighbourhood: self.story.neighbourhood.clone(),
            household: founder.name.clone(),
            building: Some(founder.building.clone()),
            language: self.language,
            unlock: Unlock::KeyFile(None),
            key: None,
        };
        let home = home(self.folder, 0);
        let founded = tokio::task::spawn_blocking(move || setup::found(&home, options));
        founded.await.expect("setting up does not panic")?;
        let node = self.start(0, Vec::new()).await?;
        self.take(node)
    }

    /// Lets the relay and the other households join. All are then connected to the founder, who
    /// admits them, and to the relay.
    async fn join(&mut self) -> Result<(), DemoError> {
        let story = self.story;
        let founder = listening(&self.clients[0]).await?;
        let households = self.invite(story.households.len() - 1, InvitedAs::Household);
        let households = households.await?;
        let relays = self.invite(1, InvitedAs::Relay).await?;
        let joining = story.households.iter().enumerate().skip(1);
        let joining = joining.map(|(number, household)| {
            let joiner = Joiner::Household {
                name: household.name.clone(),
                building: Some(household.building.clone()),
            };
            self.join_as(number, joiner, households.clone(), &founder)
        });
        let relay = Joiner::Relay {
            name: story.relay.name.clone(),
            building: Some(story.relay.building.clone()),
        };
        let relay = self.join_as(story.households.len(), relay, relays, &founder);
        let (joined, relay) = try_join(try_join_all(joining), relay).await?;
        for node in joined.into_iter().chain([relay]) {
            self.take(node)?;
        }
        for client in &self.clients {
            admitted(client).await?;
        }
        // A relay admits nobody: it is dialled by those who have been admitted.
        if let Some((relay, households)) = self.clients.split_last() {
            let address = listening(relay).await?;
            for household in households {
                let address = address.clone();
                household.call(Request::Dial { address }).await?;
            }
        }
        Ok(())
    }

    async fn join_as(
        &self,
        number: usize,
        joiner: Joiner,
        invitation: Invitation,
        founder: &str,
    ) -> Result<RunningNode, DemoError> {
        let dial = vec![founder.to_owned()];
        let options = JoinOptions {
            invitation,
            joiner,
            dial: dial.clone(),
            language: self.language,
            unlock: Unlock::KeyFile(None),
            key: None,
        };
        let home = home(self.folder, number);
        let joined = tokio::task::spawn_blocking(move || setup::join(&home, options));
        joined.await.expect("setting up does not panic")?;
        self.start(number, dial).await
    }

    async fn start(&self, number: usize, dial: Vec<String>) -> Result<RunningNode, DemoError> {
        let options = NodeOptions {
            unlock: Unlock::KeyFile(None),
            listen: vec![LOOPBACK.to_owned()],
            dial,
            mdns: false,
            network: true,
        };
        Ok(running::start(&home(self.folder, number), options).await?)
    }

    async fn invite(&self, uses: usize, invited_as: InvitedAs) -> Result<Invitation, DemoError> {
        let request = Request::Invite {
            successor_of: None,
            uses: u32::try_from(uses).unwrap_or(u32::MAX),
            lifetime_ms: INVITATION_MS,
            invited_as,
            addresses: Vec::new(),
        };
        match self.clients[0].call(request).await? {
            Answer::Invitation { invitation, .. } => {
                Invitation::parse(&invitation).map_err(|_| DemoError::OtherAnswer)
            }
            _ => Err(DemoError::OtherAnswer),
        }
    }

    fn take(&mut self, node: RunningNode) -> Result<(), DemoError> {
        self.clients.push(Client::connect(node.socket())?);
        self.nodes.push(node);
        Ok(())
    }
}

/// The homes have short names: a socket's path has little room.
fn home(folder: &Path, number: usize) -> PathBuf {
    folder.join((number + 1).to_string())
}

/// Waits until a node listens and returns where.
async fn listening(client: &Client) -> Result<String, DemoError> {
    let deadline = Instant::now() + READY_MAX;
    loop {
        if let Some(address) = status(client).await?.listening.into_iter().next() {
            return Ok(address);
        }
        pause(deadline).await?;
    }
}

/// Waits until a node's household, or the relay, has been admitted.
async fn admitted(client: &Client) -> Result<(), DemoError> {
    let deadline = Instant::now() + READY_MAX;
    loop {
        let status = status(client).await?;
        if let Some(refusal) = status.join_refused {
            return Err(refusal.into());
        }
        if !status.pending {
            return Ok(());
        }
        pause(deadline).await?;
    }
}

async fn pause(deadline: Instant) -> Result<(), DemoError> {
    if Instant::now() > deadline {
        return Err(DemoError::TooSlow);
    }
    tokio::time::sleep(LOOK_PAUSE).await;
    Ok(())
}
