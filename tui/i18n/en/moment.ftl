# Moments, by the reader's clock and time zone.

moment-just-now = just now
moment-minutes-ago = { $count } min ago
moment-today = today
moment-yesterday = yesterday
moment-tomorrow = tomorrow
# Sat 14 Feb
moment-day-of-this-year = { $weekday } { $day } { $month }
# 14 Feb 2025
moment-day = { $day } { $month } { $year }
# Sat 14 Feb 2026
moment-day-in-full = { $weekday } { $day } { $month } { $year }
# today 14:05
moment-at = { $day } { $clock }
moment-span = { $start } to { $end }
moment-until = until { $moment }
moment-ended = ended { $moment }
moment-days-left =
    { $count ->
        [one] { $count } day left
       *[other] { $count } days left
    }
moment-hours-left = { $count } h left
moment-minutes-left = { $count } min left
moment-over = time is up

weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun

month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
