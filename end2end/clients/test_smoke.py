"""The main road once, on whatever was built: quick enough for every release build."""

import hashlib
import os
import re
from pathlib import Path

import hako as server
import httpx
from conftest import sign_in


def test_smoke_from_an_empty_folder_to_a_file_in_the_store(tmp_path):
    hako = server.start(tmp_path)
    try:
        page = httpx.get(f"{hako.console}/sign-in")
        assert page.status_code == 200 and "signin-form" in page.text
        scripts = re.findall(r'"(/pkg/[^"]+\.(?:js|wasm|css))"', page.text)
        assert {Path(name).suffix for name in scripts} >= {".js", ".css"}
        for name in scripts:
            asset = httpx.get(hako.console + name, headers={"Accept-Encoding": "br"})
            assert asset.status_code == 200, name
            assert "immutable" in asset.headers["cache-control"], name

        with httpx.Client(
            base_url=f"{hako.console}/api/v1",
            headers={"Authorization": f"Bearer {sign_in(hako)}"},
        ) as api:
            assert api.post("/buckets", json={"bucket": "smoke"}).status_code == 201
            data = os.urandom(8 * 1024 * 1024)
            wish = {"bucket": "smoke", "key": "data set/1.bin"}
            put = api.post("/presign", json=wish | {"method": "put_object"}).json()
            get = api.post("/presign", json=wish | {"method": "get_object"}).json()
        assert put["url"].startswith(hako.s3), "bytes go straight to the store"
        assert httpx.put(put["url"], content=data).status_code == 200
        back = hashlib.sha256()
        with httpx.stream("GET", get["url"]) as answer:
            assert answer.status_code == 200
            for chunk in answer.iter_bytes():
                back.update(chunk)
        assert back.hexdigest() == hashlib.sha256(data).hexdigest()
    finally:
        assert hako.stop() == 0, hako.log.read_text()
    log = hako.log.read_text()
    assert server.PASSWORD not in log and "X-Amz-Signature" not in log
