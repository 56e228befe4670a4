# What the protocol's names are called on screen. One word for one thing: docs/GLOSSARY.md.

## Kinds

kind-notice = notice
    .several = notices
    .counted =
        { $count ->
            [one] { $count } notice
           *[other] { $count } notices
        }
kind-request = help request
    .several = help requests
    .counted =
        { $count ->
            [one] { $count } help request
           *[other] { $count } help requests
        }
kind-plan = festival plan
    .several = festival plans
    .counted =
        { $count ->
            [one] { $count } festival plan
           *[other] { $count } festival plans
        }
kind-comment = comment
    .several = comments
    .counted =
        { $count ->
            [one] { $count } comment
           *[other] { $count } comments
        }
kind-detail = detail in confidence
    .several = details in confidence
    .counted =
        { $count ->
            [one] { $count } detail in confidence
           *[other] { $count } details in confidence
        }
kind-agreement = agreement
    .several = agreements
    .counted =
        { $count ->
            [one] { $count } agreement
           *[other] { $count } agreements
        }
kind-moderation = act of moderation
    .several = acts of moderation
    .counted =
        { $count ->
            [one] { $count } act of moderation
           *[other] { $count } acts of moderation
        }
kind-standing-offer = standing offer
    .several = standing offers
    .counted =
        { $count ->
            [one] { $count } standing offer
           *[other] { $count } standing offers
        }
kind-unknown = something of a new kind
    .several = things of a new kind
    .counted =
        { $count ->
            [one] { $count } thing of a new kind
           *[other] { $count } things of a new kind
        }

## Fields

field-title = Title
field-body = Text
field-level = How pressing
field-capacity = In which capacity
field-audience = For whom
field-building = Building
field-ack = Ask neighbours to acknowledge
field-expires-ms = Stands until
field-material = Something important changed
field-way = How it was acknowledged
field-household = Which household
field-for-household = Written for
field-correction = Which correction
field-reason = Reason
field-category = Category
field-urgent = Urgent
field-when = When
field-from-ms = From
field-until-ms = Until
field-place = Where
field-places = How many helpers
field-offer = Whose offer
field-date = Date
field-starts-ms = Starts
field-ends-ms = Ends
field-text = The plan
field-to = Next step
field-about = About
field-reply-to = Reply to
field-sealed = Sealed text
field-shares = Who can read it
field-version = Version
field-clauses = Rules
field-replaces = In place of
field-act = What is done
field-member = Whose words
field-rule = Under rule
field-agreement = Of the agreement
field-spared = What is spared
field-outcome = Decision
field-minutes = How many minutes it took
field-words = Your thanks
field-public = Everybody may see it if the helper agrees
field-statement = What happened
field-no-show = Who is said not to have come
field-answer = What you say to it
field-into = Which other request
field-state = How it stands
field-agreed-minutes = Minutes, agreed
field-request-assents-to = What you agree to
field-standing-offer-expires-ms = Offered until
field-standing-offer-body = What you can do
# As one kind says it
field-request-reason = Why it cannot wait
field-request-body = Tell a little more
field-request-expires-ms = Asked until
field-request-offers-body = A word with it
field-request-offers-when = When you have time
field-comment-body = Comment

## What people wrote down

list-corrections = Corrections
list-acknowledgements = Acknowledgements
list-withdrawals = Withdrawals
list-offers = Offers
list-acceptances = Acceptances
list-check-ins = Times confirmed
list-completions = Done
list-confirmations = Confirmations
list-cancellations = Cancellations
list-reopenings = Asked again
list-handovers = Handed over
list-thanks = Thanks
list-assents = Agreed by the other side
list-no-shows = Did not come
list-replies = Replies
list-renewals = Renewed
list-merges = Asked elsewhere
list-steps = Steps
list-signings = Signatures
list-appeals = Appeals
list-decisions = Decisions
list-restorations = Taken back
fact-correction = correction
fact-acknowledgement = acknowledgement
fact-withdrawal = withdrawal
fact-offer = offer
fact-acceptance = acceptance
fact-check-in = time confirmed
fact-completion = done
fact-confirmation = confirmation
fact-cancellation = cancellation
fact-reopening = asked again
fact-handover = handed over
fact-thank = thanks
fact-assent = agreed
fact-no-show = did not come
fact-reply = reply
fact-renewal = renewed
fact-merge = asked elsewhere
fact-step = step
fact-signing = signature
fact-appeal = appeal
fact-decision = decision
fact-restoration = taken back

## Words to choose from

fact-is-public = for everybody to see
choice-flag-yes = yes
choice-flag-no = no
choice-level-ordinary = ordinary
choice-level-important = important
choice-level-urgent = urgent
choice-audience-neighbourhood = the whole neighbourhood
choice-audience-building = one building
choice-way-self = in person
choice-way-paper = on paper
choice-way-proxy = through somebody else
choice-category-errand = errand
choice-category-goods = something to borrow
choice-category-visit = visit
choice-category-skill = skill
choice-category-other = something else
choice-to-proposed = propose
choice-to-planning = start planning
choice-to-published = publish
choice-to-running = begin
choice-to-closed = close
choice-to-cancelled = cancel
choice-to-postponed = postpone
choice-act-hide = hide
choice-act-mute = mute
choice-outcome-upheld = uphold it
choice-outcome-lifted = lift it
choice-offers-state-offered = offered
choice-offers-state-accepted = accepted
choice-offers-state-standby = on standby, thank you
choice-offers-state-under-way = on it
choice-offers-state-done = done
choice-offers-state-gone = this one it was
choice-offers-state-withdrawn = withdrawn
choice-offers-state-missed = did not come about
minutes-said = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
 }
minutes-agreed = { $count ->
    [one] { $count } minute, agreed by both
   *[other] { $count } minutes, agreed by both
 }

## States

state-notice-published = published
state-notice-corrected = corrected
state-notice-expired = expired
state-notice-withdrawn = withdrawn

state-request-open = needs help
state-request-offered = has offers
state-request-matched = agreed
state-request-double-booked = double-booked
state-request-in-progress = in progress
state-request-done = done
state-request-gone = found
state-request-confirmed = confirmed
state-request-closed-unconfirmed = closed, unconfirmed
state-request-expired = expired
state-request-cancelled = cancelled
state-request-merged = asked elsewhere

state-standing-offer-standing = stands
state-standing-offer-expired = expired
state-standing-offer-withdrawn = withdrawn

state-plan-proposed = proposed
state-plan-planning = being planned
state-plan-published = published
state-plan-running = on now
state-plan-closed = closed
state-plan-cancelled = cancelled
state-plan-postponed = postponed

state-moderation-hidden = hidden
state-moderation-muted = muted
state-moderation-appealed = appealed
state-moderation-upheld = upheld
state-moderation-lifted = lifted

state-unknown = a state of a newer version

## Who acts next

next-request-open =
    { $reader ->
        [creator] waiting for a neighbour to offer
       *[other] anyone can offer help
    }
next-request-offered =
    { $reader ->
        [creator] you choose who helps
       *[other] the requester chooses who helps
    }
next-request-matched =
    { $reader ->
        [creator] the helper confirms the time
        [helper] you confirm the time
       *[other] the helper confirms the time
    }
next-request-double-booked =
    { $reader ->
        [creator] more were accepted than you need: you choose who stays
       *[other] the requester chooses who stays
    }
next-request-in-progress =
    { $reader ->
        [creator] you or the helper say when it is done
        [helper] you say when it is done
       *[other] the helper is on it
    }
next-request-done =
    { $reader ->
        [creator] you confirm that it is done
       *[other] the requester confirms
    }
next-request-closed-unconfirmed =
    { $reader ->
        [creator] you can still confirm, or ask again
       *[other] the requester said nothing more
    }
next-request-expired =
    { $reader ->
        [creator] you can renew it if you still need it
       *[other] the requester can renew it
    }
next-request-gone =
    { $reader ->
        [creator] you can say thank you
       *[other] the requester has found it
    }
next-standing-offer-standing =
    { $reader ->
        [creator] neighbours can ask you
       *[other] ask them if you need it
    }
next-standing-offer-expired =
    { $reader ->
        [creator] you can renew it
       *[other] whoever offered it can renew it
    }
next-plan-proposed =
    { $reader ->
        [creator] you start planning when there are enough hands
       *[other] whoever proposed it starts planning
    }
next-plan-planning =
    { $reader ->
        [creator] you publish it when it is ready
       *[other] everyone writes; whoever proposed it publishes
    }
next-plan-published =
    { $reader ->
        [creator] you say when it begins
       *[other] waiting for the day
    }
next-plan-running =
    { $reader ->
        [creator] you close it when it is over
       *[other] come along
    }
next-plan-postponed =
    { $reader ->
        [creator] you set another day
       *[other] whoever proposed it sets another day
    }
next-moderation-hidden =
    { $reader ->
       *[other] whoever wrote it may appeal
    }
next-moderation-muted =
    { $reader ->
       *[other] the muted member may appeal
    }
next-moderation-appealed =
    { $reader ->
        [creator] another steward decides
       *[other] a steward decides
    }

## How whole it is

completeness-incomplete = not all of it is here yet; asking neighbours for the rest
completeness-erased = the content was erased
completeness-read-only = read only: it holds something that needs a newer version

## Members and capacities

member-household = household
member-guest = guest
member-office = office
member-unknown = member
role-steward = steward
role-moderator = moderator
role-building-lead = building lead
role-spokesperson = spokesperson
role-unknown = a role of a newer version
capacity-steward = steward of { $of }
capacity-building-lead = building lead ({ $of })
capacity-spokesperson = spokesperson of { $of }

## How far it has come

delivery-here = saved here
delivery-relays =
    { $relays ->
        [one] saved here, at { $relays } relay
       *[other] saved here, at { $relays } relays
    }
delivery-homes =
    { $homes ->
        [one] saved here, in { $homes } home
       *[other] saved here, in { $homes } homes
    }
delivery-relays-homes =
    saved here, at { $relays ->
        [one] { $relays } relay
       *[other] { $relays } relays
    }, in { $homes ->
        [one] { $homes } home
       *[other] { $homes } homes
    }

## Refusals: what happened

refusal-invalid = Something is not filled in right
refusal-too-large = It is too large
refusal-too-slow = It did not arrive in time
refusal-not-found = It was not found
refusal-not-allowed = The roster does not allow it
refusal-read-only = This can be read but not changed
refusal-pending = The neighbourhood has not admitted you yet
refusal-expired = The invitation has expired
refusal-used-up = The invitation has been used up
refusal-unknown-invitation = The inviter does not know this invitation
refusal-storage = Storage failed
refusal-disk-full = The disk is full
refusal-unreachable = The other side cannot be reached
refusal-busy = The node is busy
refusal-stopping = The node is stopping
refusal-internal = The node has a fault

## Keys

key-enter = Enter
key-esc = Esc
key-tab = Tab
key-backtab = Shift+Tab
key-space = Space
key-backspace = Backspace
key-delete = Delete
key-up = Up
key-down = Down
key-left = Left
key-right = Right
key-page-up = PgUp
key-page-down = PgDn
key-home = Home
key-end = End

## Looks

scheme-terminal = as the terminal
scheme-light = light
scheme-dark = dark
scheme-high-contrast = high contrast
scheme-monochrome = no colours
