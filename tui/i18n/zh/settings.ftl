# 设置，和开门。

do-change = 更改
do-change-back = 改回去
language-name = 中文
setting-language = 语言
    .explained = 在哪里都可以按 L 切换。
setting-theme = 颜色
    .explained = 跟随终端，或用我们的。状态总有文字或符号。
setting-large-type = 大字模式
    .explained = 每屏少一些，行间空一些。请把终端字体也调大。
setting-ascii-borders = 简单的边框和符号
    .explained = 终端画不好线条和符号时打开。
setting-ambiguous-width = “……”这类符号的宽度
    .explained = 如果列对不齐，请选“两格”。
setting-emergency = 紧急电话
    .explained = 显示在每条紧急求助的最前面，打印时也有。
setting-emergency-label = 号码，用逗号隔开
setting-emergency-wrong = 没有改动。请写 1 到 6 个号码，每个 2 到 16 位，例如 110、119、120。
saved-here = 已保存在这里。
width-auto = 自动
width-narrow = 一格
width-wide = 两格

unlock-title = 邻里
unlock-explained = 欢迎回来。请输入口令，打开这台机器上保存的内容。
unlock-label = 口令
unlock-opening = 正在打开……
