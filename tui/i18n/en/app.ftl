# What surrounds every screen: the bar of screens, the status line, the hints.

terminal-too-small = Please make the window larger: at least 40x15.

tab-today = Today
tab-notices = Notices
tab-requests = Requests
tab-plans = Plans
tab-people = People
tab-network = Network
tab-settings = Settings

do-back = back
do-help = help
do-search = search
do-palette = everything
do-undo = take the last thing back
do-tab-today = go to today
do-tab-notices = go to notices
do-tab-requests = go to help requests
do-tab-plans = go to festival plans
do-standing-offers = go to standing offers
standing-offers-title = Standing offers
do-tab-people = go to people
do-tab-network = go to the network
do-tab-settings = go to settings
do-language = 中文
do-suspend = pause and return to the shell
do-quit = leave
do-next-household = next household
do-toggle-network = cut or heal the network
do-up = up
do-down = down
do-page-up = a page up
do-page-down = a page down
do-first = to the first
do-last = to the last
do-open = open
do-choose = choose
do-go-on = go on

status-starting = Starting …
status-no-node = The node does not answer. What you write is kept; trying again …
status-pending = Waiting to be let in. Ask your inviter to switch Linli on.
status-not-served = Neighbours refuse this device: what you write stays here. Ask a steward.
status-not-served-short = refused
status-alone = No neighbour in reach. What you write is saved and goes out later.
status-alone-short = offline
status-network-cut = Network cut (demonstration)
status-peers = { $peers ->
    [one] 1 neighbour in reach
   *[other] { $peers } neighbours in reach
  }
status-peers-short = { $peers } in reach
status-all-sent = everything sent
status-unsent = { $unsent ->
    [one] 1 change unsent
   *[other] { $unsent } changes unsent
  }
status-unsent-short = { $unsent } unsent
status-catching-up = catching up: { $count }

nothing-to-undo = There is nothing to take back.
undone = Taken back.

stage-acting = You are { $household }
stage-network-cut = The network is cut. Write something, then switch household.
stage-network-healed = The network is back: watch both sides agree.

urgent-arrived = Urgent: { $title }

fault-recorded = A part of Linli failed: see { $file }
fault-kept = A part of Linli failed: more at the end

# In the shell, after a fault of the program itself
program-failed = Linli has made a mistake and ended. What you had begun is kept: open linli again. Please send the lines above to whoever maintains Linli.
faults-recorded = While Linli was open, a part of it failed. It is recorded in { $file }; please send that file to whoever maintains Linli.
faults-shown = While Linli was open, a part of it failed. Please send the lines above to whoever maintains Linli.
