"""What the page of credentials gives to paste, pasted: every tool that is here does what its lines say."""

import html.parser
import os
import plistlib
import subprocess
import sys
from pathlib import Path

import duckdb
import hako as server
import hcl2
import httpx
import pytest

PLACEHOLDER = "YOUR_SECRET_KEY"
BUCKET = "by-snippets"
REPORT = "a report, of which somebody reads the beginning\n" * 20


class Snippets(html.parser.HTMLParser):
    """The files of each tool, as they stand in the page: texts by name, by tool."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.files, self.tool, self.name = {}, None, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        test_id = attributes.get("data-testid", "")
        if tag == "details":
            self.tool = test_id.removeprefix("snippet-")
        if test_id == "snippet-text":
            self.name = attributes["aria-label"]
            self.files.setdefault(self.tool, {})[self.name] = ""

    def handle_endtag(self, tag):
        if tag == "pre":
            self.name = None

    def handle_data(self, data):
        if self.name:
            self.files[self.tool][self.name] += data


@pytest.fixture(scope="module")
def snippets(hako, s3):
    """The page's files with the secret, which the page puts in the same place."""
    s3.create_bucket(Bucket=BUCKET)
    with httpx.Client(base_url=hako.console, headers={"Origin": hako.console}) as browser:
        login = {"tenant": server.TENANT, "username": server.USER, "password": server.PASSWORD}
        assert browser.post("/sign-in", data={"op": "sign_in", **login}).status_code == 303
        page = browser.get("/credentials", params={"bucket": BUCKET})
    assert page.status_code == 200
    assert server.SECRET_KEY not in page.text
    parser = Snippets()
    parser.feed(page.text)
    assert set(parser.files) == {
        "aws-cli", "boto3", "rclone", "s3cmd", "mc", "cyberduck", "duckdb", "terraform", "curl",
        "hako",
    }
    yield {
        tool: {name: text.replace(PLACEHOLDER, server.SECRET_KEY) for name, text in files.items()}
        for tool, files in parser.files.items()
    }
    for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=entry["Key"])
    s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def desk(s3, tmp_path):
    """A folder with what the examples take; the bucket is empty."""
    for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=entry["Key"])
    (tmp_path / "report.txt").write_text(REPORT)
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "one.txt").write_text("one")
    (tmp_path / "data" / "deep" / "å two.txt").write_text("two")
    return tmp_path


def only(files: dict[str, str]) -> tuple[str, str]:
    [file] = files.items()
    return file


def run(desk: Path, files: dict[str, str]) -> str:
    """Runs a tool's file as somebody would who has nothing of that tool yet."""
    name, text = only(files)
    (desk / name).write_text(text)
    foreign = ("AWS_", "RCLONE_", "S3CMD_", "XDG_", "HAKO_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    programs = f"{Path(sys.executable).parent}:{server.BINARY.parent}:{inherited['PATH']}"
    command = [sys.executable, name] if name.endswith(".py") else ["sh", "-e", name]
    done = subprocess.run(
        command,
        cwd=desk,
        env=inherited | {"HOME": str(desk), "PATH": programs, "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def stored(s3) -> set[str]:
    return {entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


FOLDER = {"data/one.txt", "data/deep/å two.txt"}


# CRD-2
def test_the_lines_for_the_aws_command_line_do_what_they_say(snippets, desk, s3):
    listed = run(desk, snippets["aws-cli"])
    assert stored(s3) == {"report.txt"} | FOLDER
    assert "report.txt" in listed and "PRE data/" in listed
    # The profile is kept, with the secret in the file for secrets.
    assert server.SECRET_KEY in (desk / ".aws" / "credentials").read_text()
    assert "path" in (desk / ".aws" / "config").read_text()


# CRD-2
def test_the_lines_for_boto3_do_what_they_say(snippets, desk, s3):
    printed = run(desk, snippets["boto3"]).splitlines()
    assert stored(s3) == {"report.txt"}
    assert printed[0] == f"report.txt {len(REPORT)}"
    assert httpx.get(printed[-1]).text == REPORT


# CRD-2
@pytest.mark.skipif(
    "rclone" in os.environ.get("HAKO_TEST_WITHOUT", "").split(","), reason="left out by HAKO_TEST_WITHOUT"
)
def test_the_lines_for_rclone_do_what_they_say(snippets, desk, s3):
    run(desk, snippets["rclone"])
    assert stored(s3) == FOLDER
    assert "chunk_size = 25Mi" in (desk / ".config" / "rclone" / "rclone.conf").read_text()


# CRD-2
def test_the_lines_for_s3cmd_do_what_they_say(snippets, desk, s3):
    listed = run(desk, snippets["s3cmd"])
    assert stored(s3) == FOLDER
    assert f"s3://{BUCKET}/data/" in listed
    assert (desk / "hako.s3cfg").stat().st_mode & 0o077 == 0, "nobody else reads the secret"


# CRD-2
def test_the_lines_for_curl_do_what_they_say(snippets, desk, s3):
    printed = run(desk, snippets["curl"])
    assert stored(s3) == {"report.txt"}
    assert printed.startswith(REPORT[:100] + "<?xml"), "the range, and then the list"
    assert "<Key>report.txt</Key>" in printed


# CRD-2
def test_the_lines_for_hako_do_what_they_say(snippets, desk, s3):
    _, text = only(snippets["hako"])
    assert all(server.SECRET_KEY not in line for line in text.splitlines() if "hako " in line), "no argument holds it"
    printed = run(desk, snippets["hako"])
    assert stored(s3) == FOLDER
    assert sorted(line.split(" (")[0] for line in printed.splitlines()) == [f"uploaded {key}" for key in sorted(FOLDER)]
    profiles = desk / ".config" / "hako" / "profiles.toml"
    assert profiles.stat().st_mode & 0o077 == 0, "nobody else reads the secret"
    assert server.SECRET_KEY in profiles.read_text()
    # Again, after a change: the profile is replaced, and only the change is sent.
    (desk / "data" / "one.txt").write_text("another")
    assert run(desk, snippets["hako"]).startswith("uploaded data/one.txt (7 B)\n")
    assert s3.get_object(Bucket=BUCKET, Key="data/one.txt")["Body"].read() == b"another"


# CRD-2
def test_the_lines_for_other_tools_can_be_read_by_who_reads_such_files(snippets):
    host, port = address = server_address(snippets)
    _, text = only(snippets["mc"])
    assert subprocess.run(["sh", "-n", "-c", text]).returncode == 0
    profile = plistlib.loads(snippets["cyberduck"]["hako.cyberduckprofile"].encode())
    assert (profile["Default Hostname"], profile["Default Port"]) == address
    assert profile["Properties"] == {"s3.bucket.virtualhost.disable": "true"}
    bookmark = plistlib.loads(snippets["cyberduck"]["hako.duck"].encode())
    assert (bookmark["Path"], bookmark["Username"]) == (f"/{BUCKET}", server.ACCESS_KEY)
    assert bookmark["Provider"] == profile["Vendor"]
    _, text = only(snippets["duckdb"])
    kinds = [str(one.type).split(".")[-1] for one in duckdb.extract_statements(text)]
    assert kinds[-1] == "SELECT" and len(kinds) == 4, kinds
    _, text = only(snippets["terraform"])
    [provider] = hcl2.loads(text)["provider"]
    [settings] = provider.values()
    assert settings["s3_use_path_style"] is True
    assert f"http://{host}:{port}" in str(settings["endpoints"])


def server_address(snippets) -> tuple[str, str]:
    _, text = only(snippets["duckdb"])
    [line] = [line for line in text.splitlines() if "ENDPOINT" in line]
    host, port = line.split("'")[1].split(":")
    return host, port
