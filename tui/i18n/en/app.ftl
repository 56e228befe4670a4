# What surrounds every screen: the bar of screens, the status line, the hints.

terminal-too-small = Please make the window larger: at least 40 × 15.

tab-today = Today
tab-notices = Notices
tab-requests = Requests
tab-plans = Plans
tab-people = People
tab-network = Network
tab-settings = Settings

key-back = back
key-help = help
key-search = search
key-palette = everything
key-undo = take the last thing back
key-tab-today = go to today
key-tab-notices = go to notices
key-tab-requests = go to help requests
key-tab-plans = go to festival plans
key-tab-people = go to people
key-tab-network = go to the network
key-tab-settings = go to settings
key-language = 中文
key-suspend = pause and return to the shell
key-quit = leave
key-next-household = next household
key-toggle-network = cut or heal the network
key-up = up
key-down = down
key-page-up = a page up
key-page-down = a page down
key-first = to the first
key-last = to the last
key-open = open
key-choose = choose
key-next-field = next field
key-previous-field = field before

status-starting = Starting …
status-no-node = The node does not answer. What you write is kept; trying again …
status-pending = Waiting to be let in. Ask your inviter to switch Linli on.
status-alone = No neighbour in reach. What you write is saved and goes out later.
status-network-cut = Network cut (demonstration)
status-peers = { $peers ->
    [one] 1 neighbour in reach
   *[other] { $peers } neighbours in reach
  }
status-all-sent = everything sent
status-unsent = { $unsent ->
    [one] 1 change unsent
   *[other] { $unsent } changes unsent
  }
status-catching-up = catching up: { $count }

nothing-to-undo = There is nothing to take back.
undone = Taken back.

stage-network-cut = The network is cut. Write something, then switch household with H.
stage-network-healed = The network is back: watch both sides agree.
