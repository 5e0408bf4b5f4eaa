#!/usr/bin/env python3
"""Files for a while: the store is rid of them when their time is over."""

import time

import hako
import requests

with hako.workspace("temporary") as (workspace, headers), requests.Session() as session:
    session.headers.update(headers)
    files = f"{hako.URL}/{workspace}/files"
    at = f"{hako.URL}/{workspace}/services/s3-storage"

    def call(function: str, **arguments):
        answer = session.post(f"{at}/{function}", json=arguments, timeout=60)
        answer.raise_for_status()
        return answer.json()

    # By a URL: the time begins with the call. A list of paths may have a list of times.
    urls = call("put_file", file_path=["soon.txt", "later.txt"], ttl=[5, 3600])
    for path, url in urls.items():
        requests.put(url, data=path, timeout=60).raise_for_status()
    later = session.head(f"{files}/later.txt", timeout=60)
    print("later.txt ends", later.headers["x-hako-expires"])

    # By parts: it begins when they are put together.
    begin = {"path": "parts.bin", "part_count": 1, "ttl": 1}
    signed = session.post(f"{files}/create-multipart-upload", params=begin, timeout=60).json()
    tag = requests.put(signed["parts"][0]["url"], data=b"x" * 1000, timeout=60).headers["etag"]
    done = {"upload_id": signed["upload_id"], "parts": [{"part_number": 1, "etag": tag}]}
    session.post(f"{files}/complete-multipart-upload", json=done, timeout=60).raise_for_status()

    # Whatever is not above 0 is no time.
    assert session.post(f"{at}/put_file", json={"file_path": "x", "ttl": 0}, timeout=60).status_code == 400

    end = time.monotonic() + 100
    while time.monotonic() < end:
        names = [entry["name"] for entry in call("list_files")]
        if names == ["later.txt"]:
            break
        time.sleep(0.2)
    print("left:", ", ".join(names))
    assert names == ["later.txt"], names
