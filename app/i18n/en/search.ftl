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
beyond = The store goes through no more than 100,000 results at once. Hako shows all of them in slices by the time of their change.
first-slice = First slice
slice-from-the-first = A slice of the results: from the first change on
slice-from = A slice of the results: what changed from
slice-until = until
next-slice = Next slice
all-at-once = All at once
after-indexing = Objects appear here after they were indexed.
last-indexed = All that changed before this time is indexed:
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

not-indexed-here = Nothing at all is found there: search and indexing may be switched off in the settings of the namespace, or it has no objects yet.
index-is-off = It is not searched: search and indexing are switched on in its settings.
index-is-empty = It is searched, and has no objects that are indexed yet.
looked-for = Looked for
only-in = Only in { $names }
offered = Suggestions
offers = { $count ->
    [one] 1 suggestion
   *[other] { $count } suggestions
}
kind-text = text
kind-number = number
kind-time = time
kind-flag = yes or no

searches = Saved and recent
saved = Saved searches
none-saved = Save a search under a name to find it here.
recent = Recent searches
clear = Clear
kept-here = Kept in this browser alone, for your account.
save-as = Save this search as
save = Save
name-first = Type a name first
name-taken = There is one of this name, which this one replaces.
new-name = New name
rename = Rename { $name }
forget = Delete { $name }
forgotten = “{ $name }” is no longer saved
kept-as = Saved as “{ $name }”
undo = Undo

pick = Select { $name }
pick-all = Select all on this page
pick-first = Select objects first
one-bucket = An archive holds objects of one namespace: select those of one alone
archive-none = Download as ZIP
archive = { $count ->
    [one] Download 1 as ZIP
   *[other] Download { $count } as ZIP
}
as-command = As command…
as-command-title = This search as a command
as-command-token = The lines ask Hako’s API as you. { $name } in the environment is to hold a token, which POST /api/v1/auth/token answers with; it is in no line.
as-command-hcp = Those for the HCP itself read its own token from { $name }: your name in Base64, a colon, and the MD5 of your password.
asks-httpx = Python (httpx)
asks-hcp = curl, from the HCP itself
no-words = It has no words for this search.
retention-all = Retention…
retention-note = Retention is never shortened: what would be is left as it is, and told with its reason.
no-retention = This is no retention
count-first = Count
retention-plan = { $count ->
    [one] 1 object with { $size } was found.
   *[other] { $count } objects with { $size } were found.
}
retain-objects = { $count ->
    [one] Set the retention of 1 object
   *[other] Set the retention of { $count } objects
}
retained = { $count ->
    [one] The retention of 1 object was set.
   *[other] The retention of { $count } objects was set.
}

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

said-everything = every object
said-or = { $one } or { $other }
said-and = { $one } and { $other }
said-but-not = { $said }, but not: { $not }
said-quoted = “{ $text }”
said-is = { $what } is { $value }
said-like = { $what } is like { $value }
said-any = { $what } has any value
said-between = { $what } is between { $from } and { $to }
said-at-least = { $what } is at least { $value }
said-more = { $what } is more than { $value }
said-at-most = { $what } is at most { $value }
said-less = { $what } is less than { $value }
said-word = the word { $text } in path or custom metadata
said-phrase = the words { $text } one after another in path or custom metadata
said-custom = custom metadata “{ $name }”
said-content = content property “{ $name }”
said-type = content type

build = Put it together from conditions
richer = This query is richer than conditions can show. It stays as it is typed.
broken = This query cannot be read yet, so its conditions are not shown.
group = Conditions
joined-how = How the conditions are joined
all-of = All of these hold
any-of = Any of these holds
none-of = None of these holds
add-condition = Add condition
add-group = Add group
remove-group = Remove group
remove-condition = Remove condition
condition = Condition
looked-at = What is looked at
asked-how = What is asked of it
name-of-it = Its name
value = Value
from-value = From
to-value = To
days = days
in-utc = { $label } (UTC)
examples = Begin with:
example-large = Larger than 1 GB, not on hold
example-kinds = In a folder, or with custom metadata
example-kept = Never to be deleted, neither held nor shredded
any-word = Any word
pair = Custom metadata by name
content-type = Content type
content-property = Content property by name
hash-scheme = Hash algorithm
accessed = Read
updated = Metadata changed
has-acl = Has an ACL
acl-grant = Grant of the ACL
has-custom = Has custom metadata
annotation = Annotation
annotation-words = Words of custom metadata
copies = Copies (DPL)
shredded = Is shredded
group-name = Name and path
group-size = Size
group-times = Times
group-retention = Retention and hold
group-owner = Owner and ACL
group-hash = Hash
group-custom = Custom metadata
group-content = Content properties
group-more = More, as the store names them
op-is = is
op-contains = contains the word
op-begins = begins with
op-like = is like (? and *)
op-at-least = at least
op-at-most = at most
op-from = from
op-until = until
op-between = between
op-exists = is there
op-last-days = in the last
