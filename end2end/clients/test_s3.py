"""Other people's S3 clients against the store's S3 port."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import boto3
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


# boto3


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


# command lines


def run(*command, **settings: str) -> str:
    """Runs a client without the settings of whoever runs the tests."""
    foreign = ("AWS_", "RCLONE_", "S3CMD_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    done = subprocess.run(
        command, env=inherited | settings, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def aws(hako, tmp_path):
    """The AWS command line."""
    settings = {
        "AWS_ACCESS_KEY_ID": server.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": server.SECRET_KEY,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }
    program = Path(sys.executable).with_name("aws")
    return lambda *arguments: run(program, "--endpoint-url", hako.s3, *arguments, **settings)


def test_the_aws_command_line_works(aws, big_file, tmp_path):
    bucket = "by-aws-cli"
    aws("s3", "mb", f"s3://{bucket}")
    aws("s3", "cp", "--no-progress", str(big_file), f"s3://{bucket}/in/big file.bin")
    assert "big file.bin" in aws("s3", "ls", f"s3://{bucket}/in/")
    aws("s3", "cp", "--no-progress", f"s3://{bucket}/in/big file.bin", str(tmp_path / "out"))
    assert sha256(tmp_path / "out") == sha256(big_file)

    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "one.txt").write_text("1")
    (folder / "sub/empty").touch()
    aws("s3", "sync", "--no-progress", str(folder), f"s3://{bucket}/sync")
    listed = json.loads(aws("s3api", "list-objects-v2", "--bucket", bucket, "--prefix", "sync/"))
    assert {entry["Key"]: entry["Size"] for entry in listed["Contents"]} == {
        "sync/one.txt": 1,
        "sync/sub/empty": 0,
    }
    assert aws("s3", "sync", "--no-progress", str(folder), f"s3://{bucket}/sync") == "", "nothing new"
    aws("s3", "rb", "--force", f"s3://{bucket}")


def test_s3cmd_works(hako, big_file, tmp_path):
    host = hako.s3.removeprefix("http://")
    configuration = tmp_path / "s3cfg"
    configuration.write_text(
        f"[default]\naccess_key = {server.ACCESS_KEY}\nsecret_key = {server.SECRET_KEY}\n"
        f"host_base = {host}\nhost_bucket = {host}\nuse_https = False\n"
        # Its default is the old name `US`, which is no region.
        "bucket_location = us-east-1\n"
    )
    program = Path(sys.executable).with_name("s3cmd")

    def s3cmd(*arguments):
        return run(sys.executable, program, "-c", configuration, "--no-progress", *arguments)

    bucket = "s3://by-s3cmd"
    s3cmd("mb", bucket)
    s3cmd("put", big_file, f"{bucket}/big.bin")
    assert str(big_file.stat().st_size) in s3cmd("ls", bucket)
    s3cmd("get", f"{bucket}/big.bin", tmp_path / "out")
    assert sha256(tmp_path / "out") == sha256(big_file)
    s3cmd("del", f"{bucket}/big.bin")
    s3cmd("rb", bucket)


@pytest.mark.skipif(
    "rclone" in os.environ.get("HAKO_TEST_WITHOUT", "").split(","), reason="left out by HAKO_TEST_WITHOUT"
)
def test_rclone_works(hako, big_file, tmp_path):
    program = shutil.which("rclone")
    assert program, "install the package rclone, or leave it out by HAKO_TEST_WITHOUT=rclone"
    settings = {
        "RCLONE_CONFIG": str(tmp_path / "none"),
        "RCLONE_CONFIG_HAKO_TYPE": "s3",
        "RCLONE_CONFIG_HAKO_PROVIDER": "Other",
        "RCLONE_CONFIG_HAKO_ENDPOINT": hako.s3,
        "RCLONE_CONFIG_HAKO_ACCESS_KEY_ID": server.ACCESS_KEY,
        "RCLONE_CONFIG_HAKO_SECRET_ACCESS_KEY": server.SECRET_KEY,
        "RCLONE_CONFIG_HAKO_FORCE_PATH_STYLE": "true",
        "RCLONE_S3_UPLOAD_CUTOFF": "16M",
        "RCLONE_S3_CHUNK_SIZE": "8M",
    }

    def rclone(*arguments):
        return run(program, *arguments, **settings)

    rclone("mkdir", "hako:by-rclone")
    rclone("copy", str(big_file.parent), "hako:by-rclone/in")
    assert "in/big.bin" in rclone("lsf", "-R", "hako:by-rclone")
    rclone("copy", "hako:by-rclone/in", str(tmp_path / "out"))
    assert sha256(tmp_path / "out" / big_file.name) == sha256(big_file)
    rclone("purge", "hako:by-rclone")
