# Work that the server does for longer than a request: the list, one job, and the indicator in the header.

jobs = Jobs
all-jobs = All jobs
none = No jobs in the last 30 days.
none-means = What takes longer than a moment, such as copying a folder, stands here and goes on when you leave.
none-such = No job is like that. Change what is shown.
not-yours = There is no such job, or it is not yours.
means = Jobs go on when you leave the page or sign out. They are listed for 30 days.
here = Your jobs

delete = Delete in { $bucket }
copy = Copy from { $bucket } to { $target }
move = Move from { $bucket } to { $target }
restore = Bring back in { $bucket }
purge = Delete all versions in { $bucket }
purge-old = Delete old versions in { $bucket }
delete-buckets = { $count ->
    [one] Delete a bucket
   *[other] Delete { $count } buckets
}
undo = Undo a deletion in { $bucket }
count = Count { $bucket }
archive = Archive from { $bucket }
search = Search in { $bucket }
export = Export what a search found
hold = Put on hold what a search found
release = Lift the hold of what a search found
usage = Usage of { $bucket }
delete-found = Delete what a search found
is-plan = Plan

kind = Kind
kind-any = All kinds
kind-delete = Delete
kind-copy = Copy
kind-move = Move
kind-restore = Bring back
kind-purge = Delete all versions
kind-purge-old = Delete old versions
kind-delete-buckets = Delete buckets
kind-undo = Undo
kind-count = Count
kind-archive = Archive
kind-search = Search
kind-export = Export
kind-hold = Put on hold
kind-release = Lift a hold
kind-usage = Usage

state = State
state-any = All states
state-waiting = Waiting
state-running = Running
state-cancelling = Stopping
state-done = Done
state-failed = Failed
state-cancelled = Stopped

since = Started
since-any = In the last 30 days
since-day = In the last 24 hours
since-week = In the last 7 days
show = Show

job = Job
progress = Progress
started = Started
ended = Ended
actions = Actions
works-on = Works on
rule-all = All in { $folder }
rule-filter = All in { $folder } that match { $filter }
whole-bucket = the whole bucket
first-of = { $count ->
    [one] { $name }
   *[other] { $name }, the first of { $count }
}
goes-to = Goes to
repeats = Belongs to
earlier-job = an earlier job
buckets = Buckets

done-of = { $done } of { $total }
done-so-far = { $done } so far
waits = Waits for other jobs
counting = Counting
keys-read = { $count ->
    [one] 1 key read
   *[other] { $count } keys read
}
read-and-found = { $count ->
    [one] 1 key read, { $found } found
   *[other] { $count } keys read, { $found } found
}
failed-number = { $count ->
    [one] 1 failed
   *[other] { $count } failed
}
skipped-number = { $count ->
    [one] 1 left out
   *[other] { $count } left out
}
found-objects = Objects
found-versions = Versions
found-markers = Delete markers
found-bytes = Size
found-refused = Would be refused
found-taken = Names that are taken
found-checked = Looked at one by one

cancel = Cancel
retry = Retry failed
undo-it = Undo
undo-until = The deletion can be undone until
report-csv = Report as CSV
report-json = Report as JSON
show-results = Show what was found
show-usage = Show the usage
cancelled-soon = The job stops after what it is at.

failures = What failed
refusals = What would be refused
failures-more = { $count ->
    [one] And one more that was not kept
   *[other] And { $count } more that were not kept
}
no-failures = Nothing failed.
key = Key
version = Version
why = Reason
first-page = First page
next-page = Next page

indicator = { $count ->
    [one] Jobs, 1 running
   *[other] Jobs, { $count } running
}
running-now = Running
nothing-runs = Nothing is running.
finished-lately = Finished lately
said-done = { $job }: done
said-failures = { $count ->
    [one] { $job }: one failed
   *[other] { $job }: { $count } failed
}
said-failed = { $job }: failed
