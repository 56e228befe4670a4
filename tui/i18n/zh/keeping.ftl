# 本户的保管：屏蔽的人、备份、恢复单、搬出。

setting-blocked = 屏蔽的住户
    .explained = 本机不显示的人，别人不知道。
setting-backup = 做备份
    .explained = 这台机器保存的一切，放进一个加密文件。
setting-sheet = 恢复单
    .explained = 24 个恢复词，打印在纸上。
setting-leave = 搬出
    .explained = 导出全部内容，告诉邻居，删除这里。

do-unblock = 重新显示
blocked-none = 您家没有屏蔽谁。在邻居（5）和别人写的内容里都可以屏蔽。
blocked-explained = 只在本机不显示，别人不知道。选中谁，就重新显示谁。

keeping-on-stage = 演示里不用：这些住户和演示一起结束，没有什么要保管，也不用搬出。
keeping-file = 文件，例如 { $example }
keeping-folder = 文件夹，例如 { $example }
keeping-place-missing = 请写明放在哪里。
keeping-close = 回到设置

backup-place = 一个加密文件，里面有本户密钥、全部条目、草稿、设置和邻居的地址；没有已读标记和未用的邀请。放在哪里？放在U盘上，机器坏了也还在。
backup-protection = 用什么打开备份？密钥文件会放在旁边：请把两者放在不同的地方，两样都有的人就是您家。
backup-with-passphrase = 口令
backup-with-key-file = 旁边的密钥文件
backup-passphrase = 给备份选一个口令。没有它谁也打不开，您自己也一样。
backup-made = 备份在 { $file }（{ $kilobytes } kB）。
backup-key = 打开它的是 { $file }。请把两者放在不同的地方。
backup-left-out = 里面有密钥、条目、草稿、设置和地址，没有已读标记和未用的邀请。
backup-check = 现在检查，一个字节也不漏
backup-holds = 每个字节、散列和签名都对。里面是：{ $neighbourhood }，住户 { $household }，{ $devices } 台设备的 { $entries } 个条目，{ $drafts } 份草稿。生成于{ $moment }。

sheet-place = 一张 A4 纸，有本户的恢复词和它的二维码。有它的人就是您家。文件只为打印：.html、.svg 或 .txt。
sheet-passphrase = 恢复词由这里的口令保护。
sheet-written = 恢复单在 { $file }。请打印出来，和重要纸张放在一起，然后删掉文件：有这些词的人就是您家。

print-title = 打印
print-format = 要哪种格式？PDF 是 A4 的页，文本和 Markdown 可以转发。
print-place = 存成哪个文件？那里已有的文件保持原样。
print-pdf = A4 的页（PDF）
print-text = 纯文本
print-markdown = Markdown
print-close = 返回
printed = 已存到 { $file }。

leave-place = 先把全部内容导出到一个空的或新的文件夹：JSON、Markdown 页面、Automerge、数据包。别的都先不做，还会再问您。
leave-exported = 已导出：{ $folder }（{ $files } 个文件）。确实要搬出，请在下面输入 { $name }。
leave-means = 搬出会停用本户所有设备，告诉邻居，并删除这台机器上的密钥和存储。只有恢复词能让您家回来。
leave-stays = 您写过的内容仍在邻居那里。不想留下的，请先清除。
leave-founder = 小区是您家创建的：三个机构都有管理员之前，再没有别人能移出住户或任命管理员。
leave-name-label = 您家的名字
leave-name-wrong = 这不是您家的名字。什么都没有改动。
leave-kept = 您家没有搬出。导出的内容保留着。
left-held = 您家已经搬出，已有邻居知道。全部内容在 { $folder }，这里已经删除。
left-unheld = 您家已经搬出，但没有连上任何邻居。请把 { $folder }/space.bundle 交给一位邻居（linli import bundle），大家才会知道。这里已经删除。
leave-end = 关闭邻里
