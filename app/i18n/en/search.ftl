# Search by metadata.

search = Search
means = Finds objects in all namespaces that you may search, by what is known of them. Content, old versions and what is not indexed yet are not found.
query = Query
bytes-left = { $count ->
    [one] 1 byte left
   *[other] { $count } bytes left
}
fault-at = At character { $place }:
expected = Expected there:
namespaces = Only in these namespaces
namespaces-help = Names with spaces between them; empty for all.
shown = What is shown
columns = Columns
count-values = Count values (namespace, retention class, hold, retention)
find = Search

refused = The store cannot be asked this
no-right = You may not search
no-right-means = Searching takes the permission “Search” in a namespace, which an administrator of the tenant grants.
not-indexed = Nothing can be searched
not-indexed-means = No namespace in which you may search is indexed. Search and indexing are switched on in the settings of a namespace.
to-namespaces = Namespaces
nothing = Nothing found
nothing-means = No object is like that. Old versions, deleted objects and what objects contain are not searched, and what was stored a moment ago may not be indexed yet.
widen = Search in all namespaces

results = Results
total = { $count ->
    [one] 1 object
   *[other] { $count } objects
}
at-least = { $count ->
    [one] At least 1 object
   *[other] At least { $count } objects
}
values = Values
none = none
more-values = { $count ->
    [one] 1 more
   *[other] { $count } more
}
allowed = May be deleted
prohibited = Never to be deleted
unspecified = Not decided yet
ended = Over, or none
kept = Not over yet
pages = Pages
previous-page = Previous page
next-page = Next page
beyond = HCP goes no further than 100,000 results. Narrow the query, such as by time.
as-csv = Download CSV
as-lines = Download JSON lines
export = Export…
delete-all = Delete all…
hold-all = Hold…
release-all = Lift holds…
hold-note = An object on hold cannot be deleted or changed by anybody until its hold is lifted.
release-note = What was on hold can be deleted again, unless its retention or a label keeps it.
hold-plan = { $count ->
    [one] 1 object with { $size } would be put on hold.
   *[other] { $count } objects with { $size } would be put on hold.
}
release-plan = { $count ->
    [one] The hold of 1 object would be lifted.
   *[other] The holds of { $count } objects would be lifted.
}
held = { $count ->
    [one] 1 object is on hold.
   *[other] { $count } objects are on hold.
}
released = { $count ->
    [one] The hold of 1 object was lifted.
   *[other] The holds of { $count } objects were lifted.
}
hold-objects = { $count ->
    [one] Put 1 object on hold
   *[other] Put { $count } objects on hold
}
release-objects = { $count ->
    [one] Lift the hold of 1 object
   *[other] Lift the holds of { $count } objects
}
hold-none = There is nothing to do
to-job = To the job
goes-on = It goes on in the background if you close this.
exported = { $count ->
    [one] 1 object was exported.
   *[other] { $count } objects were exported.
}
deleted = { $count ->
    [one] 1 object was deleted.
   *[other] { $count } objects were deleted.
}
delete-note = Where a bucket keeps versions, Undo brings its objects back for an hour; elsewhere nothing does. What changes while this runs is left alone.
kept-for-a-while = It can be downloaded for a while, also from the page of the job, and is in the order in which the objects changed.

name = Name
path = Path
namespace = Namespace
size = Size
changed = Changed
retention = Retention
class = Retention class
hold = Hold
owner = Owner
stored = Stored
hash = Hash
yes = Yes
no = No
example = namespace:archive AND size:[1048576 TO *]

listing-means = This store cannot be asked for metadata, so a search reads the listing of one bucket. That is slower: it takes a request for each 1,000 keys, and goes on when you leave the page.
bucket = Bucket
folder = Folder
folder-help = How keys begin, such as scans/2024/. Empty for the whole bucket.
contains = Name contains
contains-help = A part of what stands behind the folder.
matches = Name matches
matches-help = All that stands behind the folder: * is any characters, slashes too, ? is one.
match-case = Tell capitals from small letters
min-size = Size from
max-size = Size to
unit = { $field }: unit
changed-from = Changed from (UTC)
changed-to = Changed before (UTC)
start = Start search
another = New search
reload = Reload
looking = Searching…
none-in-listing = No key is like that.
more-than = { $count ->
    [one] More than 1 object: the search stopped there. Narrow it, such as by a folder.
   *[other] More than { $count } objects: the search stopped there. Narrow it, such as by a folder.
}
up-to-there = { $found } among the { $read } keys that were read; there may be more.
results-csv = Results as CSV
results-lines = Results as JSON lines
no-such-search = There is no such search, or it is not yours.
