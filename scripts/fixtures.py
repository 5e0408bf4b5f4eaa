#!/usr/bin/env python3
"""Fills buckets of a store by S3 with what is hard to show: very many objects, very many folders, names that hurt.

    AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… scripts/fixtures.py --endpoint http://localhost:9000

Three buckets: `many-objects` (200,000 objects in one folder), `many-folders` (three levels of 300 folders each, below
one another) and `names-that-hurt`. What is there already is stored again, so that a run that broke off can be repeated.
"""

import argparse
import itertools
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import boto3
import botocore.config
import botocore.exceptions

THREADS = 16
# Keys that are put to the pool at once: a list of all would be large, and a failure late.
BATCH = 2_000

NAMES = [
    "with space",
    " leading and trailing ",
    "hash#mark",
    "what?",
    "100%",
    "100%25",
    "a+b",
    "a&b=c;d",
    "\"double\" and 'single'",
    "back\\slash",
    "<b>bold</b>.html",
    "{{template}} ${variable} `command`",
    "=cmd()",
    "-rf",
    "--help",
    "ünïcödé",
    "é composed",
    "e\u0301 decomposed",
    "emoji 🗂️👩\u200d🔬",
    "العربية.txt",
    "עברית",
    "left\u202eto right\u202c",
    "日本語のファイル",
    "tab\there",
    "new\nline",
    "bell\u0007",
    "no-break\u00a0space",
    "zero\u200bwidth",
    "a//b",
    "/leading",
    "./dot",
    "../dots",
    "a/../b",
    "trailing/dot./x",
    "CON",
    "nul.txt",
    "file",
    "File",
    "FILE",
    "f1",
    "f2",
    "f10",
    ".hidden",
    "…",
    "folder/",
    "k" * 1_024,
    "ö" * 512,
]


def many_objects(count: int) -> Iterator[str]:
    return (f"scan-{number:06}.tif" for number in range(count))


def many_folders(folders: int) -> Iterator[str]:
    """Three levels, each with so many folders: those of the second and third are below the first of the one above."""
    first = f"level-1-{0:03}"
    second = f"{first}/level-2-{0:03}"
    for number in range(folders):
        yield f"level-1-{number:03}/file"
        yield f"{first}/level-2-{number:03}/file"
        yield f"{second}/level-3-{number:03}/file"


def batches(keys: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(itertools.islice(keys, BATCH)):
        yield batch


def fill(s3, pool: ThreadPoolExecutor, bucket: str, keys: Iterable[str]) -> int:
    """Stores small objects under all keys; says which the store refuses, and how many it took."""
    try:
        s3.create_bucket(Bucket=bucket)
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise

    def put(key: str) -> str | None:
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=b"" if key.endswith("/") else b"x")
        except botocore.exceptions.ClientError as error:
            return f"{key!r}: {error.response['Error']['Code']}"
        return None

    stored = 0
    for batch in batches(iter(keys)):
        for refused in pool.map(put, batch):
            if refused:
                print(f"{bucket}: refused {refused}", file=sys.stderr)
            else:
                stored += 1
        print(f"\r{bucket}: {stored:,} objects", end="", file=sys.stderr)
    print(file=sys.stderr)
    return stored


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoint", required=True, help="where the store's S3 is")
    parser.add_argument("--objects", type=int, default=200_000)
    parser.add_argument("--folders", type=int, default=300)
    options = parser.parse_args()
    s3 = boto3.client(
        "s3",
        endpoint_url=options.endpoint,
        region_name="us-east-1",
        config=botocore.config.Config(s3={"addressing_style": "path"}, max_pool_connections=THREADS),
    )
    with ThreadPoolExecutor(THREADS) as pool:
        fill(s3, pool, "many-objects", many_objects(options.objects))
        fill(s3, pool, "many-folders", many_folders(options.folders))
        fill(s3, pool, "names-that-hurt", NAMES)


if __name__ == "__main__":
    main()
