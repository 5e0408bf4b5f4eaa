"""Starts the built server on free ports with a data folder of its own."""

import base64
import hashlib
import os
import re
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = ROOT / os.environ.get("HAKO_BIN", "target/debug/hako")
LISTENER = re.compile(r"(console|s3|management)( endpoint)?\s+(http://\S+)", re.IGNORECASE)
START_SECONDS = 60

TENANT, USER, PASSWORD = "demo", "demo", "demo-demo"
ACCESS_KEY = base64.b64encode(f"{TENANT}/{USER}".encode()).decode()
SECRET_KEY = hashlib.md5(PASSWORD.encode()).hexdigest()


@dataclass
class Hako:
    """A running server."""

    process: subprocess.Popen
    log: Path
    addresses: dict[str, str] = field(default_factory=dict)

    @property
    def console(self) -> str:
        return self.addresses["console"]

    @property
    def s3(self) -> str:
        return self.addresses["s3"]

    def command(self, *arguments: str) -> subprocess.CompletedProcess:
        """Runs another command of the program on the same data."""
        environment = clean_environment() | {"HAKO_DATA_DIR": str(self.log.parent / "data")}
        return subprocess.run(
            [BINARY, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )

    def stop(self) -> int:
        """Asks it to end, and answers with its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def clean_environment() -> dict[str, str]:
    """Without settings of whoever runs the tests."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HAKO_", "HCP_", "S3_", "API_", "AWS_"))
    }


def start(folder: Path, *arguments: str, **settings: str) -> Hako:
    """Starts `hako serve --demo`, waits until every listener is announced."""
    log = folder / "hako.log"
    environment = clean_environment() | {
        "HAKO_ADDR": "127.0.0.1:0",
        "HAKO_S3_ADDR": "127.0.0.1:0",
        "HAKO_MAPI_ADDR": "127.0.0.1:0",
        "HAKO_DATA_DIR": str(folder / "data"),
        # Nobody waits a minute for the end of a file.
        "HAKO_EXPIRY_SWEEP_SECONDS": "1",
    } | settings
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [BINARY, "serve", "--demo", *arguments],
            cwd=ROOT,  # where Leptos.toml and the site are
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    hako = Hako(process, log)
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    try:
        for line in process.stdout:
            if found := LISTENER.search(line):
                hako.addresses[found[1].lower()] = found[3].rstrip("/")
            if len(hako.addresses) == 3:
                break
        else:
            raise RuntimeError(f"{BINARY} did not start:\n{log.read_text()}")
    finally:
        watchdog.cancel()
    # Nobody else reads what it says from here on.
    threading.Thread(target=process.stdout.read, daemon=True).start()
    return hako


def temporary_folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="hako-clients-")
