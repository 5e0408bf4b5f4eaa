#!/usr/bin/env python3
"""A tenant from its first day: made, given a namespace with a quota and a user, its settings kept, billed."""

import csv
import io
import json
import os
import secrets

import hako

# An account of the system makes the tenant; its name has no tenant before it.
SYSTEM = os.environ.get("HAKO_ADMIN_USERNAME", "admin")
SYSTEM_PASSWORD = os.environ.get("HAKO_ADMIN_PASSWORD")

if SYSTEM_PASSWORD is None:
    raise SystemExit("Set HAKO_ADMIN_PASSWORD: the first start writes it to admin-password in the data folder.")

tenant = f"example-{os.getpid()}"
password = f"Aa1-{secrets.token_hex(8)}"
base = f"/mapi/tenants/{tenant}"

with hako.client(SYSTEM, SYSTEM_PASSWORD) as system:
    # Passwords go into the body: what stands in a URL is written down by many.
    first = {"username": "first", "password": password}
    system.put("/mapi/tenants", json={"name": tenant, "hardQuota": "10 GB", "softQuota": 85} | first)
    print(f"made the tenant {tenant}")

    with hako.client(f"{tenant}/first", password) as administrator:
        administrator.put(
            f"{base}/namespaces", json={"name": "archive", "hardQuota": "1 GB", "tags": {"tag": ["gold"]}}
        )
        quota = administrator.get(f"{base}/namespaces/archive").json()["hardQuota"]
        print(f"archive takes up to {quota}")

        user = {
            "username": "writer",
            "fullName": "Somebody who writes",
            "localAuthentication": True,
            "enabled": True,
            "forcePasswordChange": False,
            "password": password,
        }
        administrator.put(f"{base}/userAccounts", json=user)
        rights = {"namespaceName": "archive", "permissions": {"permission": ["BROWSE", "READ", "WRITE"]}}
        administrator.post(
            f"{base}/userAccounts/writer/dataAccessPermissions", json={"namespacePermission": [rights]}
        )

        # The user finds the namespace as a bucket, and can do what was granted and no more.
        with hako.client(f"{tenant}/writer", password) as writer:
            writer.put("/buckets/archive/object", params={"key": "hello.txt"}, content=b"hello")
            print(f"writer sees {[bucket['name'] for bucket in writer.get('/buckets').json()['buckets']]}")
            writer.event_hooks = {}
            refused = writer.delete("/buckets/archive/object", params={"key": "hello.txt"})
            print(f"and may not delete: {refused.status_code} {refused.json()['code']}")

        # The settings of the namespace, to be kept and applied elsewhere; here to a copy, as a preview.
        template = administrator.get(f"{base}/namespaces/export", params={"names": "archive"}).json()
        print(f"a template of {len(json.dumps(template))} bytes, version {template['version']}")
        preview = {"template": template, "rename": {"archive": "copy"}, "dry_run": True}
        report = administrator.post(f"{base}/namespaces/import", json=preview).json()
        print(f"an import of it would end with {report['summary']}")

        # What the tenant is charged for, as a spreadsheet has it.
        table = administrator.get(f"{base}/chargebackReport", headers={"Accept": "text/csv"}).text
        for row in csv.DictReader(io.StringIO(table)):
            whose = row["namespaceName"] or "the whole tenant"
            print(f"{whose}: {row['writes']} written, {row['ingestedVolume']} bytes kept")

        # A tenant goes when it has no namespaces, and a namespace when it is empty.
        administrator.delete("/buckets/archive", params={"force": True})
    system.delete(base)
    print("and gone again")
