//! The network: who is reachable, how fresh what is here is, what has not been sent.

use protocol::api::{Answer, PeerView, Request, Status};

use super::command::Command;
use super::page::{Go, Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::network;

const TAG_PEERS: u32 = 1;
const TAG_DIALLED: u32 = 2;

/// The network.
#[derive(Debug)]
pub struct Network;

impl Page for Network {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        out.ask(TAG_PEERS, Request::Status);
        out.ask(TAG_PEERS, Request::Peers);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-network"))
    }

    fn help(&self) -> &'static str {
        "plain-help-network"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, _context: &Context<'_>) -> bool {
        match command {
            Command::Letter('n', None) => out.open(Dial),
            _ => return false,
        }
        true
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            // How the node is was answered first, and is known.
            Ok(Answer::Peers { peers }) => say(peers, context.known.status.clone(), out, context),
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}

fn say(peers: &[PeerView], status: Option<Status>, out: &mut Out, context: &Context<'_>) {
    let screen = network::Network::of(peers.to_vec(), status);
    for block in screen.blocks(context) {
        if !block.text().is_empty() {
            out.say(block.text());
        }
    }
}

/// Asks for the address of a node.
#[derive(Debug)]
struct Dial;

impl Page for Dial {
    fn open(&mut self, _out: &mut Out, _context: &Context<'_>) {}

    fn question(&self, context: &Context<'_>) -> Question {
        Question::text(context.words.text("plain-ask-address"))
    }

    fn help(&self) -> &'static str {
        "plain-help-network"
    }

    fn choose(&mut self, _command: &Command<'_>, _out: &mut Out, _context: &Context<'_>) -> bool {
        false
    }

    fn text(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        let address = text.trim();
        if address.is_empty() {
            out.go = Some(Go::Back);
        } else if address.len() > network::ADDRESS_CHARS_MAX {
            let values = [("count", network::ADDRESS_CHARS_MAX.into())];
            out.say(context.words.with("field-full", &values));
        } else {
            let address = address.to_owned();
            out.ask(TAG_DIALLED, Request::Dial { address });
        }
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(_) => {
                out.say(context.words.text("dialling"));
                out.go = Some(Go::Back);
            }
            Err(failure) => out.fail(failure, context),
        }
    }
}
