# 列表、搜索、所有操作和帮助。

loading = 请稍等……
nothing-here = 这里还什么都没有。按 n 写第一条。
nothing-mine = 这里还没有您写的，也没有您响应的。
nothing-unread = 您都看过了。
all-marked-read = 已标为看过。
read-below = 以下看过了
filter-current = 正在看：进行中的
filter-unread = 正在看：没看过的
filter-mine = 正在看：和我有关的
filter-all = 正在看：全部，包括已结束的
do-new = 写一条
do-new-request = 发求助
do-filter = 筛选
do-mark-read = 全部标为看过
by-me = 我
somebody-unknown = 还不认识的人
for-household = 替{ $name }
short-household = 住户 { $digits }
short-capacity = 身份 { $digits }
short-document = 编号 { $digits }
name-of-building = { $name }（{ $building }）
name-own = { $name }（您）
name-in-capacity = { $name }，以{ $capacity }的身份

today-waiting = 等着您的
today-drafts = 写了一半的
today-news = 新的
today-nothing = 没有等着您的事，新的也都看过了。按 n 发求助，按 3 看看谁需要帮忙。
waiting-urgent-notice = 紧急：请马上看
waiting-double-booked = 约重了：请您留下一位
waiting-confirm-time = 选中了您：请确认时间
waiting-choose-offer = 有人响应：请您选一位
waiting-confirm-completion = 办好了吗？请您确认
waiting-expires-soon = 一天内过期：还需要吗？
waiting-decide-appeal = 有人申诉：请您裁定
waiting-hidden-own = 您家的内容被隐藏：可以申诉
waiting-appeal-decided = 您的申诉有了裁定
waiting-sign-agreement = 公约：请看一看，签上名
waiting-acknowledge = 请您确认收到
waiting-important-notice = 重要：请看一看

search-title = 搜索
search-label = 找什么
search-explained = 输入一个词，公告、求助、策划和评论会边输边找。
search-nothing = 没有找到。换个词或少打几个字试试。
do-to-results = 词／结果

palette-title = 想做什么？
palette-type = 输入文字或拼音首字母
palette-nothing = 没有这样的操作。
help-title = 这里能用的按键
help-search = 找按键
