# What is said everywhere: names, sizes, times.

empty-name = (empty)
bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
}
about-left = about { $time } left
months = Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
just-now = just now
minutes-ago = { $count } min ago
hours-ago = { $count } h ago
days-ago = { $count } d ago

tenants = Tenants
transfers = Transfers
namespaces = Namespaces
buckets = Buckets
start = Start

close = Close
working = Working…
cancel = Cancel
is-working = { " " }– working

not-there = Not there
all-buckets = All buckets
not-allowed = Not allowed
the-store-does-not-answer = The store does not answer
something-went-wrong = Something went wrong
no-buckets-of-their-own = System-level accounts have no buckets of their own. Sign in to a tenant to see its buckets.
signed-out = Signed out
your-session-has-ended = Your session has ended.
sign-in = Sign in
code = Code{ " " }
request = { " " }· Request{ " " }
try-again = Try again
trying-again-in = Trying again by itself in { $seconds } s

request-2 = Request{ " " }

hako-does-not-answer = Hako does not answer. Check the connection and try again.
answer-unreadable = Hako gave an answer that could not be read. Try again.

changes-not-saved = The changes are not saved.
leave-without-saving = The changes are not saved. Leave without saving?

breadcrumb = Breadcrumb

no-such-bucket = There is no such bucket.
