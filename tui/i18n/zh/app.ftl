# 每个页面四周的东西：页签、状态行、提示行。

terminal-too-small = 请把窗口放大一些：至少 40 × 15。

tab-today = 今天
tab-notices = 公告
tab-requests = 求助
tab-plans = 节庆
tab-people = 邻居
tab-network = 网络
tab-settings = 设置

key-back = 返回
key-help = 帮助
key-search = 搜索
key-palette = 所有操作
key-undo = 撤回上一步
key-tab-today = 看今天
key-tab-notices = 看公告
key-tab-requests = 看求助
key-tab-plans = 看节庆策划
key-tab-people = 看邻居
key-tab-network = 看网络
key-tab-settings = 看设置
key-language = English
key-suspend = 暂停，回到命令行
key-quit = 离开
key-next-household = 换一户
key-toggle-network = 断开或接通网络
key-up = 上移
key-down = 下移
key-page-up = 上一页
key-page-down = 下一页
key-first = 到最前
key-last = 到最后
key-open = 打开
key-choose = 选定
key-next-field = 下一项
key-previous-field = 上一项

status-starting = 正在启动……
status-no-node = 节点没有回应。您写的都保留着，正在重试……
status-pending = 正在等待加入。请邀请您的邻居打开邻里。
status-alone = 现在连不上任何邻居。您写的已保存，之后会自动送出。
status-network-cut = 网络已断开（演示）
status-peers = 连着 { $peers } 家
status-all-sent = 全部已送出
status-unsent = { $unsent } 条还没送出
status-catching-up = 正在补齐：{ $count }

nothing-to-undo = 没有可以撤回的。
undone = 已撤回。

stage-network-cut = 网络已断开。写点什么，再按 H 换一户看看。
stage-network-healed = 网络接通了：两边会重新一致。
