#!/usr/bin/env bash
# Many objects at once: sign, count, download as one ZIP, delete.
set -euo pipefail
. "$(dirname "$0")/hako.sh"
trap 'api "/buckets/$BUCKET?force=true" -X DELETE >/dev/null; rm -rf "$WORK"' EXIT

BUCKET=example-bulk-$$
api /buckets --json "{\"bucket\": \"$BUCKET\"}" | jq -c .

echo '-- twenty URLs in one call; the files go straight to the store'
for n in $(seq -w 20); do echo "reading $n" >"$WORK/$n.txt"; done
jq -n '{method: "put_object", keys: [range(1; 21) | "readings/\(. / 100 | tostring | (. + "0")[2:4]).txt"]}' |
  api "/buckets/$BUCKET/objects/presign" --json @- |
  jq -r '.urls[] | "\(.key)\t\(.url)"' |
  while IFS=$'\t' read -r key url; do curl -fsS -T "$WORK/${key#readings/}" "$url"; done

# poll PATH STATE: asks until a task is no longer in that state.
poll() {
  local task
  while task=$(api "$1") && [ "$(jq -r .status <<<"$task")" = "$2" ]; do sleep 0.2; done
  jq -c . <<<"$task"
}

echo '-- how many there are'
AT=/buckets/$BUCKET/objects/s3_stats
TASK=$(api "$AT?prefix=readings/" -X POST | jq -r .task_id)
poll "$AT/$TASK" counting

echo '-- all of them as one archive, made while it is downloaded'
api "/buckets/$BUCKET/objects/download" --json '{"prefix": "readings/"}' -H 'Accept: application/zip' -o "$WORK/all.zip"
python3 -m zipfile -l "$WORK/all.zip" | tail -n +2 | wc -l

echo '-- three by name, at once'
api "/buckets/$BUCKET/objects/delete" \
  --json '{"keys": ["readings/01.txt", "readings/02.txt", "readings/03.txt"]}' | jq -c .

echo '-- the rest in the background'
AT=/buckets/$BUCKET/objects/delete-task
TASK=$(api "$AT" --json '{"prefixes": ["readings/"]}' | jq -r .task_id)
poll "$AT/$TASK" processing
