# The settings of a bucket.

settings = Settings
title = { $bucket } · Settings
is-a-namespace = These are settings of the namespace behind this bucket.
all-settings = All settings of the namespace
classes = Classes of this namespace: { $names }.
no-classes = This namespace has no retention classes.
only-s3 = This store tells and takes no more settings than these by S3.
only-s3-for-you = Retention, tags, owner and the other settings are told to administrators and monitors of the tenant alone.
danger-zone = Danger zone
empty = Empty bucket…
empty-means = Everything in the bucket goes, with all old versions. The bucket and its settings stay.
delete = Delete bucket…
delete-means = The bucket goes, with everything in it and all its settings.

empty-title = Empty { $bucket }
empty-now = Empty bucket
counting = Counting what is in it…
not-counted = It could not be counted.
wait-for-count = The server is still counting
is-empty = There is nothing in it
plan = Versions: { $versions }. Delete markers: { $markers }. Together { $bytes }.
kept = { $count ->
    [one] 1 of them is under retention or on hold and stays, as far as was looked.
   *[other] { $count } of them are under retention or on hold and stay, as far as was looked.
}
nothing-brings-back = Nothing brings back what goes.
uploads-stay = Unfinished uploads stay. They are given up on their own page:
type-to-confirm = Type { $bucket } to confirm
type-first = Type the bucket's name first
running = Deleting: { $done } so far. It goes on in the background if you leave this page.
emptied = { $count ->
    [one] The bucket is empty: 1 deletion.
   *[other] The bucket is empty: { $count } deletions.
}
stayed = { $count ->
    [one] 1 stayed, { $done } are gone.
   *[other] { $count } stayed, { $done } are gone.
}
why = Why they stayed
