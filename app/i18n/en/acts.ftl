### What is done with files and folders by more than one click.

count = Count
count-size = Count size
copy-commands = Copy commands…
needs-selection-to-download = Select what to download first
needs-folder-to-count = Select a folder, or nothing to count this one
share = Share…
needs-files-to-share = Select files, or one folder, to share

delete-everything = Delete everything
delete-files = Delete { $files ->
    [one] 1 file
   *[other] { $files } files
 }
delete-folders = Delete { $folders ->
    [one] 1 folder
   *[other] { $folders } folders
 }
delete-both = Delete { $folders ->
    [one] 1 folder
   *[other] { $folders } folders
 } and { $files ->
    [one] 1 file
   *[other] { $files } files
 }
delete-objects = { $count ->
    [one] Delete 1 object
   *[other] Delete { $count } objects
 }
phrase-one = delete 1 object
phrase = delete { $count } objects
type-to-confirm = Type { $phrase } to confirm
type-first = Type the words above first
everything-goes = Everything in { $folder }, loaded here or not, goes.
everything-matching-goes = Everything in { $folder } that matches { $filter }, loaded here or not, goes.
files-in-total = { $files ->
    [one] 1 file
   *[other] { $files } files
 } with { $size } in total.
hidden-too = { $count ->
    [one] 1 of them is hidden by the filter.
   *[other] { $count } of them are hidden by the filter.
 }
and-more = and { $count ->
    [one] 1 more
   *[other] { $count } more
 }
counting-plan = Counting what would go…
not-counted = It could not be counted.
plan = { $count ->
    [one] 1 object with { $size } would go.
   *[other] { $count } objects with { $size } would go.
 }
plan-refused = { $count ->
    [one] 1 of them stays, because the store keeps it:
   *[other] { $count } of them stay, because the store keeps them:
 }
plan-checked = { $count ->
    [one] 1 was looked at one by one. Others may stay too.
   *[other] { $count } were looked at one by one. Others may stay too.
 }
nothing-there = There is nothing to delete
folder-note = A folder goes with everything below it, also what is not loaded here.
lost-note = This bucket keeps no versions: nothing brings these objects back.
kept-note = This bucket keeps versions: Undo brings these objects back at once, and the page of versions later.
unknown-note = Where the bucket keeps no versions, this cannot be taken back.
first-folder-only = Without scripts only the first of these folders is deleted. Repeat it for each.
deleting = Deleting. It goes on in the background if you close this.
stop = Stop
close = Close
stayed = { $count ->
    [one] 1 object was not deleted. Jobs tells why.
   *[other] { $count } objects were not deleted. Jobs tells why.
 }
stayed-summary = { $count ->
    [one] 1 object stayed; deleted: { $done }.
   *[other] { $count } objects stayed; deleted: { $done }.
 }
job-page = The whole list, in the job
undoing = Bringing them back…
back = { $count ->
    [one] 1 object is back.
   *[other] { $count } objects are back.
 }
not-back = { $count ->
    [one] 1 object could not be brought back.
   *[other] { $count } objects could not be brought back.
 }

commands-title = Commands
commands-list = These lines list the folder that is open.
commands-fetch = { $count ->
    [one] These lines fetch what is selected.
   *[other] These lines fetch the { $count } entries that are selected.
 }
commands-keys = Keys are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in your environment; no line holds one. The command hako works by its profile: the page Credentials has the lines that make one.
commands-address = From here the store's own address is not known. Put it in place of { $address }.
commands-left-out = { $count ->
    [one] 1 more that is selected has no line here.
   *[other] { $count } more that are selected have no line here.
 }
commands-no-words = { $tool } takes keys for paths and has no words for one of these names.
copy = Copy
copy-of = Copy the lines for { $tool }

count-title = Count size
count-of = { $folder } and everything below it
count-of-several = { $count ->
    [one] 1 folder with everything below it, and the files that are selected
   *[other] { $count } folders with everything below them, and the files that are selected
 }
counting = Counting…
count-stopped = Stopped. These numbers are not whole.
count-whole = Counted to the end.
counted = { $objects ->
    [one] 1 object
   *[other] { $objects } objects
 } in { $folders ->
    [one] 1 folder
   *[other] { $folders } folders
 } below, { $size }
objects = Objects
folders = Folders
size = Size
newest = Newest
largest = The largest

archive-counting = Counting what goes into the archive…
archive-begins = The download begins.
archive-title = Download as ZIP
archive-large = The archive would hold { $objects } objects with { $size }. A client on the command line fetches that faster, and goes on after a break.
archive-too-large = These are { $objects } objects; an archive holds { $most } at most. A client on the command line fetches them all.
archive-go = Download all the same
