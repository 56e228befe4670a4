# The composer: forms for everything that is written.

composer-new = New: { $kind }
composer-edit = Edit: { $kind }
do-next-field = next field
do-previous-field = field before
do-publish = publish
do-throw-away = throw this draft away
button-publish = Publish
button-save = Save the changes
publishing = Saving …
published = Published and saved here. It goes out by itself.
text-published = Saved. Go on writing, or leave with Esc.
draft-kept = Your draft is kept: you find it under Today.
draft-resumed = You go on with your draft.
draft-thrown-away = Draft thrown away. u brings it back.
nothing-changed = Nothing was changed.
phone-number-in-public = A phone number in public? Publish again if you mean it.
phone-number-to-move = Phone number? Use “How to reach you”, or publish again.
field-contact = How to reach you
contact-explained = Sealed: only households whose help you accept can read it. What was read cannot be taken back. Drafts do not keep it.
contact-not-sealed = Published, but not how to reach you. Publish again to try that once more.
contact-left-out = Published without how to reach you. To add it, open the request.
contact-sealed = Sealed and saved here.
button-seal = Seal and save
nothing-chosen = not said
capacity-resident = as a resident
for-nobody = my own household
lifetime-usual = as usual
field-missing = Please fill this in.
field-no-moment = Please write it like 2026-12-01 18:00.
field-no-number = Please write a whole number.
lifetime-days = { $count ->
    [one] 1 day
   *[other] { $count } days
  }
lifetime-hours = { $count } hours
field-full = There is no room for more than { $count } characters.
