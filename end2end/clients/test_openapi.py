"""The document of the API against the running server: generated requests, good and bad.

No request gets a status of 500 and above, every answer is as the document says (status, type, body,
headers), and nearly every operation answers with success at least once: some of the good requests
are steered to what is there.
"""

import io
import itertools
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import hako as server
import pytest
import requests
import schemathesis
from conftest import sign_in
from generated import CHECKS, MORE, bounded, is_management, is_success, name_of, operations_of, takes_anything
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode

# Requests of each kind per operation.
GOOD, BAD = 12 * MORE, 8 * MORE
SUCCESSFUL = 0.95  # of the operations

BUCKET, KEY = "generated", "some/key.txt"
LOGIN = {"username": f"{server.TENANT}/{server.USER}", "password": server.PASSWORD}
numbers = itertools.count(1)


@dataclass
class World:
    """What is there, and what steered requests need."""

    console: str
    answers: dict[str, Counter] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, **arguments) -> requests.Response:
        answer = self.session.request(method, f"{self.console}/api/v1{path}", **arguments)
        assert answer.ok, answer.text
        return answer

    def bucket(self) -> str:
        name = f"generated-{next(numbers)}"
        self.call("POST", "/buckets", json={"bucket": name})
        return name

    def upload(self) -> str:
        return self.call("POST", f"/buckets/{BUCKET}/multipart/{KEY}").json()["upload_id"]

    def whole_upload(self) -> dict:
        upload = self.upload()
        path = f"/buckets/{BUCKET}/multipart/{KEY}"
        place = {"upload_id": upload, "part_number": 1}
        part = self.call("PUT", path, params=place, data=b"part", headers={"Content-Type": "text/plain"})
        return {"upload_id": upload, "parts": [{"PartNumber": 1, "ETag": part.json()["etag"]}]}

    def workspace_upload(self) -> dict:
        """An upload of the second API, with its one part sent."""
        place = f"{self.console}/{BUCKET}/files/create-multipart-upload"
        begun = self.session.post(place, params={"path": KEY, "part_count": 1}).json()
        part = requests.put(begun["parts"][0]["url"], data=b"part")
        return {"upload_id": begun["upload_id"], "parts": [{"part_number": 1, "etag": part.headers["ETag"]}]}

    def presigned(self, method: str) -> dict[str, str]:
        """The query of a URL that leads through Hako."""
        body = {"bucket": BUCKET, "key": KEY, "method": method, "use_proxy": True}
        url = urlsplit(self.call("POST", "/presign", json=body).json()["url"])
        return dict(parse_qsl(url.query))

    def task(self, operation: str) -> str:
        kind, body = TASKS[operation]
        path, prefer = f"/buckets/{BUCKET}/objects/{kind}", {"Prefer": "respond-async"}
        return self.call("POST", path, json=body, headers=prefer).json()["task_id"]

    def job(self, operation: str) -> str:
        """One that has ended, where there is something to undo with its delete marker."""
        bucket = BUCKET
        if operation == "undo_job":
            bucket = self.bucket()
            self.call("PUT", f"/buckets/{bucket}/versioning", json={"status": "Enabled"})
            self.call("PUT", f"/buckets/{bucket}/object", params={"key": KEY}, data=b"some bytes")
        if operation == "list_job_folders":
            job = self.call("POST", "/jobs", params={"wait": 20}, json={"kind": "usage", "bucket": bucket})
            return job.json()["id"]
        if operation == "list_job_uploads":
            job = self.call("POST", "/jobs", params={"wait": 20}, json={"kind": "uploads", "buckets": [bucket]})
            return job.json()["id"]
        job = self.call("POST", "/jobs", json={"kind": "delete", "bucket": bucket, "keys": [KEY]}).json()["id"]
        return self.call("GET", f"/jobs/{job}", params={"wait": 20}).json()["id"]

    def put(self, key: str = KEY) -> None:
        """The object may have been deleted by a request before."""
        self.call("PUT", f"/buckets/{BUCKET}/object", params={"key": key}, data=b"some bytes")

    def archive(self) -> str:
        """The key of a ZIP archive with one file."""
        packed, key = io.BytesIO(), "some/archive.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.txt", "packed")
        self.call("PUT", f"/buckets/{BUCKET}/object", params={"key": key}, data=packed.getvalue())
        return key

    def link(self, operation: str) -> str:
        self.put()
        link = self.call("POST", "/links", json={"kind": "download", "bucket": BUCKET, "key": KEY}).json()["link"]["id"]
        if operation == "restore_link":
            self.call("DELETE", f"/links/{link}")
        return link

    def lent(self) -> str:
        new = {"bucket": BUCKET, "duration": 900}
        return self.call("POST", "/credentials/temporary", json=new).json()["key"]["access_key_id"]

    def details(self) -> dict:
        return self.call("GET", f"/buckets/{BUCKET}/object/details", params={"key": KEY}).json()

    def versions(self) -> dict:
        """A query for two versions of an object: a bucket without versions has the one called `null`."""
        return {"key": KEY, "left": "null", "right": "null"}

    def annotate(self) -> None:
        self.call("PUT", f"/buckets/{BUCKET}/object/metadata/notes", params={"key": KEY}, json={"made": "here"})


# What a steered request carries, by operation: a body in place of the generated one.
BODIES = {
    "sign_in": lambda world: dict(LOGIN),
    "sign_in_console": lambda world: dict(LOGIN),
    "sign_in_by_keys": lambda world: {
        "access_key_id": server.ACCESS_KEY,
        "secret_access_key": server.SECRET_KEY,
        "tenant": server.TENANT,
    },
    "create_bucket": lambda world: {"bucket": f"made-{next(numbers)}"},
    "copy_object": lambda world: {"source_bucket": BUCKET, "source_key": KEY},
    "create_folder": lambda world: {"folder_name": f"folder-{next(numbers)}"},
    "presign": lambda world: {"bucket": BUCKET, "key": KEY},
    "presign_objects": lambda world: {"keys": [KEY]},
    "presign_upload": lambda world: {"file_size": 30_000_000},
    "complete_upload": World.whole_upload,
    "abort_upload": lambda world: {"upload_id": world.upload()},
    "set_object_tags": lambda world: {"tags": {"made": "here"}},
    "set_bucket_acl": lambda world: {"Grants": []},
    "set_object_acl": lambda world: {"Grants": []},
    "set_bucket_cors": lambda world: {"CORSRules": [dict(RULE)]},
    "add_bucket_cors_rule": lambda world: dict(RULE),
    "delete_objects": lambda world: {"keys": ["unlikely"], "prefix": "unlikely/"},
    "start_archive": lambda world: {"keys": [KEY]},
    "start_deletion": lambda world: {"keys": ["unlikely"], "prefixes": ["unlikely/"]},
    "start_copy": lambda world: {"source_prefix": "unlikely/", "target_prefix": "likely/"},
    "start_job": lambda world: {"kind": "delete", "bucket": BUCKET, "keys": ["unlikely"]},
    "read_cors_document": lambda world: {"xml": f"<CORSConfiguration>{XML_RULE}</CORSConfiguration>"},
    "query_objects": lambda world: {"query": "*:*"},
    "test_connection": lambda world: {"bucket": BUCKET},
    "lend_key": lambda world: {"bucket": BUCKET, "duration": 900},
    "create_link": lambda world: {"kind": "download", "bucket": BUCKET, "key": KEY},
    "change_link": lambda world: {"uses": 3},
    "query_operations": lambda world: {"count": 10},
    "set_annotation": lambda world: {"made": "here"},
    "set_object_retention": lambda world: {"retention": "N+1d"},
    "set_object_expiry": lambda world: {"expires_in": 86_400},
    "delete_object_privileged": lambda world: {"reason": "made here"},
    "set_object_properties": lambda world: {"fingerprint": world.details()["fingerprint"], "properties": {"metadata": {"made": "here"}}},
    "complete_workspace_upload": World.workspace_upload,
    "workspace_put_file": lambda world: {"file_path": KEY},
    "workspace_get_file": lambda world: {"file_path": [KEY]},
    "workspace_put_file_start_multipart": lambda world: {"file_path": KEY, "part_count": 2},
    "workspace_put_file_complete_multipart": World.workspace_upload,
    "workspace_remove_file": lambda world: {"path": "unlikely/"},
    "workspace_list_files": lambda world: {"path": "some"},
    "workspace_delete_file": lambda world: {"path": "unlikely"},
    "workspace_delete_directory": lambda world: {"path": "unlikely/"},
    "workspace_generate_presigned_url": lambda world: {"path": KEY},
    "workspace_generate_credential": lambda world: {},
    "change_bucket_cors": lambda world: {
        "fingerprint": world.call("GET", f"/buckets/{BUCKET}/cors/overview").json()["fingerprint"],
        "change": {"kind": "rules", "rules": [dict(RULE)]},
    },
}
RULE = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
XML_RULE = "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"
# The same for the query.
QUERIES = {
    "check_bucket_cors": {"origin": "https://console.example", "method": "PUT"},
    "get_bucket_facts": {"buckets": BUCKET},
    "create_workspace_upload": {"path": KEY, "part_count": 2},
    "download_workspace_zip": {"path": "some"},
    "list_workspace_files": {},
    "list_jobs": {},
    "list_job_folders": {},
    "list_job_uploads": {},
}
# The route under which a task of an operation is started, and its body.
TASKS = {
    "get_stats": ("s3_stats", None),
    "get_archive": ("download", {"keys": [KEY]}),
    "get_deletion": ("delete-task", {"keys": ["unlikely"]}),
    "cancel_deletion": ("delete-task", {"keys": ["unlikely"]}),
    "get_copy": ("copy-task", {"source_prefix": "unlikely/", "target_prefix": "likely/"}),
    "cancel_copy": ("copy-task", {"source_prefix": "unlikely/", "target_prefix": "likely/"}),
}
# What a URL is signed for that such a request needs.
PRESIGNED = {"read_by_presigned_url": "get_object", "store_by_presigned_url": "put_object"}
# Parameters that only fit what is there.
UNKNOWN = ("version_id", "continuation_token", "upload_id_marker", "version_id_marker", "key_marker")


def steer_to_bucket(case: schemathesis.Case, world: World) -> None:
    """Sends a generated request into a bucket that is there, so that the store hears of it."""
    if "bucket" in case.path_parameters:
        new = name_of(case) == "delete_bucket"
        case.path_parameters["bucket"] = world.bucket() if new else BUCKET
    if "workspace" in case.path_parameters:
        case.path_parameters["workspace"] = BUCKET


def steer_to_object(case: schemathesis.Case, world: World) -> None:
    """Sends it to an object, or to an upload, that is there; the body is still the generated one."""
    operation = name_of(case)
    world.put()
    steer_to_bucket(case, world)
    if "path" in case.path_parameters:
        case.path_parameters["path"] = "some" if operation == "list_workspace_files" else KEY
    for place in (case.path_parameters, case.query):
        for name in UNKNOWN:
            place.pop(name, None)
        if "key" in place:
            place["key"] = f"copy of {KEY}" if operation == "copy_object" else KEY
            if operation == "set_object_retention":
                # What is kept cannot be stored anew: each request has an object of its own.
                place["key"] = f"kept {next(numbers)}"
                world.put(place["key"])
            if operation == "set_object_expiry":
                # What it ends is nobody else's.
                place["key"] = f"ending {next(numbers)}"
                world.put(place["key"])
        if "upload_id" in place:
            place["upload_id"] = world.upload()
        if "task_id" in place:
            place["task_id"] = world.task(operation)
        if "job_id" in place:
            place["job_id"] = world.job(operation)
    for name in list(case.headers):
        if name.lower().startswith(("if-", "range")):
            del case.headers[name]


def steer(case: schemathesis.Case, world: World) -> None:
    """Turns a generated request to what is there altogether."""
    steer_to_object(case, world)
    operation = name_of(case)
    if operation == "get_bucket_cors":
        world.call("PUT", f"/buckets/{BUCKET}/cors", json=BODIES["set_bucket_cors"](world))
    if "tenant_name" in case.path_parameters:
        case.path_parameters["tenant_name"] = server.TENANT
    if "annotation" in case.path_parameters:
        case.path_parameters["annotation"] = "notes"
        if operation == "set_annotation":
            case.media_type = "application/json"
        else:
            world.annotate()
    if operation in BODIES:
        case.body = BODIES[operation](world)
    if operation in QUERIES:
        case.query = dict(QUERIES[operation])
    if operation == "compare_object_versions":
        case.query = world.versions()
    if operation in ("list_object_archive", "get_object_archive_entry"):
        case.query = {"key": world.archive(), "entry": 0} if "entry" in operation else {"key": world.archive()}
    if operation in PRESIGNED:
        case.query = world.presigned(PRESIGNED[operation])
    if "link_id" in case.path_parameters:
        case.path_parameters["link_id"] = world.link(operation)
    if "access_key_id" in case.path_parameters:
        case.path_parameters["access_key_id"] = world.lent()


@pytest.fixture(scope="module")
def hako():
    """A server of its own: wrong sign-ins by the dozen slow down everybody from this address."""
    with server.temporary_folder() as folder:
        running = server.start(Path(folder))
        yield running
        assert running.stop() == 0, running.log.read_text()


@pytest.fixture(scope="module")
def world(hako):
    world = World(hako.console)
    world.session.headers.update({"Authorization": f"Bearer {sign_in(hako)}", "Origin": hako.console})
    world.call("POST", "/buckets", json={"bucket": BUCKET})
    return world


@pytest.fixture(scope="module")
def document(hako):
    return schemathesis.openapi.from_url(f"{hako.console}/openapi.json")


def send(case: schemathesis.Case, world: World, hako) -> None:
    headers = None
    if name_of(case) in ("sign_out", "sign_out_one", "sign_out_all"):
        headers = {"Authorization": f"Bearer {sign_in(hako)}"}
    answer = case.call(session=world.session, headers=headers)
    case.validate_response(answer, checks=CHECKS)
    # Whatever a request says: it does not end the session, and the store does not doubt the signature. Signing in may
    # fail, and so may going on as a session that nobody holds.
    assert answer.status_code != 401 or name_of(case).startswith(("sign_in", "switch_session")), answer.request.url
    counter = world.answers.setdefault(case.operation.label, Counter())
    counter[answer.status_code] += 1


# What an HCP has not: 501 is all that it can say. Tests of the server ask another store for it.
OF_OTHER_STORES = ("get_object_lock", "set_object_lock")


def test_generated_requests_are_answered_as_documented(document, world, hako):
    # Those of management are tested apart, in tenants that may come to harm.
    operations = [
        one
        for one in operations_of(document)
        if not is_management(one) and one.definition.raw["operationId"] not in OF_OTHER_STORES
    ]
    # Wrong sign-ins are slowed down: those come last.
    operations.sort(key=lambda operation: "sign_in" in operation.definition.raw["operationId"])
    for operation in operations:
        good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)

        @bounded(GOOD)
        @given(case=good, how=st.sampled_from([steer, steer_to_object, steer_to_bucket, None]))
        def good_requests(case, how):
            if how:
                how(case, world)
            send(case, world, hako)

        good_requests()
        readable(world)
        if not takes_anything(operation):
            continue
        bad = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

        @bounded(BAD)
        @given(case=bad, how=st.sampled_from([steer_to_bucket, None]))
        def bad_requests(case, how):
            if how:
                how(case, world)
            send(case, world, hako)

        bad_requests()

    failed = [
        f"{label}: {dict(statuses)}"
        for label, statuses in world.answers.items()
        if not any(map(is_success, statuses))
    ]
    assert len(failed) <= len(operations) * (1 - SUCCESSFUL), failed
    assert len(world.answers) == len(operations)


def readable(world: World) -> None:
    """What requests have written can be read again."""
    for what in ("objects", "versions", "uploads", "acl", "cors", "object/tags", "object/acl"):
        place = f"{world.console}/api/v1/buckets/{BUCKET}/{what}"
        answer = world.session.get(place, params={"key": KEY})
        assert answer.status_code in (200, 404), f"{place}: {answer.text}"
