"""Signs in, and gives the scripts beside it a token and a workspace."""

import contextlib
import os
from collections.abc import Iterator

import requests

URL = os.environ.get("HAKO_URL", "http://localhost:8000")
USERNAME = os.environ.get("HAKO_USERNAME", "demo/demo")
PASSWORD = os.environ.get("HAKO_PASSWORD", "demo-demo")
MB = 1024 * 1024


def token(workspace: str | None = None) -> str:
    """A token; with a workspace, one that `public` stands for it with."""
    fields = {"username": USERNAME, "password": PASSWORD}
    if workspace:
        fields["workspace"] = workspace
    answer = requests.post(f"{URL}/api/v1/auth/token", data=fields, timeout=60)
    answer.raise_for_status()
    return answer.json()["access_token"]


@contextlib.contextmanager
def workspace(purpose: str) -> Iterator[tuple[str, dict[str, str]]]:
    """A new workspace and the headers that open it; deleted in the end with all that is in it."""
    name = f"example-{purpose}-{os.getpid()}"
    headers = {"Authorization": f"Bearer {token()}"}
    buckets = f"{URL}/api/v1/buckets"
    requests.post(buckets, json={"bucket": name}, headers=headers, timeout=60).raise_for_status()
    try:
        yield name, headers
    finally:
        requests.delete(f"{buckets}/{name}", params={"force": "true"}, headers=headers, timeout=60).raise_for_status()
