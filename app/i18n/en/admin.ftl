# The pages of administration.
required = { " " }(required)
cannot-be-undone = cannot be undone
as-the-store-has-it = As the store has it
as-the-system-has-it = As the system has it
unit-of = { $field }: unit
warns-from = Warns from { $size }.
data-rights = Data rights
what-the-account-may-do = What the account may do in each namespace
namespace = Namespace
all-at-once = All at once
in-namespace = { " " }in { $namespace }
none = None
read = Read
read-and-write = Read and write
full = Full
is-not-an-address = { $text } is not an address.
would-get-in = { $text } would get in.
would-be-kept-out = { $text } would be kept out.
would-this-address-get = Would this address get in?
hide = Hide
reveal = Reveal
generate = Generate
password-copied = Copied. The password is not shown again after saving.
copy = Copy
a-password = A password
yes = Yes
no = No
rights-in = Rights in { $namespace }
field-changed = { $field } changed
retention-at-once = Objects can be deleted at once.
retention-never = Objects can never be deleted.
retention-later = Objects cannot be deleted until a retention is set on them.
retention-no-time = A time that the calendar does not have.
retention-until = Objects cannot be deleted before { $time }.
retention-of-class = As the retention class { $name } says.
retention-period = Objects can be deleted { $period } after they were stored.
at-once = at once

save = Save
the-changes-were-saved = The changes were saved.
was-deleted = { $name } was deleted.
is-required = { $field } is required.
one-more = One more
recipient-number = Recipient { $number }
recipients = Recipients
up-to-25-clear-an-address = Up to 25. Clear an address to take the recipient away.
request = Request{ " " }
working = Working…
nothing-has-changed = Nothing has changed
type-the-name-first = Type the name first
confirm-what-cannot-be-undone-first = Confirm what cannot be undone first
reset = Reset
is-working = { " " }– working
type-to-confirm = Type { $name } to confirm
do-it-this-cannot-be-undone = Do it. This cannot be undone.

there-is-no-page-at-this = There is no page at this address.
tenants-are-managed-at-the-system = Tenants are managed at the system level. Sign in there to see them.
no-system-level = This store has no system level: there are no tenants, nodes or licences to see.
this-page-belongs-to-a-tenant = This page belongs to a tenant. Sign in to the tenant to see it.
sections = Sections
role-needed = You see this page. Changing it takes the { $role } role.

name = Name
used-of-quota = Used of quota
objects = Objects
owner = Owner
tags = Tags
optimised-for = Optimised for
mode = Mode
created = Created
namespaces = Namespaces
no-namespaces-yet = No namespaces yet. A namespace is a bucket with its settings: quota, protocols, versioning, retention.
new-namespace = New namespace
enterprise = Enterprise
compliance = Compliance
cloud = Cloud
all-protocols = All protocols
files = Files
create-namespace = Create namespace
the-namespace-was-created = The namespace was created.
new-namespace-gets = What is shown is what the tenant gives to new namespaces; only what you change is sent. Protocols, rights, retention and more are set on the namespace's own pages afterwards.
rights-told-to-few = Who has rights here is told to administrators and security accounts.
users-with-data-rights = Users with data rights
user = User
rights = Rights
nobody-has-rights = Nobody has rights here yet. Rights are given on the page of a user or a group.
users = Users
groups = Groups
http = HTTP
file-protocols = File protocols
file-protocols-need-all = CIFS, NFS, SMTP and WebDAV need a namespace that is optimised for all protocols; this one is for S3 and REST.
rest = REST
for-programs = For programs
s3-endpoint = S3 endpoint
bucket = Bucket
edit = Edit
delete = Delete
retention-classes = Retention classes
retention = Retention
value = Value
deleted-at-the-end = Deleted at the end
description = Description
no-retention-classes = No retention classes. Objects of a class share its retention by name.
create-class = Create class
the-retention-class-was-created = The retention class was created.
new-retention-class = New retention class
delete-class = Delete class
delete-named = Delete { $name }
deleting-a-class-means = Objects of this class become never deletable, until a class of this name exists again.
delete-namespace = Delete namespace
holds-no-objects = It holds no objects.
holds-objects = It holds { $count } objects (each version counts). HCP deletes an empty namespace alone: delete the objects, their versions and delete markers first.
only-empty-can-be-deleted = Only an empty namespace can be deleted.
deleting-a-namespace-means = The namespace goes for good, with its settings, retention classes and rights.

user-name = User name
full-name = Full name
roles = Roles
may-sign = May sign in
sign-in = Sign-in
own-namespaces = Own namespaces
radius = RADIUS
local = Local
no-users = No users.
new-user = New user
create-user = Create user
the-user-was-created = The user was created.
set-password = Set password
the-password-was-changed = The password was changed.
delete-user = Delete user
no-namespaces-for-rights = There are no namespaces to give rights in.
rights-bring-others = Reading brings browsing, searching brings reading, purging brings deleting. The masks of namespace and tenant can take rights away again.
own-account-stays = This is the account that you are signed in with. Somebody else has to delete it.
delete-account = Delete account
deleting-an-account-means = The account goes with all its rights. Objects and namespaces that it owns stay. To keep somebody out for a while, take away the permission to sign in instead.
no-groups-yet = No groups yet. A group of the directory gets roles and rights for all its members.
no-groups-without-directory = No groups: they are groups of a directory, and this tenant does not sign in by one. The system administrator can allow it.
new-group = New group
create-group = Create group
the-group-was-created = The group was created.
delete-group = Delete group

general = General
access = Access
protocols = Protocols
versioning = Versioning
statistics = Statistics
chargeback = Chargeback
profile = Profile
password = Password
group = Group
contact = Contact
namespace-defaults = Namespace defaults
permissions = Permissions
console-security = Console security
e-mail = E-mail
search-security = Search security
service-plans = Service plans
settings = Settings
usage = Usage
next-steps = Next steps
tenants = Tenants
new-tenant = New tenant
not-found = Not found

not-visible-to-you = not visible to you
unknown = unknown
used-of = { $used } of { $of }
share-of-the-quota-in-use = Share of the quota in use
filter-what = Filter { $what }
filter = Filter
did-not-answer = { $missing } of { $all } did not answer and are not in the list.
nothing-matches = Nothing matches { $filter }
number-hidden = { $what } hidden.
clear-filter = Clear filter
actions = Actions
pages = Pages
previous = Previous
page-of = Page { $page } of { $pages }
next = Next
none-of = None of { $all }
from-to-of = { $from }–{ $to } of { $all }
from-to-filtered = { $from }–{ $to } of { $shown }, filtered from { $all }

section-of-settings = { $section } · Settings
no-service-plans = No service plans to choose from: the system administrator chooses the plan of this tenant.
which-namespaces-use-a-plan = Which namespaces use a plan is on the page of each namespace under General.{ " " }

quota = Quota
may-use = May use
sign-in-by = Sign-in by
search = Search
retention-mode = Retention mode
replication = Replication
erasure-coding = Erasure coding
no-limit = No limit
at-most = At most { $most }
sign-in-to = Sign in to
no-tenants-yet = No tenants yet. A tenant has its own users, namespaces and quota.
create-tenant = Create tenant
the-tenant-was-created = The tenant was created.
sign-in-to-this-tenant = Sign in to this tenant
delete-tenant = Delete tenant
deleting-a-tenant-means = The tenant goes for good, with its accounts and settings. Only a tenant without namespaces can be deleted.
first-account-has-security = The first account has the security role alone: it makes accounts and gives roles, and nothing else.
done = done

now = Now
usage-hidden-from-system = The tenant does not let system users administer it, so what it holds now is shown to its own users alone. Its chargeback is shown below.
of-quota = of { $quota }
annotations = { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
}
objects-counted = { $count ->
    [one] 1 object
   *[other] { $count } objects
}
every-version-counts = every version counts
data = Data
space-taken = Space taken
with-metadata-and-redundancy = with metadata and redundancy
custom-metadata = Custom metadata
waits-for-shredding = Waits for shredding
from = From
to = To
received = Received
sent = Sent
reads = Reads
writes = Writes
deletes = Deletes
open-uploads = Open uploads
their-size = Their size
complete = Complete
no-records = No records in this range.
incomplete-intervals = Intervals that are not complete were still running, or could not be counted wholly.
all-with-deleted = All, with deleted namespaces
all-namespaces = All namespaces
in-all = In all
by-day = By day
by-hour = By hour
step = Step
show = Show
range-help = Days in UTC. HCP keeps 180 days; nothing chosen: all of them.

hand-the-password-over = The password is not shown again once the user is there. Hand it over together with the address of the sign-in page. Rights on data are given afterwards.
the-sign-in-page = Sign-in page
step-first-account = Sign in as the first account, beside this session
step-administration = Let the system administer the tenant, if that is wanted
step-defaults = Set what new namespaces get
step-namespace = Create the first namespace
step-users = Create users and give them rights on its data
has-right = yes
has-no-right = no
rule-kept = { " " }– kept
rule-not-yet = { " " }– not yet
value-hidden = hidden

users-counted = { $count ->
    [one] 1 user
   *[other] { $count } users
}
groups-counted = { $count ->
    [one] 1 group
   *[other] { $count } groups
}
plans-counted = { $count ->
    [one] 1 plan
   *[other] { $count } plans
}
tenants-counted = { $count ->
    [one] 1 tenant
   *[other] { $count } tenants
}
namespaces-counted = { $count ->
    [one] 1 namespace
   *[other] { $count } namespaces
}
classes-counted = { $count ->
    [one] 1 class
   *[other] { $count } classes
}
records-counted = { $count ->
    [one] 1 record
   *[other] { $count } records
}

years = { $count ->
    [one] 1 year
   *[other] { $count } years
}
months = { $count ->
    [one] 1 month
   *[other] { $count } months
}
weeks = { $count ->
    [one] 1 week
   *[other] { $count } weeks
}
days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}

you-entered = You entered { $value }.
server-says = { $field } { $rule }.
csv = CSV

enter = Enter
entered = The tenant that was entered
you-are-in-tenant = You are in the tenant { $tenant }, with your account of the system.
pages-of-tenant = Pages of { $tenant }
leave = Leave
tenant-is-closed = The tenant { $tenant } does not let accounts of the system in.
how-to-enter = How to enter
how-the-tenant-allows-it = An administrator of { $tenant } can allow it under Settings, General: “System administrators may administer this tenant”. Until then, sign in to the tenant with an account of its own.
first-account-by = First account
by-local-account = With a first account
by-group-of-directory = With a group of a directory
step-administrator = Give somebody the administrator role
steps-are-seen-once-let-in = The steps inside the tenant are ticked once the tenant lets the system in: before that they cannot be seen from here.
lets-system-in = Lets the system in
