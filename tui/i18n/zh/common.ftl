# 到处都用的短句。

unread = { $count } 条未读
new-above = 上面有 { $count } 条新的
