# 公约、内容管理，和本户屏蔽的人。

moderation-title = 公约与管理
agreement-heading = 公约
agreement-none = 还没有公约。
agreement-line = { $title }，第 { $version } 版，共 { $rules } 条：{ $signed } 户已签，{ $unsigned } 户未签
agreement-signed = 您家已经签了。
agreement-unsigned = 您家还没有签。
moderation-heading = 被隐藏的内容
moderation-none = 还没有隐藏过任何内容。
moderation-state = 现在怎样
blocks-line = 只在本机屏蔽：{ $names }。要重新显示，请到设置（7）。
hidden-by = { $name }依据第 { $rule } 条隐藏了{ $of }写的内容，{ $moment }
muted-by = { $name }依据第 { $rule } 条禁言{ $of }，{ $moment }
tombstone = 依据第 { $rule } 条已隐藏：{ $reason }
out-of-view = 内容没有显示。按 x 仍然可以看。
revealed = 别人看不到；您选择了查看。
blocked-author = 您家屏蔽了作者，只有本机知道。

act-hide = 隐藏
act-mute = 从现在起禁言作者
act-appeal = 申诉
act-decide = 裁定申诉
act-lift = 撤销
act-sign-agreement = 签署公约
act-block = 屏蔽作者，只在本机
act-unblock = 不再屏蔽作者

do-reveal = 查看被隐藏的内容
do-open-agreement = 看公约
do-moderation = 公约与管理
nothing-hidden = 这里没有隐藏的内容。
