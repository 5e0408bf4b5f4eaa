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
retention = Set the retention of what a search found
usage = Usage of { $bucket }
uploads = Unfinished uploads
abort-uploads = { $days ->
    [0] Abort all unfinished uploads
    [one] Abort uploads older than a day
   *[other] Abort uploads older than { $days } days
}
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
kind-retention = Set a retention
kind-usage = Usage
kind-uploads = Unfinished uploads
kind-abort-uploads = Abort old uploads

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
uploads-read = { $count ->
    [one] 1 upload looked into
   *[other] { $count } uploads looked into
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
found-uploads = Uploads
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
show-uploads = Show unfinished uploads
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

# The unfinished uploads of all buckets.

unfinished = Unfinished uploads
unfinished-means = Large files go to the store in parts. Until an upload is completed its parts take up room, and no list of files shows them. Here they are added up over all buckets that you can list.
measure = Measure
measure-again = Measure again
never-measured = Not measured yet
all-clear = No unfinished uploads. Nothing is using hidden space.
uploads-as-of = As of
buckets-looked = { $count ->
    [one] 1 bucket looked through
   *[other] { $count } buckets looked through
}
buckets-refused = { $count ->
    [one] 1 bucket does not tell you its uploads.
   *[other] { $count } buckets do not tell you their uploads.
}
which-and-why = Which, and why
uploads-unseen = { $count ->
    [one] The store does not tell you the parts of 1 upload, so there are more bytes than are shown.
   *[other] The store does not tell you the parts of { $count } uploads, so there are more bytes than are shown.
}
measured-before = Uploads were given up since then. Measure again to see what is left.
bucket = Bucket
number-of-uploads = Uploads
stored-so-far = Stored so far
at-least = at least { $size }
oldest = Oldest
choose = Choose
choose-bucket = Choose { $bucket }
sum = Sum
abort-older = Abort older…
days-ago = Begun more than … days ago
days-help = 0 means all. Of the buckets that are chosen above, or of all if none is. Nothing is given up before you have seen how much that is.
days-whole = Days are a whole number, 0 to 36500. Example: 7.
count-them = Count them
plan-of-all = all buckets
plan-none = { $days ->
    [0] There are no unfinished uploads in { $where }.
    [one] No upload in { $where } was begun more than a day ago.
   *[other] No upload in { $where } was begun more than { $days } days ago.
}
plan-is = { $days ->
    [0] All unfinished uploads in { $where }: { $uploads }, with { $size } in parts.
    [one] Begun more than a day ago in { $where }: { $uploads }, with { $size } in parts.
   *[other] Begun more than { $days } days ago in { $where }: { $uploads }, with { $size } in parts.
}
uploads-counted = { $count ->
    [one] 1 upload
   *[other] { $count } uploads
}
parts-go = Their parts are dropped for good; no object changes. Whoever still sends one of them has to send the whole file again, and that may be you, in this browser or another.
aborted = { $count ->
    [one] 1 upload was given up.
   *[other] { $count } uploads were given up.
}
see-job = See the job
