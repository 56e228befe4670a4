# 看一条内容、它的修改记录、能对它做什么。

do-act = 我能做什么
do-comment = 评论
do-edit = 修改
do-history = 修改记录
do-restore = 恢复这里删掉的
cell-name = { $name }：
more-below = 下面还有
nothing-to-do = 现在没有需要您做的。
not-yours-to-edit = 只有作者能改。您可以按 c 写评论。
about-offer = 针对{ $name }的响应
time-ahead = 它的时间在将来：作者的时钟不准。
conflict = 几个人同时改了{ $field }：{ $values }
acts-title = 我能做什么
act-written = 好了，已保存。
act-request-offer = 我来帮忙
act-request-acceptance = 选定一位
    .of = 选定{ $name }
act-request-confirmation = 确认已经办好
act-request-check-in = 确认时间：我这就办
act-request-completion = 说一声办好了
    .of = { $name }办好了
act-request-withdrawal = 撤回我的响应
    .of = 不用{ $name }办了
act-request-reopening = 重新求助
act-request-cancellation = 取消求助
act-notice-acknowledgement = 确认收到
act-notice-withdrawal = 撤回公告
act-plan-step = 推进一步

history-title = 修改记录
change-excluded = 不算数
change-unreadable = 这里读不了
emptied = 清空
can-restore = 按 r 恢复
restored = 已恢复。
nothing-to-restore = 这次修改删掉的都还在。
