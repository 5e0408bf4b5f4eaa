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
ended = Over
kept = Not over yet
pages = Pages
previous-page = Previous page
next-page = Next page
beyond = HCP goes no further than 100,000 results. Narrow the query, such as by time.
as-csv = Save this page as CSV
as-lines = Save this page as JSON lines

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
