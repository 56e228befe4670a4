# 谁是谁、谁可以做什么，动议，和在名册上能做的事。

## 邻居

do-motions = 动议
people-households = 住户和访客
people-offices = 机构
people-recorded = 没有设备的住户
people-relays = 中继
office-stewards = 管理员：{ $names }
office-spokespeople = 发言人：{ $names }
may-not-add-office = 您不能添加机构，请找管理员。
nothing-to-do-with = 这里没有您能做的。

## 一户、一个机构、一个中继

person-removed = 已移出
person-succeeds = 接替{ $name }
person-added = 添加
person-stewards = 管理员：可以替机构联署
person-no-stewards = 还没有管理员。
person-spokespeople = 发言人：可以替机构说话
person-no-spokespeople = 还没有发言人。
person-devices = 设备
person-powers = 可以做什么，谁给的
person-excluded = 不算数的
person-relay = 中继只存放和转送，不写内容，也不投票。
person-certified = 认可
person-device = 设备 { $device }
recorded-no-device = 没有设备
recorded-acting = 代办：{ $names }
recorded-nobody = 还没有人代办
recorded-ended = 登记已结束
recorded-explained = 这户没有设备，不参加投票；写了什么都由代办人署名，并注明是代谁记录的。
recorded-consent = 怎么同意的：{ $consent }
recorded-made = 登记
recorded-proxies = 谁代办
recorded-proxy-ended = 不再代办
device-this = 这一台
device-in-use = 在用
device-revoked = 已停用
granted-admission = 接纳
granted-appointment = 任命
powers-none = 眼下没有单独的权力

## 能做的事

act-on = { $act }：{ $name }
act-written-undo = 好了，已保存。按 u 撤回。
roster-appoint = 任命为{ $role }
roster-cut-role = 收回：{ $role }
roster-remove = 移出
roster-succeed = 接替{ $name }
roster-succession = 接替已移出的一户
roster-revoke = 停用设备 { $device }
roster-add-device = 添加一台设备
roster-tell-door = 把门牌告诉楼长
roster-change-door = 修改告诉楼长的门牌
roster-withdraw-door = 收回告诉楼长的门牌
roster-record-household = 登记一户没有设备的住户，由这户代办
roster-add-proxy = 代办一户没有设备的住户
roster-end-proxy = { $name }不再代办
roster-end-record = 结束这户的登记
roster-block = 屏蔽，只在本机
roster-unblock = 不再屏蔽
blocked-here = 已屏蔽，只在本机。按 u 撤销。
unblocked-here = 重新显示了。按 u 撤销。
person-blocked = 您家屏蔽了这一户：它写的内容这里不显示。别人不知道。
roster-moved = 动议：{ $act }
roster-spokesperson = 任命发言人
roster-steward = 任命管理员
roster-steward-moved = 动议：任命管理员
roster-dismissal = 收回一个角色
revoke-title = 停用设备
revoke-question = 设备丢了就停用它：它以后签的都不算数，以前写的都还在。停用了就不能再启用；这一户可以添加新设备。
revoke-not = 不停用
revoke-indeed = 停用
revoked = 已停用，别家收到消息后也不再认它。
door-withdraw-question = 门牌会从这里清除，别家收到消息后也会清除。这一步不能撤回，楼长看过的也忘不掉。
door-keep = 留着
door-withdraw = 收回
door-withdrawn = 已收回。
end-relay-title = 终止中继
end-relay-question = 别家不再从它这里收发。终止了就不能再用同一把密钥。
end-relay-not = 留着
end-relay-indeed = 终止
promote-question = 住户能发布、能邀请访客，也能担任角色。改了就不能再改回访客。
promote-not = 还是访客
promote-indeed = 改为住户
remove-question = 马上生效。确实要移出，请再按一次。
button-remove = 移出
button-cut-role = 收回角色
button-add-office = 添加机构
button-record-household = 登记
button-add-proxy = 让这户代办
button-end-record = 结束
button-move = 提出动议
field-motion-reason = 理由，大家都看得见
field-motion-name = 机构的名称
field-motion-household = 这户叫什么
field-motion-building = 楼栋
field-motion-consent = 怎么同意的，纸条在哪里

## 动议

motions-title = 动议
motions-none = 还没有动议。按 n 提出。
do-move = 提出动议
move-removal = 移出一个成员
move-steward = 任命机构的管理员
move-dismissal = 收回管理员的角色
move-return = 重新接纳成员
may-not-move = 只有机构的管理员能提出动议。
governance-founder = 重大的事由创建者一家决定，直到三个机构都有管理员。
governance-motions = 重大的事用动议：{ $offices } 个机构里要有 { $needed } 个署名。
motion-sign-now = 等您联署
motion-enact-now = 等您使它生效
motion-lacking = { $signed } 个机构署名，还差 { $lacking } 个
motion-complete = 署名够了
motion-reason = 理由
motion-overtaken-by = 生效的是
motion-signatures = 谁署了名
motion-mover = 提出
motion-number = 第 { $number } 号动议
motion-rule = { $offices } 个机构里要有 { $needed } 个署名
motion-done = 已生效。
motion-moved = 动议已提出：{ $signed } 个机构署名，需要 { $needed } 个。
nothing-to-sign = 现在没有等您署名的。
cosign-title = 联署这项动议
cosign-question = 您以机构管理员的身份署名，收不回来。署名够了，动议马上生效。
cosign-not = 先不联署
cosign-indeed = 联署
cosigned-not = 没有联署。
enact-title = 使它生效
enact-question = 署名够了，还没有生效。生效以后只能再用动议改回来。
enact-not = 先不
enact-indeed = 使它生效

## 逐行模式

plain-ask-motions = 选哪个编号，或 n 提出动议？
plain-invite-whom = 邀请谁
plain-help-motions = 编号打开一项动议。n 提出动议，回车接着读。
plain-help-doings = 编号就是去做。回车再读一遍。
