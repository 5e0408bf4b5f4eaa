### The object browser.

files-in-bucket = Files in { $bucket }
select-all-rows = Select all rows
select-row = Select { $name }
actions = Actions
actions-for = Actions for { $name }
unknown = unknown
is-folder = , folder
is-deleted = , deleted, its versions

column-name = Name
column-size = Size
column-changed = Changed
column-kind = Kind
column-etag = ETag
column-owner = Owner
column-class = Storage class
natural-name = Natural name

kind-folder = Folder
kind-image = Image
kind-video = Video
kind-audio = Audio
kind-document = Document
kind-data = Data
kind-archive = Archive
kind-text = Text
kind-other = Other

loaded-more-coming = { $count } loaded, more coming…
first-of-more = First { $count } of more
stopped-at = Stopped at { $count } entries; there are more
stopped-by-problem = Listing stopped after { $count } entries. { $reason }
complete = { $count ->
    [one] 1 entry
   *[other] { $count } entries
 } ({ $folders ->
    [one] 1 folder
   *[other] { $folders } folders
 }, { $files ->
    [one] 1 file
   *[other] { $files } files
 }, { $size })
sorted-among = sorted among { $count } loaded
stop = Stop
continue = Continue
load-all = Load all
next-hundred = Next 100
entries-loaded = { $count ->
    [one] 1 entry loaded
   *[other] { $count } entries loaded
 }
not-there = { $count ->
    [one] 1 name of the selection in the address is not here any more.
   *[other] { $count } names of the selection in the address are not here any more.
 }
large-folder = This folder holds more than 100,000 entries. Lists of this size take long; subfolders by date or by project keep them short.
deep-folder = This folder lies more than 20 levels deep. Many tools do not reach paths that long.

filter-label = Filter names
filter-help = Part of a name, * and ? for anything, "…" for the whole name
filter-apply = Filter
matching = { $shown } of { $held } loaded match.
search-rest = Search the rest by prefix
nothing-matches = Nothing matches { $text }
nothing-matches-facets = Nothing matches the filters
hidden-rows = { $count ->
    [one] 1 loaded row is hidden.
   *[other] { $count } loaded rows are hidden.
 }
clear-filter = Clear filter
facets = Filters
facet-kind = Kind
facet-size = Size
facet-changed = Changed
facet-any = Any
size-below = Below { $to }
size-between = { $from } to { $to }
size-above = { $from } and more
size-from-label = From
size-to-label = To (below)
since-day = Last 24 hours
since-days = Last { $count } days
since-year = Last year
since-hours = Last { $count } hours
since-from = From { $from }
since-to = Until { $to }
since-between = { $from } to { $to }
since-from-label = From
since-to-label = Until
apply = Apply
remove-filter = Remove filter { $name }
view = View
sort-by = Sort by
columns = Columns
layout = Layout
folders-first = Folders first
flat-view = All files below this folder
folder-view = Folder by folder
ends-at = removed { $time }
ends-title = Hako removes it { $time }
left-over = being removed
left-moment = less than a minute left
left-minutes = { $count ->
    [one] 1 minute left
   *[other] { $count } minutes left
}
left-hours = { $count ->
    [one] 1 hour left
   *[other] { $count } hours left
}
left-days = { $count ->
    [one] 1 day left
   *[other] { $count } days left
}
show-deleted = Show deleted
deleted-at = deleted
deleted-by = by { $owner }
restore = Restore
restore-name = Restore { $name }
restored = { $name } is back.
not-restored = { $name } could not be brought back.
is-deleted-already = What is selected is deleted already: restore it first
store-order = Name, in the store's order
sorted-name = Sorted by name
sorted-natural = Sorted by name, numbers by value
sorted-size = Sorted by size
sorted-changed = Sorted by time of change
sorted-kind = Sorted by kind
sorted-name-down = Sorted by name, from last to first
sorted-natural-down = Sorted by name, numbers by value, from last to first
sorted-size-down = Sorted by size, largest first
sorted-changed-down = Sorted by time of change, newest first
sorted-kind-down = Sorted by kind, from last to first
find-in-page = Only what is on the screen can be found by the browser. This field looks through all loaded names; press again for the browser's own search.
ignored = The address asks for something that this page does not know, and that was left out: { $names }.

selected-count = { $count ->
    [0] Nothing selected
    [one] 1 selected
   *[other] { $count } selected
 }
selected-hidden = { $count ->
    [one] 1 hidden by the filter
   *[other] { $count } hidden by the filter
 }
selected-files = { $files ->
    [one] 1 file
   *[other] { $files } files
 }, { $size }
selected-folders = { $folders ->
    [one] 1 folder
   *[other] { $folders } folders
 }
selected-both = { $folders ->
    [one] 1 folder
   *[other] { $folders } folders
 } and { $files ->
    [one] 1 file
   *[other] { $files } files
 }, { $size } without the folders' contents
selected-everything = Everything in this folder is selected, also what is not loaded
select-everything = Select all in this folder, also what is not loaded
clear = Clear

commands = Commands
open = Open
upload = Upload
upload-folder = Upload folder
upload-options = Upload…
upload-options-title = Upload with metadata, tags, retention
upload-files-options = Files…
upload-folder-options = Folder…
new-folder = New folder
download = Download
delete = Delete
refresh = Refresh
more-commands = More commands
copy-path = Copy path
copy-uri = Copy S3 URI
copy-link = Copy link to this view
copied = Copied
copied-link = Copied
copied-link-without = Copied, without the selection: it is too long for an address
up-to-date = The list is up to date.
needs-one = Select one file or folder to open it
needs-selection = Select something first
needs-selection-to-delete = Select what to delete first
upload-without-scripts = Large files and folders need scripts or another S3 client: curl -T with the API takes a file of any size.
replace-files = Replace files of the same name

breadcrumb = Breadcrumb
buckets = Buckets
edit-path = Edit path
path-label = Folder, S3 URI or address
go = Go
cancel = Cancel
levels-between = Folders between
path-unknown = This is not an address of a bucket.

not-allowed-to-list = You may not list { $bucket }, but you can open a key that you know.
key-label = Key
open-key = Open
upload-still-possible = Uploading stays possible where you may write.

going-in = { $count ->
    [one] 1 file goes in { $seconds } s.
   *[other] { $count } files go in { $seconds } s.
 }
going-when-told = { $count ->
    [one] 1 file waits to be deleted.
   *[other] { $count } files wait to be deleted.
 }
undo = Undo
delete-now = Delete now
nothing-deleted = Nothing was deleted.
not-deleted-left = Nothing was deleted, because the page was left.
deleted = { $count ->
    [one] 1 object deleted.
   *[other] { $count } objects deleted.
 }
stayed = { $count ->
    [one] { $name } was not deleted. { $reason }
   *[other] { $count } objects were not deleted. The first is { $name }. { $reason }
 }

title = { $bucket } · Files
no-such-bucket = There is no bucket { $bucket } that you can reach.
nothing-under = Nothing is stored under { $folder }. Drop files or folders here.
bucket-empty = This bucket is empty. Drop files or folders here.
folder-empty = This folder is empty. Drop files or folders here.
choose-files = Choose files
one-level-up = One level up

files-to-upload = Files to upload
folder-to-upload = Folder to upload

drop-here = Drop to upload here

makes-folders = This makes { $levels } folders, one inside the other.
name = Name
in-place = In { $place }
create-folder = Create folder
folder-created = Folder { $name } was created.

folder-name-empty = A folder needs a name.
folder-name-empty-part = A folder name has no empty part: write "a/b", not "/a" or "a//b".
folder-name-dots = "." and ".." are not folder names.
folder-name-control = A folder name has no control characters.
folder-name-reserved = ".directory-metadata" is reserved by the store.
folder-name-too-long = The folder's whole path is too long for the store.
