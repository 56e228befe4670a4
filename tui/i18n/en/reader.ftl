# The reader, its history, and what can be done with a document.

do-act = what I can do
do-next-comment = next comment
do-previous-comment = comment before
comments-selected = Tab selects one
no-comments = There are no comments.
do-renew = renew
do-print = print
do-acknowledgements = who acknowledged
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
act-request-merge = Close it: “{ $title }” asks for the same
act-request-keep = Keep { $name }, release the others
act-request-handover = It is found
    .of = I have it from { $name }
act-request-renewal = Renew: I still need it
act-request-thank = Say thank you
    .of = Thank { $name }
act-request-assent = Agree
    .of = Agree with { $name }
act-request-no-show = Say that the requester was not there
    .of = Say that { $name } did not come
act-request-reply = Reply to what is said about you
    .of = Reply to { $name }
act-standing-offer-renewal = Renew: I still offer it
act-standing-offer-withdrawal = Withdraw the standing offer
emergency-first = This is no emergency service. In an emergency call { $numbers }.
act-notice-acknowledgement = Acknowledge: I have read it
    .of = Acknowledge for { $name }
act-notice-again = Issue a second one like it
act-notice-again-acknowledged = Issue a second one, to be acknowledged anew
act-notice-withdrawal = Withdraw the notice
act-plan-step = Take the plan a step on
act-contact-tell = Tell how to reach me, sealed
act-contact-change = Change how to reach me
act-contact-erase = Erase how to reach me
act-document-erase = Erase this document

contact-own = How to reach you: sealed, only your household and { $readers } can read it
contact-own-alone = How to reach you: sealed, no other household can read it yet
contact-of = How to reach { $name }: sealed, only { $readers } can read it
contact-of-alone = How to reach { $name }: sealed, only for whose help is accepted
contact-reader-own = your household
between-names = ,{" "}
erase-title = Erase
erase-question = What it says goes away here, and in other homes as they hear of it. That cannot be undone, and nobody forgets what they have read.
erase-contact-question = How to reach you goes away here, and in other homes as they hear of it. That cannot be undone, and nobody forgets what they have read.
erase-not = Keep it
erase-indeed = Erase it
erased = Erased here. Other homes drop it as they hear of it.
erased-not = Kept.

history-title = History
change-excluded = does not count
change-unreadable = cannot be read here
emptied = emptied
can-restore = r puts it back
restored = Put back.
nothing-to-restore = Nothing that this change deleted is missing.

cancelled-undo = Cancelled. u opens it again.
merged = Closed for the other one. u opens it again.
request-similar = You ask for the same elsewhere, it seems: “{ $title }”, { $moment }. Close one of the two: a tells how.
request-similar-numbered = You ask for the same elsewhere, it seems: “{ $title }”, { $moment }. Number { $number } below closes this one for it.

acknowledgements-title = Who has acknowledged it
acknowledgements-outstanding = Not yet
acknowledgements-given = Acknowledged
acknowledgements-unnamed = Names are told to the issuer, stewards and building leads, so that somebody can knock.
acknowledgements-elsewhere = { $count ->
    [one] One household of another building is named only to those who knock there.
   *[other] { $count } households of other buildings are named only to those who knock there.
    }
acknowledgements-not-asked = This asks nobody for an acknowledgement.
acknowledgements-more = w tells who has, and who has not.
do-note-acknowledgement = note one
note-title = { $name }: how did they acknowledge it?
note-paper = They signed on paper
note-paper-edition = They signed edition { $number } on paper
note-paper-newest = They signed edition { $number } on paper, the newest
note-edition-corrected = Edition { $number } was corrected in what matters: have the newest one signed.
note-proxy = They told me, or somebody else
note-given = This household has acknowledged it.
note-not-acting = Only a neighbour who acts for this household can note it: { $names }.
note-nobody-acts = Nobody acts for this household yet. A steward can name a neighbour, with its consent.
noted = Noted. Everybody sees that it was not in person.
noted-by = noted by { $name }
acknowledged-by-proxy = by { $name }, who acts for it

helped-title = Help given and got
help-given = Help that your household gave
help-received = Help that it got
help-none = none yet
help-to = for { $name }
help-by = by { $name }
help-hours = { $hours } hours
help-all = The whole neighbourhood
help-totals = { $helps ->
    [one] Neighbours have helped each other once; both sides agree on { $hours } hours.
   *[other] Neighbours have helped each other { $helps } times; both sides agree on { $hours } hours.
  }
help-no-balance = Help is remembered, never owed. Nobody is ranked.

nothing-to-renew = There is nothing here for you to renew.
renewed = Renewed.
