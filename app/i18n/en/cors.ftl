# Which pages may call a bucket.

what-for = Browsers let a page of another origin use this bucket only where a rule allows it. Uploads from Hako go straight to the store and need one too.
no-such-bucket = There is no bucket { $bucket } that you can reach.
add-rule = Add rule
rules-in-order = Rules, in order: the first that matches decides
read-only = You may look at these rules, and not change them. An administrator of the tenant, or the owner of the bucket, can.

source-bucket = The rules of this bucket decide.
source-bucket-over-tenant = The rules of this bucket decide. Those of the tenant do not hold here.
source-tenant = This bucket has no rules of its own: those of the tenant decide.
source-none = No rules decide: neither this bucket has any, nor its tenant.
source-unknown = This bucket has no rules of its own. Whether its tenant has some your account may not see.

no-rule = No rule: browsers may not use this bucket directly
no-rule-means = Uploads from Hako go through its server, and other pages are kept out.
no-own-rule = No rule of its own
configure = Configure for this console
copy-tenant = Copy the tenant’s rules here
tenant-rules = { $count ->
    [one] The tenant’s rule, which holds here
   *[other] The tenant’s { $count } rules, which hold here
}
tenant-rules-hidden = { $count ->
    [one] The tenant’s rule, which does not hold here
   *[other] The tenant’s { $count } rules, which do not hold here
}
with-tenant = { $count ->
    [one] Copy the tenant’s rule in first. Otherwise it no longer holds for this bucket.
   *[other] Copy the tenant’s { $count } rules in first. Otherwise they no longer hold for this bucket.
}
tenant-goes-along = The tenant’s rules are copied in first, because rules of the bucket hide them.

rule-number = Rule { $number }
edit-rule = Edit rule { $number }
duplicate-rule = Duplicate rule { $number }
remove-rule = Delete rule { $number }
move-up = Move rule { $number } up
move-down = Move rule { $number } down
moved = Rule { $from } is now rule { $to }.
origins = Origins
origins-help = One a line, such as https://app.example.com. At most one * in each.
methods = Methods
allowed-headers = Headers that pages may send
headers-help = One a line; at most one * in each. * alone allows all.
exposed-headers = Headers that pages may read
exposed-help = One a line, in full. Example: ETag.
max-age = Remembered for
max-age-field = Seconds for which browsers remember the answer
rule-name = Name, for people
seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}
none = none
not-set = not set
take-over = Change rule
never-sent = No browser sends this: { $origins }. An origin is https:// and a host, without a path or a slash at its end.

fault-no-origin = A rule names at least one origin. Example: https://app.example.com.
fault-no-method = A rule allows at least one method.
fault-origin-wildcards = An origin has at most one *. You entered { $origin }.
fault-not-an-origin = This is not an origin: { $origin }. Example: https://app.example.com.
fault-unknown-method = A rule cannot allow { $method }.
fault-header-wildcards = The name of a header has at most one *. You entered { $header }.
fault-not-a-header = This is not the name of a header: { $header }. Example: content-type.
fault-not-exposable = A header that pages may read is named in full. You entered { $header }.
fault-long-id = A name has at most 255 characters.
fault-id-characters = A name has no control characters.
fault-age = Seconds are a whole number, 0 or more. Example: 3600.

as-xml = As XML
size-of = { $size } of at most { $limit }
wrong-at = Line { $line }, character { $column }: { $why }
save-xml = Save this document
difference = What changes

not-saved = Not saved yet
document-goes = With its last rule the bucket’s document goes. The tenant’s rules hold again, where there are any.
reset = Reset
save = Save rules
saving = Saving…
saved = The CORS rules were saved.
save-first = Save or reset your changes first

doctor = Would a page be let in?
doctor-means = Says which rule decides, asks the store as a browser would, and lets this browser try where that does no harm.
origin = Origin of the page
method = Method
sends = Headers that it sends
sends-help = Empty: those of Hako’s uploads.
reads = Headers that it reads
check = Check
checking = Checking…
uploads-work = Uploads from { $origin } work
may-call = Pages of { $origin } may send { $method }
may-not-call = Pages of { $origin } are kept out when they send { $method }
cause-allowed = Rule { $number } lets them in.
cause-tenant-only = Only the tenant’s rules let them in. A first rule of this bucket would hide those.
cause-no-rule = There is no rule.
cause-origin = No rule is for the origin { $origin }.
cause-method = There are rules for { $origin }, and none of them allows { $method }.
cause-header = Rules for origin and method do not allow these headers: { $headers }.
cause-expose = They are let in, but may not read: { $headers }.
cause-shadowed = Rule { $first } stands before rule { $better }, which would allow all of it, and decides with less.
cause-unknown = Your account may not read the rules that decide.
preflight = The store, asked by Hako
preflight-allowed = lets them in
preflight-refused = keeps them out
preflight-silent = does not answer at the address that browsers are given
preflight-untried = was not asked: no address can be signed
this-browser = This browser
browser-running = is trying…
browser-let-in = was let in
browser-kept-out = was kept out, or could not reach the store
browser-other-page = did not try: it is about another page
browser-harmful = did not try: that would change something
they-differ = The store decides otherwise than these rules say. It may let pages in by a setting of its own, or not have taken over a change yet.
says-allows = allows all of it.
says-too-late = allows all of it, but comes too late.
says-other-origin = is for other origins.
says-other-method = allows other methods.
says-header = does not allow { $headers }.
says-expose = does not let pages read { $headers }.
fix = Add the rule that helps…
let-in = Let a page in
let-in-means = This rule lets pages of { $origin } in. All other rules stay.
add-this-rule = Add this rule
for-administrator = The bucket { $bucket } needs this CORS rule, so that pages of { $origin } can use it:
administrator-text = A text for who may change the rules
copy-text = Copy text for the administrator

page = CORS
page-of = { $bucket } · CORS
