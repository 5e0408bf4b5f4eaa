"""Command lines that nobody here wrote: a folder goes up, is listed, comes back, and is deleted."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import hako as server
import httpx
import pytest

MB = 1024 * 1024
ODD_NAMES = [
    "plain.txt",
    "with space.txt",
    "hash#and?query.txt",
    "percent%41.txt",
    "quotes'\".txt",
    "plus+and&ampersand=.txt",
    "semi;colon,comma@at$.txt",
    "a~b!(c)*[d].txt",
    "smile-😀.txt",
    "deep/er/å ä ö.txt",
    "deep/.hidden",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A folder with odd names, an empty file, and one that every tool sends in parts."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ODD_NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}")
    (folder / "empty").touch()
    (folder / "parts.bin").write_bytes(os.urandom(20 * MB))
    return folder


def contents(folder: Path) -> dict[str, str]:
    """What is in a folder: a hash by each name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def stored(s3, bucket: str, prefix: str) -> dict[str, int]:
    """What the store says is there: a size by each name below the prefix."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    entries = [entry for page in pages for entry in page.get("Contents", [])]
    return {entry["Key"].removeprefix(prefix): entry["Size"] for entry in entries}


def sizes(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_size for name in contents(folder)}


def in_parts(s3, bucket: str, key: str) -> bool:
    return "-" in s3.head_object(Bucket=bucket, Key=key)["ETag"]


def run(*command, **settings: str) -> str:
    """Runs a client without the settings of whoever runs the tests."""
    foreign = ("AWS_", "RCLONE_", "S3CMD_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    done = subprocess.run(
        command, env=inherited | settings, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_aws_command_line_works(hako, s3, tree, tmp_path):
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

    def aws(*arguments):
        return run(program, "--endpoint-url", hako.s3, *arguments, **settings)

    bucket = "by-aws-cli"
    aws("s3", "mb", f"s3://{bucket}")
    up = ("s3", "sync", "--no-progress", tree, f"s3://{bucket}/in")
    aws(*up)
    assert stored(s3, bucket, "in/") == sizes(tree)
    assert in_parts(s3, bucket, "in/parts.bin")
    assert aws(*up) == "", "nothing new"
    aws("s3", "sync", "--no-progress", f"s3://{bucket}/in", tmp_path / "back")
    assert contents(tmp_path / "back") == contents(tree)

    odd = "in/hash#and?query.txt"
    aws("s3", "cp", "--no-progress", f"s3://{bucket}/{odd}", f"s3://{bucket}/copy of it")
    assert "copy of it" in aws("s3", "ls", f"s3://{bucket}/")
    url = aws("s3", "presign", f"s3://{bucket}/{odd}", "--expires-in", "60").strip()
    assert httpx.get(url).text == "content of hash#and?query.txt"
    page = json.loads(aws("s3api", "list-objects-v2", "--bucket", bucket, "--max-items", "3"))
    assert len(page["Contents"]) == 3
    aws("s3", "rb", "--force", f"s3://{bucket}")


def test_s3cmd_works(hako, s3, tree, tmp_path):
    host = hako.s3.removeprefix("http://")
    configuration = tmp_path / "s3cfg"
    configuration.write_text(
        f"[default]\naccess_key = {server.ACCESS_KEY}\nsecret_key = {server.SECRET_KEY}\n"
        f"host_base = {host}\nhost_bucket = {host}\nuse_https = False\n"
    )
    program = Path(sys.executable).with_name("s3cmd")

    def s3cmd(*arguments):
        return run(sys.executable, program, "-c", configuration, "--no-progress", *arguments)

    bucket = "by-s3cmd"
    s3cmd("mb", f"s3://{bucket}")
    s3cmd("sync", f"{tree}/", f"s3://{bucket}/in/")
    assert stored(s3, bucket, "in/") == sizes(tree)
    assert in_parts(s3, bucket, "in/parts.bin")
    assert "in/deep/er/å ä ö.txt" in s3cmd("ls", "--recursive", f"s3://{bucket}")
    s3cmd("sync", f"s3://{bucket}/in/", f"{tmp_path}/back/")
    assert contents(tmp_path / "back") == contents(tree)
    s3cmd("cp", f"s3://{bucket}/in/with space.txt", f"s3://{bucket}/copy")
    # The older signature.
    s3cmd("--signature-v2", "get", f"s3://{bucket}/copy", tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "content of with space.txt"
    url = s3cmd("signurl", f"s3://{bucket}/copy", "+60").strip()
    assert httpx.get(url).text == "content of with space.txt"
    s3cmd("del", "--recursive", "--force", f"s3://{bucket}")
    s3cmd("rb", f"s3://{bucket}")


@pytest.mark.skipif(
    "rclone" in os.environ.get("HAKO_TEST_WITHOUT", "").split(","), reason="left out by HAKO_TEST_WITHOUT"
)
def test_rclone_works(hako, s3, tree, tmp_path):
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

    bucket = "by-rclone"
    rclone("mkdir", f"hako:{bucket}")
    rclone("copy", tree, f"hako:{bucket}/in")
    assert stored(s3, bucket, "in/") == sizes(tree)
    assert in_parts(s3, bucket, "in/parts.bin")
    rclone("check", "--download", tree, f"hako:{bucket}/in")
    assert sorted(rclone("lsf", "-R", "--files-only", f"hako:{bucket}/in").splitlines()) == sorted(
        contents(tree)
    )
    rclone("copy", f"hako:{bucket}/in", tmp_path / "back")
    assert contents(tmp_path / "back") == contents(tree)
    rclone("moveto", f"hako:{bucket}/in/with space.txt", f"hako:{bucket}/moved")
    assert rclone("cat", f"hako:{bucket}/moved") == "content of with space.txt"
    rclone("purge", f"hako:{bucket}")


def test_the_script_of_fixtures_fills_a_store(hako, s3, api):
    script = Path(__file__).parents[2] / "scripts" / "fixtures.py"
    command = [sys.executable, script, "--endpoint", hako.s3, "--objects", "50", "--folders", "3"]
    keys = {"AWS_ACCESS_KEY_ID": server.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": server.SECRET_KEY}
    for _again in range(2):
        done = subprocess.run(command, env=os.environ | keys, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert "refused" not in done.stderr, done.stderr
    assert s3.list_objects_v2(Bucket="many-objects")["KeyCount"] == 50
    folders = s3.list_objects_v2(Bucket="many-folders", Prefix="level-1-000/level-2-000/", Delimiter="/")
    assert len(folders["CommonPrefixes"]) == 3
    hurting = {entry["Key"] for entry in s3.list_objects_v2(Bucket="names-that-hurt", EncodingType="url")["Contents"]}
    assert len(hurting) > 40
    for name in ("many-objects", "many-folders", "names-that-hurt"):
        answer = api.delete(f"/buckets/{name}", params={"force": "true"})
        assert answer.status_code == 200, answer.text
