# Who is who and may do what, motions, and what can be done with the roster.

## People

do-motions = motions
people-households = Households and guests
people-offices = Offices
people-recorded = Households without a device
people-relays = Relays
office-stewards = stewards: { $names }
office-spokespeople = spokespeople: { $names }
may-not-add-office = You may not add offices. Ask a steward.
nothing-to-do-with = There is nothing that you may do here.

## One household, office or relay

person-removed = removed
person-succeeds = takes the place of { $name }
person-added = added
person-stewards = Stewards: sign for the office
person-no-stewards = Nobody yet.
person-spokespeople = Spokespeople: speak for the office
person-no-spokespeople = Nobody yet.
person-devices = Devices
person-powers = What it may do, and who granted it
person-excluded = What does not count
person-relay = A relay keeps and passes on. It writes nothing and has no vote.
person-certified = certified
person-device = device { $device }
recorded-no-device = no device
recorded-acting = acting for it: { $names }
recorded-nobody = nobody acts for it yet
recorded-ended = its record has ended
recorded-explained = It has no device and no vote. Whoever acts for it signs what is written, and says for whom it was recorded.
recorded-consent = Its consent: { $consent }
recorded-made = recorded
recorded-proxies = Who acts for it
recorded-proxy-ended = no longer acts for it
device-this = this one
device-in-use = in use
device-revoked = revoked
granted-admission = admitted
granted-appointment = appointed
powers-none = no powers of its own for now

## What can be done

act-on = { $act }: { $name }
act-written-undo = Done, and saved. u takes it back.
roster-appoint = Make { $role }
roster-cut-role = Take back: { $role }
roster-remove = Remove
roster-succeed = Take the place of { $name }
roster-succession = Follow a removed household
roster-revoke = Revoke the device { $device }
roster-add-device = Add a device
roster-tell-door = Tell the leads where to knock
roster-change-door = Change where to knock
roster-withdraw-door = Withdraw where to knock
roster-record-household = Record a household it acts for
roster-add-proxy = Act for a recorded household
roster-end-proxy = { $name } no longer acts for it
roster-end-record = End the record
roster-block = Block, on this node alone
roster-unblock = No longer block
blocked-here = Blocked, on this node alone. u takes it back.
unblocked-here = Shown again. u takes it back.
person-blocked = Your household blocks it: what it writes is left out here. Nobody else knows.
roster-moved = Motion: { $act }
roster-spokesperson = Name a spokesperson
roster-steward = Name a steward
roster-steward-moved = Motion: name a steward
roster-dismissal = Take a role back
revoke-title = Revoke a device
revoke-question = For a device that is lost: nothing it signs from here on counts, and what it wrote stays. It cannot be taken into use again; the household can add a new one.
revoke-not = Keep it
revoke-indeed = Revoke it
revoked = Revoked. Other homes stop trusting it as they hear of it.
door-withdraw-question = It goes away here, and in other homes as they hear of it. That cannot be undone, and a lead may keep what it has read.
door-keep = Leave it
door-withdraw = Withdraw it
door-withdrawn = Withdrawn.
end-relay-title = End the relay
end-relay-question = Other homes exchange nothing with it any more. With the same key it cannot come back.
end-relay-not = Keep it
end-relay-indeed = End it
promote-question = A household posts, invites guests and can have roles. It cannot be made a guest again.
promote-not = Leave it a guest
promote-indeed = Make it a household
remove-question = At once, for good. Again to remove it.
button-remove = Remove
button-cut-role = Take the role back
button-add-office = Add the office
button-record-household = Record it
button-add-proxy = Let it act
button-end-record = End it
button-move = Move it
field-motion-reason = Why, for everyone to read
field-motion-name = What the office is called
field-motion-household = What it is called
field-motion-building = Building
field-motion-consent = How it consented, and where that is kept

## Motions

motions-title = Motions
motions-none = No motions yet. n moves one.
do-move = move something
move-removal = Remove a member
move-steward = Make a steward of an office
move-dismissal = Dismiss a steward
move-return = Take a removed member back
may-not-move = Only stewards of offices move.
governance-founder = The founder decides about dangerous acts alone until three offices have stewards.
governance-motions = Dangerous acts are motions: { $needed } of { $offices } offices have to sign.
motion-sign-now = waits for your signature
motion-enact-now = waits for you to put it in force
motion-lacking = { $signed } signed, { $lacking ->
    [one] 1 more office needed
   *[other] { $lacking } more offices needed
  }
motion-complete = enough have signed
motion-reason = Why
motion-overtaken-by = In force is
motion-signatures = Who has signed
motion-mover = moved it
motion-number = Motion no. { $number }
motion-rule = { $needed } of { $offices } offices have to sign
motion-done = It is in force.
motion-moved = Moved: { $signed } of { $needed } offices have signed.
nothing-to-sign = Nothing here waits for your signature.
cosign-title = Co-sign this motion
cosign-question = You sign as steward of your office. A signature cannot be taken back; with enough of them the motion is in force at once.
cosign-not = Not yet
cosign-indeed = Co-sign it
cosigned-not = Not co-signed.
enact-title = Put it in force
enact-question = Enough offices have signed, but it is not in force. From then on only another motion changes it.
enact-not = Not yet
enact-indeed = Put it in force

## The line mode

plain-ask-motions = Which number, or n to move something?
plain-invite-whom = Whom do you invite
plain-help-motions = A number opens a motion. n moves something, Enter says more.
plain-help-doings = A number does it. Enter says it again.
