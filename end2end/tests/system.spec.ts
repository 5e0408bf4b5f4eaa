// The system level: what its pages tell, and a tenant from its creation to being entered and refused to go.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { type Hako, SYSTEM, api, expect, hydrated, open, reload, test } from "../support/test";

test.describe.configure({ timeout: 120_000 });

type Json = Record<string, unknown>;

/** Prints the names and texts of an archive. */
const READ = "import sys, zipfile\nfor e in (z := zipfile.ZipFile(sys.argv[1])).namelist(): print(e, z.read(e).decode())";

async function signIn(context: BrowserContext, hako: Hako, account: Json): Promise<void> {
  await api(context, hako, "/session", { data: account });
}

async function get<T>(context: BrowserContext, hako: Hako, path: string): Promise<T> {
  const answer = await context.request.get(`${hako.console}/api/v1/mapi${path}`);
  expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true);
  return answer.json();
}

function field(page: Page, form: string, path: string) {
  return page.getByTestId(`form-${form}`).locator(`[name="${path}"]`);
}

const percent = (value: number): string => `${value.toFixed(1).replace(/\.0$/, "")} %`;

type Nodes = { requestTime: number; nodes: (Json & { nodeNumber: number; cpuUser: number; cpuSystem: number; cpuMax: number; ioWait: number; collectionTimestamp: number })[] };
type Service = { name: string; objectsExamined: number; objectsServiced: number; objectsUnableToService: number };
type Services = { services: Service[]; nodes: { nodeNumber: number; services: Service[] }[] };

test("SYS-3 nodes and services equal the API; a page that stays open measures anew, says what is high and draws how it went", async ({ page, context, hako, faults }) => {
  await signIn(context, hako, SYSTEM);
  await page.clock.install();
  const cards = page.getByTestId("node-card");
  const at = (node: Nodes["nodes"][number]) => new RegExp(`^${new Date(node.collectionTimestamp).toISOString().slice(0, 19)}`);
  let told!: Nodes;
  // Asked before, so that the page is made from the same measurement, which is kept for a while: on a busy machine not
  // always for long enough.
  await expect(async () => {
    told = await get<Nodes>(context, hako, "/nodes/statistics");
    await open(page, "/system/nodes");
    await expect(cards.first().getByTestId("as-of").locator("time")).toHaveAttribute("datetime", at(told.nodes[0]), { timeout: 1_000 });
  }).toPass();
  await expect(cards).toHaveCount(told.nodes.length);
  const node = told.nodes[0];
  const card = page.locator(`[data-testid="node-card"][data-key="${node.nodeNumber}"]`);
  const figure = (key: string) => card.locator(`tr[data-key="${key}"]`);
  for (const [key, value] of [["cpu-user", node.cpuUser], ["cpu-system", node.cpuSystem], ["cpu-max", node.cpuMax], ["io-wait", node.ioWait]] as const) {
    if (value !== null) await expect(figure(key).locator(".node-value")).toContainText(percent(value));
  }
  await expect(card.getByTestId("as-of").locator("time")).toHaveAttribute("datetime", at(node));
  await expect(page.getByTestId("trend")).toHaveCount(0);

  // Another measurement: by the button, then by itself.
  let measured = { ...told, nodes: [{ ...node, collectionTimestamp: node.collectionTimestamp + 20_000, cpuUser: 85, cpuMax: 97.5, openHttpConnections: 40, maxHttpConnections: 255 }] };
  let asked = 0;
  await page.route("**/api/v1/mapi/nodes/statistics*", (route) => {
    asked += 1;
    expect(route.request().headers()["cache-control"]).toBe("no-cache");
    return route.fulfill({ json: measured });
  });
  await page.getByTestId("refresh").click();
  await expect(figure("cpu-user")).toHaveAttribute("data-level", "high");
  await expect(figure("cpu-user")).toContainText("80 % or more");
  await expect(figure("cpu-max")).toHaveAttribute("data-level", "full");
  await expect(figure("cpu-max")).toContainText("95 % or more");
  await expect(figure("http")).toContainText("40 of 255");
  // What was measured before may have been more: the machine is busy with tests.
  const most = percent(Math.max(node.cpuMax ?? 0, 97.5));
  await expect(figure("cpu-max").getByTestId("trend")).toHaveAccessibleName(
    new RegExp(`2 measurements since the page was opened: from .* to 97\\.5 %, at most ${most.replace(".", "\\.")}`),
  );
  measured = { ...measured, nodes: [{ ...measured.nodes[0], collectionTimestamp: node.collectionTimestamp + 40_000, cpuMax: 12 }] };
  await page.clock.runFor(16_000);
  await expect(figure("cpu-max").locator(".node-value")).toHaveText("12 %");
  await expect(figure("cpu-max").locator("polyline")).toHaveAttribute("points", /^0\.0,\S+ 60\.0,0\.8 120\.0,28\.2$/);
  expect(asked).toBe(2);
  // What fails leaves what was measured, and says so.
  await page.unroute("**/api/v1/mapi/nodes/statistics*");
  faults.expectStatus(503);
  await page.route("**/api/v1/mapi/nodes/statistics*", (route) =>
    route.fulfill({ status: 503, json: { detail: "away", code: "store_unreachable", request_id: "r" } }),
  );
  await page.getByTestId("refresh").click();
  await expect(page.getByTestId("state-stale")).toBeVisible();
  await expect(figure("cpu-max").locator(".node-value")).toHaveText("12 %");

  const report = await get<Services>(context, hako, "/services/statistics");
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Services" }).click();
  await expect(page).toHaveURL(/\/system\/services$/);
  const all = [
    ...report.services.map((service) => [service.name, service] as const),
    ...report.nodes.flatMap((one) => one.services.map((service) => [`${one.nodeNumber}/${service.name}`, service] as const)),
  ];
  expect(all.length).toBeGreaterThan(2);
  await expect(page.getByTestId("row")).toHaveCount(all.length);
  for (const [key, service] of all) {
    const row = page.locator(`[data-testid="row"][data-key="${key}"]`);
    for (const [label, count] of [["Examined", service.objectsExamined], ["Served", service.objectsServiced], ["Unable", service.objectsUnableToService]] as const) {
      await expect(row.locator(`td[data-label="${label}"]`)).toHaveText(count.toLocaleString("en"));
    }
  }
});

test("the other pages of the system tell what there is, and the network's setting is changed", async ({ page, context, hako }) => {
  await signIn(context, hako, SYSTEM);
  await open(page, "/system/tenants");
  await page.getByTestId("nav-system").click();
  await expect(page.getByTestId("page-title")).toHaveText("Nodes");
  await expect(page.getByTestId("nav-system")).toHaveAttribute("aria-current", "page");
  await expect(page.getByTestId("nav-tenants")).not.toHaveAttribute("aria-current", "page");
  const sections = page.getByRole("navigation", { name: "Sections" });
  await sections.getByRole("link", { name: "Licences" }).click();
  await expect(page.getByTestId("state-empty")).toContainText("No licence: basic features.");
  await sections.getByRole("link", { name: "Support" }).click();
  await expect(page.getByTestId("field-type")).toHaveText("Default");
  await sections.getByRole("link", { name: "Accounts" }).click();
  await expect(page.getByTestId("accounts-made-elsewhere")).toBeVisible();
  const own = page.locator(`[data-testid="row"][data-key="${SYSTEM.username}"]`);
  await expect(own).toContainText("Administrator");
  await own.getByRole("link", { name: SYSTEM.username }).click();
  await expect(page.getByTestId("field-roles")).toContainText("Administrator");
  await expect(page.getByRole("main").getByRole("link", { name: "Change your own password" })).toHaveAttribute("href", "/password");

  await open(page, "/system/network");
  const mode = field(page, "modify_network", "downstreamDNSMode");
  const before = await mode.inputValue();
  const other = before === "BASIC" ? "ADVANCED" : "BASIC";
  await mode.selectOption(other);
  await page.getByTestId("save").click();
  await expect(page.getByTestId("toast")).toContainText("saved");
  await reload(page);
  await expect(mode).toHaveValue(other);
  expect(await get(context, hako, "/network")).toMatchObject({ downstreamDNSMode: other });
});

test("SYS-3 SUP-1 a licence and a support key that the store does not take are refused with its own words at the form, and nothing is lost", async ({ page, context, hako, faults }) => {
  faults.expectStatus(400);
  await signIn(context, hako, SYSTEM);
  await open(page, "/system/licenses");
  const form = page.getByTestId("form-upload_license");
  const text = form.getByLabel("Text of the licence");
  const file = form.getByTestId("put-file");
  const put = form.getByTestId("put");
  const summary = form.getByTestId("error-summary");
  const refused = "Nothing in this system needs a licence, and none is kept.";
  await put.click();
  await expect(summary).toContainText("Choose a file, or paste its text.");
  await text.fill("this is no licence");
  await put.click();
  await expect(summary).toContainText(refused);
  await expect(text).toHaveValue("this is no licence");
  // A file is looked at before it is sent, and sent alone.
  await file.setInputFiles({ name: "of-hcp.lic", mimeType: "text/plain", buffer: Buffer.from("licence\nof <hcp>\n") });
  await expect(page.getByTestId("put-preview")).toContainText("of-hcp.lic – 17 B");
  await expect(page.getByTestId("put-preview").locator("pre")).toHaveText("licence\nof <hcp>\n");
  await put.click();
  await expect(summary).toContainText("not both");
  await text.fill("");
  const sent = page.waitForRequest((request) => request.method() === "PUT");
  await put.click();
  expect(new URL((await sent).url()).pathname).toBe("/api/v1/mapi/storage/licenses");
  await expect(summary).toContainText(refused);
  await expect(page.getByTestId("put-preview")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  // Somebody's private key goes nowhere, and is not shown.
  await file.setInputFiles({ name: "own.key", mimeType: "text/plain", buffer: Buffer.from("-----BEGIN PRIVATE KEY-----\nAA==\n") });
  await expect(page.getByTestId("private-key")).toBeVisible();
  await expect(page.getByTestId("put-preview")).toHaveCount(0);
  await expect(put).toHaveAttribute("aria-disabled", "true");

  await open(page, "/system/support");
  await page.getByTestId("open-upload_support_credentials").click();
  const dialog = page.getByTestId("dialog");
  await dialog.getByTestId("put-file").setInputFiles({ name: "ours.plk", mimeType: "application/octet-stream", buffer: Buffer.from([0, 159, 146, 150]) });
  await expect(dialog.getByTestId("put-preview")).toContainText("ours.plk – 4 B");
  const submit = dialog.getByTestId("confirm-submit");
  await expect(submit).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("replace the support key");
  await submit.click();
  await expect(dialog.getByTestId("error-summary")).toContainText("no access for a maker's support");
  await expect(dialog.getByTestId("put-preview")).toBeVisible();
  await expect(dialog.getByTestId("confirm-input")).toHaveValue("replace the support key");
  await checkOpened(page, "put-dialog");
  await checkNarrow(page);
});

test("SYS-2 a tenant is created, its steps tick when they are seen done, it is entered once it lets the system in, and does not go with a namespace", async ({ page, context, hako, faults }) => {
  faults.expectStatus(403, 409);
  const tenant = `sys${Date.now().toString(36)}`;
  const first = { tenant, username: "first", password: "First-account-1" };
  await signIn(context, hako, SYSTEM);
  const step = (nth: number) => page.getByTestId("setup-step").nth(nth);

  // By a group: the local HCP has no directory, and says so; nothing that was typed is lost.
  await open(page, "/new/tenant");
  await page.getByRole("link", { name: "With a group of a directory" }).click();
  await expect(page).toHaveURL(/first=group/);
  await hydrated(page);
  await expect(field(page, "create_tenant", "username")).toHaveCount(0);
  await field(page, "create_tenant", "name").fill(tenant);
  await field(page, "create_tenant", "initialSecurityGroup").fill("keepers@example.com");
  await field(page, "create_tenant", "hardQuota").fill("10");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("error-summary")).toContainText(/directory/i);
  await expect(field(page, "create_tenant", "initialSecurityGroup")).toHaveValue("keepers@example.com");

  // By a first account.
  await open(page, "/new/tenant");
  await field(page, "create_tenant", "name").fill(tenant);
  await field(page, "create_tenant", "username").fill(first.username);
  await field(page, "create_tenant", "password").fill(first.password);
  await field(page, "create_tenant", "hardQuota").fill("10");
  await page.getByTestId("save").click();
  await expect(page).toHaveURL(new RegExp(`/system/tenants/${tenant}/created$`));
  for (const nth of [0, 1, 2, 3, 4]) await expect(step(nth)).toHaveAttribute("data-done", "false");

  // It does not let the system in.
  await page.getByTestId("tenant-enter").click();
  await expect(page.getByTestId("state-forbidden")).toContainText(tenant);
  await expect(page.getByTestId("how-to-enter")).toContainText("System administrators may administer this tenant");
  await expect(page.getByTestId("entered-tenant")).toHaveCount(0);

  // The first account signs in beside, takes the administrator role, and lets the system in.
  await signIn(context, hako, first);
  const change = async (path: string, data: Json) => {
    const url = `${hako.console}/api/v1/mapi/tenants/${tenant}${path}`;
    const answer = await context.request.post(url, { data, headers: { Origin: hako.console } });
    expect(answer.ok(), await answer.text()).toBe(true);
  };
  await change("/userAccounts/first", { roles: { role: ["ADMINISTRATOR", "SECURITY"] } });
  await open(page, `/system/tenants/${tenant}/created?as=~`);
  await expect(step(0)).toHaveAttribute("data-done", "true");
  await expect(step(2)).toHaveAttribute("data-done", "false");
  await change("", { administrationAllowed: true });
  await reload(page);
  await expect(step(1)).toHaveAttribute("data-done", "true");
  await expect(step(2)).toHaveAttribute("data-done", "true");
  for (const nth of [3, 4]) await expect(step(nth)).toHaveAttribute("data-done", "false");

  // The next steps are taken with the session of the system.
  await step(3).getByRole("link").click();
  await expect(page.getByTestId("entered-tenant")).toContainText(`You are in the tenant ${tenant}`);
  await field(page, "modify_namespace_defaults", "softQuota").fill("70");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("toast")).toContainText("saved");
  await page.getByTestId("entered-tenant").getByRole("link", { name: "Namespaces" }).click();
  await page.getByRole("link", { name: "New namespace" }).click();
  await field(page, "create_namespace", "name").fill("scans");
  await page.getByTestId("save").click();
  await expect(page.locator('[data-testid="row"][data-key="scans"]')).toBeVisible();
  await page.locator('[data-testid="row"][data-key="scans"]').getByRole("link", { name: "scans" }).first().click();
  await expect(page).toHaveURL(new RegExp(`/system/tenants/${tenant}/in/namespaces/scans`));
  for (const name of ["Users", "Groups", "Usage", "Settings", "Namespaces"]) {
    await page.getByTestId("entered-tenant").getByRole("link", { name }).click();
    await expect(page.getByTestId("page-title")).toHaveText(name);
    await expect(page.getByTestId("entered-tenant")).toContainText(tenant);
    await expect(page.getByTestId("entered-tenant").getByRole("link", { name })).toHaveAttribute("aria-current", "page");
  }
  await page.getByTestId("tenant-leave").click();
  await expect(page.getByTestId("entered-tenant")).toHaveCount(0);
  await page.getByRole("link", { name: "Next steps" }).click();
  for (const nth of [0, 1, 2, 3, 4]) await expect(step(nth)).toHaveAttribute("data-done", "true");

  // With a namespace it does not go.
  await page.getByRole("link", { name: "Delete", exact: true }).click();
  await page.getByTestId("confirm-input").fill(tenant);
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("error-summary")).toContainText(/namespace/i);
  await get(context, hako, `/tenants/${tenant}`);
});

test("SYS-4 LOG-1 HLT-1 logs and a health report are prepared, followed over a reload, fetched and given up; a mark is found in the logs", async ({ page, context, hako }) => {
  await signIn(context, hako, SYSTEM);
  for (const [sheet, entry] of [["logs", "APPLICATION"], ["health", null]] as const) {
    await open(page, `/system/${sheet}`);
    await expect(page.getByTestId("package-stage")).toHaveText("Nothing is prepared.");
    if (sheet === "logs") {
      await page.getByTestId("mark-input").fill("here begins the test");
      await page.getByTestId("form-mark").getByRole("button").click();
      await expect(page.getByTestId("toast")).toContainText("here begins the test");
      await expect(page.getByTestId("mark-input")).toHaveValue("");
    }
    await page.getByTestId("save").click();
    await expect(page.getByTestId("package-stage")).toHaveText("It is ready to be downloaded.", { timeout: 30_000 });
    await reload(page);
    await expect(page.getByTestId("package-left")).toContainText(/kept for another (1 d|23 h 59 min)/);
    if (entry !== null) await page.getByTestId("content").selectOption(entry);
    const fetched = page.waitForEvent("download");
    await page.getByTestId("form-download").getByRole("button").click();
    const download = await fetched;
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    const names = execFileSync("python3", ["-c", READ, await download.path()], { encoding: "utf8", maxBuffer: 2 ** 26 });
    if (sheet === "logs") {
      expect(names).toContain("here begins the test");
      expect(names).not.toContain("101/access");
    }
    // The page is still there, and so is the package.
    await expect(page.getByTestId("package-stage")).toHaveText(/ready to be downloaded|being downloaded/);
    await page.getByTestId("act-cancel").getByRole("button").click();
    await expect(page.getByTestId("package-stage")).toHaveText("Nothing is prepared.");
  }
});

test("LOG-1 what the server logs is read along, chosen and saved", async ({ page, context, hako }) => {
  await signIn(context, hako, SYSTEM);
  await open(page, "/system/logs");
  const lines = page.getByTestId("live-line");
  await expect(lines.first()).toBeVisible();
  await page.getByTestId("live-follow").click();
  await expect(page.getByTestId("live-follow")).toHaveAttribute("aria-pressed", "true");
  const before = await context.request.get(`${hako.console}/api/v1/buckets/no-such-bucket/objects`);
  expect(before.ok()).toBe(false);
  const id = before.headers()["x-request-id"];
  const own = lines.filter({ hasText: id });
  await expect(own).toBeVisible();
  await expect(own).toContainText("no-such-bucket");

  // Its request alone, by the address that a colleague could open.
  await own.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`request_id=${id}`));
  await expect(lines).toHaveCount(1);
  await reload(page);
  await expect(lines).toHaveCount(1);
  const saved = page.waitForEvent("download");
  await page.getByTestId("live-save").click();
  const text = await readFile(await (await saved).path(), "utf8");
  expect(text.trim().split("\n")).toHaveLength(1);
  expect(text).toContain(`request_id=${id}`);
  await checkAccessibility(page);

  const form = page.getByTestId("form-live");
  await form.getByLabel("Request").fill("");
  await form.getByLabel("Text").fill("nobody has written this");
  await form.getByRole("button").click();
  await expect(page.getByTestId("live-none")).toBeVisible();
  await checkNarrow(page);
});
