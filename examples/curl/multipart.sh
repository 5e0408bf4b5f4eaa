#!/usr/bin/env bash
# A large file in presigned parts, six at a time. No byte of it passes Hako.
set -euo pipefail
. "$(dirname "$0")/hako.sh"
trap 'api "/buckets/$BUCKET?force=true" -X DELETE >/dev/null; rm -rf "$WORK"' EXIT

BUCKET=example-parts-$$
api /buckets --json "{\"bucket\": \"$BUCKET\"}" | jq -c .

FILE=${1:-}
[ -n "$FILE" ] || { FILE=$WORK/large.bin && head -c 23000000 /dev/urandom >"$FILE"; }
AT=/buckets/$BUCKET/object/multipart
BYTES=$(wc -c <"$FILE")
PLAN=$(api "$AT/presign?key=large.bin" --json "{\"file_size\": $BYTES, \"part_size\": 5242880}")
SIZE=$(jq .part_size <<<"$PLAN")
ID=$(jq -r .upload_id <<<"$PLAN")

send() { # send NUMBER URL
  dd if="$FILE" bs="$SIZE" skip=$(($1 - 1)) count=1 status=none |
    curl -fsS --retry 3 -T - -H 'Content-Type:' -D "$WORK/$1.head" -o /dev/null "$2" -H "Content-Length: $(part_bytes "$1")"
}
part_bytes() { echo $((BYTES - ($1 - 1) * SIZE < SIZE ? BYTES - ($1 - 1) * SIZE : SIZE)); }
export -f send part_bytes
export FILE SIZE BYTES WORK
jq -r '.urls[] | "\(.part_number) \(.url)"' <<<"$PLAN" | xargs -P 6 -L 1 bash -c 'send "$@"' _

echo '-- what the store has'
PARTS=$(api "$AT/parts?key=large.bin&upload_id=$ID")
jq -r '.parts[] | "\(.PartNumber)\t\(.Size)"' <<<"$PARTS"

jq --arg id "$ID" '{upload_id: $id, parts: [.parts[] | {PartNumber, ETag}]}' <<<"$PARTS" |
  api "$AT/complete?key=large.bin" --json @- | jq -c .
api "/buckets/$BUCKET/objects/large.bin" -o "$WORK/back"
cmp "$FILE" "$WORK/back" && echo 'came back unchanged'
