# Signs in, and gives the scripts beside it `api`. Read by `.`, not run.
HAKO=${HAKO_URL:-http://localhost:8000}
USERNAME=${HAKO_USERNAME:-demo/demo}
PASSWORD=${HAKO_PASSWORD:-demo-demo}

# The password goes by standard input: arguments of programs can be seen by others.
TOKEN=$(printf '%s' "$PASSWORD" |
  curl -fsS "$HAKO/api/v1/auth/token" --data-urlencode "username=$USERNAME" --data-urlencode password@- |
  jq -r .access_token)

# api PATH [OPTION…]: a request below /api/v1. A failure says what the server says, and ends the script.
api() {
  local path=$1
  shift
  curl -sS --fail-with-body -H @<(printf 'Authorization: Bearer %s' "$TOKEN") "$HAKO/api/v1$path" "$@"
}

WORK=$(mktemp -d)
