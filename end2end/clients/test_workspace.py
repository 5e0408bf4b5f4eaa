"""Keys for one workspace, as boto3 uses them."""

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

WORKSPACE = "by-scoped-keys"


@pytest.fixture
def scoped(hako, api, s3):
    """The workspace, another one, the keys and a client that has them."""
    for name in (WORKSPACE, f"{WORKSPACE}-other"):
        s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=f"{WORKSPACE}-other", Key="a", Body=b"a")
    made = httpx.post(
        f"{hako.console}/{WORKSPACE}/services/s3-storage/generate_credential",
        headers=api.headers,
        json={},
    )
    assert made.status_code == 200, made.text
    keys = made.json()
    client = boto3.client(
        "s3",
        endpoint_url=keys["endpoint_url"],
        aws_access_key_id=keys["access_key_id"],
        aws_secret_access_key=keys["secret_access_key"],
        region_name=keys["region_name"],
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )
    yield keys, client
    for name in (WORKSPACE, f"{WORKSPACE}-other"):
        api.delete(f"/buckets/{name}", params={"force": True})


def refused(call, **arguments) -> str:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return error.value.response["Error"]["Code"]


def test_they_open_the_workspace_and_nothing_else_until_they_are_revoked(api, scoped):
    keys, client = scoped
    assert (keys["bucket"], keys["prefix"], keys["scoped"]) == (WORKSPACE, "", True)
    inside = {"Bucket": WORKSPACE}

    client.put_object(**inside, Key="in/a.txt", Body=b"content")
    assert client.get_object(**inside, Key="in/a.txt")["Body"].read() == b"content"
    assert client.head_object(**inside, Key="in/a.txt")["ContentLength"] == 7
    client.copy_object(**inside, Key="in/b.txt", CopySource=f"{WORKSPACE}/in/a.txt")
    upload = client.create_multipart_upload(**inside, Key="in/c.bin")["UploadId"]
    part = client.upload_part(**inside, Key="in/c.bin", UploadId=upload, PartNumber=1, Body=b"part")
    client.complete_multipart_upload(
        **inside, Key="in/c.bin", UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    listed = client.list_objects_v2(**inside)["Contents"]
    assert [entry["Key"] for entry in listed] == ["in/a.txt", "in/b.txt", "in/c.bin"]
    client.delete_objects(**inside, Delete={"Objects": [{"Key": "in/a.txt"}]})
    client.delete_object(**inside, Key="in/b.txt")
    url = client.generate_presigned_url("get_object", Params=inside | {"Key": "in/c.bin"})
    assert httpx.get(url).content == b"part"

    outside = {"Bucket": f"{WORKSPACE}-other"}
    assert refused(client.list_objects_v2, **outside) == "AccessDenied"
    assert refused(client.get_object, **outside, Key="a") == "AccessDenied"
    assert refused(client.put_object, **outside, Key="b", Body=b"b") == "AccessDenied"
    assert refused(client.delete_object, **outside, Key="a") == "AccessDenied"
    copied = {"Key": "in/stolen", "CopySource": f"{WORKSPACE}-other/a"}
    assert refused(client.copy_object, **inside, **copied) == "AccessDenied"
    assert refused(client.create_bucket, Bucket=f"{WORKSPACE}-new") == "AccessDenied"
    assert refused(client.delete_bucket, **inside) == "AccessDenied"

    lent = api.get("/credentials/temporary").json()["keys"]
    assert keys["access_key_id"] in [key["access_key_id"] for key in lent]
    api.delete(f"/credentials/temporary/{keys['access_key_id']}").raise_for_status()
    refused(client.get_object, **inside, Key="in/c.bin")
    refused(client.list_objects_v2, **inside)
    assert httpx.get(url).status_code == 403
