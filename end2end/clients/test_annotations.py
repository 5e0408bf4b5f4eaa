"""Custom metadata of objects in named pieces: by the API, and by HCP's own protocol beside S3."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import hako as server
import httpx
import pytest

KEY = "in/räport 1.tif"
XML = {"Content-Type": "application/xml"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def path(api, s3, bucket):
    s3.put_object(Bucket=bucket, Key=KEY, Body=b"bytes", Metadata={"author": "Ada"})
    return f"/buckets/{bucket}/object/metadata"


def one(api, path, method, name, **more):
    return api.request(method, f"{path}/{name}", params={"key": KEY}, **more)


def native(hako, bucket, method, query, **more):
    """A request of HCP's own protocol, which wants the namespace's host."""
    address = urlsplit(hako.s3)
    user = base64.b64encode(server.USER.encode()).decode()
    token = f"HCP {user}:{hashlib.md5(server.PASSWORD.encode()).hexdigest()}"
    host = f"{bucket}.{server.TENANT}.localhost:{address.port}"
    return httpx.request(
        method,
        f"{hako.s3}/rest/in/r%C3%A4port%201.tif{query}",
        headers={"Host": host, "Authorization": token},
        **more,
    )


def test_xml_and_json_are_kept_as_they_are(api, path):
    document = '<?xml version="1.0"?>\n<lab>\n  <dose unit="mg">3</dose>\n</lab>\n'.encode()
    saved = one(api, path, "PUT", "lab", content=document, headers=XML)
    assert saved.status_code == 200, saved.text
    assert saved.json()["size"] == len(document)
    read = one(api, path, "GET", "lab")
    assert read.content == document
    assert read.headers["content-type"] == "application/xml"
    assert read.headers["etag"] == saved.json()["etag"] == f'"{hashlib.sha256(document).hexdigest()}"'

    text = b'{"b": 1,   "a": [true]}'
    assert one(api, path, "PUT", "order", content=text, headers=JSON).status_code == 200
    read = one(api, path, "GET", "order")
    assert read.content == text
    assert read.headers["content-type"] == "application/json"

    listed = api.get(path, params={"key": KEY}).json()["annotations"]
    assert [entry["name"] for entry in listed] == [".metapairs", "lab", "order"]
    assert all("text" not in entry for entry in listed)
    shown = api.get(path, params={"key": KEY, "content": "true"}).json()["annotations"]
    assert shown[2]["text"] == text.decode()


def test_the_metadata_of_s3_is_metapairs(api, path, s3, bucket):
    read = one(api, path, "GET", ".metapairs")
    assert read.text == '<metapairs version="600"><meta-author><![CDATA[Ada]]></meta-author></metapairs>'
    changed = read.text.replace("Ada", "Grace")
    assert one(api, path, "PUT", ".metapairs", content=changed, headers=XML).status_code == 200
    assert s3.head_object(Bucket=bucket, Key=KEY)["Metadata"] == {"author": "Grace"}
    assert one(api, path, "DELETE", ".metapairs").status_code == 200
    assert s3.head_object(Bucket=bucket, Key=KEY)["Metadata"] == {}


def test_of_many_who_save_at_once_one_wins(api, path):
    first = one(api, path, "PUT", "lab", content=b"0", headers={**JSON, "If-None-Match": "*"})
    assert first.status_code == 200, first.text
    headers = {**JSON, "If-Match": first.json()["etag"]}
    with ThreadPoolExecutor(8) as pool:
        saves = [
            pool.submit(one, api, path, "PUT", "lab", content=str(n).encode(), headers=headers)
            for n in range(1, 9)
        ]
        statuses = sorted(save.result().status_code for save in saves)
    assert statuses == [200] + [412] * 7
    assert one(api, path, "PUT", "lab", content=b"9", headers={**JSON, "If-None-Match": "*"}).status_code == 412


@pytest.mark.parametrize(
    ("name", "body", "headers", "status"),
    [
        ("lab", b"<a>", XML, 422),
        ("lab", b"{", JSON, 422),
        ("lab", b"x", {"Content-Type": "text/plain"}, 415),
        ("lab", b'"' + b"x" * 1024 * 1024 + b'"', JSON, 413),
        ("a b", b"1", JSON, 422),
        ("x" * 33, b"1", JSON, 422),
    ],
)
def test_what_cannot_be_saved_changes_nothing(api, path, name, body, headers, status):
    assert one(api, path, "PUT", "lab", content=b"1", headers=JSON).status_code == 200
    refused = one(api, path, "PUT", name, content=body, headers=headers)
    assert refused.status_code == status, refused.text
    assert refused.json()["code"]
    assert one(api, path, "GET", "lab").content == b"1"


def test_both_ways_lead_to_the_same(hako, api, path, bucket):
    query = "?type=custom-metadata&annotation=lab"
    assert native(hako, bucket, "GET", query).status_code == 204
    assert native(hako, bucket, "PUT", query, content=b"<lab/>").status_code == 201
    assert one(api, path, "GET", "lab").content == b"<lab/>"
    assert one(api, path, "PUT", "lab", content=b'{"lab": 1}', headers=JSON).status_code == 200
    read = native(hako, bucket, "GET", query)
    assert (read.status_code, read.content) == (200, b'{"lab": 1}')
    head = native(hako, bucket, "HEAD", "")
    assert head.headers["x-hcp-custommetadataannotations"] == ".metapairs;79, lab;10"
    assert native(hako, bucket, "DELETE", query).status_code == 200
    missing = one(api, path, "GET", "lab")
    assert (missing.status_code, missing.json()["code"]) == (404, "annotation_not_found")
    assert native(hako, bucket, "GET", "").status_code == 501
