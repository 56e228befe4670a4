# 协议里的名字在屏幕上怎么说。一件事只用一个词，词见 docs/GLOSSARY.md。

## 内容的种类

kind-notice = 公告
    .several = 公告
    .counted = { $count } 条公告
kind-request = 求助
    .several = 求助
    .counted = { $count } 条求助
kind-plan = 节庆策划
    .several = 节庆策划
    .counted = { $count } 份节庆策划
kind-comment = 评论
    .several = 评论
    .counted = { $count } 条评论
kind-detail = 私密内容
    .several = 私密内容
    .counted = { $count } 份私密内容
kind-agreement = 公约
    .several = 公约
    .counted = { $count } 份公约
kind-moderation = 管理记录
    .several = 管理记录
    .counted = { $count } 条管理记录
kind-standing-offer = 长期帮忙
    .several = 长期帮忙
    .counted = { $count } 条长期帮忙
kind-unknown = 新种类的内容
    .several = 新种类的内容
    .counted = { $count } 份新种类的内容

## 栏目

field-title = 标题
field-body = 正文
field-level = 轻重缓急
field-capacity = 以什么身份
field-audience = 发给谁
field-building = 楼栋
field-ack = 请邻居确认收到
field-expires-ms = 有效期到
field-material = 内容有重要变化
field-way = 怎么确认的
field-household = 哪一户
field-for-household = 代谁写的
field-correction = 针对哪次更正
field-reason = 原因
field-category = 类别
field-urgent = 着急
field-when = 什么时候
field-from-ms = 从
field-until-ms = 到
field-place = 地点
field-places = 需要几位帮手
field-offer = 哪一位的响应
field-date = 日期
field-starts-ms = 开始
field-ends-ms = 结束
field-text = 策划正文
field-sealed = 密封的内容
field-shares = 谁看得到
field-to = 进到哪一步
field-about = 说的是
field-reply-to = 回复
field-version = 版本
field-clauses = 条款
field-replaces = 代替
field-act = 做什么
field-member = 谁写的
field-rule = 依据第几条
field-agreement = 依据哪份公约
field-spared = 不受影响的
field-outcome = 裁定
field-minutes = 用了多少分钟
field-words = 感谢的话
field-public = 帮手同意的话，大家都能看到
field-statement = 怎么回事
field-no-show = 说的是哪一次没来
field-answer = 您的说明
field-into = 另一条求助
field-state = 情况
field-agreed-minutes = 双方认可的分钟数
field-request-assents-to = 同意哪一条
field-standing-offer-expires-ms = 有效期到
field-standing-offer-body = 能帮什么
# 某一种类里的说法
field-request-reason = 为什么急
field-request-body = 详细说说
field-request-expires-ms = 求助有效到
field-request-offers-body = 想说的话
field-request-offers-when = 什么时候有空
field-comment-body = 评论内容

## 各方写下的事

list-corrections = 更正
list-acknowledgements = 确认收到
list-withdrawals = 撤回
list-offers = 响应
list-acceptances = 选定
list-check-ins = 确认时间
list-completions = 办好
list-confirmations = 确认
list-cancellations = 取消
list-reopenings = 重新求助
list-handovers = 已经拿到
list-thanks = 感谢
list-assents = 对方同意
list-no-shows = 没有来
list-replies = 说明
list-renewals = 延期
list-merges = 并到别处
list-steps = 进展
list-signings = 签署
list-appeals = 申诉
list-decisions = 裁定
list-restorations = 撤销
fact-correction = 更正
fact-acknowledgement = 确认收到
fact-withdrawal = 撤回
fact-offer = 响应
fact-acceptance = 选定
fact-check-in = 确认时间
fact-completion = 办好
fact-confirmation = 确认
fact-cancellation = 取消
fact-reopening = 重新求助
fact-handover = 已经拿到
fact-thank = 感谢
fact-assent = 同意
fact-no-show = 没有来
fact-reply = 说明
fact-renewal = 延期
fact-merge = 并到别处
fact-step = 进展
fact-signing = 签署
fact-appeal = 申诉
fact-decision = 裁定
fact-restoration = 撤销

## 可选的词

fact-is-public = 大家都能看到
choice-flag-yes = 是
choice-flag-no = 否
choice-level-ordinary = 一般
choice-level-important = 重要
choice-level-urgent = 紧急
choice-audience-neighbourhood = 整个小区
choice-audience-building = 一栋楼
choice-way-self = 本人
choice-way-paper = 纸上签字
choice-way-proxy = 请人代办
choice-category-errand = 跑腿
choice-category-goods = 借用物品
choice-category-visit = 上门看望
choice-category-skill = 手艺
choice-category-other = 其他
choice-to-proposed = 提议
choice-to-planning = 开始筹备
choice-to-published = 公布
choice-to-running = 开始举办
choice-to-closed = 圆满结束
choice-to-cancelled = 取消
choice-to-postponed = 延期
choice-act-hide = 隐藏
choice-act-mute = 禁言
choice-outcome-upheld = 维持
choice-outcome-lifted = 撤销
choice-offers-state-offered = 已响应
choice-offers-state-accepted = 已选定
choice-offers-state-standby = 候补，谢谢您
choice-offers-state-under-way = 正在办
choice-offers-state-done = 办好了
choice-offers-state-gone = 就是这一件
choice-offers-state-withdrawn = 已撤回
choice-offers-state-missed = 没有办成
minutes-said = { $count } 分钟
minutes-agreed = { $count } 分钟，双方认可

## 进行到哪一步

state-notice-published = 已发布
state-notice-corrected = 已更正
state-notice-expired = 已过期
state-notice-withdrawn = 已撤回

state-request-open = 等人帮忙
state-request-offered = 有人响应
state-request-matched = 约好了
state-request-double-booked = 约重了
state-request-in-progress = 正在帮
state-request-done = 办好了
state-request-gone = 有着落了
state-request-confirmed = 已确认
state-request-closed-unconfirmed = 已结束，没有确认
state-request-expired = 已过期
state-request-cancelled = 已取消
state-request-merged = 已并到别处

state-standing-offer-standing = 有效
state-standing-offer-expired = 已过期
state-standing-offer-withdrawn = 已撤回

state-plan-proposed = 提议中
state-plan-planning = 筹备中
state-plan-published = 已公布
state-plan-running = 举办中
state-plan-closed = 已结束
state-plan-cancelled = 已取消
state-plan-postponed = 已延期

state-moderation-hidden = 已隐藏
state-moderation-muted = 已禁言
state-moderation-appealed = 申诉中
state-moderation-upheld = 维持
state-moderation-lifted = 已撤销

state-unknown = 新版本里的状态

## 接下来该谁

next-request-open =
    { $reader ->
        [creator] 等邻居响应
       *[other] 谁都可以伸手帮一把
    }
next-request-offered =
    { $reader ->
        [creator] 请您选一位
       *[other] 等求助人选定
    }
next-request-matched =
    { $reader ->
        [creator] 等帮手确认时间
        [helper] 请您确认时间
       *[other] 等帮手确认时间
    }
next-request-double-booked =
    { $reader ->
        [creator] 选的人多了，请您留下合适的
       *[other] 等求助人重新选定
    }
next-request-in-progress =
    { $reader ->
        [creator] 办好以后，请您或帮手说一声
        [helper] 办好以后，请您说一声
       *[other] 帮手正在办
    }
next-request-done =
    { $reader ->
        [creator] 请您确认办好了
       *[other] 等求助人确认
    }
next-request-closed-unconfirmed =
    { $reader ->
        [creator] 还可以补上确认，或者重新求助
       *[other] 求助人没有再说什么
    }
next-request-expired =
    { $reader ->
        [creator] 还需要的话，请您延长
       *[other] 求助人可以延长
    }
next-request-gone =
    { $reader ->
        [creator] 可以道一声谢
       *[other] 求助人已经找到了
    }
next-standing-offer-standing =
    { $reader ->
        [creator] 邻居可以来找您
       *[other] 需要就去找他们
    }
next-standing-offer-expired =
    { $reader ->
        [creator] 您可以延期
       *[other] 等发起人延期
    }
next-plan-proposed =
    { $reader ->
        [creator] 人手齐了，请您开始筹备
       *[other] 等发起人开始筹备
    }
next-plan-planning =
    { $reader ->
        [creator] 安排好了，请您公布
       *[other] 大家一起写，等发起人公布
    }
next-plan-published =
    { $reader ->
        [creator] 到了日子，请您宣布开始
       *[other] 等着那一天
    }
next-plan-running =
    { $reader ->
        [creator] 散场以后，请您收尾
       *[other] 去热闹热闹吧
    }
next-plan-postponed =
    { $reader ->
        [creator] 请您定新的日子
       *[other] 等发起人定新的日子
    }
next-moderation-hidden =
    { $reader ->
       *[other] 写的人可以申诉
    }
next-moderation-muted =
    { $reader ->
       *[other] 被禁言的人可以申诉
    }
next-moderation-appealed =
    { $reader ->
        [creator] 等另一位管理员裁定
       *[other] 等管理员裁定
    }

## 全不全

completeness-incomplete = 还没有收全，正在向邻居要
completeness-erased = 内容已清除
completeness-read-only = 只能看：里面有新版本才懂的内容

## 成员和身份

member-household = 住户
member-guest = 访客
member-office = 机构
member-unknown = 成员
role-steward = 管理员
role-moderator = 版主
role-building-lead = 楼长
role-spokesperson = 发言人
role-unknown = 新版本里的角色
capacity-steward = { $of }的管理员
capacity-building-lead = 楼长（{ $of }）
capacity-spokesperson = { $of }发言人

## 送到了哪里

delivery-here = 已保存在本机
delivery-relays = 已保存在本机，{ $relays } 个中继收到
delivery-homes = 已保存在本机，{ $homes } 户收到
delivery-relays-homes = 已保存在本机，{ $relays } 个中继、{ $homes } 户收到

## 没有办成：发生了什么

refusal-invalid = 填的内容不对
refusal-too-large = 内容太大
refusal-too-slow = 没有按时收到
refusal-not-found = 没有找到
refusal-not-allowed = 名册不允许这样做
refusal-read-only = 这份内容只能看，不能改
refusal-pending = 还在等小区接纳
refusal-expired = 邀请过期了
refusal-used-up = 邀请用完了
refusal-unknown-invitation = 邀请人不认识这个邀请
refusal-storage = 存储出错
refusal-disk-full = 磁盘满了
refusal-unreachable = 联系不上对方
refusal-busy = 节点正忙
refusal-stopping = 节点正在停止
refusal-internal = 节点内部出错

## 键盘

key-enter = 回车
key-esc = Esc
key-tab = Tab
key-backtab = Shift+Tab
key-space = 空格
key-backspace = 退格
key-delete = 删除键
key-up = 上
key-down = 下
key-left = 左
key-right = 右
key-page-up = 上翻页
key-page-down = 下翻页
key-home = 行首
key-end = 行尾

## 外观

scheme-terminal = 跟随终端
scheme-light = 浅色
scheme-dark = 深色
scheme-high-contrast = 高对比
scheme-monochrome = 不用颜色
