# The audit: who changed what through Hako.

audit = Audit
means-own = What you changed through Hako in the last { $days ->
    [one] day
   *[other] { $days } days
}.
means-tenant = What the people of this tenant changed through Hako in the last { $days ->
    [one] day
   *[other] { $days } days
}.
means-system = What was changed through Hako in the last { $days ->
    [one] day
   *[other] { $days } days
}, in all tenants.
since = Range
since-any = All that is kept
since-hour = Last hour
since-day = Last 24 hours
since-week = Last 7 days
since-month = Last 30 days
from = From (UTC)
to = To (UTC)
show = Show
clear = Clear filters
time = Time
tenant = Tenant
person = Person
action = Action
action-any = All actions
target = Target
result = Result
result-any = All results
result-ok = Done
result-refused = Refused
result-failed = Failed
address = Address
request = Request id
duration = Duration
milliseconds = { $number } ms
seconds = { $number } s
nobody = Nobody
of-system = System
and-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
when = Answered
call = Call
status = Status
level = Session
level-system = System level
level-tenant = Tenant level
level-s3 = S3 store
version = Version
reason = Reason
fields = Fields sent
not-done = Not done
job = Job
started-job = Start a job: { $kind }
around = 15 minutes around this
none = No entries in this range.
widen = Search all that is kept
follow = Follow
follow-needs-scripts = Following needs JavaScript. Reload the page to see what is new.
came = { $count ->
    [one] 1 new entry
   *[other] { $count } new entries
}
csv = CSV
jsonl = JSON lines
pages = Pages of the audit
newest-page = Newest
older = Older

do-session-sign-in = Sign in
do-session-sign-out = Sign out
do-session-password = Change the own password
do-bucket-create = Create a bucket
do-bucket-delete = Delete a bucket
do-bucket-versioning = Switch versioning
do-bucket-acl = Set access to a bucket
do-bucket-cors = Set CORS rules of a bucket
do-bucket-cors-delete = Remove CORS rules of a bucket
do-object-store = Store an object
do-object-delete = Delete objects
do-object-copy = Copy objects
do-object-folder = Create a folder
do-object-acl = Set access to an object
do-object-tags = Set tags
do-object-tags-delete = Remove tags
do-object-metadata = Save custom metadata
do-object-metadata-delete = Remove custom metadata
do-object-retention = Set retention or hold
do-object-privileged-delete = Delete under retention
do-object-presign = Sign URLs for uploads
do-upload-begin = Begin an upload
do-upload-part = Store a part
do-upload-complete = Complete an upload
do-upload-abort = Abort an upload
do-job-start = Start a job
do-job-cancel = Stop a job
do-job-retry = Retry a job
do-job-undo = Undo a deletion
do-link-create = Make a Hako link
do-link-change = Change a Hako link
do-link-revoke = Revoke a Hako link
do-link-restore = Undo the revocation of a Hako link
do-link-use = Let a visitor use a Hako link
do-object-expiry-set = Set when an object is removed
do-object-expiry-clear = Keep an object that was to be removed
do-object-expire = Have a temporary file removed at its end
do-secret-reveal = Show the own secret key
do-key-lend = Make a temporary key
do-key-revoke = Revoke a temporary key
do-network-change = Change network settings
do-license-upload = Put in a licence
do-support-key-upload = Put in a support key
do-logs-change = Mark or cancel logs
do-logs-prepare = Prepare logs
do-logs-download = Download logs
do-health-report-prepare = Prepare or cancel a health report
do-health-report-download = Download a health report
do-certificate-upload = Trust a certificate
do-certificate-delete = Stop trusting a certificate
do-replication-change = Change the replication service
do-replication-link-create = Make a replication link
do-replication-link-change = Change a replication link
do-replication-link-delete = Delete a replication link
do-replication-link-content = Change what a replication link carries
do-replication-link-schedule = Set the schedule of a replication link
do-topology-create = Make an erasure coding topology
do-topology-change = Change an erasure coding topology
do-topology-delete = Delete an erasure coding topology
do-topology-tenants = Change the tenants of an erasure coding topology
do-tenant-create = Create a tenant
do-tenant-change = Change a tenant
do-tenant-delete = Delete a tenant
do-tenant-console-security = Change console security
do-tenant-contact = Change the contact
do-tenant-email = Change e-mail notification
do-tenant-namespace-defaults = Change namespace defaults
do-tenant-search-security = Change search security
do-tenant-permissions = Change permissions of a tenant
do-tenant-cors = Set CORS rules of a tenant
do-tenant-cors-delete = Remove CORS rules of a tenant
do-content-class-create = Create a content class
do-content-class-change = Change a content class
do-content-class-delete = Delete a content class
do-user-create = Create a user
do-user-change = Change a user
do-user-delete = Delete a user
do-user-password = Set a password
do-user-passwords = Set the passwords of security accounts
do-user-rights = Change data rights of a user
do-group-create = Create a group
do-group-change = Change a group
do-group-delete = Delete a group
do-group-rights = Change data rights of a group
do-namespace-create = Create a namespace
do-namespace-change = Change a namespace
do-namespace-delete = Delete a namespace
do-namespace-versioning = Change versioning
do-namespace-versioning-reset = Reset versioning
do-namespace-compliance = Change compliance settings
do-namespace-permissions = Change permissions of a namespace
do-namespace-protocols = Change protocols
do-namespace-indexing = Change indexing of metadata
do-namespace-collisions = Change replication collisions
do-namespace-cors = Set CORS rules of a namespace
do-namespace-cors-delete = Remove CORS rules of a namespace
do-template-import = Import a template
do-retention-class-create = Create a retention class
do-retention-class-change = Change a retention class
do-retention-class-delete = Delete a retention class
