# 写东西的表单。

composer-new = 写一条{ $kind }
composer-edit = 修改{ $kind }
do-next-field = 下一项
do-previous-field = 上一项
do-publish = 发布
do-throw-away = 扔掉这份草稿
button-publish = 发布
button-save = 保存修改
publishing = 正在保存……
published = 已发布，保存在本机，会自动送出。
text-published = 已保存。可以接着写，按 Esc 离开。
draft-kept = 草稿留着，在“今天”里能找到。
draft-resumed = 接着写您上次的草稿。
draft-thrown-away = 草稿扔掉了，按 u 找回。
nothing-changed = 没有改动。
phone-number-in-public = 好像有电话号码，发布后大家都看得见。确实要发，请再按一次。
nothing-chosen = 不填
capacity-resident = 以住户身份
lifetime-usual = 按惯例
field-missing = 请填写这一项。
field-no-moment = 请写成 2026-12-01 18:00 这样。
field-no-number = 请写一个整数。
lifetime-days = { $count } 天
lifetime-hours = { $count } 小时
field-full = 最多能写 { $count } 个字。
