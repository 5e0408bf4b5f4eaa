# Uploads of a bucket that nobody has completed.


abort-upload = Abort upload
tick-the-box-above-first = Tick the box above first
is-given-up = The upload of { $name } is given up, and its parts are dropped. No object changes.
whoever-began-it = Whoever began it has to send the whole file again.
this-browser-has-it = This browser has it among its transfers. Give it up all the same.
was-aborted = The upload of { $name } was aborted.

complete-upload = Complete upload
bytes-are-whole = Bytes are a whole number. Example: 314572800.
becomes-an-object = What is stored of { $name } becomes an object as it is. The store cannot tell whether parts are missing at the end: state how many bytes the file has.
exact-size-of-the-file = Exact size of the file in bytes
another-sum = If the sum of the parts is another, nothing is completed.
parts-missing-nothing-completed = Parts are missing between the first and the last. Nothing was completed.
other-size = The { $count ->
    [one] 1 part
   *[other] { $count } parts
 } stored have { $bytes } in all, and not { $stated }. Nothing was completed.
was-completed = { $name } was completed.

list-does-not-go-on = The store's list does not go on.

uploads-in-progress = Uploads in progress
title = { $bucket } · Uploads in progress
no-such-bucket = There is no bucket { $bucket } that you can reach.
abort-old-uploads-dots = Abort old uploads…
large-files-go-in-parts = Large files go to the store in parts. Until an upload is completed its parts take up room and no list of files shows them.
no-unfinished-uploads = No unfinished uploads
nothing-more-here = Nothing more here
nothing-hidden = No unfinished uploads. Nothing is using hidden space.
page-is-empty = This page of the list is empty by now.
files = Files
first-page = First page

older-help = 0 means all uploads of this bucket. Nothing is given up before you have seen how much that is.
phrase = abort { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 }
abort-old-uploads = Abort old uploads
number-aborted = { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 } aborted.
days-are-whole = Days are a whole number, 0 for all uploads. Example: 7.
begun-more-than-days-ago = Uploads begun more than so many days ago
count-them = Count them
reading-the-list = Reading the list…
there-is-nothing-to-abort = There is nothing to abort
type-the-words-above-first = Type the words above first
abort-number = Abort { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 }
also-own = Also the { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 } that this browser has among its transfers. Otherwise they stay.
parts-are-dropped = Their parts are dropped, and this cannot be taken back: whoever began them has to send the files again. Objects are not touched.
type-to-confirm = Type { $phrase } to confirm
stayed = { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 } stayed, { $gone } gone:
and-more = and { $count } more
close = Close

the-file-of-this-upload = The file of this upload
unfit = { $why }. Nothing was sent: this upload can only be aborted here.

not-yours = On this store only the account that began an upload may add parts to it
started = Started
stored-so-far = Stored so far
begun-by = Begun by
aborts-on = Aborts on
where = Where
not-counted-yet = not counted yet
only-owners-may-look = only the account that began it, and the bucket's owner, may look
this-browser = this browser
not-known = not known
of-upload = { " " }the upload of { $name }
resume = Resume
abort = Abort
parts-missing = Parts are missing between the first and the last, or there are none
parts-not-known = Its parts are not known yet
more = More
more-actions = More actions for the upload of { $name }
upload-id = Upload id{ " " }
id-copied = The upload id was copied.
copy-upload-id = Copy upload id
complete = Complete…

first-of-more = First { $count ->
    [one] 1 unfinished upload
   *[other] { $count } unfinished uploads
 } of more
more-follow = { $count ->
    [one] 1 unfinished upload
   *[other] { $count } unfinished uploads
 } on this page, and more follow
on-last-page = { $count ->
    [one] 1 unfinished upload
   *[other] { $count } unfinished uploads
 } on this last page
unfinished-uploads = Unfinished uploads
key = Key
actions = Actions
elsewhere-without-retention = An upload that was begun elsewhere goes on without the retention or hold that was chosen for it there. Look at its object when it is stored.
pages = Pages
next-page = Next page
older-plan = { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 } { $days ->
    [0] of this bucket
    [one] begun more than 1 day ago
   *[other] begun more than { $days } days ago
 }, { $unseen ->
    [0] with { $bytes } in parts.
    [one] with at least { $bytes } in parts: 1 of them cannot be looked into.
   *[other] with at least { $bytes } in parts: { $unseen } of them cannot be looked into.
 }
looked-into = Looked into
looked-into-of = Looked into { $done } of { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 }.
aborted = Aborted
aborted-of = Aborted { $done } of { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 }.
stored-parts = { $count ->
    [one] 1 part
   *[other] { $count } parts
 } · { $bytes }
unknown = unknown
never = never
elsewhere = elsewhere
unfinished-uploads-counted = { $count ->
    [one] 1 unfinished upload
   *[other] { $count } unfinished uploads
 }
unfit-nameless = Its key or id cannot be asked for from here
unfit-unsized = The store does not tell the sizes of its parts
unfit-uneven = Its parts differ in size, so what is missing cannot be told
unfit-part-size = Its parts are smaller than 5 MB or larger than 5 GB, which Hako does not send
unfit-checksum = It was begun for checksums that this page does not compute
