#!/usr/bin/env python3
"""Many objects at once: sign, count, download as one ZIP, delete."""

import io
import time
import zipfile

import hako
import httpx

KEYS = [f"readings/{number:02}.txt" for number in range(1, 21)]

with hako.client() as api, hako.bucket(api, "bulk") as bucket:
    at = f"/buckets/{bucket}/objects"

    # Twenty URLs in one call; the files go straight to the store.
    signed = api.post(f"{at}/presign", json={"keys": KEYS, "method": "put_object"}).json()
    for entry in signed["urls"]:
        httpx.put(entry["url"], content=f"content of {entry['key']}").raise_for_status()

    task = api.post(f"{at}/s3_stats", params={"prefix": "readings/"}).json()
    print(hako.finished(api, f"{at}/s3_stats/{task['task_id']}", "counting"))

    # An archive that is made while it is downloaded.
    wanted = {"headers": {"Accept": "application/zip"}, "json": {"prefix": "readings/"}}
    archive = zipfile.ZipFile(io.BytesIO(api.post(f"{at}/download", **wanted).content))
    print(len(archive.namelist()), "files,", archive.testzip() or "all sound")

    # Or one that is made in the background, and fetched when it is ready.
    task = api.post(f"{at}/download", headers={"Prefer": "respond-async"}, json={"keys": KEYS[:3]}).json()
    path = f"{at}/download/{task['task_id']}"
    while not (answer := api.get(path)).headers["content-type"].startswith("application/zip"):
        time.sleep(0.2)
    print(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())

    print(api.post(f"{at}/delete", json={"keys": KEYS[:3]}).json()["deleted_count"], "deleted")
    task = api.post(f"{at}/delete-task", json={"prefixes": ["readings/"]}).json()
    print(hako.finished(api, f"{at}/delete-task/{task['task_id']}", "processing"))
