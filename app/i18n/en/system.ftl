# The pages of the system itself.
nodes = Nodes
services = Services
licenses = Licences
network = Network
accounts = Accounts
support = Support

refresh = Refresh
as-of = As of
now = Now
share = Share
figure = Figure
since-the-page-was-opened = Since the page was opened

measured-every-15-seconds = Measured anew every 15 seconds while the page is open. The lines stand at 80 and 95 %.
not-measured-anew = What is shown was measured before. { $why }
older-than-5-minutes = measured more than 5 minutes earlier
node = Node { $number }
what-the-node-does = What node { $number } does
front-addresses = Addresses for clients
back-address = Address for other nodes
management-addresses = Addresses for administrators
cpu-user = Processors: programs
cpu-system = Processors: kernel
cpu-max = Busiest processor
io-wait = Waiting for volumes
swapped = Swapped out
pages-per-second = { $number } pages per second
per-second = { $number } per second
http = HTTP connections
https = HTTPS connections
network-of-clients = Network of clients
network-of-nodes = Network of nodes
network-of-administrators = Network of administrators
space-of = Volume { $volume }: space
inodes-of = Volume { $volume }: inodes
busy-of = Volume { $volume }: busy
transfers-of = Volume { $volume }: transfers
used-of = { $used } of { $most }
above-80 = 80 % or more
above-95 = 95 % or more
trend-of = { $figure }, { $count } measurements since the page was opened: from { $first } to { $last }, at most { $highest }

service = Service
works-on = Works on
state = State
level = Level
started = Started
ended = Ended
examined = Examined
served = Served
unable = Unable
unable-rate = Unable, rate
running = Running
ready = Ready
disabled = Disabled
stopping = Stopping
low = Low
medium = Medium
high = High
custom = Custom
off = Off
the-system = The system
no-services = The system tells of no services.
services-counted = { $count ->
    [one] 1 service
   *[other] { $count } services
}
services-were-unable = { $count ->
    [one] 1 service could not do what was due for some objects. It comes first.
   *[other] { $count } services could not do what was due for some objects. They come first.
}

serial-number = Serial number
feature = Feature
local-capacity = Local capacity
extended-capacity = Extended capacity
expires = Expires
time-left = Time left
uploaded = Uploaded
no-license = No licence: basic features.
earlier-licenses = Earlier licences
licenses-counted = { $count ->
    [one] 1 licence
   *[other] { $count } licences
}
does-not-expire = Does not expire
days-left = { $count ->
    [one] 1 day left
   *[other] { $count } days left
}
ended-days-ago = { $count ->
    [one] ended 1 day ago
   *[other] ended { $count } days ago
}
capacity-means = Of the local capacity: what is not free on the volumes of all nodes. The system does not tell what is used of the extended capacity.

accounts-are-made-elsewhere = System users and groups are created, changed and deleted in HCP's own System Management Console: its API can do neither. What can be done here is to set the password of a user.
no-groups = No groups. Groups come from a directory that the system signs people in by.
what-roles-open = What the roles open
monitor = Monitor
monitor-opens = Sees tenants, nodes, services, licences, network and replication; changes nothing.
administrator = Administrator
administrator-opens = Creates, changes and deletes tenants; network, licences, replication and erasure coding; logs and health reports.
security = Security
security-opens = Sees system accounts and sets their passwords; resets the passwords of a tenant's security accounts.
maintenance = Service
maintenance-opens = Logs, health reports and the support key: what maintaining the machine takes.
search = Search
search-opens = Searches in all tenants that are searchable.
compliance = Compliance
compliance-opens = Retention in tenants that let system accounts in.
change-own-password = Change your own password
password-kept-elsewhere = The password of this account is kept by RADIUS or a directory, and is changed there.
password-by-security = Setting the password takes the security role.

support-key = Support access key
support-key-means = By this key the maker's support can sign in to the nodes.
key-kind = Kind of key
key-default = Default
key-default-means = The key that came with the system. A key of your own can be had from support.
key-exclusive = Exclusive
key-exclusive-means = A key that was made for this system alone.
key-type = Type of the default key
key-applied = Applied
key-created = Created
key-serial = Serial number in the key's package

logs = Logs
health-reports = Health reports
package = Package
logs-mean = What nodes and services have written, as one archive. Preparing takes a while and goes on when this page is left; what is ready is kept for 24 hours.
health-means = What the system knows of its own health, as one archive. Preparing takes a while and goes on when this page is left; what is ready is kept for 24 hours.
nothing-prepared = Nothing is prepared.
being-prepared = It is being prepared.
package-ready = It is ready to be downloaded.
being-fetched = It is being downloaded, here or by somebody else.
preparing-failed = Preparing it failed.
prepare = Prepare
is-being-prepared = It is being prepared.
give-up = Stop preparing
discard = Discard it
given-up = The package was given up.
content = Content
content-all = Everything
content-access = Access
content-system = System
content-service = Services
content-application = Application
download = Download
mark = Mark
mark-means = Writes a text into the logs, by which a moment is found again in them.
mark-text = Text
write-mark = Write the mark
was-marked = “{ $text }” was written into the logs.

upload-license = Upload licence
upload-license-means = A licence comes as a text. What it allows counts as soon as the system has taken it.
license-text = Text of the licence
license-file = Or its file
license-was-uploaded = The licence was uploaded.
upload-support-key = Upload support key
upload-support-key-means = The key in the package takes the place of the present one: who holds only the present key can no longer sign in to the nodes. The present key does not come back.
support-key-file = Key package (.plk)
support-key-was-uploaded = The support key was replaced.
replace-the-support-key = replace the support key
file-or-text-not-both = Choose a file or paste its text, not both.
choose-or-paste = Choose a file, or paste its text.
choose-a-file = Choose a file.
that-is-a-private-key = There is a private key in this, which nobody but its owner may have. It is not sent.
of-these-nodes = Of these nodes (none chosen: of all)

kept-for = It is kept for another { $time }.
live = Live
live-means = What this server logs, as it is written. The last 20,000 lines are kept, until it is started anew; this page holds 2,000. Times are in UTC.
live-needs-scripts = Reading along needs JavaScript.
level-info = Info
level-warn = Warning
level-error = Error
no-lines = No line is like that.
save-lines = Save these lines
lines-saved = { $count ->
    [one] 1 line was saved.
   *[other] { $count } lines were saved.
}
