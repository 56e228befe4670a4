# Lists of documents, search, the palette and help.

loading = One moment …
nothing-here = Nothing here yet. Press n to write the first.
nothing-mine = You have not written or answered anything here.
nothing-unread = You have read everything.
all-marked-read = Marked as read.
read-below = read before
filter-current = Showing: current
filter-unread = Showing: unread
filter-mine = Showing: mine
filter-all = Showing: all, also what is over
do-new = new
do-new-request = ask for help
do-filter = filter
do-mark-read = mark all as read
by-me = me
somebody-unknown = somebody not known yet
for-household = for { $name }
short-household = household { $digits }
short-capacity = role { $digits }
short-document = no. { $digits }
name-of-building = { $name } ({ $building })
name-own = { $name } (you)
name-in-capacity = { $name } as { $capacity }

today-waiting = Waiting for you
today-drafts = Begun and not published
today-news = New
today-nothing = Nothing waits for you, and you have read everything. Press n to ask for help, or 3 to see who needs a hand.
waiting-urgent-notice = urgent: please read now
waiting-double-booked = two helpers were accepted: choose one
waiting-confirm-time = your offer was accepted: confirm the time
waiting-choose-offer = somebody offers help: choose
waiting-confirm-completion = done? please confirm
waiting-expires-soon = expires within a day: still needed?
waiting-decide-appeal = somebody appeals: please decide
waiting-hidden-own = this was taken out of view: you may appeal
waiting-appeal-decided = your appeal was decided
waiting-sign-agreement = the agreement: please read and sign
waiting-acknowledge = please acknowledge
waiting-important-notice = important: please read

search-title = Search
search-label = Look for
search-explained = Type a word: notices, requests, plans and comments are searched as you type.
search-nothing = Nothing found. Try fewer or other words.
do-to-results = words / results

palette-title = What would you like to do?
palette-type = type a few letters
palette-nothing = Nothing of that name.
help-title = Keys of this place
help-search = find a key
