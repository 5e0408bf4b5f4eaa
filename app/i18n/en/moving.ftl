### Renaming, copying and moving in the object browser.

rename = Rename
copy-to = Copy to…
move-to = Move to…
needs-one = Select one file or folder to rename it
cancel = Cancel

new-name = New name of { $name }
name-empty = A name is needed.
name-slash = A name has no slash. To put it into another folder, use “Move to…”.
name-dots = The names “.” and “..” lead nowhere.
name-reserved = HCP keeps this name for itself.
name-control = A name has no control characters.
name-too-long = This name makes a key of { $bytes } bytes; the store takes { $most }.
name-taken = { $name } exists here already.
not-renamed = It was not renamed: { $reason }
renamed = { $from } is now called { $to }.
rename-folder = Rename folder
rename-folder-title = Rename folder { $name }
rename-folder-plan = { $count ->
    [one] 1 object ({ $size }) goes from { $from } to { $to }.
   *[other] { $count } objects ({ $size }) go from { $from } to { $to }.
 }
rename-folder-refused = { $count ->
    [one] 1 object cannot be moved and stays: { $reason }
   *[other] { $count } objects cannot be moved and stay. The first one: { $reason }
 }
rename-folder-means = A store does not rename folders: each object is copied, and deleted once its copy is there. Until the job has ended both folders hold a part.
folder-is-being-renamed = The folder { $from } is being renamed to { $to }.
show-job = Show job
was-renamed = This folder was renamed.
open-renamed = Open { $name }

looking = Looking for names that are taken…
everything = Everything in this folder
entries = { $count ->
    [one] 1 entry
   *[other] { $count } entries
 }
copy-everything = Copy everything in this folder to…
copy-files = { $files ->
    [one] Copy 1 file to…
   *[other] Copy { $files } files to…
 }
copy-folders = { $folders ->
    [one] Copy 1 folder to…
   *[other] Copy { $folders } folders to…
 }
copy-both = Copy { $folders ->
    [one] 1 folder
   *[other] { $folders } folders
 } and { $files ->
    [one] 1 file
   *[other] { $files } files
 } to…
move-everything = Move everything in this folder to…
move-files = { $files ->
    [one] Move 1 file to…
   *[other] Move { $files } files to…
 }
move-folders = { $folders ->
    [one] Move 1 folder to…
   *[other] Move { $folders } folders to…
 }
move-both = Move { $folders ->
    [one] 1 folder
   *[other] { $folders } folders
 } and { $files ->
    [one] 1 file
   *[other] { $files } files
 } to…
target-bucket = Bucket
target-folder = Folder
target-help = Empty is the top of the bucket. A folder that is not there yet is made.
target-same = It is in this folder already.
target-inside = This folder is part of what is to go there.
folders = Folders
one-level-up = One level up
listing-folders = Looking for folders…
no-folders = There are no folders here.
more-folders = There are more. The path of any other folder can be typed.
folders-unknown = The folders cannot be listed. { $reason }
when-taken = Where a name is taken
names-taken = { $count ->
    [one] 1 name is taken in { $folder }.
   *[other] { $count } names are taken in { $folder }.
 }
policy-fail = Report it
policy-fail-means = Nothing happens to that object, and the job names it.
policy-skip = Leave it out
policy-skip-means = That object is not copied.
policy-skip-moves = That object is not moved and stays where it is.
policy-overwrite = Overwrite
policy-overwrite-means = What is there is replaced.
policy-rename = Keep both
policy-rename-means = The copy gets a number, as in name (2).ext.
acl-note = HCP does not carry access control lists (ACLs) over to copies. Custom metadata goes along.
submit-copy = Copy
submit-move = Move
copying-to = Copying to { $folder } has begun.
moving-to = Moving to { $folder } has begun.

taken-some = { $count ->
    [one] 1 entry is ready to be pasted with Ctrl V.
   *[other] { $count } entries are ready to be pasted with Ctrl V.
 }
taken-everything = Everything in this folder is ready to be pasted with Ctrl V.
cut-some = { $count ->
    [one] 1 entry moves to where it is pasted with Ctrl V.
   *[other] { $count } entries move to where they are pasted with Ctrl V.
 }
cut-everything = Everything in this folder moves to where it is pasted with Ctrl V.
drop-moves = Move { $what } to { $folder }
drop-copies = Copy { $what } to { $folder }
dragged-here = what is dragged
