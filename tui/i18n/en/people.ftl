# People and the network.

do-invite = invite
do-dial = add an address
invite-title = Invitation
invite-explained = Give this text to the one you invite: by message, on a stick, or on paper. Whoever has it can join in your name.
invite-household = a household
invite-guest = a guest, who reads and comments
invite-relay = a relay: a machine that is always on
device-code-title = A code for a further device
device-code-explained = On the other device open Linli, choose to join by code, and give it this text. It serves once, for your household alone: show it to nobody else. Keep Linli running here until your household's page lists the device.
do-show-code = QR code or text
code-alone = Tab shows it as a QR code.
code-larger = A window of { $columns } columns and { $lines } lines shows its QR code, too.
code-never = This terminal draws no QR codes. The text does the same.
may-not-invite = You may not invite. Ask a steward.
member-founder = founded the neighbourhood
member-removed = removed
member-moved-out = moved out
member-forked = a device was copied: what it wrote waits
member-admitted-by = invited by { $name }
peer-relay = relay
peer-in-step = in step
peer-receiving = exchanging
peer-away = not in reach
peer-last-seen = last seen { $moment }
of-building = building { $building }
relay-ended = ended
network-peers = Neighbours' nodes
network-no-peers = No node is known yet. On the same local network they find each other; n adds an address.
network-own-addresses = Where this node can be reached
network-not-listening = It does not listen at any address.
network-held = { $documents } documents from { $entries } entries, { $megabytes } MB
dial-title = Add an address
dial-label = Address of a node
dialling = Calling … It is kept and called again whenever it is away.
member-devices = { $count ->
    [one] 1 device
   *[other] { $count } devices
  }
freshness-in-step = In step with the neighbours who are in reach.
freshness-receiving = Exchanging with neighbours.
freshness-alone = Nobody is in reach. What you write waits here.
freshness-alone-since = Nobody is in reach. Last in step: { $moment }.
do-doors = where to knock
doors-title = Where to knock
doors-explained = Told in confidence to the leads of the building, so that somebody can knock. Keep it to yourself.
doors-none = No door is told to your household. Who leads a building reads here where its households are to be found.
door-title = Where to knock
door-explained = Sealed: only the leads of your building can read it. What was read cannot be taken back.
door-not-told = Not told. If you tell it, { $leads } can read it, for knocking at your door.
door-not-told-no-lead = Not told, and nobody else leads your building yet. Who is made its lead later can read what you tell.
door-read-by = Sealed: only your household and { $readers } can read it.
door-read-by-nobody = Sealed: no other household can read it yet.
door-not-read-yet = Leads your building and cannot read it yet: { $leads }
