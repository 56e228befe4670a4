# 打印出来的纸，和每天的摘要

paper-foot = { $neighbourhood } | 打印于 { $time } | 邻里 Linli
paper-code = 在 linli 里查看这一条：linli show { $id }
paper-by = 谁发的
paper-at = 什么时候发的
paper-please-sign = 请签名，表示您看到了
paper-household = 哪一户
paper-signature = 签名
paper-date = 日期
paper-building = 楼栋
paper-acknowledged = { $households } 户里已有 { $acknowledged } 户确认收到（其中纸上签名 { $paper } 户，别人代为确认 { $proxy } 户）。
paper-outstanding = 还没确认：{ $title }
paper-none-outstanding = 全都确认了。
paper-hand-back = 上门问到了，请本人签名；签好交回来，由发公告的人或楼长录入：linli ack 公告 --for 户名 --paper
paper-requests = 谁需要帮忙
paper-request = 要什么帮助
paper-state = 进展
paper-no-requests = 现在没有人求助。
paper-how-to-help = 愿意帮忙：在 linli 里响应，或者告诉楼长。电话和门牌不印在这里，选定帮手以后才告诉那一户。
paper-digest = { $day }，邻里有什么事
paper-waiting = 等着您的
paper-what = 什么事
paper-why = 为什么
paper-until = 什么时候之前
paper-news = 今天新的
paper-kind = 种类
paper-nothing-new = 没有新的，也没有等着您的事。
