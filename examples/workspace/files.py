#!/usr/bin/env python3
"""Files of a workspace: stored with known and with unknown length, listed, read, fetched as a ZIP, deleted."""

import io
import zipfile

import hako
import httpx

with hako.workspace("files") as (workspace, headers), httpx.Client(headers=headers, timeout=60) as client:
    files = f"{hako.URL}/{workspace}/files"

    # The length is known.
    answer = client.put(f"{files}/in/report.txt", content=b"0123456789", headers={"Content-Type": "text/plain"})
    answer.raise_for_status()
    assert answer.json()["success"] and answer.headers["etag"]
    etag = answer.headers["etag"]

    # It is not: what a generator yields goes in chunks.
    def lines():
        for number in range(100_000):
            yield f"{number}\n".encode()

    client.put(f"{files}/in/lines.log", content=lines()).raise_for_status()

    # A form's type does not make a form of it.
    foreign = {"Content-Type": "multipart/form-data; boundary=none"}
    client.put(f"{files}/in/deep/raw.bin", content=b"\0" * 1000, headers=foreign).raise_for_status()
    raw = client.get(f"{files}/in/deep/raw.bin").raise_for_status()
    assert raw.content == b"\0" * 1000 and raw.headers["content-type"] == foreign["Content-Type"]

    # One level.
    listed = client.get(f"{files}/in/").raise_for_status().json()
    assert listed["type"] == "directory"
    kinds = {child["name"]: child["type"] for child in listed["children"]}
    assert kinds == {"report.txt": "file", "lines.log": "file", "deep": "directory"}, kinds
    print("listed:", ", ".join(sorted(kinds)))

    # A part of it, and only if it is another one.
    part = client.get(f"{files}/in/report.txt", headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.text) == (206, "234")
    assert client.get(f"{files}/in/report.txt", headers={"If-None-Match": etag}).status_code == 304
    head = client.head(f"{files}/in/report.txt").raise_for_status()
    assert head.headers["content-length"] == "10"
    assert client.get(f"{files}/in/lines.log").raise_for_status().text.endswith("99999\n")

    # All of a folder at once.
    answer = client.get(f"{files}/download-zip", params={"path": "in"}).raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        print("in the archive:", len(archive.namelist()))

    # One file, then the rest.
    client.delete(f"{files}/in/report.txt").raise_for_status()
    assert client.get(f"{files}/in/report.txt").status_code == 404
    client.delete(f"{files}/in/").raise_for_status()
    gone = client.get(f"{files}/in/")
    assert gone.status_code == 404 and gone.json()["success"] is False
    print("deleted:", gone.json()["detail"])
