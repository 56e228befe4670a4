# Keeping the household: whom it blocks, a backup, the recovery sheet, moving out.

setting-blocked = Blocked households
    .explained = Whom this node leaves out. Nobody else knows.
setting-backup = Make a backup
    .explained = All that this machine keeps, in one encrypted file.
setting-sheet = Recovery sheet
    .explained = The 24 recovery words, to print on paper.
setting-leave = Move out
    .explained = Export everything, tell the neighbours, remove this home.

do-unblock = show again
blocked-none = Your household blocks nobody. People (5) and what they write have it among what can be done.
blocked-explained = Left out on this node alone; nobody else knows. Whoever is chosen is shown again.

keeping-on-stage = Not in the demonstration: its households last as long as it does.
keeping-file = File, such as { $example }
keeping-folder = Folder, such as { $example }
keeping-place-missing = Please type where to.
keeping-close = Back to the settings

backup-place = One encrypted file with your household's key, all entries, drafts, settings and your neighbours' addresses. Reading marks and open invitations are not in it. Where is it to go? A stick outlives this machine.
backup-protection = What is to open the backup? A key file is put beside it: keep the two in different places, for who has both is your household.
backup-with-passphrase = A passphrase
backup-with-key-file = A key file beside it
backup-passphrase = Choose a passphrase for the backup. Without it nobody opens the file, and neither do you.
backup-made = The backup is { $file } ({ $kilobytes } kB).
backup-key = { $file } opens it. Keep the two in different places.
backup-left-out = It holds the key, entries, drafts, settings and addresses, but no reading marks and no open invitations.
backup-check = Check it now, to the last byte
backup-holds = Every byte, hash and signature holds. Inside: { $neighbourhood }, household { $household }, entries: { $entries }, devices: { $devices }, drafts: { $drafts }. Made: { $moment }.

sheet-place = A sheet of A4 with your household's recovery words and a QR code of them. Who has it is your household. The file is for printing: .html, .svg or .txt.
sheet-passphrase = The words lie behind the passphrase of this home.
sheet-written = The sheet is { $file }. Print it, keep it with your papers, then remove the file: who has the words is your household.

print-title = Print
print-format = In which form? A PDF has pages of A4. Text and Markdown can be sent on.
print-place = Which file is it to be? What is there already is left as it is.
print-pdf = Pages of A4 (PDF)
print-text = Plain text
print-markdown = Markdown
print-close = Back
printed = It is in { $file }.

leave-place = First everything is exported into an empty or new folder: JSON, pages, Automerge, a bundle. You are asked before anything else happens.
leave-exported = Exported: { $folder } ({ $files } files). To move out, type the name { $name } below.
leave-means = Moving out ends all your household's devices, tells the neighbours, and removes keys and store here. Only the recovery words bring it back.
leave-stays = What you wrote stays with your neighbours. Erase first what is not to stay.
leave-founder = You founded this neighbourhood: until three offices have stewards nobody else can remove a household or make stewards.
leave-name-label = Your household's name
leave-name-wrong = This is not your household's name. Nothing was changed.
leave-kept = Your household stays. What was exported stays, too.
left-held = Your household has moved out, and a neighbour knows it. Everything is in { $folder }, and this home is gone.
left-unheld = Your household has moved out, but no neighbour was reached. Give one of them { $folder }/space.bundle (linli import bundle), so that all hear of it. This home is gone.
leave-end = Close Linli
