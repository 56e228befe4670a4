# Moderation, the agreement, and whom a household blocks.

moderation-title = Agreement and moderation
agreement-heading = The agreement
agreement-none = There is no agreement yet.
agreement-line = { $title }, version { $version }, { $rules } rules: { $signed } have signed, { $unsigned } have not
agreement-signed = Your household has signed it.
agreement-unsigned = Your household has not signed it yet.
moderation-heading = What was taken out of view
moderation-none = Nothing was ever taken out of view.
moderation-state = How it stands
blocks-line = Blocked on this node alone: { $names }. The settings (7) show them again.
hidden-by = What { $of } wrote was hidden by { $name } under rule { $rule }, { $moment }
muted-by = { $of } was muted by { $name } under rule { $rule }, { $moment }
tombstone = Out of view under rule { $rule }: { $reason }
out-of-view = Its text is not shown. x shows it anyway.
revealed = Out of view for others; you asked to see it.
blocked-author = Your household blocks the author. Only this node knows.

act-hide = Hide it
act-mute = Mute its author from now on
act-appeal = Appeal
act-decide = Decide the appeal
act-lift = Take it back
act-sign-agreement = Sign the agreement
act-block = Block the author, here only
act-unblock = No longer block the author

do-reveal = show what was hidden
do-open-agreement = read the agreement
do-moderation = agreement and moderation
nothing-hidden = Nothing is hidden here.
