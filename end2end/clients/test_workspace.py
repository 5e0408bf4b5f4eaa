"""Keys for one workspace, as boto3 uses them, and files that are larger than what a server may hold."""

import hashlib
import sqlite3
import time
from pathlib import Path

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

WORKSPACE = "by-scoped-keys"


def client_with(keys: dict):
    return boto3.client(
        "s3",
        endpoint_url=keys["endpoint_url"],
        aws_access_key_id=keys["access_key_id"],
        aws_secret_access_key=keys["secret_access_key"],
        region_name=keys["region_name"],
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )


@pytest.fixture
def scoped(hako, api, s3):
    """The workspace, another one, the keys and a client that has them."""
    for name in (WORKSPACE, f"{WORKSPACE}-other"):
        s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=f"{WORKSPACE}-other", Key="a", Body=b"a")
    made = httpx.post(
        f"{hako.console}/{WORKSPACE}/services/s3-storage/generate_credential",
        headers=api.headers,
        json={},
    )
    assert made.status_code == 200, made.text
    keys = made.json()
    yield keys, client_with(keys)
    for name in (WORKSPACE, f"{WORKSPACE}-other"):
        api.delete(f"/buckets/{name}", params={"force": True})


def refused(call, **arguments) -> str:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return error.value.response["Error"]["Code"]


def test_they_open_the_workspace_and_nothing_else_until_they_are_revoked(api, scoped):
    keys, client = scoped
    assert (keys["bucket"], keys["prefix"], keys["scoped"]) == (WORKSPACE, "", True)
    inside = {"Bucket": WORKSPACE}

    client.put_object(**inside, Key="in/a.txt", Body=b"content")
    assert client.get_object(**inside, Key="in/a.txt")["Body"].read() == b"content"
    assert client.head_object(**inside, Key="in/a.txt")["ContentLength"] == 7
    client.copy_object(**inside, Key="in/b.txt", CopySource=f"{WORKSPACE}/in/a.txt")
    upload = client.create_multipart_upload(**inside, Key="in/c.bin")["UploadId"]
    part = client.upload_part(**inside, Key="in/c.bin", UploadId=upload, PartNumber=1, Body=b"part")
    client.complete_multipart_upload(
        **inside, Key="in/c.bin", UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    listed = client.list_objects_v2(**inside)["Contents"]
    assert [entry["Key"] for entry in listed] == ["in/a.txt", "in/b.txt", "in/c.bin"]
    client.delete_objects(**inside, Delete={"Objects": [{"Key": "in/a.txt"}]})
    client.delete_object(**inside, Key="in/b.txt")
    url = client.generate_presigned_url("get_object", Params=inside | {"Key": "in/c.bin"})
    assert httpx.get(url).content == b"part"

    outside = {"Bucket": f"{WORKSPACE}-other"}
    assert refused(client.list_objects_v2, **outside) == "AccessDenied"
    assert refused(client.get_object, **outside, Key="a") == "AccessDenied"
    assert refused(client.put_object, **outside, Key="b", Body=b"b") == "AccessDenied"
    assert refused(client.delete_object, **outside, Key="a") == "AccessDenied"
    copied = {"Key": "in/stolen", "CopySource": f"{WORKSPACE}-other/a"}
    assert refused(client.copy_object, **inside, **copied) == "AccessDenied"
    assert refused(client.create_bucket, Bucket=f"{WORKSPACE}-new") == "AccessDenied"
    assert refused(client.delete_bucket, **inside) == "AccessDenied"

    lent = api.get("/credentials/temporary").json()["keys"]
    assert keys["access_key_id"] in [key["access_key_id"] for key in lent]
    api.delete(f"/credentials/temporary/{keys['access_key_id']}").raise_for_status()
    refused(client.get_object, **inside, Key="in/c.bin")
    refused(client.list_objects_v2, **inside)
    assert httpx.get(url).status_code == 403


class Desk:
    """A bucket and a prefix in it, with what operations need that is made by somebody who may do everything."""

    def __init__(self, s3, bucket: str, prefix: str):
        self.at = {"Bucket": bucket}
        self.prefix = prefix
        s3.put_object(**self.at, Key=f"{prefix}there", Body=b"content")
        self.upload = s3.create_multipart_upload(**self.at, Key=f"{prefix}begun")["UploadId"]
        part = {"Key": f"{prefix}begun", "UploadId": self.upload, "PartNumber": 1}
        self.part = s3.upload_part(**self.at, **part, Body=b"part")["ETag"]
        self.dropped = s3.create_multipart_upload(**self.at, Key=f"{prefix}dropped")["UploadId"]
        s3.put_object(**self.at, Key=f"{prefix}doomed", Body=b"content")

    def key(self, name: str) -> dict:
        return self.at | {"Key": self.prefix + name}

    def begun(self) -> dict:
        return self.key("begun") | {"UploadId": self.upload}


def by_url(client, method: str, desk: Desk, name: str, **options):
    """What a presigned URL comes to, in boto3's terms."""
    url = client.generate_presigned_url(method, Params=desk.key(name))
    answer = httpx.request("PUT" if method == "put_object" else "GET", url, **options)
    if answer.status_code >= 300:
        code = "NoSuchKey" if answer.status_code == 404 else "AccessDenied"
        metadata = {"HTTPStatusCode": answer.status_code}
        raise ClientError({"Error": {"Code": code}, "ResponseMetadata": metadata}, method)


# All that one does with keys. What reads comes first, and each leaves to the next what it needs.
OPERATIONS = {
    "get": lambda c, d: c.get_object(**d.key("there")),
    "get by url": lambda c, d: by_url(c, "get_object", d, "there"),
    "head": lambda c, d: c.head_object(**d.key("there")),
    "attributes": lambda c, d: c.get_object_attributes(**d.key("there"), ObjectAttributes=["ETag"]),
    "tags": lambda c, d: c.get_object_tagging(**d.key("there")),
    "list": lambda c, d: c.list_objects_v2(**d.at, Prefix=d.prefix),
    "list parts": lambda c, d: c.list_parts(**d.begun()),
    "put": lambda c, d: c.put_object(**d.key("put"), Body=b"new"),
    "put by url": lambda c, d: by_url(c, "put_object", d, "by-url", content=b"new"),
    "copy": lambda c, d: c.copy_object(**d.key("copied"), CopySource=d.key("there")),
    "tag": lambda c, d: c.put_object_tagging(
        **d.key("there"), Tagging={"TagSet": [{"Key": "a", "Value": "b"}]}
    ),
    "begin": lambda c, d: c.create_multipart_upload(**d.key("another")),
    "part": lambda c, d: c.upload_part(**d.begun(), PartNumber=2, Body=b"part"),
    "copy of a part": lambda c, d: c.upload_part_copy(
        **d.begun(), PartNumber=3, CopySource=d.key("there")
    ),
    "complete": lambda c, d: c.complete_multipart_upload(
        **d.begun(), MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": d.part}]}
    ),
    "abort": lambda c, d: c.abort_multipart_upload(**d.key("dropped"), UploadId=d.dropped),
    "delete": lambda c, d: c.delete_object(**d.key("doomed")),
    "delete many": lambda c, d: c.delete_objects(
        **d.at, Delete={"Objects": [{"Key": f"{d.prefix}there"}], "Quiet": True}
    ),
}


def refuses_all(client, desk: Desk, s3) -> None:
    """Nothing of it works, and nothing has changed."""
    wrong = {}
    for name, operation in OPERATIONS.items():
        try:
            answer = operation(client, desk)
            # Of many, each is refused by itself.
            errors = [error["Code"] for error in (answer or {}).get("Errors", [])]
            if errors != ["AccessDenied"]:
                wrong[name] = answer
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status != 403:
                wrong[name] = status
    assert not wrong
    there = s3.list_objects_v2(**desk.at, Prefix=desk.prefix)["Contents"]
    assert [entry["Key"] for entry in there] == [desk.prefix + name for name in ("doomed", "there")]
    uploads = s3.list_multipart_uploads(**desk.at, Prefix=desk.prefix)["Uploads"]
    assert sorted(one["Key"] for one in uploads) == [desk.prefix + name for name in ("begun", "dropped")]


def clear(s3, bucket: str, prefix: str = "") -> None:
    for one in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=one["Key"])
    for one in s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix).get("Uploads", []):
        s3.abort_multipart_upload(Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])


def test_keys_with_a_prefix_do_all_inside_of_it_and_nothing_elsewhere_nor_after_their_end(
    hako, api, s3, bucket
):
    s3.create_bucket(Bucket=f"{bucket}-other")

    def lend(prefix: str) -> dict:
        asked = {"bucket": bucket, "prefix": prefix, "access": "read_write", "duration": 900}
        made = api.post("/credentials/temporary", json=asked)
        assert made.status_code in (200, 201), made.text
        lent = made.json()
        return {
            "endpoint_url": hako.s3,
            "region_name": "us-east-1",
            "access_key_id": lent["key"]["access_key_id"],
            "secret_access_key": lent["secret_access_key"],
        }

    try:
        keys = lend("in/")
        client = client_with(keys)
        inside = Desk(s3, bucket, "in/")
        for operation in OPERATIONS.values():
            answer = operation(client, inside)
            assert not (answer or {}).get("Errors")
        kept = s3.list_objects_v2(Bucket=bucket, Prefix="in/")["Contents"]
        assert [one["Key"] for one in kept] == ["in/begun", "in/by-url", "in/copied", "in/put"]

        clear(s3, bucket)

        # Beside the prefix, where it only looks like it, and in another bucket.
        for desk in (
            Desk(s3, bucket, "out/"),
            Desk(s3, bucket, "inn/"),
            Desk(s3, f"{bucket}-other", "in/"),
        ):
            refuses_all(client, desk, s3)
        # What is outside cannot be brought in.
        with pytest.raises(ClientError) as error:
            client.copy_object(Bucket=bucket, Key="in/stolen", CopySource=f"{bucket}/out/there")
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        # Without a prefix, or with a wider one, a listing would tell of what is outside.
        for prefix in ("", "i", "out/"):
            assert refused(client.list_objects_v2, Bucket=bucket, Prefix=prefix) == "AccessDenied"

        # After its end: its time is moved, as nobody waits for a quarter of an hour.
        again = Desk(s3, bucket, "in/")
        with sqlite3.connect(hako.log.parent / "data/store/metadata.sqlite", timeout=30) as database:
            moved = database.execute(
                "UPDATE temporary_keys SET expires_ms = ? WHERE access_key = ?",
                (int(time.time() * 1000) - 1, keys["access_key_id"]),
            )
            assert moved.rowcount == 1
        refuses_all(client, again, s3)

        # After its revocation.
        keys = lend("in/")
        client = client_with(keys)
        client.get_object(**again.key("there"))
        api.delete(f"/credentials/temporary/{keys['access_key_id']}").raise_for_status()
        refuses_all(client, again, s3)
    finally:
        clear(s3, bucket)
        api.delete(f"/buckets/{bucket}-other", params={"force": True}).raise_for_status()


GIB = 1 << 30
PIECE = bytes(range(256)) * 4096  # 1 MiB
# What the server may grow by while it passes a gibibyte on, in MiB.
GROWTH_MIB = 96


def gibibyte():
    for _ in range(GIB // len(PIECE)):
        yield PIECE


def peak_mib(hako) -> int:
    """The most memory that the server has held since it was last forgotten."""
    status = Path(f"/proc/{hako.process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def forget_peak(hako) -> int:
    Path(f"/proc/{hako.process.pid}/clear_refs").write_text("5")
    return peak_mib(hako)


def test_a_gibibyte_goes_through_in_both_directions_in_constant_memory(hako, api, bucket):
    expected = hashlib.sha256()
    for piece in gibibyte():
        expected.update(piece)
    expected = expected.hexdigest()
    files = f"{hako.console}/{bucket}/files"
    at = f"{hako.console}/{bucket}/services/s3-storage"

    def proxied(function: str, path: str) -> str:
        answer = api.post(f"{at}/{function}", json={"file_path": path, "use_proxy": True})
        url = answer.raise_for_status().json()
        assert url.startswith(f"{hako.console}/s3/"), url
        return url

    def digest(url: str, headers=None) -> str:
        read = hashlib.sha256()
        with httpx.stream("GET", url, headers=headers, timeout=300) as answer:
            answer.raise_for_status()
            assert answer.headers["content-length"] == str(GIB)
            for piece in answer.iter_bytes():
                read.update(piece)
        return read.hexdigest()

    before = forget_peak(hako)
    known = {"Content-Length": str(GIB)}
    bearer = {"Authorization": api.headers["Authorization"]}
    grown = {}

    def grew(name: str) -> None:
        grown[name] = peak_mib(hako) - before
        forget_peak(hako)

    with httpx.Client(timeout=300) as client:
        client.put(f"{files}/a", content=gibibyte(), headers=bearer | known).raise_for_status()
        grew("put")
        assert digest(f"{files}/a", bearer) == expected
        grew("get")
        # Of no known length, it goes in chunks.
        client.put(f"{files}/a", content=gibibyte(), headers=bearer).raise_for_status()
        grew("chunked")
        url = proxied("put_file", "b")
        client.put(url, content=gibibyte(), headers=known).raise_for_status()
        grew("put by the proxy")
        url = proxied("get_file", "b")
        assert digest(url) == expected
        grew("get by the proxy")
        for address, headers in ((f"{files}/a", bearer), (url, {})):
            part = client.get(address, headers=headers | {"Range": f"bytes={GIB - 5}-"})
            assert (part.status_code, part.content) == (206, PIECE[-5:])
            assert part.headers["content-range"] == f"bytes {GIB - 5}-{GIB - 1}/{GIB}"
            same = client.get(address, headers=headers | {"If-None-Match": part.headers["etag"]})
            assert (same.status_code, same.content) == (304, b"")
            since = {"If-Modified-Since": part.headers["last-modified"]}
            assert client.get(address, headers=headers | since).status_code == 304
        grew("parts")
    assert max(grown.values()) < GROWTH_MIB, grown
