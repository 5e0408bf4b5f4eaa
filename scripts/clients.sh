#!/usr/bin/env bash
# Drives the built server by other people's S3 clients and by httpx; the arguments go to pytest.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/install.sh clients

PATH="$VENV/bin:$PATH" exec "$VENV/bin/python" -m pytest -q -p no:cacheprovider end2end/clients "$@"
