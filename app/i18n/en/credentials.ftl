# The page of credentials: keys for other tools, whether they get through, what sets tools up, and temporary keys.

credentials = Credentials
means = What other tools need to reach the store. Whoever has your secret key may do with your data what you may.
no-keys = Your account has no S3 keys
no-keys-directory = Accounts of Active Directory sign in by name and password: there is nothing to sign requests with. Ask an administrator for a local account for your tools, or work with the files here.
no-keys-deployment = This Hako works with keys of its own, which it shows to nobody. Ask whoever runs it for keys of your own.

keys = Your S3 keys
endpoint = Endpoint
region = Region
addressing = Addressing
addressing-path = Path: the bucket stands behind the endpoint
addressing-host = Host: the bucket stands before the endpoint's name
access-key = Access key
secret = Secret key
tenant = Tenant
user = User
keys-follow = The keys follow from name and password. They change when the password does, and they reach everything that the account reaches.
masked = hidden
reveal = Reveal
hide = Hide
hides-soon = Hides itself after a minute.
copy-endpoint = Copy the endpoint
copy-access-key = Copy the access key
copy-secret = Copy the secret key
copy = Copy
copied = Copied
download = Download
needs-script = Showing and copying the secret key, and making temporary keys, need scripts.

test = Test
testing = Testing…
test-heading = Connection
test-means = Hako lists the bucket with your keys at the endpoint, as a tool would. Without a bucket it lists the buckets.
bucket = Bucket
bucket-help = For the test, and in the lines below.
bucket-wrong = This is not what a bucket can be called.
test-good = { $origin } answered, all is well.
test-bad = { $origin }: it does not work yet.
step-name = Name
step-port = Port
step-certificate = Certificate
step-clock = Clock
step-signature = Signature
step-answer = Answer
is-ok = in order
is-skipped = not tried
clock-ahead = { $seconds ->
    [one] Hako's clock is 1 second ahead of the store's
   *[other] Hako's clock is { $seconds } seconds ahead of the store's
}
clock-behind = { $seconds ->
    [one] Hako's clock is 1 second behind the store's
   *[other] Hako's clock is { $seconds } seconds behind the store's
}
unknown-name = No address is known for this name. Check the endpoint, and the name server.
port-closed = Nobody listens at this port. Check the endpoint, and whether the store runs.
timed-out = Nothing came back in time. A firewall may be in between.
certificate-other-name = The certificate is for another name.
certificate-expired = The certificate is not valid yet, or no more.
certificate-untrusted = Nobody who is trusted vouches for the certificate. Give tools the certificate of its authority.
no-tls = The other side does not speak TLS. Check whether the endpoint begins with https.
wrong-clock = Stores refuse what is signed more than 15 minutes from their time. Set the clock.
unknown-key = The store does not know this access key.
wrong-signature = The store knows the key and expects another signature: the secret key has changed.
denied = The store knows you, and does not let you list this.
no-such-bucket = There is no such bucket.
no-answer = What came back is not the answer of a store.
refused = The store refused it, with status { $status }.

snippets = Set up a tool
snippets-means = Ready to be pasted. The examples take report.txt and the folder data from where you are.
include-secret = Include the secret key
include-help = Otherwise YOUR_SECRET_KEY stands in its place. Who includes it keeps the lines like a password.
no-words = This tool has no words for an endpoint with a path.
needs-authority = The store's certificate is vouched for by an authority of your own: put its certificate beside it, as ca.pem.
about-aws = Keeps a profile named hako, then uploads a file and a folder, and lists the bucket.
about-boto3 = Uploads a file in parts, lists the bucket, and prints a link that works for an hour.
about-rclone = Keeps a remote named hako, copies a folder, and compares both.
about-s3cmd = Writes a configuration into this folder, for you alone, then sends a folder and lists the bucket.
about-mc = Keeps an alias named hako, sends a folder, and lists the bucket.
about-cyberduck = Open the profile first, then the bookmark. Cyberduck asks for the secret key and keeps it.
about-duckdb = Keeps the keys for this session, then counts the rows of Parquet files.
about-terraform = Speaks to this store instead of AWS, with one object as an example.
about-curl = Uploads a file, reads its beginning, and lists what begins with report.
about-hako = Keeps a profile named hako, for you alone, uploads a folder, and then sends what has changed in it.

temporary = Temporary keys
temporary-means = For others, or for a machine: keys to one folder of one bucket, which end by themselves. They never open more than you may.
temporary-hcp = HCP lends no keys for a while: those of an account follow from its name and password, and there are no others. Make an account that may do as much as the tool should, or share files by links.
own-keys = Your temporary keys
make-key = Make a temporary key
none = None.
prefix = Only keys that begin with
prefix-help = Such as photos/2026/. Empty: the whole bucket.
access = May
access-read = Read and list
access-read-write = Read, list, write and delete
ends-after = Ends after
minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
made-once = The secret key is shown this once. Copy it now.
done = Done
scope = Opens
created = Made
ends = Ends
last-use = Last use
never = Never
ended = Ended
actions = Actions
revoke = Revoke
revoke-key = Revoke key
revoke-title = Revoke { $key }?
revoke-means = Whoever uses it is shut out at once, and what was signed by it is worth nothing any more. It cannot be brought back; you can make another.
revoked = The key is revoked.
