"""The management part of the API's document against the running server, signed in as each role.

Generated requests, good and bad, go to every operation from every role, each in a tenant of its own:
none gets a status of 500 and above, every answer is as the document says, who may by
`docs/permissions.md` succeeds at least once, who may not never does, and who is not signed in gets 401.
"""

import itertools
import json
import time
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import hako as server
import pytest
import requests
import schemathesis
from conftest import administrator_password
from generated import CHECKS, MORE, bounded, is_management, is_success, name_of, operations_of, takes_anything
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode

# Requests of each kind per operation, made once and sent by every role.
GOOD, BAD = 4 * MORE, 3 * MORE

BASE = "/api/v1/mapi"
PASSWORD = "Day-one-2026"
numbers = itertools.count(1)


def fresh(what: str) -> str:
    return f"{what}-{next(numbers)}"


@cache
def document_text(name: str, kind: str = "json") -> str:
    return (server.ROOT / "model" / "fixtures" / "mapi" / f"{name}.{kind}").read_text()


def hcp_document(document: str, /, **changes) -> dict:
    """A document as HCP writes it."""
    return json.loads(document_text(document)) | changes


def signed_in(console: str, username: str, password: str) -> requests.Session:
    answer = requests.post(
        f"{console}/api/v1/auth/token", data={"username": username, "password": password}, timeout=60
    )
    assert answer.ok, answer.text
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return session


@dataclass
class Account:
    """Somebody who is signed in, and calls without mistakes."""

    console: str
    session: requests.Session

    def call(self, method: str, path: str, body=None) -> requests.Response:
        answer = self.session.request(method, f"{self.console}{BASE}{path}", json=body, timeout=60)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer


# What only the system sets of a tenant, as it is in the tests.
OF_SYSTEM = {
    "hardQuota": "100 TB",
    "softQuota": 85,
    "namespaceQuota": "None",
    "complianceConfigurationEnabled": True,
    "versioningConfigurationEnabled": True,
    "searchConfigurationEnabled": True,
    "servicePlanSelectionEnabled": True,
    "replicationConfigurationEnabled": True,
}

LINKS = "/services/replication/links"
CERTIFICATES = "/services/replication/certificates"
LOGS, HEALTH = "/logs", "/healthCheckReport"
TOPOLOGIES = "/services/erasureCoding/ecTopologies"
# The links that a topology is made of; and one by which something comes.
RING = ("east-west", "west-north", "north-east")
INBOUND = "inbound"


class Tenant:
    """A tenant with what requests are steered to. Whoever tests something is none of these accounts."""

    def __init__(self, root: Account, name: str):
        self.root, self.name, self.base = root, name, f"/tenants/{name}"
        made = OF_SYSTEM | {"name": name, "username": "first", "password": PASSWORD}
        root.call("PUT", "/tenants", made)
        self.first = self.account("first")
        self.first.call("POST", self.base, {"administrationAllowed": True})
        self.user("keeper", "COMPLIANCE")
        self.user("spare")
        self.namespace("archive")
        self.keeper = self.account("keeper")
        self.retention_class("Class-1")
        self.content_class("Class-1")
        self.joined(RING[0])
        self.console_security = self.first.call("GET", f"{self.base}/consoleSecurity").json()

    def account(self, username: str) -> Account:
        console = self.root.console
        return Account(console, signed_in(console, f"{self.name}/{username}", PASSWORD))

    def user(self, name: str, *roles: str) -> str:
        body = hcp_document("user-account-create", username=name, roles={"role": list(roles)})
        self.first.call("PUT", f"{self.base}/userAccounts", body | {"password": PASSWORD})
        return name

    def namespace(self, name: str) -> str:
        self.first.call("PUT", f"{self.base}/namespaces", {"name": name, "hardQuota": "1 GB"})
        return name

    def retention_class(self, name: str) -> str:
        body = hcp_document("retention-class", name=name)
        self.keeper.call("PUT", f"{self.base}/namespaces/archive/retentionClasses", body)
        return name

    def content_class(self, name: str) -> str:
        self.first.call("PUT", f"{self.base}/contentClasses", {"name": name})
        return name

    def link(self, name: str, kind: str = "ACTIVE_ACTIVE") -> str:
        self.root.call("PUT", LINKS, hcp_document("link-create", name=name, type=kind))
        return name

    def joined(self, link: str) -> str:
        self.root.call("PUT", f"{LINKS}/{link}/content/tenants/{self.name}")
        return link

    def chained(self, link: str) -> str:
        self.root.call("PUT", f"{LINKS}/{link}/content/chainedLinks/{INBOUND}")
        return link

    def topology(self, name: str, retired: bool = False) -> str:
        self.root.call("PUT", TOPOLOGIES, topology(name))
        if retired:
            self.root.call("POST", f"{TOPOLOGIES}/{name}?retire=true")
        return name

    def certificate(self) -> str:
        """The id of the one certificate that there is."""
        self.forget_certificates()
        form = {"file": document_text("certificate", "pem")}
        put = self.root.session.put(f"{self.root.console}{BASE}{CERTIFICATES}", files=form, timeout=60)
        assert put.ok, put.text
        [one] = self.root.call("GET", CERTIFICATES).json()["certificate"]
        return one["id"]

    def forget_certificates(self) -> None:
        for one in self.root.call("GET", CERTIFICATES).json()["certificate"]:
            self.root.call("DELETE", f"{CERTIFICATES}/{one['id']}")

    def give_up(self, package: str) -> None:
        self.root.call("POST", f"{LOGS}?cancel=true" if package == LOGS else f"{HEALTH}/cancel")

    def prepare(self, package: str) -> None:
        self.give_up(package)
        self.root.call("POST", f"{package}/prepare", {})
        deadline = time.monotonic() + 60
        while not self.root.call("GET", package).json()["readyForStreaming"]:
            assert time.monotonic() < deadline, f"{package} is not ready"
            time.sleep(0.01)

    def coded(self) -> str:
        self.root.call("PUT", f"{TOPOLOGIES}/ec-3/tenants/{self.name}")
        return self.name

    def set_cors(self) -> None:
        for place in (self.base, f"{self.base}/namespaces/archive"):
            self.first.call("PUT", f"{place}/cors", hcp_document("cors"))

    def emptied(self) -> str:
        """Only an empty tenant can be deleted."""
        self.first.call("DELETE", f"{self.base}/namespaces/archive")
        return self.name

    def restore(self) -> None:
        """Lets everybody in again: the system is not bound by whom a tenant lets sign in."""
        self.root.call("POST", f"{self.base}/consoleSecurity", self.console_security)
        self.first.call("POST", self.base, {"administrationAllowed": True})
        self.root.call("POST", self.base, OF_SYSTEM)


def topology(name: str) -> dict:
    links = [{"name": link} for link in RING]
    return {"name": name, "type": "FULLY_CONNECTED", "replicationLinks": links}


@dataclass
class Role:
    """Who asks, where, and what it is told."""

    tenant: Tenant
    session: requests.Session
    # The columns of the table in docs/permissions.md: level and head.
    columns: set[tuple[str, str]]
    answers: dict[str, Counter] = field(default_factory=dict)

    def may(self, operation, table) -> bool:
        return bool(self.columns & table[operation.label.replace(f" {BASE}", " ")])


def permissions() -> dict[str, set[tuple[str, str]]]:
    """By operation, in which columns of the table there is a yes."""
    rows = [
        [cell.strip(" `") for cell in line.split("|")[1:-1]]
        for line in (server.ROOT / "docs" / "permissions.md").read_text().splitlines()
        if line.startswith("|")
    ]
    levels = ["tenant"] * 6 + ["system"] * 6
    columns = list(zip(levels, rows[0][1:], strict=True))
    return {
        row[0]: {column for column, cell in zip(columns, row[1:], strict=True) if cell == "yes"}
        for row in rows[2:]
    }


ROLES = {
    # The first account of the store: all roles of the system but COMPLIANCE.
    "system": {("system", role) for role in ("ADMINISTRATOR", "MONITOR", "SECURITY", "SERVICE", "SEARCH")},
    "administrator": {("tenant", "ADMINISTRATOR"), ("tenant", "SECURITY")},
    "monitor": {("tenant", "MONITOR")},
    "compliance": {("tenant", "COMPLIANCE")},
    "reader": {("tenant", "data only")},
}

# What a path names: never the account that asks, but where it is only read.
NAMES = {
    "ns_name": "archive",
    "namespace_name": "archive",
    "username": "spare",
    "group_name": "archivists@ad.example.com",
    "retention_class_name": "Class-1",
    "content_class_name": "Class-1",
    "plan_name": "Default",
    "protocol_name": "http",
    "link_name": RING[0],
    "chained_link_name": INBOUND,
    "dir_name": "images",
    "topology_name": "ec-3",
    "serial_number": "300051",
    "certificate_id": "cert-001",
}
# What is spent by an operation, and made for it.
SPENT = {
    "delete_tenant": ("tenant_name", lambda tenant: Tenant(tenant.root, fresh("spent")).emptied()),
    "reset_passwords": ("tenant_name", lambda tenant: Tenant(tenant.root, fresh("reset")).name),
    "delete_namespace": ("ns_name", lambda tenant: tenant.namespace(fresh("spent"))),
    "delete_user": ("username", lambda tenant: tenant.user(fresh("spent"))),
    "delete_retention_class": ("retention_class_name", lambda tenant: tenant.retention_class(fresh("Spent"))),
    "delete_content_class": ("content_class_name", lambda tenant: tenant.content_class(fresh("Spent"))),
    "delete_replication_link": ("link_name", lambda tenant: tenant.link(fresh("spent"))),
    "add_tenant_to_link": ("link_name", lambda tenant: tenant.link(fresh("way"))),
    "remove_tenant_from_link": ("link_name", lambda tenant: tenant.joined(tenant.link(fresh("way")))),
    "add_chained_link": ("link_name", lambda tenant: tenant.link(fresh("out"), "OUTBOUND")),
    "remove_chained_link": ("link_name", lambda tenant: tenant.chained(tenant.link(fresh("out"), "OUTBOUND"))),
    "get_certificate": ("certificate_id", lambda tenant: tenant.certificate()),
    "delete_certificate": ("certificate_id", lambda tenant: tenant.certificate()),
    "modify_ec_topology": ("topology_name", lambda tenant: tenant.topology(fresh("spent"))),
    "delete_ec_topology": ("topology_name", lambda tenant: tenant.topology(fresh("spent"), retired=True)),
    "add_tenant_to_ec_topology": ("tenant_name", lambda tenant: Tenant(tenant.root, fresh("coded")).name),
    "remove_tenant_from_ec_topology": ("tenant_name", lambda tenant: Tenant(tenant.root, fresh("coded")).coded()),
}
# What has to be, before an operation can succeed.
BEFORE = {
    "upload_certificate": lambda tenant: tenant.forget_certificates(),
    "prepare_logs": lambda tenant: tenant.give_up(LOGS),
    "download_logs": lambda tenant: tenant.prepare(LOGS),
    "prepare_health_check": lambda tenant: tenant.give_up(HEALTH),
    "download_health_check": lambda tenant: tenant.prepare(HEALTH),
}
# What a steered request carries, by operation: a body in place of the generated one.
BODIES = {
    "create_tenant": lambda: {"name": fresh("made"), "hardQuota": "1 GB", "username": "first", "password": PASSWORD},
    "modify_tenant": lambda: {"tenantVisibleDescription": "changed"},
    "modify_console_security": lambda: hcp_document("console-security"),
    "modify_contact_info": lambda: hcp_document("contact-info"),
    "modify_email_notification": lambda: hcp_document("email-notification"),
    "modify_namespace_defaults": lambda: {"description": "changed", "softQuota": 80},
    "modify_search_security": lambda: hcp_document("search-security"),
    "set_tenant_permissions": lambda: hcp_document("permissions"),
    "set_tenant_cors": lambda: hcp_document("cors"),
    "create_content_class": lambda: {"name": fresh("Made")},
    "modify_content_class": lambda: {"contentProperties": hcp_document("content-class")["contentProperties"]},
    "create_user": lambda: hcp_document("user-account-create", username=fresh("made"), password=PASSWORD),
    "reset_passwords": lambda: {"password": PASSWORD},
    "modify_user": lambda: {"fullName": "Changed"},
    "change_user_password": lambda: {"newPassword": fresh("Day-one-2026")},
    "set_data_access_of_user": lambda: hcp_document("data-access-permissions"),
    "set_system_user_password": lambda: {"password": PASSWORD},
    "change_system_user_password": lambda: {"newPassword": PASSWORD},
    "create_group": lambda: hcp_document("group-account"),
    "modify_group": lambda: {"allowNamespaceManagement": True},
    "set_data_access_of_group": lambda: hcp_document("data-access-permissions"),
    "modify_protocols": lambda: hcp_document("protocols"),
    "create_namespace": lambda: {"name": fresh("made"), "hardQuota": "1 GB"},
    "import_namespaces": lambda: {"version": "1.0", "namespaces": [{"name": fresh("made"), "hardQuota": "1 GB"}]},
    "modify_namespace": lambda: hcp_document("namespace-modify"),
    "modify_versioning_settings": lambda: hcp_document("versioning-settings"),
    "modify_compliance_settings": lambda: hcp_document("compliance-settings"),
    "set_namespace_permissions": lambda: hcp_document("permissions"),
    "modify_http_protocol": lambda: hcp_document("protocol-http"),
    "modify_cifs_protocol": lambda: hcp_document("protocol-cifs"),
    "modify_nfs_protocol": lambda: hcp_document("protocol-nfs"),
    "modify_smtp_protocol": lambda: hcp_document("protocol-smtp"),
    "modify_custom_metadata_indexing": lambda: {"fullIndexingEnabled": False, "excludedAnnotations": "tmp"},
    "modify_replication_collision": lambda: hcp_document("replication-collision-settings"),
    "set_namespace_cors": lambda: hcp_document("cors"),
    "create_retention_class": lambda: hcp_document("retention-class", name=fresh("Made")),
    "modify_retention_class": lambda: {"description": "changed"},
    "modify_network": lambda: hcp_document("network"),
    "modify_replication_service": lambda: {"verification": "ONCE"},
    "create_replication_link": lambda: hcp_document("link-create", name=fresh("made")),
    "modify_replication_link": lambda: {"description": "changed"},
    "set_link_schedule": lambda: hcp_document("schedule"),
    "upload_certificate": lambda: {"file": document_text("certificate", "pem")},
    "prepare_logs": lambda: {},
    "download_logs": lambda: {"content": "ACCESS,SERVICE"},
    "prepare_health_check": lambda: {"collectCurrent": True},
    "download_health_check": lambda: {"nodes": "101"},
    "create_ec_topology": lambda: topology(fresh("made")),
    "modify_ec_topology": lambda: {"restorePeriod": 9},
}
# Nothing is there to succeed with: a store without a directory has no groups, only the default namespace
# has protocols of all together, the only account of the system is the one that asks, nothing needs a licence
# or a maker's key, there is no default tenant, and TLS is spoken by what stands before the store.
IMPOSSIBLE = {
    *("get_system_group", "head_system_group", "create_group", "get_group", "head_group", "modify_group"),
    *("delete_group", "get_data_access_of_group", "set_data_access_of_group"),
    *("get_protocols", "modify_protocols"),
    *("set_system_user_password", "change_system_user_password"),
    *("upload_license", "upload_support_credentials", "download_server_certificate"),
    *("get_license", "add_default_ns_dir_to_link", "remove_default_ns_dir_from_link"),
}
# Parameters that only fit what is there.
UNKNOWN = (
    *("start", "end", "offset", "count", "sortType", "sortOrder", "filterType", "filterString"),
    *("resetMQECheckpoint", "resetPasswords", "username", "password", "initialSecurityGroup", "dry_run", "existing"),
    *("suspend", "resume", "failOver", "failBack", "beginRecover", "completeRecovery", "restore", "pause", "retire"),
    *("shutDownAllLinks", "reestablishAllLinks", "mark", "cancel"),
)
# By what others find what they are steered to, and what nobody can take back.
KEPT = {
    "modify_tenant": ("name",),
    "modify_namespace": ("name", "enterpriseMode"),
    "modify_user": ("username",),
    "modify_content_class": ("name",),
    "modify_retention_class": ("name",),
    "modify_replication_link": ("name", "type"),
}
# Changes that may keep everybody out.
DANGEROUS = ("modify_tenant", "modify_console_security")


def steer_path(case: schemathesis.Case, role: Role, may: bool) -> None:
    """Sends a generated request to what is there."""
    operation, tenant = name_of(case), role.tenant
    names = NAMES | {"tenant_name": tenant.name}
    if operation in ("get_system_user", "head_system_user"):
        names["username"] = "admin"
    if may and operation in SPENT:
        name, make = SPENT[operation]
        names[name] = make(tenant)
    for name in case.path_parameters:
        case.path_parameters[name] = names.get(name, case.path_parameters[name])
    if "names" in case.query:
        case.query["names"] = "archive"
    if isinstance(case.body, dict):
        case.body = {name: value for name, value in case.body.items() if name not in KEPT.get(operation, ())}


def steer(case: schemathesis.Case, role: Role, may: bool) -> None:
    """Turns a generated request to what is there altogether."""
    steer_path(case, role, may)
    operation = name_of(case)
    for name in UNKNOWN:
        case.query.pop(name, None)
    if may and operation in BEFORE:
        BEFORE[operation](role.tenant)
    if operation in BODIES:
        case.body = BODIES[operation]()
    if may and operation.endswith("_cors"):
        role.tenant.set_cors()


@pytest.fixture(scope="module")
def hako():
    """A server of its own: accounts and tenants come to harm."""
    with server.temporary_folder() as folder:
        running = server.start(Path(folder))
        yield running
        assert running.stop() == 0, running.log.read_text()


@pytest.fixture(scope="module")
def roles(hako):
    session = signed_in(hako.console, "admin", administrator_password(hako))
    root = Account(hako.console, session)
    for name in (*RING, INBOUND):
        kind = "INBOUND" if name == INBOUND else "ACTIVE_ACTIVE"
        root.call("PUT", LINKS, hcp_document("link-create", name=name, type=kind))
    root.call("PUT", TOPOLOGIES, topology("ec-3"))
    made = {}
    for name, columns in ROLES.items():
        tenant = Tenant(root, f"of-{name}")
        if name != "system":
            session = tenant.account(tenant.user(name, *(head for _, head in columns if head.isupper()))).session
        made[name] = Role(tenant, session, columns)
    return made


@pytest.fixture(scope="module")
def document(hako):
    return schemathesis.openapi.from_url(f"{hako.console}/openapi.json")


def copy_of(case: schemathesis.Case) -> schemathesis.Case:
    """The same request, to be steered elsewhere."""
    return case.operation.Case(
        path_parameters=dict(case.path_parameters),
        headers=dict(case.headers),
        cookies=dict(case.cookies),
        query=dict(case.query),
        body=deepcopy(case.body) if isinstance(case.body, (dict, list)) else case.body,
        media_type=case.media_type,
        multipart_content_types=case.multipart_content_types,
    )


def send(case: schemathesis.Case, role: Role, may: bool, how) -> None:
    if how:
        how(case, role, may)
    answer = case.call(session=role.session)
    case.validate_response(answer, checks=CHECKS)
    # What comes may be an archive.
    told, where = answer.status_code, f"{answer.request.method} {answer.request.url}: {answer.content[:2000]!r}"
    assert told != 401, where
    if may:
        if is_success(told) and name_of(case) in DANGEROUS:
            role.tenant.restore()
    else:
        assert not is_success(told), where
        # To HEAD, what one may not see is as if it were not there.
        assert how is not steer or told == 403 or (case.method.upper() == "HEAD" and told == 404), where
    role.answers.setdefault(name_of(case), Counter())[told] += 1


def send_as_nobody(case: schemathesis.Case, somebody: Role) -> None:
    steer_path(case, somebody, False)
    answer = case.call()
    assert answer.status_code == 401, f"{answer.request.method} {answer.request.url}"
    case.validate_response(answer, checks=CHECKS)


def send_all(strategy, examples: int, hows: list, roles: dict[str, Role], may: set[str]) -> None:
    @bounded(examples)
    @given(case=strategy, how=st.sampled_from(hows))
    def generated_requests(case, how):
        for name, role in roles.items():
            # The first of them is steered as far as it can be: that is enough for those who may not.
            if name in may or how is hows[0]:
                send(copy_of(case), role, name in may, how)
        if how is hows[0]:
            send_as_nobody(copy_of(case), roles["administrator"])

    generated_requests()


def strategies(operation):
    yield operation.as_strategy(generation_mode=GenerationMode.POSITIVE), [steer, steer_path, None], GOOD
    if takes_anything(operation):
        yield operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), [steer_path, None], BAD


def test_generated_requests_of_each_role_are_answered_as_documented(document, roles):
    table = permissions()
    operations = [one for one in operations_of(document) if is_management(one)]
    assert {one.label.replace(f" {BASE}", " ") for one in operations} == set(table)
    missed = []
    for operation in operations:
        name = operation.definition.raw["operationId"]
        may = {who for who, role in roles.items() if role.may(operation, table)}
        for strategy, hows, examples in strategies(operation):
            send_all(strategy, examples, hows, roles, may)
        for who in may:
            told = roles[who].answers[name]
            if name not in IMPOSSIBLE and not any(map(is_success, told)):
                missed.append(f"{who}: {name}: {dict(told)}")
        refused = {who for who in set(roles) - may if roles[who].answers[name].total() == 0}
        assert not refused, f"{name} was not tried by {refused}"
    assert not missed, "\n".join(missed)
