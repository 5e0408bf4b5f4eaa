#!/usr/bin/env python3
"""Versions and delete markers: keep, read, bring back."""

import hako

with hako.client() as api, hako.bucket(api, "versions") as bucket:
    at, key = f"/buckets/{bucket}", {"key": "report.txt"}
    print(api.put(f"{at}/versioning", json={"status": "Enabled"}).json())

    for text in ("first", "second"):
        api.put(f"{at}/object", params=key, content=f"the {text} version")
    api.delete(f"{at}/object", params=key)

    listed = api.get(f"{at}/versions", params={"prefix": "report.txt"}).json()
    for entry in listed["versions"] + listed["delete_markers"]:
        print(entry["version_id"], "latest" if entry["is_latest"] else "")

    first = min(listed["versions"], key=lambda entry: (entry["last_modified"], int(entry["version_id"])))
    print(api.get(f"{at}/object", params=key | {"version_id": first["version_id"]}).text)

    # Without the marker the object is back.
    marker = listed["delete_markers"][0]["version_id"]
    api.delete(f"{at}/object", params=key | {"version_id": marker})
    print(api.get(f"{at}/object", params=key).text)
