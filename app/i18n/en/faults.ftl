# Why an upload stopped: why, what is unharmed, what to do.

parts-kept = { $count ->
    [one] The 1 part already stored is kept.
   *[other] The { $count } parts already stored are kept.
 }
file-unharmed = The file on your device is unharmed.
nothing-changed = Nothing in the bucket was changed.
press-retry = Press Retry.
give-another-key = Give it another key in its details, or rename the file and upload it again.
key-taken = Another upload of this page goes to the same key.
key-taken-remedy = Give this one another key in its details; or wait until the other has ended, then press Retry to replace what it stored; or remove this one.
split-the-file = Split the file.
too-large = An object holds at most 5 TB.
plan-differs = Hako planned other parts than this page.
reload-and-upload = Reload the page and upload the file again.
parts-differ = The store does not list the parts as they were sent.
size-differs = The stored object has { $found }, the file has { $expected }. Somebody else may have written to the same key.
look-then-replace = Look at the object, then press Retry to replace it.
unconfirmed = The store took the bytes, but does not show the object.
refresh-then-retry = Refresh the list. If the object is missing, press Retry.
upload-lost = The store forgot the upload several times.
gone = It was completed or given up elsewhere, so there is nothing to go on with.
look-and-upload-anew = Look at the bucket. If the object is missing, upload the file anew.
protected = The object that is there is under retention or hold, so it cannot be replaced.
keep-both-or-wait = Keep both, or wait until its retention is over.
no-name-left = A thousand names like it are taken already.
rename-and-upload = Rename the file and upload it again.
exhausted-network = Tried { $attempts } times: the store could not be reached.{ $detail }
exhausted-silence = Tried { $attempts } times: nothing moved for 60 s.{ $detail }
exhausted-hako = Tried { $attempts } times: Hako could not do its part.{ $detail }
exhausted-store = Tried { $attempts } times: the store failed.{ $detail }
check-the-connection = Check the connection and the store, then press Retry: it goes on where it stopped.
out-of-space = The bucket "{ $bucket }", or the store, has no room left.{ $detail }
out-of-space-remedy = Free space or ask for a larger quota, then press Retry.
denied = The store did not allow to write to the bucket "{ $bucket }".{ $detail }
denied-remedy = Ask for the right to write, then press Retry.
clocks-differ = The store's clock and Hako's differ too much.{ $detail }
clocks-remedy = Ask the administrator to set the clocks, then press Retry.
no-bucket = The bucket "{ $bucket }" cannot be reached.{ $detail }
no-bucket-remedy = Look whether it still exists, then press Retry.
conflict = The store does not let this key be overwritten now.{ $detail }
conflict-remedy = Delete or rename the existing object, then press Retry.
damaged = The bytes did not arrive as they were sent.{ $detail }
damaged-remedy = Press Retry. If it comes back, the file or the line is damaged.
refused = The request was refused.{ $detail }
refused-remedy = Press Retry; if it comes back, tell the administrator the code.

key-empty = The file has no name.
key-too-long = Its key would have { $bytes } bytes; the store takes { $limit }.
key-nul = Its name has a NUL character, which no key may have.
key-reserved = ".directory-metadata" is reserved by the store.
size-empty = An empty file has no parts.
size-of-parts = Parts have 5 MB to 5 GB.
size-too-many-parts = It would have { $parts } parts; S3 takes 10,000 at most.
begun-under-its-key = The upload has begun under its present key.
key-of-another = Another upload goes to this key.
pattern-empty = A pattern is needed, such as { "{" }path{ "}" }
pattern-unknown = { "{" }{ $word }{ "}" } stands for nothing; { "{" }path{ "}" }, { "{" }name{ "}" }, { "{" }folder{ "}" } and { "{" }date{ "}" } do
pattern-brace = A brace has no counterpart; write { "{" }{ "{" } or { "}" }{ "}" } for the sign itself
pattern-folder = The pattern ends in a slash; add { "{" }name{ "}" } or { "{" }path{ "}" } behind it

note-begun-anew = The store had forgotten the upload, so it began again from the first byte.
note-found-complete = The connection broke while the parts were put together; the object is there.
note-unseen = Your account may not read this bucket, so the object's size was not compared.
note-stored-before-change = The store had already taken it: look at the object before you rely on it.
note-parts-left = The store could not be told to drop the parts already sent. Hako tries again when this page is opened next.
note-other-file = The file that was chosen is not the one that was begun. Nothing of it was sent.
note-through-hako = This browser cannot reach the store, so the bytes go through Hako.
