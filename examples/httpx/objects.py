#!/usr/bin/env python3
"""An object's life: store, look, read a range, copy, share, delete."""

import hako
import httpx

with hako.client() as api, hako.bucket(api, "objects") as bucket:
    at = f"/buckets/{bucket}"

    # As a form, or as it is. httpx encodes the key, whatever characters it has.
    files = {"file": ("hello.txt", b"Hello from a file.\n", "text/plain")}
    print(api.post(f"{at}/object", params={"key": "notes/hello.txt"}, files=files).json())
    api.put(f"{at}/object", params={"key": "notes/a & b.txt"}, content=b"as it is")

    page = api.get(f"{at}/objects", params={"prefix": "notes/", "delimiter": "/"}).json()
    for entry in page["objects"]:
        print(f"{entry['size']:>5}  {entry['key']}")

    hello = {"key": "notes/hello.txt"}
    print(api.head(f"{at}/object", params=hello).headers["content-type"])
    print(api.get(f"{at}/object", params=hello, headers={"Range": "bytes=0-4"}).text)

    # A long one is streamed.
    with api.stream("GET", f"{at}/object", params=hello) as answer:
        print(sum(len(piece) for piece in answer.iter_bytes()), "bytes")

    source = {"source_bucket": bucket, "source_key": "notes/hello.txt"}
    print(api.post(f"{at}/object/copy", params={"key": "copy.txt"}, json=source).json())

    # A link that works for five minutes, without signing in.
    link = api.post("/presign", json={"bucket": bucket, "key": "copy.txt", "expires_in": 300}).json()
    print(httpx.get(link["url"]).raise_for_status().text, end="")

    print(api.delete(f"{at}/object", params={"key": "copy.txt"}).json())
