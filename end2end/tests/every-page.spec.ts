// What holds on every page, asked of each of them in turn.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { checkAccessibility, checkNarrow } from "../support/looks";
import { managementOf, pagesOf, pagesOfSystem } from "../support/pages";
import { type Hako, type Page, SYSTEM, api, expect, hydrated, open, signInByApi, store, test } from "../support/test";

test.describe.configure({ timeout: 120_000 });

test.beforeEach(async ({ context, hako, bucket }) => {
  await store(context, hako, bucket, "a/one.txt", "1");
  await store(context, hako, bucket, "two.txt", "2");
});

/** What the focused element is, and whether one can see that it is focused. */
function focused(page: Page): Promise<{ region: string; seen: boolean; covered: boolean; what: string }> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLElement;
    const region = at.closest(".skip-link, header, nav, main, footer");
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    const middle = [box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2] as const;
    const above = document.elementFromPoint(...middle);
    return {
      what: at.outerHTML.slice(0, 120),
      region: region?.matches(".skip-link") ? "skip" : (region?.tagName.toLowerCase() ?? at.tagName.toLowerCase()),
      seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      covered: above !== null && !at.contains(above) && !above.contains(at) && !at.closest("label, td, th")?.contains(above),
    };
  });
}

test("ALL-1 every page comes with its heading, its regions and its data from the server", async ({ context, hako, bucket }) => {
  const titles = new Map<string, string>();
  for (const path of pagesOf(bucket)) {
    const answer = await context.request.get(hako.console + path);
    expect(answer.status(), path).toBe(200);
    const html = await answer.text();
    expect(html.match(/<h1[\s>]/g), path).toHaveLength(1);
    expect(html.match(/<main[\s>]/g), path).toHaveLength(1);
    expect(html, path).toMatch(/<nav[^>]*aria-label="Main"/);
    const title = /<title>([^<]+)<\/title>/.exec(html)?.[1] ?? "";
    expect(title, path).toMatch(/ · Hako$/);
    expect(titles.get(title), `${path} is titled ${title}`).toBeUndefined();
    titles.set(title, path);
  }
  const html = await (await context.request.get(`${hako.console}/buckets/${bucket}`)).text();
  expect(html).toContain("two.txt");
});

test("ALL-2 without scripts every page has the same heading, links that lead somewhere, and no button that is dead", async ({ browser, context, hako, bucket }) => {
  const state = await context.storageState();
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: state, baseURL: hako.console });
  const page = await plain.newPage();
  const living = await context.newPage();
  for (const path of pagesOf(bucket)) {
    await page.goto(path);
    await open(living, path);
    const heading = await living.getByRole("heading", { level: 1 }).innerText();
    await expect(page.getByRole("heading", { level: 1 }), path).toHaveText(heading);
    // What stands around the pages works or is not there; a page may say itself that it needs scripts.
    const told = await page.locator("main noscript").count();
    const dead = await page.locator(told === 0 ? "body" : ".header, #main-nav, .footer").evaluateAll((places) =>
      places
        .flatMap((place) => [...place.querySelectorAll("button")])
        .filter((button) => button.checkVisibility({ visibilityProperty: true }) && !button.disabled)
        .filter((button) => !button.form && !button.hasAttribute("popovertarget") && !button.closest("summary"))
        .map((button) => button.outerHTML.slice(0, 160)),
    );
    expect(dead, path).toEqual([]);
    for (const link of await page.locator("main a[href]").evaluateAll((links) => links.map((link) => link.getAttribute("href")!))) {
      expect(link, path).toMatch(/^(\/|#|\?|https?:|data:text\/csv)/);
    }
  }
  await plain.close();
});

test("ALL-3 no page complains on the console, nor asks another origin than the store", async ({ page, context, hako, bucket }) => {
  const origins = new Set<string>();
  context.on("request", (request) => origins.add(new URL(request.url()).origin));
  // What is said while one goes from page to page counts as well; the guard of every test hears it.
  for (const path of pagesOf(bucket)) {
    await open(page, path);
    await page.waitForLoadState("networkidle");
  }
  for (const entry of await page.locator("#main-nav a").all()) {
    await entry.click();
    await expect(entry).toHaveAttribute("aria-current", "page");
    await page.waitForLoadState("networkidle");
  }
  await context.clearCookies();
  await open(page, "/sign-in");
  await api(context, hako, "/session", { data: SYSTEM });
  for (const path of [...pagesOfSystem(), "/audit"]) await open(page, path);
  expect([...origins]).toEqual([hako.console]);
});

// Each with its menus open; dialogs are looked at beside what they are of.
for (const [name, from, to] of [["data", 0, 9], ["jobs, transfers, namespaces", 9, 16], ["people, usage, settings", 16, 21], ["one's own", 21, 99]] as const) {
  test(`ALL-4 axe finds nothing on any page, in both themes and three widths: ${name}`, async ({ page, bucket }) => {
    test.setTimeout(300_000);
    for (const path of pagesOf(bucket).slice(from, to)) {
      await open(page, path);
      await checkAccessibility(page);
      await page.setViewportSize({ width: 1280, height: 800 });
      const menus = await page.locator("main [popovertarget]:visible").all();
      for (const menu of menus.slice(0, 1)) {
        await menu.click();
        await checkAccessibility(page);
        await page.keyboard.press("Escape");
      }
    }
  });
}

test("ALL-4 every dialog and menu of the console is looked at while it is open", () => {
  const root = join(__dirname, "../..");
  const texts = (folder: string, ext: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(ext))
      .map((name) => readFileSync(join(root, folder, name), "utf8"));
  // The name that a tag has, which stands soon after its beginning.
  const found = (text: string, what: RegExp, name: RegExp) =>
    [...text.matchAll(what)].map((tag) => name.exec(text.slice(tag.index, tag.index + 700))?.[1] ?? `no name: ${tag[0]}`);
  const open = texts("app/src", ".rs").flatMap((text) => [
    ...found(text, /<Modal\b/g, /\btestid="([^"]+)"/),
    // The dialog of all others takes its name from them.
    ...found(text, /<dialog\b(?=[^]{0,300}data-testid="(?!dialog"))/g, /data-testid="([^"]+)"/),
    ...found(text, /<\w+\s+(?=(?:[\w:-]+="[^"]*"\s+|[\w:-]+=[\w:]+\(\)\s+)*popover="auto")/g, /\bid="([^"]+)"/),
  ]);
  const looked = texts("end2end/tests", ".spec.ts").flatMap((text) =>
    [...text.matchAll(/checkOpened\(\w+, "([^"]+)"/g)].map((call) => call[1]),
  );
  expect(new Set(open).size).toBeGreaterThan(40);
  expect([...new Set(looked)].sort()).toEqual([...new Set(open)].sort());
});

/** What a page shows, without what depends on the clock, and on how often one looks: what is sent for that is counted. */
async function shown(page: Page): Promise<string> {
  await page.waitForLoadState("networkidle");
  const text = await page.locator("main").evaluate((main) => {
    const copy = main.cloneNode(true) as HTMLElement;
    for (const one of copy.querySelectorAll('time, .countdown, noscript, [data-testid="history-table"]')) one.remove();
    const fields = [...main.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input:not([type=hidden]):not([type=file]), select, textarea")];
    const values = fields.map((field) => (field.type === "checkbox" || field.type === "radio" ? String((field as HTMLInputElement).checked) : field.value));
    return `${copy.textContent}\n${values.join("\n")}`;
  });
  // The server draws a blank where the browser draws none.
  return text.replace(/\s+/g, "");
}

test("ALL-6 a reload and a fresh tab show the same view", async ({ page, context, hako, bucket }) => {
  test.setTimeout(300_000);
  for (const name of ["b.txt", "c.bin", "d.txt"]) await store(context, hako, bucket, name, name.repeat(3));
  const same = async (what: string) => {
    const before = await shown(page);
    const address = page.url();
    await page.reload();
    await hydrated(page);
    await expect.poll(() => shown(page), what).toBe(before);
    const fresh = await context.newPage();
    await open(fresh, address);
    await expect.poll(() => shown(fresh), `${what}, in a fresh tab`).toBe(before);
    await fresh.close();
  };
  for (const path of pagesOf(bucket)) {
    await open(page, path);
    await same(path);
  }
  // What one has done to the view stands in the address.
  await open(page, `/buckets/${bucket}`);
  await page.getByTestId("filter-input").fill("*.txt");
  await page.locator("a.sort").filter({ hasText: "Size" }).click();
  await expect(page).toHaveURL(/q=.*sort=size|sort=size.*q=/);
  await same("files, filtered and sorted");
  await open(page, `/buckets/${bucket}?view=flat&q=one`);
  await same("files, flat and filtered");
  await open(page, `/buckets/${bucket}/versions`);
  await page.getByTestId("filter-show").selectOption("old");
  await page.getByTestId("filter-apply").click();
  await expect(page).toHaveURL(/show=old/);
  await same("versions, filtered");
  await open(page, `/namespaces/${bucket}/general`);
  await page.getByRole("link", { name: "Versioning", exact: true }).click();
  await expect(page).toHaveURL(/\/versioning$/);
  await same("a section of a namespace");
  for (const path of [
    "/search?query=*%3A*&sort=size&dir=desc&cols=path,size,hold&facet=1",
    "/audit?since=day&action=object.upload",
    `/audit/operations?ns=${bucket}&kind=create`,
    "/buckets?q=a&sort=name&dir=desc",
  ]) {
    await open(page, path);
    await same(path);
  }
});

test("ALL-5 no page scrolls sideways at 320 px", async ({ page, bucket }) => {
  for (const path of pagesOf(bucket)) {
    await open(page, path);
    await checkNarrow(page);
  }
});

test("ALL-7 the keyboard goes from the skip link over header and navigation to the content, and is seen everywhere", async ({ page, bucket }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const path of ["/buckets", `/buckets/${bucket}`, "/namespaces"]) {
    await open(page, path);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const met: string[] = [];
    for (let press = 0; press < 40 && met.at(-1) !== "main"; press += 1) {
      await page.keyboard.press("Tab");
      const { region, seen, covered, what } = await focused(page);
      expect(seen, `${path}: one cannot see that ${what} is focused`).toBe(true);
      expect(covered, `${path}: something covers ${what}`).toBe(false);
      if (met.at(-1) !== region) met.push(region);
    }
    expect(met, path).toEqual(["skip", "header", "nav", "main"]);
  }
});

for (const theme of ["light", "dark"] as const) {
  test(`ALL-8 the first frame has the right colours: ${theme} by choice and by the system`, async ({ browser, context, hako }) => {
    const state = await context.storageState();
    const other = theme === "dark" ? "light" : "dark";
    for (const [chosen, system] of [[theme, other], ["system", theme]] as const) {
      const before = await browser.newContext({ storageState: state, baseURL: hako.console, colorScheme: system, javaScriptEnabled: false });
      const after = await browser.newContext({ storageState: state, baseURL: hako.console, colorScheme: system });
      const colours: string[] = [];
      for (const one of [before, after]) {
        await one.addCookies([{ name: "hako_preferences", value: `theme=${chosen}`, url: hako.console }]);
        const page = await one.newPage();
        if (one === after) await open(page, "/buckets");
        else await page.goto("/buckets");
        colours.push(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor));
        await one.close();
      }
      expect(new Set(colours).size, `${chosen} on ${system}`).toBe(1);
      expect(colours[0]).toBe(theme === "dark" ? "rgb(14, 19, 25)" : "rgb(246, 247, 249)");
    }
  });
}

/** What can only be English: texts of the catalogue that no Swedish text has, whole, and longer pieces between values. */
function englishOnly(): { whole: Set<string>; pieces: string[] } {
  const folder = (tag: string): string => join(__dirname, "../../app/i18n", tag);
  const texts = (tag: string): Map<string, string> => {
    const found = new Map<string, string>();
    for (const file of readdirSync(folder(tag))) {
      let id = "";
      for (const line of readFileSync(join(folder(tag), file), "utf8").split("\n")) {
        const message = /^([a-z][a-z0-9-]*) =\s*(.*)$/.exec(line);
        if (message) id = `${file} ${message[1]}`;
        else if (!/^[\s}]/.test(line)) id = "";
        if (id) found.set(id, `${found.get(id) ?? ""}\n${message ? message[2] : line}`);
      }
    }
    return found;
  };
  // What plurals choose from are pieces of their own; a literal stands for itself.
  const piecesOf = (text: string): string[] =>
    text
      .replace(/\{ "([^"]*)" \}/g, "$1")
      .split(/\{ \$[a-z_]+ (?:->|\})|^\s*\*?\[[^\]]*\]|\n|\}/m)
      .map((piece) => piece.replace(/\s+/g, " ").trim())
      .filter((piece) => /\p{L}/u.test(piece));
  const [english, swedish] = [texts("en"), texts("sv")];
  expect(english.size).toBeGreaterThan(500);
  const known = new Set([...swedish.values()].flatMap(piecesOf));
  const whole = new Set<string>();
  const pieces: string[] = [];
  for (const [id, text] of english) {
    if (swedish.get(id) === text) continue;
    for (const piece of piecesOf(text)) {
      if (known.has(piece)) continue;
      if (!text.includes("{ $")) whole.add(piece);
      if (piece.split(" ").length >= 3) pieces.push(piece);
    }
  }
  return { whole, pieces };
}

test("ALL-9 in Swedish every page says so, and has no English text left", async ({ page, context, hako, bucket }) => {
  const { whole, pieces } = englishOnly();
  await context.addCookies([{ name: "hako_preferences", value: "language=sv", url: hako.console }]);
  const forms = ["/buckets?ask=create", `/buckets?ask=delete&bucket=${bucket}`, "/new/user", "/new/group"];
  const ofNamespace = ["access", "protocols", "versioning", "compliance", "retention-classes", "statistics", "chargeback", "delete"];
  const ofTenant = ["contact", "namespace-defaults", "permissions", "console-security", "email", "search-security", "service-plans"];
  const sections = [...ofNamespace.map((section) => `/namespaces/${bucket}/${section}`), ...ofTenant.map((section) => `/tenant/${section}`)];
  const left = new Map<string, string[]>();
  for (const path of [...pagesOf(bucket), ...forms, ...sections]) {
    await open(page, path);
    await expect(page.locator("html"), path).toHaveAttribute("lang", "sv");
    const said = await page.evaluate(() => {
      const named = ["title", "aria-label", "placeholder", "alt"];
      const attributes = [...document.querySelectorAll("*")].flatMap((element) => named.map((name) => element.getAttribute(name) ?? ""));
      const lines = document.body.innerText.split("\n");
      return [...lines, ...attributes, document.title].map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => text !== "");
    });
    const english = said.filter((text) => whole.has(text) || pieces.some((piece) => text.includes(piece)));
    if (english.length > 0) left.set(path, [...new Set(english)]);
  }
  expect([...left]).toEqual([]);
});

test("ALL-9 in Swedish the pages of the system have no English text left, and without scripts the same heading", async ({ browser, page, context, hako }) => {
  const { whole, pieces } = englishOnly();
  await context.clearCookies();
  await api(context, hako, "/session", { data: SYSTEM });
  await context.addCookies([{ name: "hako_preferences", value: "language=sv", url: hako.console }]);
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState(), baseURL: hako.console });
  const still = await plain.newPage();
  for (const path of pagesOfSystem()) {
    await open(page, path);
    await still.goto(path);
    await expect(still.getByRole("heading", { level: 1 }), path).toHaveText(await page.getByRole("heading", { level: 1 }).innerText());
    const said = (await page.locator("body").innerText()).split("\n").map((text) => text.replace(/\s+/g, " ").trim());
    const english = said.filter((text) => text !== "" && (whole.has(text) || pieces.some((piece) => text.includes(piece))));
    expect([path, ...english]).toEqual([path]);
  }
  await plain.close();
});

/** Signs in somebody of the tenant who has no role at all. */
async function signInWithoutRole(page: Page, hako: Hako): Promise<void> {
  const account = { tenant: "demo", username: `plain${Date.now().toString(36)}`, password: "Plain-plain-1" };
  const { username, password } = account;
  const made = await page.context().request.put(`${hako.console}/api/v1/mapi/tenants/demo/userAccounts`, {
    data: { username, password, fullName: "Plain", localAuthentication: true, enabled: true, forcePasswordChange: false },
    headers: { Origin: hako.console },
  });
  expect(made.ok(), await made.text()).toBe(true);
  await page.context().clearCookies();
  await api(page.context(), hako, "/session", { data: account });
}

test("ALL-11 who lacks a role sees no page for it in the navigation, and is refused by the page and by the API", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(403);
  await signInWithoutRole(page, hako);
  await open(page, "/buckets");
  const entries = await page.locator("#main-nav a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  // Searching is a right in namespaces and no role.
  expect(entries).toEqual(["/buckets", "/search", "/transfers", "/links", "/credentials", "/jobs"]);
  for (const { path, calls } of managementOf("demo", bucket)) {
    for (const call of calls) {
      const answer = await context.request.get(`${hako.console}/api/v1${call}`);
      expect(answer.status(), call).toBe(403);
    }
    await open(page, path);
    await expect(page.getByTestId("state-forbidden").first(), path).toBeVisible();
    await expect(page.locator("main form:not([role=search])"), path).toHaveCount(0);
  }
  // Somebody else's bucket is no different from none.
  await open(page, `/buckets/${bucket}`);
  await expect(page.getByTestId("state-forbidden").or(page.getByTestId("state-not-found")).first()).toBeVisible();
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/objects`);
  expect([403, 404]).toContain(answer.status());
});

test("ALL-12 an address without a page is not found, and a malformed query breaks no page", async ({ context, hako, bucket }) => {
  for (const path of ["/no/such/page", "/buckets/no-such-bucket", "/namespaces/no-such-namespace/general", "/people/users/nobody-at-all"]) {
    expect((await context.request.get(hako.console + path)).status(), path).toBe(404);
  }
  for (const path of pagesOf(bucket)) {
    const address = path.split("?")[0];
    for (const query of ["?prefix=%FF%FE&sort=nothing&dir=up&page=-1", "?%=%&&&=", "?after=%00&q=%F0%9F&sel=%2F%2F&view=none"]) {
      const answer = await context.request.get(hako.console + address + query);
      expect(answer.status(), address + query).toBeLessThan(500);
    }
  }
});

test("ALL-13 every page has the security headers, a nonce of its own, and no handler in its HTML", async ({ context, hako, bucket }) => {
  const nonces = new Set<string>();
  const pages = ["/sign-in", ...pagesOf(bucket)];
  for (const path of pages) {
    const answer = await context.request.get(hako.console + path);
    const headers = answer.headers();
    const policy = headers["content-security-policy"];
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toContain("'unsafe-inline'");
    expect(policy, path).not.toContain("'unsafe-eval'");
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["referrer-policy"], path).toBeTruthy();
    nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? "none");
    const html = await answer.text();
    expect(html, path).not.toMatch(/<[^>]+\son[a-z]+=/i);
    expect(html, path).not.toMatch(/<[^>]+\sstyle=/i);
  }
  expect(nonces.size).toBe(pages.length);
});
