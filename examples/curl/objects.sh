#!/usr/bin/env bash
# An object's life: store, look, read a range, copy, share, delete.
set -euo pipefail
. "$(dirname "$0")/hako.sh"
trap 'api "/buckets/$BUCKET?force=true" -X DELETE >/dev/null; rm -rf "$WORK"' EXIT

BUCKET=example-objects-$$
api /buckets --json "{\"bucket\": \"$BUCKET\"}" | jq -c .

echo 'Hello from a file.' >"$WORK/hello.txt"
# As a form, or as it is. A key may have any characters: encode it.
api "/buckets/$BUCKET/objects/notes/hello.txt" -F "file=@$WORK/hello.txt;type=text/plain" | jq -c .
api "/buckets/$BUCKET/object?key=notes/a%20%26%20b.txt" -T "$WORK/hello.txt" | jq -c .

echo '-- the folder'
api "/buckets/$BUCKET/objects?prefix=notes/&delimiter=/" | jq -r '.objects[] | "\(.size)\t\(.key)"'

echo '-- its headers'
api "/buckets/$BUCKET/objects/notes/hello.txt" -I | tr -d '\r' | grep -iE '^(content-|etag)'

echo '-- a range'
api "/buckets/$BUCKET/objects/notes/hello.txt" -r 0-4
echo

echo '-- a copy inside the store'
api "/buckets/$BUCKET/object/copy?key=copy.txt" \
  --json "{\"source_bucket\": \"$BUCKET\", \"source_key\": \"notes/hello.txt\"}" | jq -c .

echo '-- a link that works for five minutes, without signing in'
URL=$(api /presign --json "{\"bucket\": \"$BUCKET\", \"key\": \"copy.txt\", \"expires_in\": 300}" | jq -r .url)
curl -fsS "$URL"

api "/buckets/$BUCKET/objects/copy.txt" -X DELETE | jq -c .
