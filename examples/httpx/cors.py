#!/usr/bin/env python3
"""Lets pages of another origin read a bucket."""

import hako
import httpx

ORIGIN = "https://viewer.example.com"
RULE = {
    "AllowedOrigins": [ORIGIN],
    "AllowedMethods": ["GET"],
    "AllowedHeaders": ["range"],
    "ExposeHeaders": ["ETag"],
    "MaxAgeSeconds": 600,
}

with hako.client() as api, hako.bucket(api, "cors") as bucket:
    at = f"/buckets/{bucket}/cors"
    print(api.put(at, json={"CORSRules": [RULE]}).json())
    print(api.get(at).json()["cors_rules"])

    # What a browser asks the store before it reads.
    url = api.post("/presign", json={"bucket": bucket, "key": "image.tif"}).json()["url"]
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    answer = httpx.options(url, headers=asked).raise_for_status()
    print(answer.headers["access-control-allow-origin"])

    print(api.delete(at).json())
