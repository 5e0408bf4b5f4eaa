# What is asked before uploads begin: what stands out, options, what is there already.

found-junk = { $count ->
    [one] 1 file
   *[other] { $count } files
 } that systems leave in folders, such as .DS_Store
found-hidden = { $count ->
    [one] 1 hidden file
   *[other] { $count } hidden files
 }
found-key = { $count ->
    [one] 1 file has a name
   *[other] { $count } files have names
 } that the store does not take: too long, or reserved
found-same-key = { $count ->
    [one] 1 file
   *[other] { $count } files
 } would get the name of another in the same folder
found-alike = { $count ->
    [one] 1 file differs
   *[other] { $count } files differ
 } from another only by capitals or by the form of a letter
found-unreadable = { $count ->
    [one] 1 file or folder
   *[other] { $count } files or folders
 } could not be read
found-crowded = { $count ->
    [one] 1 folder
   *[other] { $count } folders
 } with more than 100,000 entries: lists of it will be slow
found-deep = { $count ->
    [one] 1 file lies
   *[other] { $count } files lie
 } below more than 20 folders
found-no-room = The files need { $size } more than the bucket has free. What is known of the free room may be an hour old.
found-too-large = { $count ->
    [one] 1 file is
   *[other] { $count } files are
 } larger than 5 TB, more than one object can hold
found-checksums = A list of checksums names { $count ->
    [one] 1 file
   *[other] { $count } files
 }
found-checksums-missing = A list of checksums names { $count ->
    [one] 1 file
   *[other] { $count } files
 }, and { $missing } that did not come along
begin-nothing = Upload nothing
begin = Upload { $count ->
    [one] 1 file
   *[other] { $count } files
 }
begin-replacing = Upload { $sent ->
    [one] 1 file
   *[other] { $sent } files
 }, replace { $lost ->
    [one] 1 object
   *[other] { $lost } objects
 }
will-be-uploaded = { $count ->
    [one] 1 file
   *[other] { $count } files
 } will be uploaded.
will-be-uploaded-and = { $count ->
    [one] 1 file
   *[other] { $count } files
 } will be uploaded: { $others }.
so-many-skipped = { $count } not uploaded
so-many-versioned = { $count } as new versions
so-many-lost = { $count } in place of what is there
so-many-renamed = { $count } under another name
junk-left-out = { $count ->
    [one] 1 file that the system keeps in folders (such as .DS_Store) was left out.
   *[other] { $count } files that the system keeps in folders (such as .DS_Store) were left out.
 }
already-there = { $count ->
    [one] 1 file was not uploaded, because the bucket has it already.
   *[other] { $count } files were not uploaded, because the bucket has them already.
 }
exist-already = { $count ->
    [one] 1 file exists
   *[other] { $count } files exist
 } already
in-place = In { $place }: { $counts }.
standing-new = { $count } new
standing-same-size = { $count } of the same size
standing-different = { $count } different
standing-newer = { $count } newer in the bucket
standing-protected = { $count } protected there
standing-folder = { $count } with the name of a folder
standing-unknown = { $count } not known
from-to-of = { $from } to { $to } of { $all }
agree = { $count ->
    [one] 1 uploaded file agrees
   *[other] { $count } uploaded files agree
 } with the list of checksums.
agree-not = { $count ->
    [one] 1 uploaded file agrees
   *[other] { $count } uploaded files agree
 } with the list of checksums. { $differing ->
    [one] 1 does
   *[other] { $differing } do
 } not.
agree-unread = { $count ->
    [one] 1 uploaded file agrees
   *[other] { $count } uploaded files agree
 } with the list of checksums. { $unread } could not be compared, because the file here could not be read again.
files-and-bytes = { $count ->
    [one] 1 file
   *[other] { $count } files
 }, { $size }
becomes = { $path } becomes { $key }
add-metadata = Add metadata
add-tag = Add tag
name-of-metadata = Name of the metadata
name-of-tag = Name of the tag
value-of-metadata = Value of the metadata
value-of-tag = Value of the tag
remove-metadata = Remove this metadata
remove-tag = Remove this tag
remove-the-metadata = Remove the metadata { $name }
remove-the-tag = Remove the tag { $name }

nobody-but-their-owner = Nobody but their owner
the-buckets-owner-may-read-them = The bucket's owner may read them
the-buckets-owner-may-do-everything = The bucket's owner may do everything
whoever-signs-in-may-read-them = Whoever signs in may read them
everybody-may-read-them = Everybody may read them
everybody-may-read-and-change-them = Everybody may read and change them
do-not-compare = Do not compare
try-all-the-same = Try all the same
upload-as-they = Upload as they are
they-are-uploaded-all-the-same = They are uploaded all the same.
they-are-left-out = They are left out.
upload = Upload
leave-out = Leave out
upload-under-a-name = Upload under a name that the store takes
upload-under-another-name = Upload under another name, with a number
leave-out-the-largest-until = Leave out the largest until the rest fits
compare-what-is-uploaded = Compare what is uploaded with the list
skip = Skip
overwrite = Overwrite
keep-both = Keep both
only-what-changed = Only what changed
these-files-are-not-uploaded = These files are not uploaded.
the-file-gets-the-next-free = The file gets the next free name, such as name (2).
becomes-a-version = The file becomes a new version; the old one is kept.
object-is-lost = The object is lost: the bucket keeps no versions.
object-is-deleted = The object is deleted when the whole file has arrived: the bucket keeps no versions, and lets nothing be overwritten.
object-may-be-lost = The object is lost, unless the bucket keeps versions.
unchanged-is-skipped = A file of the same size that was not changed since is skipped; others overwrite.
new = New
not-known = Not known
same-size = Same size
different = Different
newer-in-the-bucket = Newer in the bucket
protected = Protected
a-folder-has-this-name = A folder has this name

always-do-this = Always do this in this browser. Hako still asks before anything is lost.
cancel = Cancel
what-to-do-with-them = What to do with them
there-are-no-more = There are no more
choose-for-each-file = Choose for each file
files-that-exist-already = Files that exist already
file = File
here = Here
in-the-bucket = In the bucket
do-what = Do
previous = Previous
next = Next
until = { " " }until{ " " }
what-to-do-with-file = What to do with { $name }

does-not-agree = { $name } was uploaded as it is here, but does not agree with its list of checksums.

try-again = Try again
nothing-is-left-to-upload = Nothing is left to upload
begin-without-overview = Begin large uploads without this overview, where nothing is to be decided
to = To
largest = Largest
free = Free
and-more = and { $count } more

target-path-metadata-and-more = Target path, metadata and more
target-path = Target path
pattern-help = { "{" }path{ "}" }: as it is here. { "{" }name{ "}" }: the name alone. { "{" }folder{ "}" }: the folders above it. { "{" }date{ "}" }: today, as 2026-01-31.
content-type = Content type
type-help = Such as image/tiff. Empty: that of each file.
metadata-help = Kept with each object as x-amz-meta-…: { $bytes } of { $most } bytes.
metadata = Metadata
tags = Tags
tags-help = Ten at most, by which people and rules find objects.
retention = Retention
retention-help = Empty: as the bucket has it. A+7y: for seven years (units y M w d h m s, largest first). 0: deletable at once. -1: never deletable. -2: set later. C+Name: as a retention class. 2030-01-31T00:00:00+0000: until then.
on-hold = On hold
hold-help = Nobody can delete the objects until the hold is lifted. Needs the right PRIVILEGED.
who-may-use-them = Who may use them
as-the-bucket-has-it = As the bucket has it
open-to-all = Anybody who knows the address can use these objects, without signing in.

name = Name
value = Value

give-a-name = Give it a name, or remove it
give-a-value = Give { $name } a value, or remove it
is-there-twice = { $name } is there twice

type-too-long = A content type has at most 255 characters
type-form = A content type is written as image/tiff, in ASCII

no-acl = This store has no canned access control lists
no-hold = This store puts no object on hold
no-tags = This store keeps no tags
no-retention = This store takes no retention with an object
is-no-name = "{ $name }" is no name: it has letters, digits and -._, such as project-code
twice-but-for-capitals = "{ $name }" is there twice: capitals do not count in names
value-not-in-ascii = The value of "{ $name }" has other characters than printable ASCII, or begins or ends with a space
too-much-metadata = Names and values have { $bytes } bytes together; a store takes { $most }
too-many-tags = An object has at most { $most } tags, not { $tags }
tag-nameless = A tag has a name
tag-name-too-long = A tag's name has at most { $most } characters, not { $length }
tag-of-the-store = "{ $name }": names with aws: are the store's own
tag-value-too-long = The value of "{ $name }" has at most { $most } characters, not { $length }
tag-control = "{ $name }": a tag has no control characters
class-name-in-ascii = A retention class has a name in ASCII
is-no-retention = "{ $text }": a retention value is 0, -1, -2 or its name, an offset such as A+7y, a class such as C+Name, seconds since 1970, or a time such as 2030-01-31T00:00:00+0000
beyond-calendar = "{ $text }" ends beyond the calendar
is-over-already = "{ $text }" is over already; a retention ends after the object is stored, such as A+1y
