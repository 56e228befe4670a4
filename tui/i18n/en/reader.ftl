# The reader, its history, and what can be done with a document.

do-act = what I can do
do-comment = comment
do-edit = edit
do-history = history
do-restore = put back what was deleted here
more-below = more below
cell-name = { $name }:{" "}
nothing-to-do = There is nothing to do here for you now.
not-yours-to-edit = Only its author can change this. You can comment with c.
about-offer = on the offer of { $name }
time-ahead = Its date lies in the future: the author's clock is wrong.
conflict = Set by several at once. { $field }: { $values }
acts-title = What I can do
act-written = Done, and saved.
act-request-offer = Offer to help
act-request-acceptance = Accept an offer
    .of = Accept { $name }
act-request-confirmation = Confirm that it is done
act-request-check-in = Confirm the time: I am on it
act-request-completion = Say that it is done
    .of = { $name } has done it
act-request-withdrawal = Withdraw my offer
    .of = Release { $name } from it
act-request-reopening = Ask again
act-request-cancellation = Cancel the request
act-notice-acknowledgement = Acknowledge: I have read it
act-notice-withdrawal = Withdraw the notice
act-plan-step = Take the plan a step on

history-title = History
change-excluded = does not count
change-unreadable = cannot be read here
emptied = emptied
can-restore = r puts it back
restored = Put back.
nothing-to-restore = Nothing that this change deleted is missing.
