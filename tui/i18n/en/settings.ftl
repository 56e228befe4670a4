# Settings, and the door.

do-change = change
do-change-back = change back
language-name = English
setting-language = Language
    .explained = L changes it everywhere.
setting-theme = Colours
    .explained = The terminal's own, or ours. States are always words or signs, too.
setting-large-type = Large type
    .explained = Fewer items, with room between them. Enlarge the terminal's font as well.
setting-ascii-borders = Plain borders and signs
    .explained = For terminals that draw lines or signs wrongly.
setting-ambiguous-width = Width of signs such as “…”
    .explained = Choose wide if columns do not line up.
setting-emergency = Emergency numbers
    .explained = Shown first on every urgent request, also on paper.
setting-emergency-label = Numbers with commas between them
setting-emergency-wrong = Nothing was changed. Write 1 to 6 numbers of 2 to 16 digits, such as 110, 119, 120.
saved-here = Saved here.
width-auto = automatic
width-narrow = one column
width-wide = two columns

unlock-title = Linli
unlock-explained = Welcome back. Your passphrase opens what is kept on this machine.
unlock-label = Passphrase
unlock-opening = Opening …
