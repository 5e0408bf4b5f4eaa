# The upload manager: the dock, the list of transfers, the notes above it.

other-file-too-small = { $name } is not the file that this upload was begun with: it has { $size }, and { $stored } are stored already.
other-file-other-size = { $name } is not the file that this upload was begun with: cut as the parts that are stored, it has parts of other sizes.
state-waiting = Waiting
state-uploading = Uploading
state-retrying-in = Trying again in { $time }
state-retrying = Trying again
state-signed-out = Sign in to continue
state-completing = Being put together
state-done = Stored
state-failed = Failed
state-changed = The file changed
state-cancelled = Cancelled
state-paused = Paused
state-offline = Waits for the network
state-needs-decision = Needs a decision
state-file-needed = Choose the file to go on
files-uploaded = { $count ->
    [one] 1 file
   *[other] { $count } files
 } uploaded
can-go-on = { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 } can go on
files-paused = { $count ->
    [one] 1 file
   *[other] { $count } files
 } paused
none-running = No uploads are running
files-of = { $done } of { $count ->
    [one] 1 file
   *[other] { $count } files
 } · { $percent } %
files-stored = { $count ->
    [one] 1 file
   *[other] { $count } files
 } stored
need-attention = { $count ->
    [one] 1 needs attention
   *[other] { $count } need attention
 }
said-began = Upload of { $count ->
    [one] 1 file
   *[other] { $count } files
 } began
said-quarter = Upload { $percent } percent, { $done } of { $count ->
    [one] 1 file
   *[other] { $count } files
 }
said-attention = Upload: { $count ->
    [one] 1 needs attention
   *[other] { $count } need attention
 }
said-ended = Upload ended, { $count ->
    [one] 1 file
   *[other] { $count } files
 } stored
said-ended-with-attention = Upload ended, { $done ->
    [one] 1 file
   *[other] { $done } files
 } stored, { $attention ->
    [one] 1 needs attention
   *[other] { $attention } need attention
 }
amount-of = { $sent } of { $size }
parts-of = { $stored } of { $count ->
    [one] 1 part
   *[other] { $count } parts
 }
person-at = { $user } at { $tenant }
route-direct = Direct to the store
route-hako = Through Hako
same-again = { $count ->
    [one] A file that is already on its way was not begun twice.
   *[other] { $count } files that are already on their way were not begun twice.
 }
in-another-tab = { $count ->
    [one] A file that another tab is uploading was not begun twice.
   *[other] { $count } files that another tab is uploading were not begun twice.
 }
going-on = { $count ->
    [one] An upload that waited for its file goes on.
   *[other] { $count } files go on where their uploads stopped.
 }
strangers = { $count ->
    [one] No upload waits for this file: its name, size or time is another.
   *[other] { $count } files are not what the uploads wait for: name, size or time differ.
 }

looking-through = Looking through folders: { $count ->
    [one] 1 file
   *[other] { $count } files
 } so far.
uploads-can-go-on = { $count ->
    [one] 1 upload
   *[other] { $count } uploads
 } can go on. Choose the files again, or drop them anywhere: only what is missing is sent.
no-room-left = The bucket { $bucket } has no room left. What waits for it goes on when you press Retry.
does-not-let = The bucket { $bucket } does not let this page upload. { $why }
no-rule-yet = There is no rule yet.
rules-stay = { $count ->
    [one] The 1 rule that is there stays as it is.
   *[other] The { $count } rules that are there stay as they are.
 }
rule-for-administrator = The bucket { $bucket } needs this CORS rule, so that { $origin } can upload to it:
upload-in-another-tab = Upload of { $name } in another tab

details = Details
of-upload = { " " }of the upload of { $name }
target = Target
size = Size
on-its-way = On its way
rate = Rate
remaining = Remaining
parts = Parts
way = Way
key = Key
of-name = { " " }of { $name }
use-this-key = Use this key
whole-key = The whole key, folders included. It can be changed until the upload begins.

uploads = Uploads
uploads-before = Uploads:{ " " }
hide = Hide
show = Show
all-uploads = All uploads
nothing-here = Nothing here.
retry-failed = Retry failed
pause-all = Pause all
resume-all = Resume all
cancel-all = Cancel all
clear-finished = Clear finished
notify-me-at-the-end = Notify me at the end

wait-for-owner = These uploads wait for { $owner }, and not for { $stranger }.
not-finished = Uploads are not finished.

height = Height of the uploads

file-not-there = The file is not there any more as it was uploaded, so its SHA-256 cannot be computed.

nothing-uploaded = Nothing was uploaded. { $why } Reload the page and try again.
nothing-sent = Nothing was sent. { $why }
at-work-already = This tab is at work on this upload already.
another-tab-has-it = Another tab of this browser has this upload.
same-key = Another upload of this page goes to the same key.
key-is-there = The bucket has an object or a folder of this key. Choose another one.
goes-to-new-key = The file goes to its new key.
browser-does-not-let = The browser does not let this page read the file. Choose it again.

begun-earlier = Begun at an earlier visit
upload-of-batch = Upload of the batch to { $place }

all = All
active = Active
attention = Attention
done = Done
files = Files

transfers = Transfers
carried-by-scripts = Uploads are carried by scripts. Without them, use the form of a bucket for small files, or the AWS command line for large ones.
uploads-of-this-tab = Uploads of this tab
nothing-here-drop = Nothing here. Drop files onto a bucket's list to upload them.
stored-in-30-days = Stored from this browser in the last 30 days
nothing-yet = Nothing yet.
history-not-kept = This browser keeps no history of transfers. Receipts can be had until the page is closed.
receipt-lists = { $count ->
    [one] 1 object
   *[other] { $count } objects
 }. A receipt lists key, size, entity tag, SHA-256 and time; a SHA-256 comes when the file has been read once more.
receipt-as-csv = Receipt as CSV
receipt-as-json = Receipt as JSON
sums-file = SHA256SUMS
stored-objects = Stored objects
object = Object
sha-256 = SHA-256
show-more = Show more ({ $count } older)
being-computed = Being computed
of-sum = { " " }the SHA-256 of { $place }
not-computed = Not computed
compute = Compute
sum-lost = Not computed: the page was left before, and the file is not at hand

no-cors-rule = It has no CORS rule.
no-rule-for-origin = None of its CORS rules is for this page's address.
rules-without-put = Its CORS rules do not allow PUT from this page.
rules-without-headers = Its CORS rules do not allow the headers that uploads send.
store-does-not-say-why = The store does not say why: your account may not read its CORS rules.
lets-upload-now = The bucket { $bucket } lets this page upload now.
rule-not-added = The CORS rule was not added. { $why }

upload-of = Upload of { $name }
name-is-there = An object of this name is there already. Replace it, keep both, or discard this upload. What was sent is kept until then.
bucket-does-not-let-yet = The bucket does not let this page upload yet: see above.
was-not-uploaded = { $name } was not uploaded. { $why } { $unharmed } { $remedy }
what-the-store-said = What the store said
changed-meanwhile = { $name } changed, moved or became unreadable on your device while it was uploaded. Nothing was completed, and the parts already sent were dropped. Start again to upload it as it is now.
the-upload-of = { " " }the upload of { $name }
retry-now = Retry now
retry = Retry
discard = Discard
cancel = Cancel
go-on = Go on
replace = Replace
keep-both = Keep both
resume = Resume
pause = Pause
next = Next
choose-the-file = Choose the file
start-again = Start again
start-again-means = Start again to upload the file as it is now, from its first byte: what the store has of it as it was is dropped then.
start-again-with = Start again with the file…
name-again = { " " }{ $name } again

session-ended = Your session has ended. What was sent is kept.
uploads-are-of = These uploads are of { $person }. They wait, and do not go on for { $stranger }, who is signed in now.
tenant = Tenant
user-name = User name
password = Password
sign-in = Sign in

show-files-of = Show the files of { $place }
hide-files-of = Hide the files of { $place }

stop-looking = Stop looking
no-network = No network. Uploads go on by themselves when it is back.
choose-files = Choose files
bucket-does-not-let = The bucket does not let this page upload
rule-to-add = The rule that would be added
configure-cors = Configure CORS
send-through-hako-instead = Send through Hako instead
copy-text-for-the-administrator = Copy text for the administrator
in-another-tab-heading = In another tab:

running = Running
waiting = Waiting
needs-attention = Needs attention
resumable = Resumable
finished = Finished
search = Search
search-place = Part of a bucket, folder or file name
found = { $count ->
    [0] No upload of this tab is called so.
    [one] 1 upload of this tab is called so.
   *[other] { $count } uploads of this tab are called so.
}
jobs-of-files = What the server packs, copies and moves
receipt-of-found = { $count ->
    [0] No stored object is like that. Receipts would be empty.
    [one] Receipts list the 1 object below.
   *[other] Receipts list these { $count } objects.
}
receipt-of-batch = Receipts of one batch
all-batches = All batches
batch-line = { $place } · { $time } · { $count ->
    [one] 1 object
   *[other] { $count } objects
}
receipts = Receipts
receipt = Receipt
open = Open
copy-path = Copy path
remove = Remove from the list
save-for-later = Save for later
of-batch = { " " }of the batch { $name }
