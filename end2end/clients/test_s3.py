"""boto3 against the store's S3 port."""

import hashlib
import os
from pathlib import Path

import boto3
import botocore.config
import botocore.exceptions
import hako as server
import httpx
import pytest

MB = 1024 * 1024
ODD_KEYS = [
    "plain.txt",
    "with space.txt",
    "hash#and?query.txt",
    "percent%41.txt",
    "quotes'\".txt",
    "plus+and&ampersand=.txt",
    "smile-😀.txt",
    "deep/er/å ä ö.txt",
]


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.fixture(scope="module")
def big_file(tmp_path_factory) -> Path:
    """70 MB of random bytes: several parts for every client."""
    path = tmp_path_factory.mktemp("big") / "big.bin"
    with path.open("wb") as file:
        for _ in range(70):
            file.write(os.urandom(MB))
    return path


def refused(call, **arguments) -> tuple[int, str]:
    """The status and code with which a call fails."""
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(**arguments)
    answer = error.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def test_the_demo_buckets_hold_real_files(s3):
    names = [entry["Name"] for entry in s3.list_buckets()["Buckets"]]
    assert len(names) >= 2
    listings = [s3.list_objects_v2(Bucket=name).get("Contents", []) for name in names]
    sizes = [entry["Size"] for listing in listings for entry in listing]
    assert sum(sizes) > 0


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_object_comes_back_under_any_name(s3, bucket, key):
    body = f"content of {key}".encode()
    stored = s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="text/plain")
    assert stored["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    answer = s3.get_object(Bucket=bucket, Key=key)
    assert answer["Body"].read() == body
    assert answer["ContentType"] == "text/plain"
    assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == len(body)
    s3.delete_object(Bucket=bucket, Key=key)
    assert refused(s3.get_object, Bucket=bucket, Key=key) == (404, "NoSuchKey")


def test_a_range_is_a_slice(s3, bucket):
    s3.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    answer = s3.get_object(Bucket=bucket, Key="digits", Range="bytes=2-5")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert answer["ContentRange"] == "bytes 2-5/10"
    assert answer["Body"].read() == b"2345"
    assert s3.get_object(Bucket=bucket, Key="digits", Range="bytes=-3")["Body"].read() == b"789"
    status, code = refused(s3.get_object, Bucket=bucket, Key="digits", Range="bytes=10-")
    assert (status, code) == (416, "InvalidRange")


def test_a_listing_has_folders_and_pages(s3, bucket):
    keys = [f"a/{n}" for n in range(5)] + ["b/x", "top"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    top = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [entry["Prefix"] for entry in top["CommonPrefixes"]] == ["a/", "b/"]
    assert [entry["Key"] for entry in top["Contents"]] == ["top"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2})
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == sorted(keys)
    old = s3.list_objects(Bucket=bucket, Prefix="a/", MaxKeys=2, Marker="a/1")
    assert [entry["Key"] for entry in old["Contents"]] == ["a/2", "a/3"]
    assert old["IsTruncated"]


def test_upload_file_sends_parts_and_download_file_brings_them_back(s3, bucket, big_file, tmp_path):
    s3.upload_file(str(big_file), bucket, "big.bin")
    head = s3.head_object(Bucket=bucket, Key="big.bin")
    assert head["ContentLength"] == big_file.stat().st_size
    assert "-" in head["ETag"], "a multipart object's tag counts its parts"
    s3.download_file(bucket, "big.bin", str(tmp_path / "copy"))
    assert sha256(tmp_path / "copy") == sha256(big_file)
    s3.copy_object(Bucket=bucket, Key="copy.bin", CopySource={"Bucket": bucket, "Key": "big.bin"})
    s3.download_file(bucket, "copy.bin", str(tmp_path / "copy"))
    assert sha256(tmp_path / "copy") == sha256(big_file)


def test_an_upload_can_be_listed_and_aborted(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    names = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    for number in (1, 2, 3):
        s3.upload_part(**names, PartNumber=number, Body=b"x" * number)
    assert [u["UploadId"] for u in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
    page = s3.list_parts(**names, MaxParts=2)
    assert [part["Size"] for part in page["Parts"]] == [1, 2]
    rest = s3.list_parts(**names, PartNumberMarker=page["NextPartNumberMarker"])
    assert [part["PartNumber"] for part in rest["Parts"]] == [3]
    s3.abort_multipart_upload(**names)
    assert refused(s3.list_parts, **names) == (404, "NoSuchUpload")
    assert refused(s3.head_object, Bucket=bucket, Key="k")[0] == 404


def test_a_part_that_is_too_small_or_wrong_is_not_completed(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    names = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    tags = [
        {"PartNumber": n, "ETag": s3.upload_part(**names, PartNumber=n, Body=b"x")["ETag"]}
        for n in (1, 2)
    ]
    status, code = refused(s3.complete_multipart_upload, **names, MultipartUpload={"Parts": tags})
    assert (status, code) == (400, "EntityTooSmall")
    wrong = [{"PartNumber": 1, "ETag": '"00000000000000000000000000000000"'}]
    status, code = refused(s3.complete_multipart_upload, **names, MultipartUpload={"Parts": wrong})
    assert (status, code) == (400, "InvalidPart")
    assert refused(s3.head_object, Bucket=bucket, Key="k")[0] == 404
    s3.abort_multipart_upload(**names)


def test_presigned_urls_do_one_thing(s3, bucket):
    names = {"Bucket": bucket, "Key": "a b#?.txt"}
    put = s3.generate_presigned_url("put_object", Params=names, ExpiresIn=60)
    get = s3.generate_presigned_url("get_object", Params=names, ExpiresIn=60)
    assert httpx.put(put, content=b"hello").status_code == 200
    assert httpx.get(get).content == b"hello"
    assert httpx.put(get, content=b"other").status_code == 403
    assert httpx.get(get.replace("X-Amz-Expires=60", "X-Amz-Expires=61")).status_code == 403
    assert httpx.get(get.split("?")[0]).status_code == 403


def test_a_wrong_secret_key_is_refused(hako, bucket):
    stranger = boto3.client(
        "s3",
        endpoint_url=hako.s3,
        region_name="us-east-1",
        aws_access_key_id=server.ACCESS_KEY,
        aws_secret_access_key="0" * 32,
    )
    assert refused(stranger.list_objects_v2, Bucket=bucket) == (403, "SignatureDoesNotMatch")


def test_a_bucket_with_objects_stays(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert refused(s3.delete_bucket, Bucket=bucket) == (409, "BucketNotEmpty")
    assert refused(s3.list_objects_v2, Bucket="no-such-bucket") == (404, "NoSuchBucket")


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_form_is_its_own_permission(hako, s3, bucket, version):
    signer = boto3.client(
        "s3",
        endpoint_url=hako.s3,
        region_name="us-east-1",
        aws_access_key_id=server.ACCESS_KEY,
        aws_secret_access_key=server.SECRET_KEY,
        config=botocore.config.Config(signature_version=version, s3={"addressing_style": "path"}),
    )
    form = signer.generate_presigned_post(
        bucket,
        "in/${filename}",
        Fields={"success_action_status": "201", "x-amz-meta-from": "form"},
        Conditions=[
            {"success_action_status": "201"},
            {"x-amz-meta-from": "form"},
            ["content-length-range", 1, 100],
        ],
        ExpiresIn=60,
    )

    def post(content: bytes, **changes: str) -> httpx.Response:
        files = {"file": ("å 1.txt", content)}
        return httpx.post(form["url"], data=form["fields"] | changes, files=files)

    stored = post(b"hello")
    assert stored.status_code == 201 and "<Key>in/å 1.txt</Key>" in stored.text
    answer = s3.get_object(Bucket=bucket, Key="in/å 1.txt")
    assert answer["Body"].read() == b"hello"
    assert answer["Metadata"] == {"from": "form"}
    for refusal, status, code in [
        (post(b"x" * 101), 400, "EntityTooLarge"),
        (post(b"hello", key="out/a"), 403, "AccessDenied"),
        (post(b"hello", policy=form["fields"]["policy"][:-4]), 403, "SignatureDoesNotMatch"),
    ]:
        assert refusal.status_code == status and f"<Code>{code}</Code>" in refusal.text


def test_a_bucket_says_which_pages_may_call(s3, bucket):
    rules = [
        {
            "ID": "page",
            "AllowedOrigins": ["https://*.example.com"],
            "AllowedMethods": ["GET", "PUT"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 60,
        }
    ]
    assert refused(s3.get_bucket_cors, Bucket=bucket) == (404, "NoSuchCORSConfiguration")
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == rules
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"}, ExpiresIn=60)
    page = {"Origin": "https://page.example.com"}
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    allowed = httpx.options(url, headers=page | asked)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-headers"] == "content-type"
    stored = httpx.put(url, content=b"x", headers=page)
    assert stored.headers["access-control-allow-origin"] == page["Origin"]
    other = httpx.options(url, headers={"Origin": "https://example.org"} | asked)
    assert "access-control-allow-origin" not in other.headers
    s3.delete_bucket_cors(Bucket=bucket)
    assert refused(s3.get_bucket_cors, Bucket=bucket) == (404, "NoSuchCORSConfiguration")


def test_signature_version_2_works_too(hako, bucket):
    old = boto3.client(
        "s3",
        endpoint_url=hako.s3,
        region_name="us-east-1",
        aws_access_key_id=server.ACCESS_KEY,
        aws_secret_access_key=server.SECRET_KEY,
        config=botocore.config.Config(signature_version="s3", s3={"addressing_style": "path"}),
    )
    for key in ODD_KEYS:
        old.put_object(Bucket=bucket, Key=key, Body=key.encode(), Metadata={"a": "1"})
        assert old.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
        url = old.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
        assert "AWSAccessKeyId=" in url and httpx.get(url).content == key.encode()
        assert httpx.get(url.replace("Expires=", "Expires=1")).status_code == 403
    names = [entry["Key"] for entry in old.list_objects_v2(Bucket=bucket, Prefix="p")["Contents"]]
    assert names == sorted(key for key in ODD_KEYS if key.startswith("p"))
