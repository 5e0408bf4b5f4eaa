# The list of buckets, and its dialogs.

title = Buckets
create = Create bucket
open-by-name = Open by name
empty = No buckets yet
empty-means = A bucket holds your files and folders. Create one to begin, with the button above.
own-none = You own no bucket
own-none-means = If you were given access to one, open it by name.
scope-owned = Buckets that you own and those you have pinned. Others may exist.
scope-unanswered = The list of the tenant's other namespaces did not answer. Shown are buckets that you own and those you have pinned.

name = Name
column-used = Used
column-objects = Objects
column-versioning = Versioning
column-created = Created
column-owner = Owner
column-tags = Tags
column-retention = Default retention
column-cors = CORS
column-uploads = Uploads in progress
columns = Columns
actions = Actions
actions-for = Actions for { $name }
select = Select { $name }
select-all = Select all buckets
pin = Pin { $name } to the top
unpin = Unpin { $name }
pinned = pinned
opened-lately = opened lately
unknown = unknown
asking = is being asked

filter = Filter buckets
filter-go = Filter
clear-filter = Clear filter
no-match = Nothing matches { $text }
hidden = { $count ->
    [one] One bucket is hidden.
   *[other] { $count } buckets are hidden.
}
counted = { $count ->
    [one] 1 bucket
   *[other] { $count } buckets
}
counted-of = { $from }–{ $to } of { $all }
counted-filtered = { $shown } of { $all } match
pages = Pages
page-of = Page { $page } of { $pages }
previous = Previous
next = Next
csv = CSV

used-of = { $used } of { $quota }, { $percent } %
used-exact = { $used } bytes of { $quota } bytes
used-exact-alone = { $used } bytes
versioning-off = Off
versioning-on = On
versioning-suspended = Suspended
keeps-deleted = keeps deleted
compliance = compliance
object-lock = object lock
s3-off = S3 off
no-access = no access
cors-bucket = Own
cors-tenant = Tenant's
cors-none = None
cors-unknown = Unknown
at-least = { $count } and more

selected = { $count ->
    [one] 1 bucket selected
   *[other] { $count } buckets selected
}
clear-selection = Clear
delete = Delete

menu-open = Open
menu-versions = Versions
menu-uploads = Uploads in progress
menu-cors = CORS
menu-copy-name = Copy name
menu-copy-uri = Copy S3 URI
menu-pin = Pin
menu-unpin = Unpin
menu-delete = Delete…
copied = { $text } was copied.

help-hcp = 3 to 63 characters: small letters, digits and hyphens. It begins and ends with a letter or a digit.
help-s3 = 3 to 63 characters: small letters, digits, hyphens and dots. A name with dots cannot be reached over TLS as a host name.
created = Bucket { $name } was created.

open-title = Open a bucket by name
open-name = Name of the bucket
open-folder = Folder
open-folder-help = Optional, such as 2025/scans/
open-pin = Pin it to my list
open-go = Open
open-bad = This is not a name that a bucket can have.
open-denied = You may not list { $name }. If you know a key in it, the bucket opens all the same.
open-absent = There is no bucket { $name } that you can reach. Names are written exactly, in small letters.
open-anyway = Open { $name }

delete-title = { $count ->
    [one] Delete bucket
   *[other] Delete { $count } buckets
}
delete-counting = Counting what is in it…
delete-gone = The bucket { $name } goes for good, with everything in it.
delete-many-gone = { $count ->
    [one] One bucket goes for good, with everything in it.
   *[other] { $count } buckets go for good, with everything in them.
}
delete-plain = Without scripts only an empty bucket can be deleted.
delete-free = The name is free for others afterwards.
delete-is-empty = It is empty.
delete-are-empty = They are empty.
delete-versions = { $count ->
    [one] 1 object or version, { $size }
   *[other] { $count } objects and versions, { $size }
}
delete-markers = { $count ->
    [one] 1 delete marker
   *[other] { $count } delete markers
}
delete-uploads = { $count ->
    [one] 1 unfinished upload
   *[other] { $count } unfinished uploads
}
delete-settings = On the way Hako switches off what keeps the namespace from being deleted: deletion records, pruning later than at once, search. This is not taken back where the deletion stops.
delete-kept = { $count ->
    [one] One object cannot be deleted, so the bucket cannot be either:
   *[other] { $count } objects cannot be deleted, so their buckets cannot be either:
}
delete-phrase = delete { $count } buckets
delete-type = Type { $phrase } to confirm
delete-type-first = Type it first
delete-wait = It is being counted
delete-go = { $count ->
    [one] Delete bucket
   *[other] Delete { $count } buckets
}
deleted = Bucket { $name } was deleted.
deleted-many = { $count ->
    [one] One bucket was deleted.
   *[other] { $count } buckets were deleted.
}
delete-stayed = { $count ->
    [one] One bucket is still there:
   *[other] { $count } buckets are still there:
}
delete-not-empty = The bucket is not empty. Delete its files and folders first; nothing was deleted.
not-counted = What is in it could not be counted.
close = Close

uploads-in-progress = Uploads in progress
bucket = Bucket
files = Files
cors = CORS
name-length = A bucket name has 3 to 63 characters.
name-capital = A bucket name has no capital letters.
name-character = A bucket name has only letters, digits and hyphens.
name-character-or-dot = A bucket name has only letters, digits, hyphens and dots.
name-edge = A bucket name begins and ends with a letter or a digit.
name-punycode = A bucket name does not begin with "xn--".
