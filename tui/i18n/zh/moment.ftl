# 时间：按读者的时钟和时区说。

moment-just-now = 刚刚
moment-minutes-ago = { $count } 分钟前
moment-today = 今天
moment-yesterday = 昨天
moment-tomorrow = 明天
# 例：2月14日 周六
moment-day-of-this-year = { $month }{ $day }日 { $weekday }
# 例：2025年2月14日
moment-day = { $year }年{ $month }{ $day }日
# 例：2026年2月14日 周六
moment-day-in-full = { $year }年{ $month }{ $day }日 { $weekday }
# 例：今天 14:05
moment-at = { $day } { $clock }
moment-span = { $start } 到 { $end }
moment-until = 到{ $moment }截止
moment-ended = { $moment }已截止
moment-days-left = 还有 { $count } 天
moment-hours-left = 还有 { $count } 小时
moment-minutes-left = 还有 { $count } 分钟
moment-over = 时间已过

weekday-1 = 周一
weekday-2 = 周二
weekday-3 = 周三
weekday-4 = 周四
weekday-5 = 周五
weekday-6 = 周六
weekday-7 = 周日

month-1 = 1月
month-2 = 2月
month-3 = 3月
month-4 = 4月
month-5 = 5月
month-6 = 6月
month-7 = 7月
month-8 = 8月
month-9 = 9月
month-10 = 10月
month-11 = 11月
month-12 = 12月
