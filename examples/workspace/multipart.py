#!/usr/bin/env python3
"""A file of 200 MB in ten parts at a time: by the routes, and by the functions of the service."""

import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hako
import httpx

COUNT = 10
PART = 20 * hako.MB


def send(file: Path, signed: dict) -> list[dict]:
    """Puts the parts straight to the store, and gives their tags."""

    def put(part: dict) -> dict:
        with file.open("rb") as source:
            source.seek((part["part_number"] - 1) * PART)
            answer = store.put(part["url"], content=source.read(PART))
        return {"part_number": part["part_number"], "etag": answer.raise_for_status().headers["etag"]}

    with httpx.Client(timeout=300) as store, ThreadPoolExecutor(COUNT) as pool:
        return list(pool.map(put, signed["parts"]))


def digest(pieces) -> str:
    sha256 = hashlib.sha256()
    for piece in pieces:
        sha256.update(piece)
    return sha256.hexdigest()


with (
    hako.workspace("parts") as (workspace, headers),
    httpx.Client(headers=headers, timeout=300) as client,
    tempfile.TemporaryDirectory() as folder,
):
    file = Path(folder) / "large.bin"
    with file.open("wb") as target:
        for _ in range(COUNT):
            target.write(os.urandom(PART))
    with file.open("rb") as source:
        sent = digest(iter(lambda: source.read(hako.MB), b""))
    files = f"{hako.URL}/{workspace}/files"
    service = f"{hako.URL}/{workspace}/services/s3-storage"

    # The upload's id is enough to complete it; the parts may come in any order, tags with quotes or without.
    begin = {"path": "by/routes.bin", "part_count": COUNT}
    signed = client.post(f"{files}/create-multipart-upload", params=begin).raise_for_status().json()
    parts = [part | {"etag": part["etag"].strip('"')} for part in reversed(send(file, signed))]
    done = {"upload_id": signed["upload_id"], "parts": parts}
    done = client.post(f"{files}/complete-multipart-upload", json=done).raise_for_status().json()
    assert done["success"], done
    print("by routes:", done["location"])

    begin = {"file_path": "by/functions.bin", "part_count": COUNT}
    signed = client.post(f"{service}/put_file_start_multipart", json=begin).raise_for_status().json()
    done = {"upload_id": signed["upload_id"], "parts": send(file, signed)}
    done = client.post(f"{service}/put_file_complete_multipart", json=done).raise_for_status().json()
    assert done["success"], done
    print("by functions:", done["location"])

    for name in ("routes", "functions"):
        with client.stream("GET", f"{files}/by/{name}.bin") as answer:
            assert digest(answer.raise_for_status().iter_bytes()) == sent
    print("came back unchanged")
