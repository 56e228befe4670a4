//! The network: who is reachable and how, how fresh what is here is, what has not been sent.

use protocol::api::{Answer, Event, PeerView, Request, Status};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::ask::Ask;
use super::reader::draw_blocks;
use crate::app::{Action, Binding, Canvas, Context, Failure, Input, Key, Screen, Step};
use crate::text::styled::StyledText;

/// Bytes of an address at most.
pub(crate) const ADDRESS_CHARS_MAX: usize = 288;

const TAG_PEERS: u32 = 1;
const TAG_DIALLED: u32 = 2;
const TAG_STATUS: u32 = 3;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::char('n')], Action::New, "do-dial").hinted(),
    Binding::new(
        &[Key::code(KeyCode::Up), Key::char('k')],
        Action::Up,
        "do-up",
    ),
    Binding::new(
        &[Key::code(KeyCode::Down), Key::char('j')],
        Action::Down,
        "do-down",
    ),
    Binding::new(&[Key::code(KeyCode::PageUp)], Action::PageUp, "do-page-up"),
    Binding::new(
        &[Key::code(KeyCode::PageDown), Key::char(' ')],
        Action::PageDown,
        "do-page-down",
    ),
];

/// The network.
#[derive(Debug)]
pub struct Network {
    peers: Vec<PeerView>,
    status: Option<Status>,
    scroll: usize,
    shown: usize,
    asked_ms: i64,
}

/// How often it is read anew while it is shown.
const READ_PAUSE_MS: i64 = 3_000;

impl Network {
    /// Makes the screen.
    pub fn new() -> Self {
        Self {
            peers: Vec::new(),
            status: None,
            scroll: 0,
            shown: 0,
            asked_ms: 0,
        }
    }

    /// Makes the screen with what is known.
    pub(crate) fn of(peers: Vec<PeerView>, status: Option<Status>) -> Self {
        Self {
            peers,
            status,
            ..Self::new()
        }
    }

    fn read(&mut self, context: &Context<'_>) -> Step {
        self.asked_ms = context.clock.now_ms;
        Step::stay()
            .ask(TAG_PEERS, Request::Peers)
            .ask(TAG_STATUS, Request::Status)
    }

    /// What it says, from top to bottom.
    pub(crate) fn blocks(&self, context: &Context<'_>) -> Vec<StyledText> {
        let (words, theme) = (context.words, context.theme);
        let mut blocks = Vec::new();
        if let Some(status) = &self.status {
            blocks.extend(status_blocks(status, &self.peers, context));
        }
        blocks.push(StyledText::plain(""));
        blocks.push(StyledText::new().with(&words.text("network-peers"), theme.heading));
        if self.peers.is_empty() {
            blocks.push(StyledText::new().with(&words.text("network-no-peers"), theme.dim));
        }
        blocks.extend(self.peers.iter().map(|peer| peer_block(peer, context)));
        if let Some(status) = &self.status {
            blocks.push(StyledText::plain(""));
            blocks
                .push(StyledText::new().with(&words.text("network-own-addresses"), theme.heading));
            let addresses = status.listening.iter();
            blocks.extend(addresses.map(|address| StyledText::new().with(address, theme.dim)));
            if status.listening.is_empty() {
                blocks
                    .push(StyledText::new().with(&words.text("network-not-listening"), theme.dim));
            }
        }
        blocks
    }
}

fn status_blocks(status: &Status, peers: &[PeerView], context: &Context<'_>) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let synced = peers.iter().filter_map(|peer| peer.synced_ms).max();
    let connected = peers.iter().any(|peer| peer.connected);
    let in_step = peers.iter().any(|peer| peer.connected && peer.in_step);
    let freshness = match (connected, in_step, synced) {
        (true, true, _) => words.text("freshness-in-step"),
        (true, false, _) => words.text("freshness-receiving"),
        (false, _, None) => words.text("freshness-alone"),
        (false, _, Some(synced)) => {
            let moment = context.clock.past(words, synced);
            words.with("freshness-alone-since", &[("moment", (&moment).into())])
        }
    };
    let freshness_style = if in_step { theme.good } else { theme.warning };
    let sent = match status.unsent {
        0 => StyledText::new().with(&words.text("status-all-sent"), theme.good),
        unsent => {
            let text = words.with("status-unsent", &[("unsent", unsent.into())]);
            StyledText::new().with(&text, theme.warning)
        }
    };
    let held = words.with(
        "network-held",
        &[
            ("documents", status.documents.into()),
            ("entries", status.entries.into()),
            ("megabytes", (status.store_bytes / (1024 * 1024)).into()),
        ],
    );
    vec![
        StyledText::new().with(&freshness, freshness_style),
        sent,
        StyledText::new().with(&held, theme.dim),
    ]
}

/// One peer: who, how reachable, how fresh.
fn peer_block(peer: &PeerView, context: &Context<'_>) -> StyledText {
    let (words, theme) = (context.words, context.theme);
    let between = format!(" {} ", theme.marks.between);
    let (mark, style) = match (peer.connected, peer.in_step) {
        (true, true) => (theme.marks.done, theme.good),
        (true, false) => (theme.marks.waiting, theme.warning),
        (false, _) => (theme.marks.failed, theme.over),
    };
    let name = match (&peer.member, &peer.name) {
        (Some(of), _) => context.words.member(of),
        (None, Some(name)) => name.clone(),
        (None, None) => words.text("somebody-unknown"),
    };
    let mut text = StyledText::new().with(&format!("{mark} "), style);
    text.push(&name, theme.text);
    if peer.kind.as_deref() == Some("relay") {
        text.push(
            &format!("{between}{}", words.text("peer-relay")),
            theme.text,
        );
    }
    let state = match (peer.connected, peer.in_step) {
        (true, true) => words.text("peer-in-step"),
        (true, false) => words.text("peer-receiving"),
        (false, _) => words.text("peer-away"),
    };
    text.push(&format!("{between}{state}"), style);
    let seen = peer.synced_ms.max(peer.seen_ms);
    if let Some(seen) = seen.filter(|_| !peer.connected) {
        let seen = context.clock.past(words, seen);
        let seen = words.with("peer-last-seen", &[("moment", (&seen).into())]);
        text.push(&format!("{between}{seen}"), theme.dim);
    }
    if !peer.address.is_empty() {
        text.push(&format!("{between}{}", peer.address), theme.dim);
    }
    text
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Network {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("tab-network")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        let page = self.shown.saturating_sub(1).max(1);
        match input {
            Input::Shown | Input::Event(Event::Peer(_) | Event::Missed) => self.read(context),
            Input::Tick if context.clock.now_ms - self.asked_ms >= READ_PAUSE_MS => {
                self.read(context)
            }
            Input::Action(action) => {
                match action {
                    Action::Up => self.scroll = self.scroll.saturating_sub(1),
                    Action::Down => self.scroll += 1,
                    Action::PageUp => self.scroll = self.scroll.saturating_sub(page),
                    Action::PageDown => self.scroll += page,
                    Action::New => {
                        return Step::open(Ask::new(
                            "dial-title",
                            "dial-label",
                            "/ip4/192.168.1.5/tcp/4101",
                            ADDRESS_CHARS_MAX,
                        ));
                    }
                    _ => return Step::ignored(),
                }
                Step::stay()
            }
            Input::Chosen(address) => {
                let address = address.to_owned();
                Step::stay().ask(TAG_DIALLED, Request::Dial { address })
            }
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::Peers { peers }) => {
                    self.peers.clone_from(peers);
                    match tag {
                        TAG_DIALLED => Step::stay().remark(context.words.text("dialling")),
                        _ => Step::stay(),
                    }
                }
                Ok(Answer::Status(status)) => {
                    self.status = Some((**status).clone());
                    Step::stay()
                }
                Err(Failure::Refused(refusal)) => Step::stay().remark(refusal.message.clone()),
                _ => Step::stay(),
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        self.shown = usize::from(area.height);
        let place = Rect {
            x: area.x + 1,
            width: area.width - 2,
            ..area
        };
        let blocks = self.blocks(context);
        draw_blocks(canvas, place, &blocks, &mut self.scroll, context);
    }
}
