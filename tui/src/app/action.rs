//! Everything that a key, a click or the palette can ask for. What it comes to is each screen's.

/// Something a person wants done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// One item or line up.
    Up,
    /// One item or line down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first item.
    First,
    /// To the last item.
    Last,
    /// To the left, or to the value before.
    Left,
    /// To the right, or to the next value.
    Right,
    /// Opens what is selected, or goes one step on.
    Open,
    /// Backs out of what is on top.
    Back,
    /// Leaves the program.
    Quit,
    /// Shows the keys of this place.
    Help,
    /// Searches.
    Search,
    /// Opens the palette of everything that can be done.
    Palette,
    /// Goes to the next field or part.
    Next,
    /// Goes to the field or part before.
    Previous,
    /// Writes something.
    New,
    /// Writes a comment.
    Comment,
    /// Changes what is shown.
    Edit,
    /// Saves or publishes.
    Save,
    /// Takes the last thing back; in a field, what was written last.
    Undo,
    /// Writes again what was taken back in a field.
    Redo,
    /// Narrows what is listed, step by step.
    Filter,
    /// Marks everything listed as read.
    MarkRead,
    /// Shows how a document came to be as it is.
    History,
    /// Shows what moderation has taken out of view.
    Reveal,
    /// Goes to the agreement and the log of moderation.
    Moderation,
    /// Goes to standing offers.
    StandingOffers,
    /// Puts what is shown on paper.
    Print,
    /// Shows who has acknowledged a notice.
    Acknowledgements,
    /// Shows the day's digest.
    Digest,
    /// Shows the help that was given and got.
    HelpGiven,
    /// Lets what is shown stand longer.
    Renew,
    /// Puts back what was deleted.
    Restore,
    /// Offers help.
    Offer,
    /// Accepts an offer, or confirms.
    Accept,
    /// Withdraws.
    Withdraw,
    /// Says that it is done.
    Done,
    /// Makes an invitation.
    Invite,
    /// Shows what can be done with what is selected.
    Act,
    /// Adds an office.
    AddOffice,
    /// Shows the motions.
    Motions,
    /// Shows where to knock.
    Doors,
    /// Takes something away.
    Remove,
    /// Goes to one of the main screens, counted from 0.
    Tab(u8),
    /// Changes the language.
    Language,
    /// Stops the program for a while and gives the terminal back.
    Suspend,
    /// Acts as the next household of the demonstration.
    NextHousehold,
    /// Cuts or heals the network of the demonstration.
    ToggleNetwork,
}
