# Short phrases that stand everywhere.

unread = { $count } unread
new-above = { $count } new above
