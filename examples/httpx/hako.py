"""Signs in, and gives the scripts beside it a client and a bucket."""

import contextlib
import os
import time
from collections.abc import Iterator

import httpx

URL = os.environ.get("HAKO_URL", "http://localhost:8000")
USERNAME = os.environ.get("HAKO_USERNAME", "demo/demo")
PASSWORD = os.environ.get("HAKO_PASSWORD", "demo-demo")


def client(username: str = USERNAME, password: str = PASSWORD) -> httpx.Client:
    """A client below /api/v1 that raises what the server refuses."""
    fields = {"username": username, "password": password}
    answer = httpx.post(f"{URL}/api/v1/auth/token", data=fields).raise_for_status()
    return httpx.Client(
        base_url=f"{URL}/api/v1",
        headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
        timeout=60,
        event_hooks={"response": [refuse]},
    )


def refuse(answer: httpx.Response) -> None:
    if answer.is_error:
        answer.read()
        raise SystemExit(f"{answer.request.method} {answer.url.path}: {answer.status_code} {answer.text}")


@contextlib.contextmanager
def bucket(api: httpx.Client, purpose: str) -> Iterator[str]:
    """A new bucket, deleted in the end with all that is in it."""
    name = f"example-{purpose}-{os.getpid()}"
    api.post("/buckets", json={"bucket": name})
    try:
        yield name
    finally:
        api.delete(f"/buckets/{name}", params={"force": True})


def finished(api: httpx.Client, path: str, running: str) -> dict:
    """Asks for a task until it is no longer in that state."""
    while (task := api.get(path).json())["status"] == running:
        time.sleep(0.2)
    return task
