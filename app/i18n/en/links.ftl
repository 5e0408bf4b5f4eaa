# Hako links: what visitors see of one, the list of one's own, and the dialog that makes them.

opens-nothing = This link opens nothing
opens-nothing-means = It may be mistyped, or its time is over. Ask whoever gave it to you for another.
not-now = Not possible at the moment
store-not-now = The files cannot be reached at the moment. Try again later.
try-again = Try again
shared = Shared with you
shared-with-you = Somebody shared this file with you.
size = Size
content-type = Type
ends = Ends
download = Download
password = Password
password-means = Whoever gave you the link has set a password.
password-wrong = This password is wrong.
password-wait = { $seconds ->
    [one] Too many wrong passwords. Try again in a second.
   *[other] Too many wrong passwords. Try again in { $seconds } seconds.
}
go-on = Continue
send-files = Send files
send-means = Choose files, and send them. You do not see what is there, and nothing that is there is replaced.
files = Files
send = Send
stored = { $count ->
    [0] Nothing was sent. Choose at least one file.
    [one] One file has arrived.
   *[other] { $count } files have arrived.
}
not-stored = { $name } has not arrived. { $why }

folder-shared-with-you = Somebody shared this folder with you.
shared-folder = Shared folder
folder-empty = There is nothing here.
is-folder = (folder)
name = Name
changed = Changed
download-all = Download all as ZIP
download-of = Download { $name }
trail = Where you are
pages = Pages
first-page = First page
next-page = Next page
show = Show
shown-cut = This is the beginning. Download the file for all of it.

share = Share
files-count = { $count ->
    [one] One file
   *[other] { $count } files
}
folders-left-out = Folders are left out: each is shared by itself.
direct = Direct links
direct-means = Straight to the store, by a signature. Whoever has the address has the file until it ends.
make-direct = Create direct links
making = Creating…
ends-after = Ends after
own-time = Another time
own-seconds = Seconds, 1 to 604,800 for direct links
minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
more = More choices
file-name = Name of the download
not-revocable = It cannot be revoked. Whoever has it keeps it until it ends.
ends-with-key = It ends earlier if your password or key is changed.
ends-with-temporary-key = It ends with your temporary key: at { $at }, or when that is revoked.
internal = The address { $host } looks internal: others may not reach it.
address = Addresses, one per line
copy = Copy
csv = CSV
test = Test
testing = Testing…
test-ok = { $origin } gave the first byte.
test-refused = { $origin } answered, but refused it (status { $status }).
test-unreachable = Nobody answers at { $origin }.
by-program = Commands: curl, wget, Python, PowerShell, hako
hako = Hako link
hako-means = Goes through Hako: you can limit it, see its use and revoke it. It ends when your password changes.
purpose = What others can do
open-folder = Look into the folder
open-folder-means = Whoever has the link sees the files and folders in it, and downloads them one by one or as a ZIP archive.
request = Let others send files here
request-means = Whoever has the link can send files into this folder, sees nothing of it, and replaces nothing.
limits = Limits: uses, addresses, password
uses-most = How often it may be used
uses-help = Empty: without limit. Each download, ZIP archive, or file sent is a use. With a limit, files are not shown before they are downloaded.
uses-number = How often is a number from 1 to 1,000,000.
addresses = From which addresses
addresses-help = Empty: from everywhere. Otherwise addresses or networks, such as 10.0.0.0/8.
password-help = Empty: none. At least 8 characters. Give it by another way than the link.
make = Create Hako link
told-once = The address is shown this once. Copy it now.
qr = QR code of the link

links = Links
means = Hako links stand here until 30 days after their end. Direct links do not: they are signatures that nobody keeps.
none = You have not shared anything by a Hako link.
none-means = Select a file or a folder in a bucket, and choose Share.
target = Target
state = State
state-active = Active
state-ended = Ended
state-used-up = Used up
state-revoked = Revoked
kind-download = Download
kind-folder = Folder
kind-request = Request
locked = Password
limited = Addresses
made-by = Made by
made = Made
uses = Uses
uses-of = { $used } of { $most }
last-use = Last use
never = Never
actions = Actions
newest = Newest
older = Older
revoke = Revoke
undo = Undo
extend = Extend by a week
revoked = The link is revoked.
restored = The link works again.
extended = The link ends a week from now.

upload = Upload link
upload-means = Whoever has the address stores one file under the name that you give here, straight in the store, and sees nothing else.
upload-name = Name of the file
upload-name-missing = Which name should the file get? Names do not end with a slash.
make-upload = Create upload link
upload-once = It takes one file: what is stored under the name is never replaced by it. The header of the command belongs to it.
upload-again = Until it ends, whoever has it can replace the file, also one that is there now.
