# Object lock of stores other than HCP, in the drawer.

lock = Object lock
free = No retention keeps this version.
ended = No retention keeps this version any more: it ended { $time }.
governance-until = This version is kept until { $time }, in governance mode: who has the right for it can shorten or lift that.
compliance-until = This version is kept until { $time }, in compliance mode. Nobody can shorten or lift that.
no-default = New objects in this bucket are given no retention.
default-days = { $count ->
    [one] New objects in this bucket are kept for 1 day, in { $mode } mode.
   *[other] New objects in this bucket are kept for { $count } days, in { $mode } mode.
}
default-years = { $count ->
    [one] New objects in this bucket are kept for 1 year, in { $mode } mode.
   *[other] New objects in this bucket are kept for { $count } years, in { $mode } mode.
}
mode = Mode
governance = governance
compliance = compliance
governance-help = Who has the right to bypass it can shorten or lift the retention, with a reason.
compliance-help = Nobody can delete this version before the end, also no administrator and not the owner of the account.
one-way-help = A retention in compliance mode is made longer, and never shortened, lifted or given another mode.
meant = I know that nobody can take this back
time-first = Give the time first until when it is kept.
nothing-changed = It is kept like this already.
meant-first = Tick that this cannot be taken back.
bar-over = A retention ends in the future.
bar-compliance = It is kept in compliance mode until { $time }: that is made longer, and never shortened or lifted.
bar-governance = It is kept in governance mode until { $time }: give a reason to shorten, lift or change that.
reason-help = Needed to shorten, lift or change a retention in governance mode. It stands in the audit with your name.
reason-first = Give a reason first: this bypasses governance mode.
lift = Lift the retention
lifted = The retention is lifted.
legal-hold = Legal hold
legal-hold-help = As long as it is there, nobody can delete this version, whatever its retention says.
