# What a bucket holds, folder by folder, as jobs have measured it.

tab = Usage
title = { $bucket } · Usage
title-of-folder = { $folder } · { $bucket } · Usage
measure = Measure now
measured = The bucket was measured.
being-measured = The bucket is being measured
reload = Reload
failed = The last measurement failed: { $error }
no-such = There is no such measurement of this bucket, or it is not yours.
never = This bucket was not measured yet
means = Measuring adds up what every folder holds, with old versions and unfinished uploads. It goes through the whole listing, one request for each 1,000 keys, and goes on when you leave. What it found is kept for 30 days, to be compared.
store-says = The store tells { $used }.
store-says-of = The store tells { $used } of { $quota }.
as-of = Measured

shown = Shown
compared-with = Compared with
with-nothing = nothing
show = Show

all-bytes = Size
objects = Objects
old-versions = Old versions
uploads = Unfinished uploads
markers = { $count ->
    [one] 1 delete marker
   *[other] { $count } delete markers
}
whole-bucket = Whole bucket
folders = Folders
folder = Folder
size = Size
share = Share
files = Files
open-in-files = Open { $folder } in Files
files-here = Files in this folder
others = Smaller folders
smaller = { $count ->
    [one] 1 smaller folder
   *[other] { $count } smaller folders
}
other-pages = Folders of other pages
pages = Pages
previous-page = Previous page
next-page = Next page
summary = { $size } in { $count ->
    [one] 1 object
   *[other] { $count } objects
}, and what is kept beside it.
summary-since = { $size } in { $count ->
    [one] 1 object
   *[other] { $count } objects
}, and what is kept beside it. Since { $time }: { $bytes }, objects { $more }.
map-says = Tree map of { $folder }. The largest part is { $name }, with { $percent } %. The table has all numbers.
change-of-size = Change
change-of-objects = Change of objects
new = new, { $change }
gone = gone, { $change }
unknown = unknown
more-objects = { $count ->
    [one] { $number } object
   *[other] { $number } objects
}
grown = grown
shrunk = shrunk
same = unchanged, or not known
report = All folders as CSV
no-versions = The store does not list old versions, so they are not counted.
no-deeper = { $count ->
    [one] There are so many folders that only those of the first level have lines of their own.
   *[other] There are so many folders that only those of the first { $count } levels have lines of their own.
} What lies deeper is counted in them.
not-looked-into = { $count ->
    [one] Something could not be looked into, and its bytes are missing here.
   *[other] { $count } things could not be looked into, and their bytes are missing here.
}
why = What, and why

over-time = Over time
length = How long
days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
day = Day
space-taken = Space taken
received = Received
sent = Sent
no-days = The store has not told of a day yet.
day-one = { $day }: { $size } in { $count ->
    [one] 1 object
   *[other] { $count } objects
}.
since-day = { $day }: { $size } in { $count ->
    [one] 1 object
   *[other] { $count } objects
}, { $growth } since { $first }.
day-tip = { $day }: { $size }, { $count ->
    [one] 1 object
   *[other] { $count } objects
}
at-most = at most { $size }
partial-days = Paler days were not counted as a whole.
days-as-table = Days as a table
