# Who may do what with a bucket or an object: the grants of its list, and the rights of accounts.

tab = Access
title = { $bucket } · Access
grants-by-list = Grants by ACL
rights-by-account = Rights by account
grants = Grants
owner = Owner:
owner-may-all = has all rights, without a grant
none = Nothing is granted to anybody but the owner.
count = { $count } of at most { $most } grants
line = { $whom }: { $right }
not-saved-yet = not saved yet
nobody-known = Nobody that is known

public-no = Public: no
public-not-by-list = Public: no, as far as can be seen from here
public-reads = Public: everybody may read, without an account
public-writes = Public: everybody may store and delete, without an account
public-reads-writes = Public: everybody may read, store and delete, without an account
public-list = Public: everybody may read or change who may do what, without an account
not-enforced = The namespace does not enforce the access control lists of objects: what is granted here has no effect.

right-read = Read
right-write = Store and delete
right-read-acp = See who may do what
right-write-acp = Change who may do what
right-full-control = All rights
a-person = A person
signed-in = Everybody with an account
everybody = Everybody, without an account

to = To
name = Name
right = Right
add = Add
added = Added, not saved yet: { $line }
removed = Removed, not saved yet: { $line }
remove = Remove { $line }
help-bucket = A local user of the tenant. Groups and users of a directory get rights by account.
help-object = A local user, or user@domain of a directory.
help-unlisted = The name of a local user of the tenant.
help-s3 = An address of mail, or a canonical user id.
name-first = Say to whom.
no-such-user = { $name } is no local user of the tenant. In a bucket only local users and the two groups can be granted something.
granted-already = This is granted already: { $line }
owner-has-all = The owner has all rights anyway.
full = There are no more grants in a list than this
canned = Replace all by
canned-choose = Choose a list …
canned-private = Nobody but the owner
canned-bucket-owner-read = The bucket’s owner reads
canned-bucket-owner-full = The bucket’s owner has all rights
canned-authenticated-read = Everybody with an account reads
canned-public-read = Everybody reads, without an account
canned-public-read-write = Everybody reads, stores and deletes, without an account
what-stays = Grants that stay
may-be-public = Everybody shall have it, without an account
save = Save grants
saving = Saving …
saved = The grants were saved.
reset = Reset
nothing-changed = Nothing has changed
decide-first = Decide first which grants to go on with

make-public = Make { $name } public?
means-reads = Everybody who knows the address will read it, without an account.
means-writes = Everybody who knows the address will be able to store and delete, without an account.
means-reads-writes = Everybody who knows the address will be able to read, store and delete, without an account.
means-list = Everybody who knows the address will be able to read or change who may do what, without an account.
back-object = To take it back, remove the grant again. What was read until then stays with those who read it.
back-bucket = It holds for everything in the bucket. To take it back, remove the grant again. What was read until then stays with those who read it.
make-it-public = Make it public

before = Before
theirs = Theirs, saved
yours = Yours, not saved
take-theirs = Take theirs
put-mine-on-theirs = Put my changes on theirs

rights-mean = Data access permissions on this namespace, for all of its objects. Ticking a right ticks what belongs to it. Only what is changed is saved.
rights-hidden = Administrators see here which accounts have data access permissions.
rights-caption = What accounts may do in the namespace
rights-without-scripts = Without scripts, the rights of an account are changed on its own page.
account = Account
group = Group
of-account = of { $account }
masked = , ruled out by the namespace’s permission mask
mask-says = Rights that are struck through are ruled out by the namespace’s permission mask, whoever has them.
missing = { $count ->
    [one] The rights of 1 account could not be read.
   *[other] The rights of { $count } accounts could not be read.
}
no-rights = none
change = { $account }: { $before } → { $now }
refused = { $account }: { $why }
rights-changed = Somebody else has changed these rights. Saved are now: { $theirs }. Before: { $before }. Yours: { $yours }. Save again to have yours.
rights-saved = { $count ->
    [one] The rights of 1 account were saved.
   *[other] The rights of { $count } accounts were saved.
}
save-rights = Save rights

effective = Effective access
effective-means = What somebody can do in the end, and by what: the masks, and every way that leads to a right.
whom = Who
whom-help = A local user. Left empty, it is about somebody without an account.
no-local-user = { $name } is no local user of the tenant.
assumed-groups = Assume groups
assumed-groups-help = Names with commas between them. Who is in a group of the directory cannot be seen from here.
explain = Explain
explaining = Being looked up …
a-stranger = Somebody without an account
may = { $whom } can: { $rights }.
may-nothing = { $whom } can do nothing here.
may-unknown = Not known: { $rights }.
can = can
cannot = cannot
can-unknown = not known
must-let-through = All of these must let it through
one-must-lead = One of these must lead to it
change-it = Change
enabled = The account is enabled
disabled = The account is disabled
enabled-unknown = Whether the account is enabled cannot be read
tenant-lets = The tenant’s permission mask lets it through
tenant-stops = The tenant’s permission mask stops it
tenant-unknown = The tenant’s permission mask cannot be read
namespace-lets = The namespace’s permission mask lets it through
namespace-stops = The namespace’s permission mask stops it
namespace-unknown = The namespace’s permission mask cannot be read
by-account = Rights of the account
by-group = Rights of the group { $name }
by-signed-in = Minimum rights of everybody with an account
by-everybody = Minimum rights of everybody
by-bucket-list = Grants of the bucket
by-object-list = Grants of the object
by-object-list-ignored = Grants of the object, which the namespace does not enforce
by-bucket-owner = Owning the bucket
by-object-owner = Owning the object
leads = yes
does-not-lead = no
cannot-be-read = cannot be read
not-looked-at = Not looked at: the mask of the whole system, which is not told to a tenant, protocols that are switched off, allowed addresses, and retention. Temporary keys can do less than their account.
