# What is printed on paper, and the day's digest

paper-foot = { $neighbourhood } | printed { $time } | Linli 邻里
paper-code = To see this in linli: linli show { $id }
paper-by = By
paper-at = Written
paper-please-sign = Please sign that you have seen this
paper-household = Household
paper-signature = Signature
paper-date = Date
paper-building = Building
paper-acknowledged = { $acknowledged } of { $households } households have acknowledged this ({ $paper } on paper, { $proxy } through somebody else).
paper-outstanding = Not acknowledged yet: { $title }
paper-none-outstanding = Everybody has acknowledged it.
paper-hand-back = Whoever you reach signs for the household. Hand the sheet back; the issuer or a building lead enters it: linli ack NOTICE --for HOUSEHOLD --paper
paper-requests = Who needs a hand
paper-request = What is needed
paper-state = How far
paper-no-requests = Nobody needs help at the moment.
paper-how-to-help = To help: offer it in linli, or tell the building lead. Telephone and door numbers are not printed here; the helper's household is told once it is chosen.
paper-digest = The neighbourhood on { $day }
paper-waiting = Waiting for you
paper-what = What
paper-why = Why
paper-until = Until
paper-news = New on this day
paper-kind = Kind
paper-nothing-new = Nothing is new, and nothing waits for you.
