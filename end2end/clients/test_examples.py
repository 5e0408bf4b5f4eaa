"""The workflows in `examples/`, run as they stand there."""

import os
import subprocess
import sys

import hako as server
import pytest
from conftest import administrator_password

FOLDER = server.ROOT / "examples"
SCRIPTS = sorted(
    path for path in FOLDER.glob("*/*.*") if path.stem != "hako" and path.suffix in (".sh", ".py")
)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_example_works(hako, api, script):
    before = api.get("/buckets").json()["buckets"]
    settings = {
        "HAKO_URL": hako.console,
        "HAKO_USERNAME": f"{server.TENANT}/{server.USER}",
        "HAKO_PASSWORD": server.PASSWORD,
        "HAKO_ADMIN_PASSWORD": administrator_password(hako),
    }
    command = [sys.executable, script] if script.suffix == ".py" else [script]
    done = subprocess.run(
        command, env=os.environ | settings, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()
    if script.stem == "multipart":
        assert "came back unchanged" in done.stdout
    assert api.get("/buckets").json()["buckets"] == before


def test_every_example_is_in_the_list():
    text = (FOLDER / "README.md").read_text()
    assert len(SCRIPTS) == 16
    for script in SCRIPTS:
        assert f"({script.parent.name}/{script.name})" in text
