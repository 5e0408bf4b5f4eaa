// Replication and erasure coding, on the store whose links never are connected.

import { readFileSync } from "node:fs";
import type { BrowserContext, Locator } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { type Hako, type Page, SYSTEM, api, expect, open, signInByApi, test } from "../support/test";

test.describe.configure({ timeout: 180_000 });

const LINKS = "/mapi/services/replication/links";

async function asSystem(context: BrowserContext, hako: Hako): Promise<void> {
  await api(context, hako, "/session", { data: SYSTEM });
}

async function call(context: BrowserContext, hako: Hako, method: string, path: string, data?: unknown): Promise<unknown> {
  const answer = await context.request.fetch(`${hako.console}/api/v1${path}`, { method, data, headers: { Origin: hako.console } });
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return answer.json();
}

async function newLink(context: BrowserContext, hako: Hako, name: string, type: string): Promise<void> {
  const connection = { remoteHost: `replication.admin.${name}.example.com` };
  await call(context, hako, "PUT", LINKS, { name, type, connection });
}

async function newTenant(context: BrowserContext, hako: Hako, name: string): Promise<void> {
  const features = { replicationConfigurationEnabled: true, erasureCodingSelectionEnabled: true };
  const account = { username: "first", password: "First-account-1" };
  await call(context, hako, "PUT", "/mapi/tenants", { name, hardQuota: "2 GB", softQuota: 85, ...features, ...account });
}

function unique(word: string): string {
  return `${word}-${Date.now().toString(36)}`;
}

function cell(page: Page, side: string, day: number, hour: number): Locator {
  return page.getByTestId(`week-${side}`).locator(`[data-hour="${day * 24 + hour}"]`);
}

/** Every consequence is ticked, one by one; the button works after the last thing alone. */
async function confirm(page: Page, name: string): Promise<void> {
  const dialog = page.getByTestId("dialog");
  const submit = dialog.getByTestId("confirm-submit");
  const ticks = await dialog.getByTestId("consequence").all();
  expect(ticks.length).toBeGreaterThan(0);
  for (const tick of ticks) {
    await expect(submit).toHaveAttribute("aria-disabled", "true");
    await tick.check();
  }
  const reason = dialog.getByTestId("reason-input");
  if (await reason.count()) {
    await expect(submit).toHaveAttribute("aria-disabled", "true");
    await reason.fill("moving house & more");
  }
  await dialog.getByTestId("confirm-input").fill(name.slice(0, -1));
  await expect(submit).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill(name);
  await expect(submit).not.toHaveAttribute("aria-disabled", "true");
}

test("REP-1 SYS-4 a link of each type has its own fields and sides, and says that it is not connected; its week is painted, saved, and never wholly off; only what type and state allow is offered", async ({ page, context, hako, faults }) => {
  faults.expectStatus(409);
  await asSystem(context, hako);
  const names: Record<string, string> = {};
  for (const [type, sides] of [["ACTIVE_ACTIVE", ["local", "remote"]], ["OUTBOUND", ["remote"]], ["INBOUND", ["local"]]] as const) {
    const name = unique(type.toLowerCase().slice(0, 3));
    names[type] = name;
    await open(page, `/new/link?type=${type}`);
    const form = page.getByTestId("form-create_replication_link");
    const field = (path: string) => form.locator(`[name="${path}"]`);
    await expect(field("connection.remotePort")).toHaveValue("5748");
    await expect(field("connection.localPort")).toHaveValue("5748");
    for (const side of ["local", "remote"] as const) {
      const there = (sides as readonly string[]).includes(side) ? 1 : 0;
      await expect(field(`failoverSettings.${side}.autoFailover`), `${type} ${side}`).toHaveCount(there);
      await expect(field(`failoverSettings.${side}.autoCompleteRecovery`)).toHaveCount(type === "ACTIVE_ACTIVE" ? 0 : there);
    }
    await field("name").fill(name);
    await page.getByTestId("save").click();
    await expect(page.getByTestId("error-connection.remoteHost")).toBeVisible();
    await field("connection.remoteHost").fill("replication.admin.hcp2.example.com");
    await field(`failoverSettings.${sides[0]}.autoFailover`).check();
    await field(`failoverSettings.${sides[0]}.autoFailoverMinutes`).fill("5");
    await page.getByTestId("save").click();
    await expect(page.getByTestId(`error-failoverSettings.${sides[0]}.autoFailoverMinutes`)).toContainText("9,999");
    await field(`failoverSettings.${sides[0]}.autoFailoverMinutes`).fill("30");
    await page.getByTestId("save").click();
    await expect(page).toHaveURL(new RegExp(`/system/replication/links/${name}$`));
    await expect(page.getByTestId("link-status")).toContainText("Not connected");
    await expect(page.getByTestId("not-connected")).toBeVisible();
    const link = (await call(context, hako, "GET", `${LINKS}/${name}`)) as { type: string; failoverSettings: Record<string, { autoFailoverMinutes: number }> };
    expect(link.type).toBe(type);
    expect(link.failoverSettings[sides[0]].autoFailoverMinutes).toBe(30);

    await open(page, `/system/replication/links/${name}/schedule`);
    await expect(page.getByTestId("week-local")).toHaveCount(type === "INBOUND" ? 0 : 1);
    await expect(page.getByTestId("week-remote")).toHaveCount(type === "OUTBOUND" ? 0 : 1);

    await open(page, `/system/replication/links/${name}/actions`);
    const offered = await page.locator('[data-testid^="link-action-"]').evaluateAll((all) => all.map((one) => one.getAttribute("data-testid")));
    expect(offered).toEqual(["link-action-suspend", "link-action-failOver", "link-action-restore", "link-action-delete"]);
  }
  await open(page, "/system/replication");
  await page.getByTestId("nav-replication").click();
  await expect(page.getByTestId("nav-replication")).toHaveAttribute("aria-current", "page");
  const row = page.locator(`[data-testid="row"][data-key="${names.OUTBOUND}"]`);
  await expect(row).toContainText("→");
  await expect(row).toContainText("BAD");
  await expect(row).toContainText("High all week");

  // The week, by mouse and by keys.
  const name = names.ACTIVE_ACTIVE;
  await open(page, `/system/replication/links/${name}/schedule`);
  const brush = page.getByTestId("brush-local");
  await brush.getByText("Low", { exact: true }).click();
  await cell(page, "local", 1, 8).hover();
  await page.mouse.down();
  await cell(page, "local", 1, 12).hover();
  await page.mouse.up();
  await expect(cell(page, "local", 1, 8)).toHaveAttribute("data-level", "LOW");
  await expect(cell(page, "local", 1, 10)).toHaveAttribute("data-level", "LOW");
  await expect(cell(page, "local", 1, 12)).toHaveAttribute("data-level", "LOW");
  await cell(page, "local", 2, 0).focus();
  await page.keyboard.press("o");
  await page.keyboard.press("ArrowRight");
  await expect(cell(page, "local", 2, 1)).toBeFocused();
  await brush.getByText("Off", { exact: true }).click();
  await cell(page, "local", 2, 1).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(cell(page, "local", 3, 2)).toBeFocused();
  await page.keyboard.press("Space");
  await expect(cell(page, "local", 3, 2)).toHaveAccessibleName("Wednesday 02 to 03: Off");
  // One cell alone is reached by Tab.
  await expect(page.getByTestId("week-local").locator('[tabindex="0"]')).toHaveCount(1);
  await page.getByTestId("form-schedule-local").getByLabel("In place of the week").selectOption("MEDIUM");
  await page.getByTestId("save-local").click();
  await expect(page.getByTestId("toast")).toContainText("The schedule was saved.");
  type Side = { scheduleOverride: string; transition: { time: string; performanceLevel: string }[] };
  const schedule = (await call(context, hako, "GET", `${LINKS}/${name}/schedule`)) as { local: Side; remote: Side };
  expect(schedule.local.scheduleOverride).toBe("MEDIUM");
  const said = schedule.local.transition.map((one) => `${one.time} ${one.performanceLevel}`);
  expect(said).toContain("Mon:08 LOW");
  expect(said).toContain("Mon:13 HIGH");
  expect(said).toContain("Tue:00 OFF");
  expect(said).toContain("Tue:03 HIGH");
  expect(said).toContain("Wed:02 OFF");
  expect(schedule.remote.scheduleOverride).toBe("NONE");

  // A whole week off: nothing is sent, and the page says why.
  const hours = page.getByTestId("form-schedule-remote");
  await page.getByTestId("brush-remote").getByText("Off", { exact: true }).click();
  for (const day of ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]) {
    await hours.getByRole("checkbox", { name: day }).check();
  }
  await page.getByTestId("set-hours-remote").click();
  await expect(cell(page, "remote", 6, 23)).toHaveAttribute("data-level", "OFF");
  await expect(page.getByTestId("save-remote")).toHaveAttribute("aria-disabled", "true");
  await expect(hours).toContainText("would never send");
  await cell(page, "remote", 6, 23).focus();
  await page.keyboard.press("h");
  await expect(page.getByTestId("save-remote")).not.toHaveAttribute("aria-disabled", "true");
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("REP-2 an action stays off until every consequence is ticked and the name typed; what needs another system is refused in the dialog, and nothing is lost", async ({ page, context, hako, faults }) => {
  faults.expectStatus(409);
  await asSystem(context, hako);
  const name = unique("deeds");
  await newLink(context, hako, name, "OUTBOUND");
  await open(page, `/system/replication/links/${name}/actions`);
  await page.getByTestId("link-action-failOver").click();
  const dialog = page.getByTestId("dialog");
  const rows = dialog.getByTestId("picture").locator("tbody tr");
  await expect(rows.nth(0)).toContainText("Before");
  await expect(rows.nth(0).locator("td").nth(0)).toHaveText("reads and writes");
  await expect(rows.nth(2).locator("td").nth(0)).toHaveText("reads only");
  await expect(rows.nth(2).locator("td").nth(1)).toHaveText("reads and writes");
  await expect(dialog.getByTestId("pending")).toContainText("an unknown amount here");
  await expect(dialog.getByText("Afterwards somebody has to do this: Begin recovery.")).toBeVisible();
  await checkOpened(page, "deed-dialog");
  await checkNarrow(page);
  await confirm(page, name);
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog.getByTestId("error-summary")).toContainText("not connected");
  await expect(dialog.getByTestId("confirm-input")).toHaveValue(name);
  await expect(dialog.getByTestId("consequence").first()).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("link-action-failOver")).toBeFocused();

  // Suspended, and resumed: what is offered follows.
  await page.getByTestId("link-action-suspend").click();
  await confirm(page, name);
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("link-action-resume")).toBeVisible();
  await expect(page.getByTestId("link-action-suspend")).toHaveCount(0);
  await expect(page.getByTestId("link-status")).toContainText("suspended");

  // All links: with a reason.
  await open(page, "/system/replication");
  await page.getByTestId("link-action-shutdown").click();
  await confirm(page, "shut down all links");
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("replication-service")).toHaveAttribute("data-status", "SHUTDOWN");
  await page.getByTestId("link-action-reestablish").click();
  await page.getByTestId("dialog").getByTestId("consequence").check();
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("replication-service")).toHaveAttribute("data-status", "ENABLED");

  // Who did it, to which link, and why.
  const records = async (action: string): Promise<unknown[]> => {
    const answer = await context.request.get(`${hako.console}/api/v1/audit?format=jsonl&action=${action}`);
    return (await answer.text()).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as unknown);
  };
  const changes = await records("replication_link.change");
  expect(changes).toContainEqual(expect.objectContaining({ person: "admin", fields: ["failOver"], target: { link: name }, result: "refused" }));
  expect(changes).toContainEqual(expect.objectContaining({ fields: ["suspend"], target: { link: name }, result: "ok" }));
  expect(await records("replication.change")).toContainEqual(expect.objectContaining({ fields: ["shutDownAllLinks"], reason: "moving house & more", result: "ok" }));

  // A link goes once its name was typed.
  await open(page, `/system/replication/links/${name}/actions?ask=delete`);
  await confirm(page, name);
  await page.getByTestId("confirm-submit").click();
  await expect(page).toHaveURL(/\/system\/replication$/);
  await expect(page.locator(`[data-testid="row"][data-key="${name}"]`)).toHaveCount(0);
});

test("REP-3 content: a tenant is added from the candidates, paused, resumed and removed; a chained link likewise", async ({ page, context, hako }) => {
  await asSystem(context, hako);
  const [name, tenant, chained] = [unique("content"), unique("goes"), unique("chain")];
  await newLink(context, hako, name, "OUTBOUND");
  await newLink(context, hako, chained, "INBOUND");
  await newTenant(context, hako, tenant);
  await open(page, `/system/replication/links/${name}/content`);
  const add = page.getByTestId("act-add-tenant");
  await add.getByRole("combobox").selectOption(tenant);
  await add.getByRole("button").click();
  const row = page.locator(`[data-testid="link-tenant"][data-key="${tenant}"]`);
  await expect(row).toHaveAttribute("data-status", "AUTO_PAUSED");
  await row.getByTestId("act-pause").getByRole("button").click();
  await expect(row).toHaveAttribute("data-status", "PAUSED");
  await row.getByTestId("act-resume").getByRole("button").click();
  await expect(row).toHaveAttribute("data-status", "AUTO_PAUSED");
  const chain = page.getByTestId("act-add-chained");
  await chain.getByRole("combobox").selectOption(chained);
  await chain.getByRole("button").click();
  await expect(page.locator(`li[data-key="${chained}"]`)).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator(`li[data-key="${chained}"]`).getByRole("button", { name: "Remove" }).click();
  await expect(page.locator(`li[data-key="${chained}"]`)).toHaveCount(0);
  await row.getByTestId("link-action-remove").click();
  await page.getByTestId("dialog").getByTestId("confirm-submit").click();
  await expect(row).toHaveCount(0);
});

test("REP-3 certificates: one is looked at, put in, told with its dates, and deleted once its subject is typed; that there is none of the system's own is said", async ({ page, context, hako, faults }) => {
  faults.expectStatus(400);
  faults.expectStatus(404);
  await asSystem(context, hako);
  const pem = readFileSync(`${__dirname}/../../model/fixtures/mapi/certificate.pem`, "utf8");
  await open(page, "/system/replication");
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Certificates" }).click();
  await expect(page.getByTestId("page-title")).toHaveText("Certificates");
  await expect(page.getByTestId("certificates")).toContainText("No other system is trusted yet.");
  const form = page.getByTestId("form-upload_certificate");
  const file = form.getByTestId("put-file");
  await file.setInputFiles({ name: "wrong.pem", mimeType: "text/plain", buffer: Buffer.from("no certificate") });
  await form.getByTestId("put").click();
  await expect(form.getByTestId("error-summary")).toContainText("it is not one certificate in PEM form");
  await expect(page.getByTestId("put-preview")).toContainText("no certificate");
  await file.setInputFiles({ name: "east.pem", mimeType: "text/plain", buffer: Buffer.from(pem) });
  await expect(page.getByTestId("put-preview").locator("pre")).toHaveText(pem);
  await form.getByTestId("put").click();
  const row = page.getByTestId("certificate");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("hcp2.example.com");
  await expect(row.locator("time").first()).toHaveAttribute("datetime", /^2024-01-01T00:00:00/);
  await expect(row.locator("time").last()).toHaveAttribute("datetime", /^2034-01-01T00:00:00/);
  const days = Math.round((Date.UTC(2034, 0, 1) - new Date().setUTCHours(0, 0, 0, 0)) / 86_400_000);
  await expect(row.getByTestId("certificate-left")).toHaveText(`${days.toLocaleString("en")} days left`);
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  const subject = (await row.locator("strong").innerText()).trim();
  await row.getByTestId("link-action-delete").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("confirm-submit")).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill(subject);
  await dialog.getByTestId("confirm-submit").click();
  await expect(row).toHaveCount(0);
  await page.getByTestId("form-download").getByRole("button").click();
  await expect(page.getByTestId("own-certificate").getByTestId("error-summary")).toContainText("This system has no certificate of its own");
});

test("ECT-1 a topology: the drawing names the missing link, three systems force the type, limits hold; tenants with their conflicts; retired, then deleted", async ({ page, context, hako, faults }) => {
  faults.expectStatus(422);
  faults.expectStatus(400);
  await asSystem(context, hako);
  const [one, other] = [unique("ring"), unique("mesh")];
  const links = ["a", "b", "c"].map((letter) => unique(letter));
  for (const name of links) await newLink(context, hako, name, "ACTIVE_ACTIVE");
  const tenant = unique("coded");
  await newTenant(context, hako, tenant);
  // This store knows one system; candidates with both of their ends come from an answer in its place.
  const candidates = [["a", "b"], ["b", "c"], ["c", "a"], ["c", "d"], ["d", "a"]].map(([from, to], at) => ({
    name: links[at] ?? `more-${at}`, hcpSystems: [`${from}.example.com`, `${to}.example.com`], state: "HEALTHY", pausedTenantsCount: 0,
  }));
  await open(page, "/system/erasure-coding");
  await page.route("**/api/v1/mapi/services/erasureCoding/linkCandidates?*", (route) => route.fulfill({ json: candidates }));
  await page.getByRole("link", { name: "New topology" }).click();
  const form = page.getByTestId("form-create_ec_topology");
  const verdict = page.getByTestId("topology-verdict");
  const pick = (at: number) => form.getByTestId("topology-candidate").nth(at);
  await pick(0).check();
  await expect(verdict).toContainText("2 systems");
  await pick(1).check();
  await expect(verdict).toContainText("The link between a.example.com and c.example.com is missing.");
  await expect(page.getByTestId("topology-drawing")).toHaveAttribute("data-missing", "1");
  await expect(form.locator('[name="type"][value="RING"]')).toBeDisabled();
  await expect(page.getByTestId("type-forced")).toBeVisible();
  await pick(3).check();
  await form.locator('[name="type"][value="RING"]').check();
  await expect(verdict).toContainText("The link between a.example.com and d.example.com is missing.");
  await pick(4).check();
  await expect(verdict).toContainText("These links make a topology.");
  await checkAccessibility(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await pick(3).uncheck();
  await pick(4).uncheck();
  await pick(2).check();
  await expect(verdict).toContainText("These links make a topology.");
  await form.locator('[name="name"]').fill(one);
  await form.locator('[name="erasureCodingDelay"]').fill("4000");
  await form.locator('[name="restorePeriod"]').fill("181");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("error-erasureCodingDelay")).toContainText("3,650");
  await expect(page.getByTestId("error-restorePeriod")).toContainText("180");
  await form.locator('[name="erasureCodingDelay"]').fill("10");
  await form.locator('[name="restorePeriod"]').fill("5");
  const sizes = await form.locator('[name="minimumObjectSize"] option').allInnerTexts();
  expect(sizes).toEqual(["4 KB", "16 KB", "32 KB", "64 KB", "128 KB", "256 KB", "512 KB", "1 MB"]);
  await form.locator('[name="minimumObjectSize"]').selectOption({ label: "1 MB" });
  await page.getByTestId("save").click();
  await expect(page).toHaveURL(new RegExp(`/system/erasure-coding/${one}$`));
  const made = (await call(context, hako, "GET", `/mapi/services/erasureCoding/ecTopologies/${one}`)) as Record<string, unknown>;
  expect(made).toMatchObject({ type: "FULLY_CONNECTED", erasureCodingDelay: 10, minimumObjectSize: 1_048_576, restorePeriod: 5 });
  await page.unroute("**/api/v1/mapi/services/erasureCoding/linkCandidates?*");

  const body = { name: other, type: "FULLY_CONNECTED", replicationLinks: links.map((name) => ({ name })) };
  await call(context, hako, "PUT", "/mapi/services/erasureCoding/ecTopologies", body);
  await open(page, `/system/erasure-coding/${one}/tenants`);
  await page.getByTestId("act-add-tenant").getByRole("combobox").selectOption(tenant);
  await page.getByTestId("act-add-tenant").getByRole("button").click();
  const row = page.locator(`[data-testid="topology-tenant"][data-key="${tenant}"]`);
  await expect(row).toBeVisible();
  await open(page, `/system/erasure-coding/${other}/tenants`);
  await expect(page.locator(`[data-testid="topology-conflict"][data-key="${tenant}"]`)).toBeVisible();
  await open(page, `/system/erasure-coding/${one}/tenants`);
  await row.getByRole("button", { name: "Remove" }).click();
  await expect(row).toHaveCount(0);

  // It is retired before it can be deleted.
  await open(page, `/system/erasure-coding/${one}/actions`);
  await expect(page.getByTestId("link-action-delete")).toHaveCount(0);
  await page.getByTestId("link-action-retire").click();
  await confirm(page, one);
  await page.getByTestId("confirm-submit").click();
  await page.getByTestId("link-action-delete").click();
  await confirm(page, one);
  await page.getByTestId("confirm-submit").click();
  await expect(page).toHaveURL(/\/system\/erasure-coding$/);
  await expect(page.locator(`[data-testid="row"][data-key="${one}"]`)).toHaveCount(0);
  await expect(page.locator(`[data-testid="row"][data-key="${other}"]`)).toBeVisible();
});

test("the pages of replication and erasure coding: accessible, narrow, for monitors to read, and of the system alone", async ({ page, context, hako }) => {
  await asSystem(context, hako);
  const name = unique("looks");
  await newLink(context, hako, name, "INBOUND");
  const at = `/system/replication/links/${name}`;
  for (const path of ["/new/link?type=OUTBOUND", at, `${at}/settings`, `${at}/actions`]) {
    await open(page, path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expect(page.getByTestId("state-error")).toHaveCount(0);
    await checkAccessibility(page);
    await checkNarrow(page);
  }
  // While one looks, the link is asked again.
  await page.clock.install();
  await open(page, at);
  await expect(page.getByTestId("chart-rate")).toHaveAttribute("data-points", "1");
  await page.clock.fastForward(11_000);
  await expect(page.getByTestId("chart-rate")).toHaveAttribute("data-points", "2");
  // The tenant's people have neither entries nor pages.
  await context.clearCookies();
  await signInByApi(context, hako);
  for (const path of ["/system/replication", `${at}/actions`, "/system/erasure-coding"]) {
    const answer = await context.request.get(hako.console + path);
    expect(answer.status(), path).toBe(404);
    expect(await answer.text(), path).toContain("belongs to the system level");
  }
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("REP-1 REP-2 a link is made, its hours set, an action refused and done, by plain forms", async ({ page, context, hako, faults }) => {
    faults.expectStatus(422);
    faults.expectStatus(409);
    await asSystem(context, hako);
    const [name, tenant] = [unique("plain"), unique("plaint")];
    await newTenant(context, hako, tenant);
    await page.goto("/new/link?type=INBOUND");
    await page.locator('[name="name"]').fill(name);
    await page.locator('[name="connection.remoteHost"]').fill("replication.admin.hcp2.example.com");
    await page.getByTestId("save").click();
    await expect(page.getByTestId("link-status")).toContainText("Not connected");

    await page.goto(`/system/replication/links/${name}/schedule`);
    const form = page.getByTestId("form-schedule-remote");
    await form.locator('[name="day"][value="1"]').check();
    await form.locator('[name="from"]').selectOption("20");
    await form.locator('[name="level"][value="l"]').check();
    await page.getByTestId("set-hours-remote").click();
    await expect(cell(page, "remote", 1, 20)).toHaveAttribute("data-level", "LOW");
    await expect(cell(page, "remote", 2, 0)).toHaveAttribute("data-level", "HIGH");
    for (const day of await form.locator('[name="day"]').all()) await day.check();
    await form.locator('[name="level"][value="o"]').check();
    await page.getByTestId("set-hours-remote").click();
    await expect(page.getByTestId("error-summary")).toContainText("never send");
    await expect(cell(page, "remote", 1, 20)).toHaveAttribute("data-level", "LOW");

    await page.goto(`/system/replication/links/${name}/actions`);
    await page.getByTestId("link-action-failOver").click();
    const dialog = page.getByTestId("dialog");
    await dialog.getByTestId("confirm-input").fill(name);
    for (const tick of await dialog.getByTestId("consequence").all()) await tick.check();
    await dialog.getByTestId("confirm-submit").click();
    await expect(dialog.getByTestId("error-summary")).toContainText("not connected");
    await expect(dialog.getByTestId("confirm-input")).toHaveValue(name);
    await dialog.getByRole("link", { name: "Cancel" }).click();
    await page.getByTestId("link-action-suspend").click();
    await dialog.getByTestId("confirm-input").fill(name);
    for (const tick of await dialog.getByTestId("consequence").all()) await tick.check();
    await dialog.getByTestId("confirm-submit").click();
    await expect(page.getByTestId("link-action-resume")).toBeVisible();

    await page.goto(`/system/replication/links/${name}/content`);
    const add = page.getByTestId("act-add-tenant");
    await add.locator("select").selectOption(tenant);
    await add.getByRole("button").click();
    await expect(page.locator(`[data-testid="link-tenant"][data-key="${tenant}"]`)).toBeVisible();
  });
});
