// The frame: navigation, messages, regions.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { pagesOf } from "../support/pages";
import { type Hako, type Page, SYSTEM, api, expect, open, openBucket, signInByApi, store, test } from "../support/test";

test.describe.configure({ timeout: 180_000 });

const entries = (page: Page) =>
  page.locator("#main-nav a").evaluateAll((links) => links.map((link) => link.getAttribute("data-testid")));

/** A bucket that keeps versions, with a folder `a/` of which a job deletes everything: it can be undone. */
async function deleteByJob(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  await store(context, hako, bucket, "a/one.txt", "1");
  await store(context, hako, bucket, "keep.txt", "2");
}

/** Deletes the folder by a job which the page first sees running, and waits for its message. */
async function deleteFolder(page: Page, context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  const job = (await api(context, hako, "/jobs", { data: { kind: "delete", bucket, prefixes: ["a/"] } })) as { id: string };
  await expect.poll(async () => {
    const answer = await context.request.get(`${hako.console}/api/v1/jobs/${job.id}?wait=20`);
    return (await answer.json()).state;
  }).toBe("done");
  let asked = 0;
  await page.route("**/api/v1/jobs?*", async (route) => {
    // Only a number is asked for first.
    if (route.request().url().includes("limit=0")) return route.continue();
    const answer = await route.fetch();
    const list = await answer.json();
    asked += 1;
    if (asked > 1) return route.fulfill({ response: answer });
    list.running = 1;
    for (const one of list.jobs) if (one.id === job.id) Object.assign(one, { state: "running", undo_until: null });
    return route.fulfill({ response: answer, json: list });
  });
  await page.getByRole("button", { name: /^Jobs/ }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("toast").getByTestId("toast-undo")).toBeVisible({ timeout: 60_000 });
}

async function exists(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<boolean> {
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`);
  return answer.ok();
}

test("FRM-1 the navigation has what the session may use, marks the page, and stays as narrow as one left it", async ({ page, context, hako, bucket }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, "/buckets");
  expect(await entries(page)).toEqual([
    "nav-buckets",
    "nav-search",
    "nav-transfers",
    "nav-links",
    "nav-credentials",
    "nav-namespaces",
    "nav-users",
    "nav-groups",
    "nav-usage",
    "nav-tenant",
    "nav-audit",
    "nav-jobs",
  ]);
  await expect(page.locator('#main-nav [aria-current="page"]')).toHaveText("Buckets");
  await page.getByTestId("nav-users").click();
  await expect(page.locator('#main-nav [aria-current="page"]')).toHaveText("Users");
  await openBucket(page, bucket);
  await expect(page.locator('#main-nav [aria-current="page"]')).toHaveText("Buckets");

  const nav = page.getByTestId("main-nav");
  expect((await nav.boundingBox())!.width).toBe(240);
  const kept = page.waitForResponse((answer) => answer.url().endsWith("/preferences") && answer.request().method() === "PUT");
  await page.getByTestId("nav-fold").click();
  await expect.poll(async () => (await nav.boundingBox())!.width).toBe(56);
  await expect(page.getByTestId("nav-users")).toHaveAttribute("title", "Users");
  await expect(page.getByRole("button", { name: "Expand navigation" })).toBeVisible();
  await kept;
  const html = await (await context.request.get(`${hako.console}/buckets`)).text();
  expect(html).toMatch(/<html[^>]* data-navigation="icons"/);
  await page.goto("/jobs");
  expect((await nav.boundingBox())!.width).toBe(56);
  await open(page, "/jobs");
  await page.keyboard.press("[");
  await expect.poll(async () => (await nav.boundingBox())!.width).toBe(240);

  await context.clearCookies();
  await api(context, hako, "/session", { data: SYSTEM });
  await open(page, "/system/tenants");
  expect(await entries(page)).toEqual([
    "nav-tenants",
    "nav-system",
    "nav-replication",
    "nav-coding",
    "nav-audit",
    "nav-jobs",
  ]);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("FRM-1 without scripts the navigation is folded by a form", async ({ page, context, hako }) => {
    await signInByApi(context, hako);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto("/jobs");
    await page.getByTestId("nav-fold").click();
    await expect(page).toHaveURL(/\/jobs$/);
    expect((await page.getByTestId("main-nav").boundingBox())!.width).toBe(56);
    await expect(page.getByTestId("palette-open")).toBeHidden();
    expect(await page.content()).toMatch(/<footer.*<noscript>.*need JavaScript.*<\/footer>/s);
  });
});

test("FRM-5 a message with Undo waits while it is looked at, and is found again until signing out", async ({ page, context, hako, bucket }) => {
  await deleteByJob(context, hako, bucket);
  await page.clock.install();
  await openBucket(page, bucket);
  await deleteFolder(page, context, hako, bucket);
  const toast = page.getByTestId("toast").filter({ has: page.getByTestId("toast-undo") });
  await toast.hover();
  await page.clock.runFor(20_000);
  await expect(toast).toBeVisible();
  await page.mouse.move(640, 10);
  await toast.getByTestId("toast-undo").focus();
  await page.clock.runFor(20_000);
  await expect(toast).toBeVisible();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.clock.runFor(7_000);
  await expect(toast).toBeVisible();
  await page.clock.runFor(7_000);
  await expect(toast).toHaveCount(0);

  // Behind the bell, with what can be done.
  expect(await exists(context, hako, bucket, "a/one.txt")).toBe(false);
  await page.getByTestId("notifications").getByRole("button", { name: /^Notifications, \d+ new$/ }).click();
  await page.getByTestId("note").getByTestId("note-act").click();
  await expect.poll(() => exists(context, hako, bucket, "a/one.txt")).toBe(true);
  await expect(page.getByTestId("note-act")).toHaveCount(0);

  // After a reload too, and not for whoever comes next.
  await page.reload();
  await open(page, "/buckets");
  await page.getByTestId("notifications").getByRole("button").click();
  await expect(page.getByTestId("note").first()).toBeVisible();
  await page.goto("/sign-out");
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByTestId("signin-form")).toBeVisible();
  await signInByApi(context, hako);
  await open(page, "/buckets");
  await page.getByTestId("notifications").getByRole("button").click();
  await expect(page.locator("#notes-panel")).toContainText("Nothing has been said");
});

test("FRM-5 errors stay until they are closed, three are seen at once, and all are found again", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(503);
  await store(context, hako, bucket, "a/one.txt", "1");
  await page.clock.install();
  await open(page, "/buckets");
  const problem = { detail: "The store does not answer.", code: "store_unreachable", request_id: "r-1" };
  let count = 0;
  await page.route("**/api/v1/jobs?*", (route) => route.fulfill({
    json: {
      jobs: [{ id: "j-1", kind: "copy", plan: false, state: "running", bucket, progress: { done: 0, failed: 0, skipped: 0, total: 10, bytes: 0 }, started_at: null, failures_kept: 0, can_retry: false, markers: 0 }],
      total: 1, running: 1, next: null,
    },
  }));
  await page.route("**/api/v1/jobs/j-1/cancel", (route) => {
    count += 1;
    return route.fulfill({ status: 503, json: { ...problem, detail: `No answer ${count}.` } });
  });
  await page.getByRole("button", { name: /^Jobs/ }).click();
  const cancel = page.locator("#jobs-panel").getByRole("button", { name: "Cancel" });
  for (let at = 1; at <= 4; at += 1) {
    await cancel.click();
    await expect.poll(() => count).toBe(at);
  }
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("toast")).toHaveCount(3);
  await page.clock.runFor(60_000);
  await expect(page.getByTestId("toast")).toHaveCount(3);
  await expect(page.getByTestId("toast").first()).toContainText("No answer 1.");
  // The fourth has waited for a place.
  await page.getByTestId("toast").first().getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByTestId("toast")).toHaveCount(3);
  await expect(page.getByTestId("toast").last()).toContainText("No answer 4.");
  for (let left = 3; left > 0; left -= 1) {
    await page.getByTestId("toast").first().getByRole("button", { name: "Dismiss" }).press("Enter");
    await expect(page.getByTestId("toast")).toHaveCount(left - 1);
  }
  await expect(page.getByTestId("notifications").getByRole("button")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("note")).toHaveCount(4);
  await expect(page.getByTestId("note").first()).toContainText("No answer 4.");
  await page.getByTestId("notes-clear").click();
  await expect(page.getByTestId("note")).toHaveCount(0);
});

test("FRM-6 on a phone the navigation is a sheet that keeps the focus, and closes by Esc and after choosing", async ({ page, bucket }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await openBucket(page, bucket);
  const sheet = page.getByTestId("main-nav");
  await expect(sheet).toBeHidden();
  const menu = page.getByRole("button", { name: "Menu", exact: true });
  await menu.click();
  await expect(sheet).toBeVisible();
  for (let press = 0; press < 24; press += 1) {
    await page.keyboard.press(press % 3 === 2 ? "Shift+Tab" : "Tab");
    const outside = await page.evaluate(() => {
      const at = document.activeElement!;
      return at !== document.body && !at.closest("#main-nav");
    });
    expect(outside, `after ${press + 1} presses`).toBe(false);
  }
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(menu).toBeFocused();
  await menu.click();
  await page.getByTestId("nav-jobs").click();
  await expect(page).toHaveURL(/\/jobs$/);
  await expect(sheet).toBeHidden();
  await expect(page.getByTestId("page-title")).toBeFocused();
  expect(await page.locator("[inert]").count()).toBe(0);
});

test("FRM-8 nothing moves under reduced motion", async ({ page, bucket }) => {
  const moving = () =>
    page.evaluate(() => {
      const long = (times: string) => times.split(",").some((time) => parseFloat(time) > 0);
      return [...document.querySelectorAll("*")]
        .flatMap((element) => [null, "::before", "::after"].map((part) => [element, getComputedStyle(element, part)] as const))
        .filter(([, style]) => long(style.transitionDuration) || (style.animationName !== "none" && long(style.animationDuration)))
        .map(([element]) => element.outerHTML.slice(0, 120));
    });
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const path of pagesOf(bucket)) {
    await open(page, path);
    expect(await moving(), path).toEqual([]);
  }
  // By preference as well.
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await open(page, "/preferences");
  await page.locator('[name="motion"]').selectOption("reduced");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("toast").last()).toContainText("Your preferences are saved.");
  for (const path of ["/buckets", `/buckets/${bucket}`, `/buckets/${bucket}/cors`]) {
    await open(page, path);
    expect(await moving(), path).toEqual([]);
  }
});

test("FRM-9 F6 goes through navigation, content, drawer and dock, and back with Shift", async ({ page, bucket }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openBucket(page, bucket);
  const region = () =>
    page.evaluate(() => {
      const at = document.activeElement!;
      // The drawer lies in the content.
      const regions = ["#main-nav", '[data-testid="drawer"]', "#content", '[data-testid="dock"]'];
      return regions.find((one) => at.closest(one)) ?? "none";
    });
  const met = async (key: string, times: number) => {
    const found: string[] = [];
    for (let press = 0; press < times; press += 1) {
      await page.keyboard.press(key);
      found.push(await region());
    }
    return found;
  };
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  expect(await met("F6", 3)).toEqual(["#main-nav", "#content", "#main-nav"]);

  await page.locator("#upload-files").setInputFiles({ name: "x.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await expect(page.getByTestId("dock")).toBeVisible();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  expect(await met("F6", 4)).toEqual(["#main-nav", "#content", '[data-testid="dock"]', "#main-nav"]);
  expect(await met("Shift+F6", 3)).toEqual(['[data-testid="dock"]', "#content", "#main-nav"]);

  await page.locator('[data-testid="file-row"][data-name="x.txt"]').getByRole("link").click();
  await expect(page.getByTestId("drawer-facts")).toBeVisible();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const all = ["#main-nav", "#content", '[data-testid="drawer"]', '[data-testid="dock"]'];
  expect(await met("F6", 5)).toEqual([...all, "#main-nav"]);
  expect(await met("Shift+F6", 4)).toEqual([...all].reverse());
});

test("messages and navigation are accessible and narrow enough", async ({ page, context, hako, bucket }) => {
  await deleteByJob(context, hako, bucket);
  await openBucket(page, bucket);
  await deleteFolder(page, context, hako, bucket);
  await page.getByTestId("toast-undo").focus();
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId("notifications").getByRole("button").click();
  await expect(page.getByTestId("note").first()).toBeVisible();
  await checkOpened(page, "notes-panel");
  await checkNarrow(page);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId("nav-fold").click();
  await checkAccessibility(page);
  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await expect(page.getByTestId("main-nav")).toBeVisible();
  await checkOpened(page, "main-nav", [360, 390]);
});
