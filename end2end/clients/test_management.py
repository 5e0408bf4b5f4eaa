"""Day one of a tenant, by a script: made, staffed, used until its quota is full, billed, watched.

Against the embedded store with the habits of S3, and with those of HCP: `HABITS` says what a script has to
do there beside.
"""

import base64
import csv
import hashlib
import io
import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import boto3
import botocore.config
import botocore.exceptions
import hako as server
import httpx
import pytest
from conftest import administrator_password
from test_api import problem

MB = 1024 * 1024
PASSWORD = "Day-one-2026"
numbers = itertools.count(1)


def session(hako, username: str, password: str) -> httpx.Client:
    """Signs in; the system level has no tenant before the name."""
    answer = httpx.post(
        f"{hako.console}/api/v1/auth/token", data={"username": username, "password": password}
    )
    assert answer.status_code == 200, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=f"{hako.console}/api/v1/mapi", headers=headers, timeout=60)


def good(answer: httpx.Response):
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json()


@dataclass
class Habits:
    """What is left to do, by resource below the tenant or the namespace, where a profile does not do it."""

    # For a new tenant's first user to administer it.
    of_first_user: dict[str, dict]
    # For a new namespace to be used by S3 as this test does, without TLS.
    of_namespace: dict[str, dict]


HABITS = {
    "standard": Habits({}, {}),
    "hcp": Habits(
        {"userAccounts/first": {"roles": {"role": ["ADMINISTRATOR", "SECURITY"]}}},
        {"": {"aclsUsage": "ENFORCED"}, "protocols/http": {"hs3Enabled": True, "httpEnabled": True}},
    ),
}


@pytest.fixture(scope="module", params=HABITS)
def hako(request):
    """A server of its own for each profile."""
    with server.temporary_folder() as folder:
        running = server.start(Path(folder), HAKO_LOCAL_PROFILE=request.param)
        yield running
        assert running.stop() == 0, running.log.read_text()


@pytest.fixture
def habits(request) -> Habits:
    return HABITS[request.node.callspec.params["hako"]]


@pytest.fixture(scope="module")
def root(hako):
    with session(hako, "admin", administrator_password(hako)) as client:
        yield client


@pytest.fixture
def tenant(root):
    """A tenant with its first user, who may administer it."""
    name = f"day-{next(numbers)}"
    body = {
        "name": name,
        "hardQuota": "20 GB",
        "softQuota": 80,
        "versioningConfigurationEnabled": True,
        "username": "first",
        "password": PASSWORD,
    }
    created = root.put("/tenants", json=body)
    assert created.status_code == 201, created.text
    assert created.json() == {"status": "created", "name": name}
    return name


@pytest.fixture
def first(hako, tenant, habits):
    with session(hako, f"{tenant}/first", PASSWORD) as client:
        for path, body in habits.of_first_user.items():
            good(client.post(f"/tenants/{tenant}/{path}", json=body))
        yield client


def user(name: str, *roles: str, **more) -> dict:
    return {
        "username": name,
        "fullName": name.title(),
        "localAuthentication": True,
        "enabled": True,
        "forcePasswordChange": False,
        "roles": {"role": list(roles)},
        "password": PASSWORD,
    } | more


def s3_of(hako, tenant: str, name: str):
    return boto3.client(
        "s3",
        endpoint_url=hako.s3,
        region_name="us-east-1",
        aws_access_key_id=base64.b64encode(f"{tenant}/{name}".encode()).decode(),
        aws_secret_access_key=hashlib.md5(PASSWORD.encode()).hexdigest(),
        config=botocore.config.Config(
            s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}
        ),
    )


def test_day_one(hako, root, tenant, first, habits):
    base = f"/tenants/{tenant}"
    # A namespace with a quota, and people: one writes, one watches.
    body = {"name": "archive", "hardQuota": "5 MB", "softQuota": 80}
    assert first.put(f"{base}/namespaces", json=body).status_code == 201
    for path, settings in habits.of_namespace.items():
        good(first.post(f"{base}/namespaces/archive/{path}".rstrip("/"), json=settings))
    good(first.put(f"{base}/userAccounts", json=user("writer")))
    good(first.put(f"{base}/userAccounts", json=user("watcher", "MONITOR")))
    grant = {
        "namespacePermission": [
            {"namespaceName": "archive", "permissions": {"permission": ["BROWSE", "READ", "WRITE"]}}
        ]
    }
    good(first.post(f"{base}/userAccounts/writer/dataAccessPermissions", json=grant))
    grants = good(first.get(f"{base}/userAccounts/writer/dataAccessPermissions"))
    assert grants["namespacePermission"][0]["namespaceName"] == "archive"

    # The bucket is there at once, for whoever was let in, and full when the quota says so.
    s3 = s3_of(hako, tenant, "writer")
    s3.put_object(Bucket="archive", Key="a", Body=b"a" * 2 * MB)
    s3.put_object(Bucket="archive", Key="b", Body=b"b" * 2 * MB)
    with pytest.raises(botocore.exceptions.ClientError) as full:
        s3.put_object(Bucket="archive", Key="c", Body=b"c" * 2 * MB)
    assert full.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert [o["Key"] for o in s3.list_objects_v2(Bucket="archive")["Contents"]] == ["a", "b"]
    # What was not granted is not there.
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        s3.delete_object(Bucket="archive", Key="a")
    assert refused.value.response["Error"]["Code"] == "AccessDenied"
    # A larger quota lets the next one in.
    good(first.post(f"{base}/namespaces/archive", json={"hardQuota": "10 MB"}))
    s3.put_object(Bucket="archive", Key="c", Body=b"c" * 2 * MB)

    # The numbers are there for those who may see them.
    with session(hako, f"{tenant}/watcher", PASSWORD) as watcher:
        statistics = good(watcher.get(f"{base}/namespaces/archive/statistics"))
        assert statistics["objectCount"] == 3
        assert statistics["ingestedVolume"] == 6 * MB
        report = good(watcher.get(f"{base}/chargebackReport", params={"granularity": "total"}))
        rows = {row.get("namespaceName") or "": row for row in report["chargebackData"]}
        assert rows["archive"]["writes"] == rows[""]["writes"] == 3
        assert rows["archive"]["bytesIn"] == 6 * MB
        text = watcher.get(f"{base}/chargebackReport", headers={"Accept": "text/csv"})
        assert text.headers["content-type"].startswith("text/csv")
        lines = list(csv.DictReader(io.StringIO(text.text)))
        assert {line["namespaceName"] for line in lines} == {"archive", ""}
        # A monitor changes nothing.
        problem(watcher.post(f"{base}/namespaces/archive", json={"softQuota": 50}), 403)
        problem(watcher.put(f"{base}/namespaces", json={"name": "mine"}), 403)

    # What still holds objects is not deleted.
    problem(first.delete(f"{base}/namespaces/archive"), 403)
    assert root.delete(base).status_code == 403


def test_the_audit_tells_who_changed_what(hako, root, tenant, first):
    base = f"/tenants/{tenant}"
    good(first.put(f"{base}/namespaces", json={"name": "archive", "hardQuota": "1 GB"}))
    good(first.put(f"{base}/userAccounts", json=user("writer")))
    good(first.post(f"{base}/userAccounts/writer", json={"password": "Another-one-2026"}))
    problem(first.put(f"{base}/namespaces", json={"name": "archive"}), 409)
    good(root.post(base, json={"softQuota": 70}))

    done = hako.command("local", "audit", "--tenant", tenant, "--json")
    assert done.returncode == 0, done.stderr
    records = json.loads(done.stdout)
    told = [(r["user"], r["of_system"], r["action"], r["path"]) for r in records]
    changes = [
        ("first", False, "create", f"{base}/namespaces/archive"),
        ("first", False, "create", f"{base}/userAccounts/writer"),
        ("first", False, "modify", f"{base}/userAccounts/writer/changePassword"),
        ("admin", True, "modify", base),
    ]
    assert told[0] == ("admin", True, "create", base)
    assert told[-4:] == changes
    assert records[-1]["fields"] == ["softQuota"]
    assert PASSWORD not in done.stdout and "Another-one-2026" not in done.stdout

    lines = hako.command("local", "audit", "--tenant", tenant).stdout.splitlines()
    assert len(lines) == len(records)
    assert lines[-1].endswith(f"Z admin modify {base} (softQuota)")
    assert f" {tenant}/first create {base}/namespaces/archive (" in lines[-4]
    later = hako.command("local", "audit", "--since", "2999-01-01", "--json")
    assert json.loads(later.stdout) == []
    assert hako.command("local", "audit", "--since", "yesterday").returncode == 2


def test_a_template_carries_settings_over_and_twice_changes_nothing(first, tenant):
    base = f"/tenants/{tenant}/namespaces"
    body = {"name": "model", "hardQuota": "2 GB", "softQuota": 70, "tags": {"tag": ["gold"]}}
    good(first.put(base, json=body))
    good(first.post(f"{base}/model/versioningSettings", json={"enabled": True, "prune": True, "pruneDays": 3}))
    bundle = good(first.get(f"{base}/export", params={"names": "model"}))
    assert bundle["version"] == "1.0"
    bundle["namespaces"][0]["name"] = "copy"
    tried = good(first.post(f"{base}/import", params={"dry_run": "true"}, json=bundle))
    assert first.head(f"{base}/copy").status_code == 404, tried
    done = good(first.post(f"{base}/import", json=bundle))
    assert done["summary"] == {"created": 1}, done
    copied = good(first.get(f"{base}/copy", params={"verbose": "true"}))
    assert (copied["hardQuota"], copied["softQuota"]) == ("2.00 GB", 70)
    assert good(first.get(f"{base}/copy/versioningSettings"))["pruneDays"] == 3


def test_a_preview_names_what_the_tenant_has_not(first, tenant):
    base = f"/tenants/{tenant}/namespaces"
    good(first.put(base, json={"name": "there", "hardQuota": "15 GB"}))
    template = [
        {"name": "fits", "hardQuota": "5 GB", "servicePlan": "Default"},
        {"name": "large", "hardQuota": "1 GB"},
        {"name": "golden", "servicePlan": "Gold"},
    ]
    for dry_run in (True, False):
        told = good(first.post(f"{base}/import", json={"template": template, "dry_run": dry_run}))
        reasons = {one["name"]: one.get("reason") for one in told["namespaces"]}
        assert "21.00 GB together, and the tenant has 20.00 GB" in reasons["large"], told
        assert reasons["golden"].startswith("servicePlan:"), told
        assert reasons["fits"] is None and told["summary"]["failed"] == 2, told
    assert sorted(good(first.get(base))["name"]) == ["fits", "there"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/namespaces", {"name": "-a"}, 422),
        ("PUT", "/namespaces", {}, 422),
        ("PUT", "/namespaces", {"name": "a", "softQuota": 101}, 422),
        ("PUT", "/namespaces", {"name": "a", "hardQuota": "much"}, 422),
        ("PUT", "/namespaces", {"name": "a", "hardQuota": "2 TB"}, 400),
        ("PUT", "/namespaces", {"name": "a", "hashScheme": "CRC-32"}, 422),
        ("PUT", "/userAccounts", user("weak", password="a"), 400),
        ("DELETE", "/userAccounts/first", None, 403),
        ("GET", "/chargebackReport?start=2026-02-01T00:00:00Z&end=2026-01-01T00:00:00Z", None, 422),
        ("GET", "/namespaces/absent", None, 404),
    ],
)
def test_bad_input_is_refused_and_named(first, tenant, method, path, body, status):
    answer = first.request(method, f"/tenants/{tenant}{path}", json=body)
    problem(answer, status)
    assert PASSWORD not in answer.text
    assert good(first.get(f"/tenants/{tenant}/namespaces"))["name"] == []
