# What a bucket keeps of the past.

tab = Versions
title = { $bucket } · Versions
title-of-folder = { $folder } · { $bucket } · Versions
no-such-bucket = There is no bucket { $bucket } that you can reach.
below = Only what is below { $folder }.
whole-bucket = Show the whole bucket

is-on = Versioning is on: what is overwritten or deleted stays as an old version.
is-suspended = Versioning is suspended: the versions that are here stay, and no new ones are made.
is-off = Versioning is off: what is overwritten or deleted is gone.
is-unknown = Whether this bucket keeps versions your account may not see.
would-do = With versioning, every write makes a version, and a deletion only hides the object. Both can be taken back here.
would-cost = Every old version counts towards the quota until it is deleted or pruned, also after its object was deleted.
switch-on = Switch versioning on
suspend = Suspend versioning
go-on = Resume versioning
suspend-means = Old versions stay, and can still be restored and deleted. New writes make none, so what they overwrite is gone.
go-on-means = Every write makes a version again.
one-way = This cannot be undone: versioning that was on can be suspended, but never be switched off again.
one-way-known = I know that it can only be suspended afterwards
tick-first = Tick the box first
now-on = Versioning is on.
now-suspended = Versioning is suspended.
namespace-settings = Pruning and delete markers of the namespace

filter-text = Name contains
filter-show = Show
show-all = All keys
show-deleted = Only deleted
show-old = Only with old versions
filter-days = Old for more than so many days
apply = Filter
clear-filter = Clear filter

select-page = Select all on this page
select = Select { $key }
sum-of-all = { $keys ->
    [one] 1 key
   *[other] { $keys } keys
}: versions { $versions }, delete markers { $markers }, old versions { $old } with { $bytes }
sum-of-page = { $keys ->
    [one] 1 key
   *[other] { $keys } keys
} on this page: versions { $versions }, delete markers { $markers }, old versions { $old } with { $bytes }
pages = Pages
first-page = First page
next-page = Next page
nothing = Nothing is stored here, and no old versions
nothing-below = No old versions below { $folder }
no-match = Nothing here matches the filter
hidden = { $count ->
    [one] 1 key is hidden by it.
   *[other] { $count } keys are hidden by it.
}
hidden-so-far = { $count ->
    [one] 1 key was looked at so far. More follow.
   *[other] { $count } keys were looked at so far. More follow.
}

state-current = current
state-deleted = deleted
state-only-old = deleted, without a marker
versions = { $count ->
    [one] 1 version
   *[other] { $count } versions
}
versions-at-least = { $count ->
    [one] at least 1 version
   *[other] at least { $count } versions
}
in-old = { $count ->
    [one] { $bytes } in 1 old one
   *[other] { $bytes } in { $count } old ones
}
unfold = Show the versions
versions-of = Versions of { $key }
version-id = Version
kind = What
made = When
size = Size
actions = Actions
kind-current = current
kind-old = old
kind-marker = delete marker
kind-hides = delete marker, hides the key
cut-off = There are more versions than fit here.

undelete = Undelete
undelete-key = Undelete { $key }
undeleted = { $key } is back.
restore = Restore
restore-version = Restore version { $version } of { $key }
restored = { $key } was restored.
download = Download
download-version = Download version { $version } of { $key }
delete = Delete…
delete-version = Delete… version { $version } of { $key }
remove-marker = Remove marker
remove-marker-of = Remove marker { $version } of { $key }
marker-removed = A delete marker of { $key } was removed.
delete-title = Delete version
delete-means = Version { $version } of { $key } goes for good.
delete-old = The object as it is does not change. Nothing brings this version back.
delete-current = This is the object as it is: the version before it, if there is one, takes its place. Nothing brings this version back.
delete-phrase = delete 1 version
type-to-confirm = Type { $phrase } to confirm
type-first = Type the words above first
deleted = A version of { $key } was deleted.

selected = { $count ->
    [one] 1 key selected
   *[other] { $count } keys selected
}
on-bucket = All keys of the bucket
on-rule = All keys of this view, on all pages
on-nothing = Select keys first
select-first = With this filter, select keys first
bulk-restore = Bring deleted back…
bulk-old = Delete old versions…
bulk-purge = Purge…
counting = Counting what would be done…
not-counted = It could not be counted.
running = Working. It goes on in the background if you leave this page.
older-than = Versions that are older than so many days
older-help = 0 means all old versions. Objects as they are stay. Nothing is deleted before you have seen how much that is.
days-are-numbers = Days are a whole number, 0 for all old versions. Example: 30.
count-them = Count them
plan-restore = { $count ->
    [one] 1 object comes back as it was.
   *[other] { $count } objects come back as they were.
}
plan-purge = Versions: { $versions }. Delete markers: { $markers }. Together { $bytes }.
plan-refused = { $count ->
    [one] 1 of them would be refused, as far as was looked.
   *[other] { $count } of them would be refused, as far as was looked.
}
purge-means = The objects go with everything that was kept of them. Nothing brings them back.
old-means = Objects stay as they are. Nothing brings their old versions back.
purge-phrase = delete { $count } versions
do-restore = { $count ->
    [one] Bring 1 object back
   *[other] Bring { $count } objects back
}
do-purge = { $count ->
    [one] Delete 1 version
   *[other] Delete { $count } versions
}
nothing-to-do = There is nothing to do
bulk-done = { $count ->
    [one] Done: 1.
   *[other] Done: { $count }.
}
bulk-stayed = { $count ->
    [one] 1 was refused and stays as it was; done: { $done }.
   *[other] { $count } were refused and stay as they were; done: { $done }.
}
close = Close

compare = Compare
compare-this = Compare
compare-version = Compare version { $version }
compare-help = Tick two versions to compare them.
compare-first = Tick two versions first
compared = Version { $left } compared with { $right }
compared-what = What
differs = differs
close-comparison = Close the comparison
content = Content
contents-same = Both have the same content.
contents-long = One of them has more than { $limit }: contents are compared up to that.
contents-no-text = One of them is no text, and they differ.
lines-differ = Lines added: { $added }. Lines removed: { $removed }.
lines-cut = This is not all of it: long lines, or lines further down, were left out.
line-added = added
line-removed = removed
line-left = Line before
line-right = Line after
line-text = Text
no-line-end = no line end
difference = Difference of the contents
has-none = –
