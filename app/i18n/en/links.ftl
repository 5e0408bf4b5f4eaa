# Hako links: what visitors see of one, the list of one's own, and the dialog that makes them.

opens-nothing = This link opens nothing
opens-nothing-means = It may be mistyped, or its time is over. Ask whoever gave it to you for another.
not-now = Not possible at the moment
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
