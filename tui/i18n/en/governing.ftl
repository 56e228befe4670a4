# Offices, powers and motions, as the roster tells them.

## By which right, beside being a member or having a role

capacity-founder = founder
capacity-quorum = stewards, by motion
capacity-unknown = without a right that is known

## What may be done

power-post = post
power-comment = comment
power-post-urgent-notices = post urgent notices
power-keep-own-devices = add and revoke own devices
power-describe-itself = change the own name and building
power-end-own-documents = erase own posts
power-end-documents = erase posts of others
power-moderate = hide posts of others, mute members
power-decide-appeals = decide appeals
power-invite-guests = invite guests
power-admit-households = admit households
power-record-households = record households without a device and who acts for them
power-appoint-moderators = appoint moderators
power-appoint-building-leads = appoint building leads
power-appoint-spokespeople = appoint spokespeople
power-cut-roles = take roles back
power-keep-relays = certify and end relays
power-move = move dangerous acts
power-co-sign = co-sign motions
power-appoint-stewards = appoint and dismiss stewards
power-add-offices = add offices
power-remove-households = remove members
power-readmit = readmit members

## What a statement does

act-found = found the neighbourhood
act-admit = admit
act-promote = make a guest a household
act-enrol = add a device
act-cut-device = revoke a device
act-appoint = appoint
act-cut-role = take back the role
act-remove-household = remove
act-readmit = readmit
act-add-office = add an office
act-certify-relay = certify a relay
act-cut-relay = end a relay
act-move = move
act-co-sign = co-sign
act-enact = put in force
act-close = close a post
act-erase = erase posts
act-tips = list last entries
act-describe = change name or building
act-record-household = record a household without a device
act-add-proxies = name who acts for a household
act-end-record = end a record, or acting for a household
act-other = something that cannot be moved

## How a motion stands

motion-state-open = open
motion-state-in-force = in force
motion-state-lapsed = lapsed
motion-state-excluded = does not count

## Why something does not count

why-overtaken = another motion took its place
why-not-next = it does not follow the motion that is in force
why-seen-backwards = its log went backwards
why-seen-no-statement = its log names what is no statement
why-unsound = a signature in it does not hold
why-limit = something in it is too long
why-no-member = its author belongs to no household
why-not-certified = the device did not belong to its household
why-not-admitted = its author was not a member
why-right-unknown = its author did not know of the right
why-right-excluded = the right it was made by does not count
why-no-right = the right does not allow this
why-needs-quorum = it needs a motion
why-not-senior = its author does not decide about this
why-wrong-target = what it is about is not there
why-removed = the member had been removed
why-suspended = it depends on a newer version
why-beyond-cut = it was made after the right had ended
why-chain-missing = entries before it are still on their way
why-low-cut = it would take back what its author had seen
why-tips-malformed = its list of last entries is wrong
why-invitation = the invitation does not allow it
why-outdone = another motion with the same number stands
why-chain-broken = it does not follow the motion that stands
why-not-enough-offices = too few offices have signed
why-forked = the device has signed two entries with one number
why-relay = relays write no documents
