#!/usr/bin/env bash
# Lets pages of another origin read a bucket.
set -euo pipefail
. "$(dirname "$0")/hako.sh"
trap 'api "/buckets/$BUCKET?force=true" -X DELETE >/dev/null; rm -rf "$WORK"' EXIT

BUCKET=example-cors-$$
api /buckets --json "{\"bucket\": \"$BUCKET\"}" | jq -c .
api "/buckets/$BUCKET/cors" -X PUT --json '{"CORSRules": [{
  "AllowedOrigins": ["https://viewer.example.com"],
  "AllowedMethods": ["GET"],
  "AllowedHeaders": ["range"],
  "ExposeHeaders": ["ETag"],
  "MaxAgeSeconds": 600
}]}' | jq -c .
api "/buckets/$BUCKET/cors" | jq -c .cors_rules

echo '-- what a browser asks the store before it reads'
URL=$(api /presign --json "{\"bucket\": \"$BUCKET\", \"key\": \"image.tif\"}" | jq -r .url)
curl -sS -X OPTIONS "$URL" -o /dev/null -D - -H 'Origin: https://viewer.example.com' \
  -H 'Access-Control-Request-Method: GET' | tr -d '\r' | grep -i '^access-control-allow-origin'

api "/buckets/$BUCKET/cors" -X DELETE | jq -c .
