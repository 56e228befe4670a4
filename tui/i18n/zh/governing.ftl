# 机构、权力和动议，名册里怎么说。

## 以什么身份（成员和角色之外）

capacity-founder = 创建者
capacity-quorum = 管理员联署的动议
capacity-unknown = 不明的身份

## 可以做什么

power-post = 发布内容
power-comment = 评论
power-post-urgent-notices = 发紧急公告
power-keep-own-devices = 添加和停用自家设备
power-describe-itself = 改自家的名称和楼栋
power-end-own-documents = 清除自家发布的内容
power-end-documents = 清除别家发布的内容
power-moderate = 隐藏别家写的、禁言
power-decide-appeals = 裁定申诉
power-invite-guests = 邀请访客
power-admit-households = 接纳住户
power-record-households = 登记没有设备的住户和代办人
power-appoint-moderators = 任命版主
power-appoint-building-leads = 任命楼长
power-appoint-spokespeople = 任命发言人
power-cut-roles = 收回角色
power-keep-relays = 认可和终止中继
power-move = 提出动议
power-co-sign = 联署动议
power-appoint-stewards = 任免管理员
power-add-offices = 添加机构
power-remove-households = 移出成员
power-readmit = 重新接纳成员

## 一项声明做什么

act-found = 创建小区
act-admit = 接纳
act-promote = 把访客改为住户
act-enrol = 添加设备
act-cut-device = 停用设备
act-appoint = 任命
act-cut-role = 收回角色
act-remove-household = 移出
act-readmit = 重新接纳
act-add-office = 添加机构
act-certify-relay = 认可中继
act-cut-relay = 终止中继
act-move = 提出动议
act-co-sign = 联署
act-enact = 使动议生效
act-close = 截止一份内容
act-erase = 清除内容
act-tips = 列出最后的条目
act-describe = 改名称或楼栋
act-record-household = 登记没有设备的住户
act-add-proxies = 添加代办人
act-end-record = 结束登记或代办
act-other = 不能用动议做的事

## 动议怎么样了

motion-state-open = 待联署
motion-state-in-force = 已生效
motion-state-lapsed = 已失效
motion-state-excluded = 不算数

## 为什么不算数

why-overtaken = 另一项动议占了它的位置
why-not-next = 不接在已生效的动议后面
why-seen-backwards = 它的日志倒退了
why-seen-no-statement = 它的日志引用了不是声明的东西
why-unsound = 里面的签名不对
why-limit = 有一项太长或太多
why-no-member = 作者不属于任何一户
why-not-certified = 设备当时不属于这一户
why-not-admitted = 作者当时不是成员
why-right-unknown = 作者当时不知道这项权利
why-right-excluded = 它依据的权利不算数
why-no-right = 没有这项权利
why-needs-quorum = 需要动议
why-not-senior = 对要取消的东西没有决定权
why-wrong-target = 所指的东西不存在，或者不是这一类
why-removed = 成员已被移出
why-suspended = 它依赖更新版本写的内容
why-beyond-cut = 在权利终止之后
why-chain-missing = 它之前的条目还没有收到
why-low-cut = 会收回作者已经看到的内容
why-tips-malformed = 它的条目清单不对
why-invitation = 邀请不允许
why-outdone = 同一编号的另一项动议有效
why-chain-broken = 不接在有效的动议后面
why-not-enough-offices = 署名的机构不够
why-forked = 设备用同一编号签了两次
why-relay = 中继不写内容
