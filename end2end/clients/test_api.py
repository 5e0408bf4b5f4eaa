"""The REST API, as a script uses it."""

import hashlib
import io
import os
import time
import zipfile

import hako as server
import httpx
import pytest

MB = 1024 * 1024


def problem(answer: httpx.Response, status: int) -> dict:
    """The body of a failed answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    body = answer.json()
    assert body["code"] and body["request_id"]
    return body


def token(hako, **fields) -> httpx.Response:
    return httpx.post(f"{hako.console}/api/v1/auth/token", data=fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"tenant": "demo", "username": "demo"},
        {"username": "demo/demo"},
        {"tenant": " demo ", "username": "demo", "grant_type": "password", "scope": ""},
    ],
)
def test_a_token_opens_the_api(hako, fields):
    answer = token(hako, password=server.PASSWORD, **fields)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["token_type"] == "bearer"
    assert server.PASSWORD not in body["access_token"]
    headers = {"Authorization": f"bearer {body['access_token']}"}
    buckets = httpx.get(f"{hako.console}/api/v1/buckets", headers=headers)
    assert len(buckets.json()["buckets"]) >= 2


def test_wrong_credentials_all_get_one_answer(hako):
    wrong = problem(token(hako, tenant="demo", username="nobody-1", password="x"), 401)
    unknown = problem(token(hako, tenant="nowhere", username="nobody-2", password="x"), 401)
    assert wrong["detail"] == unknown["detail"]
    assert wrong["code"] == unknown["code"] == "invalid_credentials"


def test_a_form_with_faults_names_its_fields(hako):
    fields = {entry["loc"][-1] for entry in problem(token(hako, username="demo"), 422)["detail"]}
    assert fields == {"password"}
    assert problem(token(hako, tenant="a.b", username="u", password="p"), 422)["detail"] == "Invalid tenant name"


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({}, "Not authenticated"),
        ({"Authorization": "Basic eDp5"}, "Not authenticated"),
        ({"Authorization": "Bearer nonsense"}, "Invalid token"),
    ],
)
def test_without_a_token_nothing_is_told(hako, headers, detail):
    answer = httpx.get(f"{hako.console}/api/v1/buckets", headers=headers)
    assert problem(answer, 401)["detail"] == detail
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_probes_and_capabilities_are_public(hako):
    for path in ("/liveness", "/readiness", "/health", "/api/v1/capabilities"):
        assert httpx.get(hako.console + path).status_code == 200, path


def test_a_bucket_lives_and_dies(api):
    name = "made-by-api"
    answer = api.post("/buckets", json={"bucket": name})
    assert (answer.status_code, answer.json()) == (201, {"status": "created", "bucket": name})
    assert api.head(f"/buckets/{name}").status_code == 200
    assert problem(api.post("/buckets", json={"bucket": name}), 409)
    listed = [b for b in api.get("/buckets").json()["buckets"] if b["Name"] == name]
    assert listed and listed[0]["name"] == name
    assert api.delete(f"/buckets/{name}").json()["status"] == "deleted"
    assert api.head(f"/buckets/{name}").status_code == 404
    assert problem(api.delete(f"/buckets/{name}"), 404)["code"] == "bucket_not_found"


@pytest.mark.parametrize("name", ["ab", "-ab", "ab-", "a_b", "a.b.c", "xn--abc", "x" * 64, "Abc/d"])
def test_a_bad_bucket_name_is_refused_with_its_rule(api, name):
    body = problem(api.post("/buckets", json={"bucket": name}), 400)
    assert body["code"] == "invalid_bucket_name"
    assert body["detail"].startswith("A bucket name ")


def test_objects_are_listed_read_copied_and_deleted(api, bucket):
    key = "a folder/smile 😀 #1?.txt"
    base = f"/buckets/{bucket}"
    answer = api.post(f"{base}/object", params={"key": key}, files={"file": ("x", b"hello")})
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "uploaded"

    page = api.get(f"{base}/objects", params={"delimiter": "/"}).json()
    assert (page["objects"], page["common_prefixes"]) == ([], ["a folder/"])
    page = api.get(f"{base}/objects", params={"prefix": "a folder/"}).json()
    assert [entry["Key"] for entry in page["objects"]] == [key] and page["objects"][0]["size"] == 5

    assert api.get(f"{base}/object", params={"key": key}).content == b"hello"
    head = api.head(f"{base}/object", params={"key": key})
    assert head.headers["content-length"] == "5"
    assert head.headers["etag"] == f'"{hashlib.md5(b"hello").hexdigest()}"'

    copy = api.post(f"{base}/objects/copies/two/copy", json={"source_bucket": bucket, "source_key": key})
    assert copy.json()["status"] == "copied"
    assert api.get(f"{base}/objects/copies/two").content == b"hello"

    folder = api.post(f"{base}/objects/folder", json={"folder_name": "made"})
    assert (folder.status_code, folder.json()["key"]) == (201, "made/")

    gone = api.post(f"{base}/objects/delete", json={"keys": [key, "copies/two"]}).json()
    assert (gone["deleted_count"], gone["errors"]) == (2, [])
    assert problem(api.get(f"{base}/object", params={"key": key}), 404)["code"] == "object_not_found"
    # Deleting what is not there is no fault, as in S3.
    assert api.delete(f"{base}/objects/never").json()["status"] == "deleted"


def test_an_empty_prefix_does_not_empty_the_bucket(api, s3, bucket):
    s3.put_object(Bucket=bucket, Key="kept", Body=b"")
    answer = api.post(f"/buckets/{bucket}/objects/delete", json={"prefix": ""})
    assert answer.status_code in (400, 422), answer.text
    assert api.get(f"/buckets/{bucket}/objects").json()["key_count"] == 1


def test_an_upload_goes_in_presigned_parts(api, bucket):
    data = os.urandom(11 * MB)
    path = f"/buckets/{bucket}/multipart/big file.bin"
    plan = api.post(f"{path}/presign", json={"file_size": len(data), "part_size": 5 * MB}).json()
    assert (plan["total_parts"], len(plan["urls"])) == (3, 3)
    parts = []
    for part in plan["urls"]:
        offset = (part["part_number"] - 1) * plan["part_size"]
        stored = httpx.put(part["url"], content=data[offset : offset + plan["part_size"]])
        assert stored.status_code == 200, stored.text
        parts.append({"PartNumber": part["part_number"], "ETag": stored.headers["etag"]})
    listed = api.get(f"{path}/parts", params={"upload_id": plan["upload_id"]}).json()
    assert [entry["Size"] for entry in listed["parts"]] == [5 * MB, 5 * MB, MB]
    done = api.post(f"{path}/complete", json={"upload_id": plan["upload_id"], "parts": parts})
    assert done.status_code == 200 and done.json()["etag"].endswith('-3"')

    link = api.post("/presign", json={"bucket": bucket, "key": "big file.bin"}).json()
    assert link["method"] == "get_object"
    assert httpx.get(link["url"]).content == data


def test_an_upload_can_be_aborted_once(api, bucket):
    path = f"/buckets/{bucket}/multipart/k"
    plan = api.post(f"{path}/presign", json={"file_size": 1}).json()
    upload = {"upload_id": plan["upload_id"]}
    assert api.post(f"{path}/abort", json=upload).json() == {"status": "aborted"}
    assert problem(api.post(f"{path}/abort", json=upload), 404)
    assert httpx.put(plan["urls"][0]["url"], content=b"x").status_code == 404


def test_the_longest_key_works_and_a_longer_one_is_told(api, bucket):
    longest = "å" * 511 + "/x"
    assert len(longest.encode()) == 1024
    at = f"/buckets/{bucket}/object"
    assert api.put(at, params={"key": longest}, content=b"deep").status_code == 201
    assert api.get(at, params={"key": longest}).content == b"deep"
    answer = api.put(at, params={"key": longest + "y"}, content=b"")
    assert problem(answer, answer.status_code)["code"] == "key_too_long"
    assert 400 <= answer.status_code < 500


def test_two_uploads_to_one_key_do_not_mix(api, bucket):
    path = f"/buckets/{bucket}/multipart/same"
    plans = {body: api.post(f"{path}/presign", json={"file_size": 5}).json() for body in (b"first", b"other")}
    tags = {
        body: httpx.put(plan["urls"][0]["url"], content=body).headers["etag"]
        for body, plan in plans.items()
    }
    for body in (b"other", b"first"):
        parts = [{"PartNumber": 1, "ETag": tags[body]}]
        done = {"upload_id": plans[body]["upload_id"], "parts": parts}
        assert api.post(f"{path}/complete", json=done).status_code == 200
        assert api.get(f"/buckets/{bucket}/objects/same").content == body


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"file_size": 0}, 422),
        ({"file_size": 1, "part_size": 5 * MB - 1}, 422),
        ({"file_size": 1, "part_size": 5 * 1024 * MB + 1}, 422),
        ({"file_size": 1, "expires_in": 59}, 422),
        ({"file_size": 1, "expires_in": 43_201}, 422),
        ({"file_size": 5 * MB * 10_000 + 1, "part_size": 5 * MB}, 400),
    ],
)
def test_a_plan_that_cannot_be_is_refused(api, bucket, s3, wish, status):
    problem(api.post(f"/buckets/{bucket}/multipart/k/presign", json=wish), status)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket), "nothing was begun"


def ended(api, path: str) -> httpx.Response:
    """Asks for a task until it has ended."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = api.get(path)
        running = answer.headers["content-type"] == "application/json" and answer.json().get("status") in (
            "counting",
            "processing",
            "canceling",
        )
        if not running:
            return answer
        time.sleep(0.05)
    raise TimeoutError(path)


def test_a_bucket_is_counted_packed_and_emptied_in_the_background(api, s3, bucket):
    texts = {f"reports/ü {n}.txt": f"report {n} ".encode() * 100 for n in range(25)}
    for key, text in texts.items():
        s3.put_object(Bucket=bucket, Key=key, Body=text)
    objects = f"/buckets/{bucket}/objects"

    started = api.post(f"{objects}/s3_stats", params={"prefix": "reports/"})
    assert (started.status_code, started.json()["status"]) == (202, "counting")
    counted = ended(api, f"{objects}/s3_stats/{started.json()['task_id']}").json()
    assert (counted["status"], counted["files"]) == ("ready", 25)
    assert counted["bytes"] == sum(map(len, texts.values()))

    # httpx accepts anything: the archive itself comes.
    streamed = api.post(f"{objects}/download", json={"prefix": "reports/"})
    assert streamed.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(streamed.content))
    assert {name: archive.read(name) for name in archive.namelist()} == texts

    keys = [*texts, "missing ü"]
    started = api.post(f"{objects}/download", json={"keys": keys}, headers={"Accept": "application/json"})
    assert (started.status_code, started.json()["total"]) == (202, 26)
    path = f"{objects}/download/{started.json()['task_id']}"
    packed = ended(api, path)
    assert packed.status_code == 200
    assert packed.headers["x-zip-failed"] == "1"
    assert packed.headers["x-zip-failed-keys"] == "missing%20%C3%BC"
    archive = zipfile.ZipFile(io.BytesIO(packed.content))
    assert archive.namelist() == [*texts, "_errors.txt"] and archive.testzip() is None
    part = api.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, packed.content[10:20])

    started = api.post(f"{objects}/delete-task", json={"prefixes": ["reports/"], "keys": ["never"]})
    assert started.status_code == 202
    path = f"{objects}/delete-task/{started.json()['task_id']}"
    done = ended(api, path).json()
    assert (done["status"], done["deleted"], done["failed"]) == ("done", 26, 0)
    assert api.get(objects).json()["key_count"] == 0
    assert problem(api.post(f"{objects}/delete-task/unknown/cancel"), 404)["code"] == "task_not_found"


def test_malformed_bodies_are_problems(api, bucket):
    json_type = {"Content-Type": "application/json"}
    problem(api.post("/buckets", content=b"{", headers=json_type), 422)
    problem(api.post("/buckets", content=b"bucket=x", headers={"Content-Type": "text/plain"}), 415)
    problem(api.get("/no/such/route"), 404)
    problem(api.post("/presign", json={"bucket": bucket, "key": "k", "method": "delete_object"}), 422)
    problem(api.get(f"/buckets/{bucket}/objects", params={"max_keys": "-1"}), 422)


def test_a_session_cookie_alone_does_not_change_anything_from_elsewhere(hako):
    fields = {"tenant": server.TENANT, "username": server.USER, "password": server.PASSWORD}
    here = {"Origin": hako.console}
    with httpx.Client(base_url=hako.console) as browser:
        answer = browser.post("/api/v1/session", json=fields, headers=here)
        assert answer.status_code == 200, answer.text
        assert "access_token" not in answer.text
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie
        new = {"bucket": "from-elsewhere"}
        for origin in ({}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
            assert problem(browser.post("/api/v1/buckets", json=new, headers=origin), 403)
        assert "from-elsewhere" not in browser.get("/api/v1/buckets").text
        kept = dict(browser.cookies)
        assert browser.delete("/api/v1/session", headers=here).status_code == 200
    # A copy of the cookie, kept from before, is worth nothing.
    with httpx.Client(base_url=hako.console, cookies=kept) as thief:
        problem(thief.get("/api/v1/session"), 401)


def test_another_host_name_is_refused(hako):
    answer = httpx.get(f"{hako.console}/sign-in", headers={"Host": "elsewhere.example"})
    assert answer.status_code in (400, 403, 421), answer.status_code
