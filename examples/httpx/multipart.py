#!/usr/bin/env python3
"""A large file in presigned parts, six at a time, and again after an interruption.

No byte of it passes Hako: it signs a URL per part, and the parts go straight to the store.
"""

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hako
import httpx

MB = 1024 * 1024


def send(store: httpx.Client, file: Path, size: int, part: dict) -> None:
    with file.open("rb") as source:
        source.seek((part["part_number"] - 1) * size)
        store.put(part["url"], content=source.read(size)).raise_for_status()


def upload(api: httpx.Client, at: str, key: dict, file: Path) -> dict:
    plan = {"file_size": file.stat().st_size, "part_size": 5 * MB}
    signed = api.post(f"{at}/presign", params=key, json=plan).json()
    upload_id = signed["upload_id"]
    with httpx.Client(timeout=300) as store, ThreadPoolExecutor(6) as pool:
        def put(parts: list[dict]) -> None:
            list(pool.map(lambda part: send(store, file, signed["part_size"], part), parts))

        # The first half, and then the line is lost.
        put(signed["urls"][: len(signed["urls"]) // 2])

        # Whoever goes on needs the upload's id: the store knows which parts it has.
        present = api.get(f"{at}/parts", params=key | {"upload_id": upload_id}).json()["parts"]
        missing = set(range(1, signed["total_parts"] + 1)) - {part["part_number"] for part in present}
        again = plan | {"upload_id": upload_id, "part_numbers": sorted(missing)}
        put(api.post(f"{at}/presign", params=key, json=again).json()["urls"])

    parts = api.get(f"{at}/parts", params=key | {"upload_id": upload_id}).json()["parts"]
    parts = [{"part_number": part["part_number"], "etag": part["etag"]} for part in parts]
    return api.post(f"{at}/complete", params=key, json={"upload_id": upload_id, "parts": parts}).json()


with hako.client() as api, hako.bucket(api, "parts") as bucket, tempfile.TemporaryDirectory() as folder:
    if len(sys.argv) > 1:
        file = Path(sys.argv[1])
    else:
        file = Path(folder) / "large.bin"
        file.write_bytes(os.urandom(23_000_000))
    key = {"key": file.name}
    print(upload(api, f"/buckets/{bucket}/object/multipart", key, file))

    same = True
    with api.stream("GET", f"/buckets/{bucket}/object", params=key) as answer, file.open("rb") as source:
        for piece in answer.iter_bytes():
            same = same and source.read(len(piece)) == piece
    print("came back unchanged" if same else "CAME BACK CHANGED")
    sys.exit(not same)
