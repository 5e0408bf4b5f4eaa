"""Checks the bans of deny.toml where cargo-deny is not installed.

A banned crate may only be a direct dependency of the crates named as its wrappers.
"""

import json
import subprocess
import sys
import tomllib

with open("deny.toml", "rb") as file:
    rules = tomllib.load(file)
metadata = json.loads(
    subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"],
        check=True,
        capture_output=True,
    ).stdout
)
names = {package["id"]: package["name"] for package in metadata["packages"]}


def users(crate: str) -> set[str]:
    """The crates that use it outside of their tests."""
    return {
        names[node["id"]]
        for node in metadata["resolve"]["nodes"]
        for dependency in node["deps"]
        if names[dependency["pkg"]] == crate
        and any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
    }


faults = [
    f"{user} depends on {ban['crate']}: {ban.get('reason', 'banned by deny.toml')}"
    for ban in rules["bans"]["deny"]
    for user in sorted(users(ban["crate"]) - set(ban.get("wrappers", [])))
]
print("\n".join(faults) or f"{len(rules['bans']['deny'])} bans hold")
sys.exit(bool(faults))
