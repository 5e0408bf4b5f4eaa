#!/usr/bin/env bash
# Versions and delete markers: keep, read, bring back.
set -euo pipefail
. "$(dirname "$0")/hako.sh"
trap 'api "/buckets/$BUCKET?force=true" -X DELETE >/dev/null; rm -rf "$WORK"' EXIT

BUCKET=example-versions-$$
api /buckets --json "{\"bucket\": \"$BUCKET\"}" | jq -c .
api "/buckets/$BUCKET/versioning" -X PUT --json '{"status": "Enabled"}' | jq -c .

for text in first second; do
  echo "the $text version" >"$WORK/text"
  api "/buckets/$BUCKET/object?key=report.txt" -T "$WORK/text" >/dev/null
done
api "/buckets/$BUCKET/objects/report.txt" -X DELETE | jq -c .

versions() { api "/buckets/$BUCKET/versions?prefix=report.txt"; }
echo '-- two versions, and a delete marker over them'
versions | jq -r '(.versions[], .delete_markers[]) | "\(.version_id)\t\(.is_latest)"'

echo '-- the first one, by its id'
FIRST=$(versions | jq -r '[.versions[]] | sort_by(.last_modified, .version_id)[0].version_id')
api "/buckets/$BUCKET/objects/report.txt?version_id=$FIRST"

echo '-- without the marker the object is back'
MARKER=$(versions | jq -r '.delete_markers[0].version_id')
api "/buckets/$BUCKET/objects/report.txt?version_id=$MARKER" -X DELETE | jq -c .
api "/buckets/$BUCKET/objects/report.txt"
