#!/usr/bin/env python3
"""The service s3-storage: URLs for one path and for many, for a while, through Hako or not; keys for boto3."""

import boto3
import hako
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

with hako.workspace("service") as (workspace, headers), requests.Session() as session:
    session.headers.update(headers)
    at = f"{hako.URL}/{workspace}/services/s3-storage"

    def call(function: str, **arguments):
        answer = session.post(f"{at}/{function}", json=arguments, timeout=60)
        answer.raise_for_status()
        return answer.json()

    described = session.get(at, timeout=60).json()
    print(described["name"], "has", len(described["functions"]), "functions")

    # One path; functions and their arguments in either spelling.
    requests.put(call("put_file", file_path="one.txt"), data="one", timeout=60).raise_for_status()
    assert requests.get(call("getFile", filePath="one.txt", expiresIn=600), timeout=60).text == "one"

    # A list of them, and a path that names a folder.
    paths = [f"many/{number}.txt" for number in range(3)]
    for path, url in call("put_file", file_path=paths).items():
        requests.put(url, data=path, timeout=60).raise_for_status()
    urls = call("getFile", file_path=paths)
    assert all(requests.get(urls[path], timeout=60).text == path for path in paths)
    assert [entry["name"] for entry in call("listFiles", path="many")] == ["0.txt", "1.txt", "2.txt"]
    # The same by a query, and as `public` with a workspace's name.
    public = f"{hako.URL}/public/services/s3-storage/list_files"
    answer = session.get(public, params={"workspace": workspace, "path": "many"}, timeout=60)
    assert len(answer.json()) == 3
    # Or with a token that knows its workspace.
    bearer = {"Authorization": f"Bearer {hako.token(workspace)}"}
    assert len(requests.get(public, params={"path": "many"}, headers=bearer, timeout=60).json()) == 3

    # Through Hako, for who cannot reach the store.
    proxied = call("get_file", file_path="one.txt", use_proxy=True)
    direct = call("get_file", file_path="one.txt", use_proxy=False)
    assert proxied.startswith(f"{hako.URL}/s3/{workspace}/") and not direct.startswith(hako.URL)
    assert requests.get(proxied, timeout=60).text == requests.get(direct, timeout=60).text == "one"

    # Names of earlier times.
    answer = session.post(f"{at}/generate_presigned_url", json={"path": "one.txt", "client_method": "get_object"}, timeout=60)
    assert requests.get(answer.json(), timeout=60).text == "one"
    print("deprecated since", answer.headers["Deprecation"])
    assert session.post(f"{at}/delete_file", json={"path": "one.txt"}, timeout=60).headers["Deprecation"]
    assert session.post(f"{at}/deleteDirectory", json={"path": "many/"}, timeout=60).json()["success"]
    assert call("remove_file", path="many/")["success"] is False

    # Keys that open this workspace and nothing else.
    keys = call("generate_credential")
    s3 = boto3.client(
        "s3",
        endpoint_url=keys["endpoint_url"],
        aws_access_key_id=keys["access_key_id"],
        aws_secret_access_key=keys["secret_access_key"],
        aws_session_token=keys.get("session_token"),
        region_name=keys["region_name"],
        config=Config(s3={"addressing_style": "path"}),
    )
    s3.put_object(Bucket=keys["bucket"], Key=f"{keys['prefix']}by-boto3.txt", Body=b"boto3")
    assert [entry["name"] for entry in call("list_files")] == ["by-boto3.txt"]
    try:
        s3.list_objects_v2(Bucket="datasets")
        raise SystemExit("the keys open another workspace")
    except ClientError as refused:
        print("elsewhere:", refused.response["Error"]["Code"])
