# 每个页面四周的东西：页签、状态行、提示行。

terminal-too-small = 请把窗口放大一些：至少 40x15。

tab-today = 今天
tab-notices = 公告
tab-requests = 求助
tab-plans = 节庆
tab-people = 邻居
tab-network = 网络
tab-settings = 设置

do-back = 返回
do-help = 帮助
do-search = 搜索
do-palette = 所有操作
do-undo = 撤回上一步
do-tab-today = 看今天
do-tab-notices = 看公告
do-tab-requests = 看求助
do-tab-plans = 看节庆策划
do-standing-offers = 看长期帮忙
standing-offers-title = 长期帮忙
do-tab-people = 看邻居
do-tab-network = 看网络
do-tab-settings = 看设置
do-language = English
do-suspend = 暂停，回到命令行
do-quit = 离开
do-next-household = 换一户
do-toggle-network = 断开或接通网络
do-up = 上移
do-down = 下移
do-page-up = 上一页
do-page-down = 下一页
do-first = 到最前
do-last = 到最后
do-open = 打开
do-choose = 选定
do-go-on = 继续

status-starting = 正在启动……
status-no-node = 节点没有回应。您写的都保留着，正在重试……
status-pending = 正在等待加入。请邀请您的邻居打开邻里。
status-not-served = 邻居不再接纳这台设备：您写的只留在本机。请问问管理员。
status-not-served-short = 未被接纳
status-alone = 现在连不上任何邻居。您写的已保存，之后会自动送出。
status-alone-short = 连不上
status-network-cut = 网络已断开（演示）
status-peers = 连着 { $peers } 家
status-peers-short = 连着 { $peers } 家
status-all-sent = 全部已送出
status-unsent = { $unsent } 条还没送出
status-unsent-short = { $unsent } 条未送
status-catching-up = 正在补齐：{ $count }

nothing-to-undo = 没有可以撤回的。
undone = 已撤回。

stage-acting = 您是{ $household }
stage-network-cut = 网络已断开。写点什么，再换一户看看。
stage-network-healed = 网络接通了：两边会重新一致。

urgent-arrived = 紧急：{ $title }

fault-recorded = 后台出了错，详见 { $file }
fault-kept = 后台出了错，退出时会显示详情

# 程序自身出错、退出之后，在命令行上
program-failed = 邻里程序出了错，已经退出。您写了一半的内容还在，再打开 linli 就能接着写。请把上面这几行发给维护程序的人。
faults-recorded = 邻里打开期间，后台出过错，记在 { $file }。请把这个文件发给维护程序的人。
faults-shown = 邻里打开期间，后台出过错。请把上面这几行发给维护程序的人。
