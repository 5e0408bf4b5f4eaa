"""What all client tests share: one server, and clients that are signed in to it."""

import itertools
import os
import tomllib
from pathlib import Path

import boto3
import botocore.config
import hako as server
import httpx
import pytest


# How the store keeps objects: `scripts/layout.sh` runs the suites for S3 on both ways.
LAYOUT = os.environ.get("HAKO_TEST_LAYOUT", "blobs")


def pytest_collection_modifyitems(items):
    """Leaves out what objects cannot have that are plain files: the table says what, and why."""
    if LAYOUT != "files":
        return
    table = tomllib.loads((server.ROOT / "end2end/layout.toml").read_text())["clients"]["without"]
    for item in items:
        for name, reason in table.items():
            if item.nodeid.endswith(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def hako():
    with server.temporary_folder() as folder:
        running = server.start(Path(folder), HAKO_LOCAL_LAYOUT=LAYOUT)
        yield running
        assert running.stop() == 0, running.log.read_text()


@pytest.fixture(scope="session")
def s3(hako):
    return boto3.client(
        "s3",
        endpoint_url=hako.s3,
        region_name="us-east-1",
        aws_access_key_id=server.ACCESS_KEY,
        aws_secret_access_key=server.SECRET_KEY,
        config=botocore.config.Config(
            signature_version="s3v4",  # else presigned URLs are of version 2
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
        ),
    )


def sign_in(hako) -> str:
    answer = httpx.post(
        f"{hako.console}/api/v1/auth/token",
        data={"tenant": server.TENANT, "username": server.USER, "password": server.PASSWORD},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def administrator_password(hako) -> str:
    """The generated password of the store's first account."""
    return (hako.log.parent / "data" / "admin-password").read_text().strip()


@pytest.fixture(scope="session")
def api(hako):
    with httpx.Client(
        base_url=f"{hako.console}/api/v1",
        headers={"Authorization": f"Bearer {sign_in(hako)}"},
        timeout=60,
    ) as client:
        yield client


numbers = itertools.count(1)


@pytest.fixture
def bucket(s3):
    """A new bucket, emptied and deleted afterwards."""
    name = f"clients-{next(numbers)}"
    s3.create_bucket(Bucket=name)
    yield name
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        for entry in page.get("Contents", []):
            s3.delete_object(Bucket=name, Key=entry["Key"])
    s3.delete_bucket(Bucket=name)
