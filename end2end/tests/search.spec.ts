// Search by metadata: the query and its faults, what is found, and why nothing is.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { manage, newTenant } from "../support/sessions";
import {
  DEMO,
  type Hako,
  type Page,
  SYSTEM,
  api,
  expect,
  hydrated,
  open,
  reload,
  signInByApi,
  store,
  test,
} from "../support/test";

type Row = { utf8Name: string; size: number };
type Answer = { resultSet: Row[]; status: { totalResults: number }; facets?: { name: string; frequency: unknown[] }[] };

const at = (query: string, rest = "") => `/search?query=${encodeURIComponent(query)}${rest}`;

/** Three objects of 1, 2,000 and 3,000 bytes. */
async function fill(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  await store(context, hako, bucket, "in/small.txt", "a");
  await store(context, hako, bucket, "in/deep/large.txt", "b".repeat(3_000));
  await store(context, hako, bucket, "middle.txt", "c".repeat(2_000));
}

function rows(page: Page) {
  return page.getByTestId("search-row");
}

async function names(page: Page): Promise<string[]> {
  return rows(page).getByRole("rowheader").allTextContents();
}

/** A condition of the builder. */
function condition(page: Page, at = 0) {
  const line = page.getByTestId("query-condition").nth(at);
  return {
    line,
    field: line.getByTestId("condition-field"),
    operator: line.getByTestId("condition-operator"),
    value: line.getByTestId("condition-value"),
    unit: line.getByTestId("condition-unit"),
  };
}

test("SRC-1 conditions are put together and write the query, which finds what it says", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await signInByApi(context, hako);
  await fill(context, hako, bucket);
  await open(page, "/search");
  const query = page.getByTestId("search-query");
  const block = page.getByTestId("builder-block").first();
  await block.getByTestId("add-condition").click();
  const first = condition(page);
  await expect(first.field).toBeFocused();
  await first.field.selectOption("namespace");
  await first.value.fill(bucket);
  await expect(query).toHaveValue(`namespace:${bucket}`);
  await block.getByTestId("add-condition").click();
  const second = condition(page, 1);
  await second.field.selectOption("size");
  await second.value.fill("1,5");
  await second.unit.selectOption("KB");
  await expect(query).toHaveValue(`+namespace:${bucket} +size:[1536 TO *]`);

  // A group of its own, none of whose conditions holds.
  await block.getByTestId("add-group").click();
  const inner = page.getByTestId("builder-block").nth(1);
  await inner.getByTestId("builder-join").selectOption("none");
  await inner.getByTestId("add-condition").click();
  const third = condition(page, 2);
  await third.field.selectOption("utf8Name");
  await third.operator.selectOption("begins");
  await third.value.fill("large");
  await expect(query).toHaveValue(`+namespace:${bucket} +size:[1536 TO *] -utf8Name:large*`);
  // A value that is none is told where it is typed, and the query stays as it was.
  await second.value.fill("much");
  await expect(second.line.getByTestId("condition-fault")).toContainText("`much` is no whole number");
  await expect(query).toHaveValue(`+namespace:${bucket} +size:[1536 TO *] -utf8Name:large*`);
  await second.value.fill("1.5");
  await expect(second.line.getByTestId("condition-fault")).toHaveText("");
  await checkAccessibility(page);
  await checkNarrow(page);

  await page.getByRole("main").getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByTestId("search-total")).toHaveText("1 object");
  expect(await names(page)).toEqual(["middle.txt"]);

  // The address is the query; what it holds is read into the same conditions.
  await reload(page);
  await page.getByTestId("query-builder").locator("summary").click();
  await expect(page.getByTestId("query-condition")).toHaveCount(3);
  await expect(condition(page, 1).value).toHaveValue("1536");
  await expect(condition(page, 1).unit).toHaveValue("B");
  await expect(condition(page, 2).operator).toHaveValue("begins");
  await expect(page.getByTestId("builder-join").nth(1)).toHaveValue("none");
});

test("SRC-1 what is typed is read into conditions, a richer query stays text", async ({ page, context, hako }) => {
  await signInByApi(context, hako);
  await open(page, "/search");
  const query = page.getByTestId("search-query");
  await page.getByTestId("builder-example").first().click();
  await expect(query).toHaveValue("+size:[1073741824 TO *] +hold:false");
  await expect(page.getByTestId("query-condition")).toHaveCount(2);
  await expect(condition(page).value).toHaveValue("1");
  await expect(condition(page).unit).toHaveValue("GB");

  await query.fill("ingestTimeString:[2024-06-01T10:00:00+0000 TO 2024-07-01T10:00:00+0000] OR customMetadata.project:alpha");
  await expect(condition(page).operator).toHaveValue("between");
  await expect(condition(page).value.first()).toHaveValue("2024-06-01T10:00");
  await expect(condition(page).value.last()).toHaveValue("2024-07-01T10:00");
  await expect(page.getByTestId("builder-join")).toHaveValue("any");
  await expect(page.getByTestId("condition-name")).toHaveValue("project");
  await condition(page, 1).line.getByRole("button", { name: "Remove condition" }).click();
  await expect(query).toHaveValue("ingestTimeString:[2024-06-01T10:00:00+0000 TO 2024-07-01T10:00:00+0000]");
  await expect(condition(page).field).toBeFocused();

  // Days back become the date that they come to.
  await condition(page).operator.selectOption("last-days");
  await condition(page).value.fill("30");
  const from = /^ingestTimeString:\[(\S+)\+0000 TO \*\]$/;
  await expect(query).toHaveValue(from);
  const time = Date.parse(`${from.exec(await query.inputValue())?.[1]}Z`);
  expect(Math.abs(Date.now() - time - 30 * 86_400_000)).toBeLessThan(120_000);

  await query.fill("+size:1 hold:true");
  await expect(page.getByTestId("builder-richer")).toBeVisible();
  await query.fill("size:[1");
  await expect(page.getByTestId("builder-broken")).toBeVisible();
  await query.fill("hold:true");
  await expect(condition(page).value).toHaveValue("true");
});

test("SRC-2 a broken query marks the position and tells what was expected, with and without scripts", async ({
  page,
  context,
  hako,
  browser,
}) => {
  await signInByApi(context, hako);
  await open(page, "/search");
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("/search?") || request.url().includes("/query/")) asked += 1;
  });
  await page.getByTestId("search-query").fill("hold:true AND size:[1 to 2]");
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  const fault = page.getByTestId("search-fault");
  await expect(fault).toContainText("At character 23: a range is two values with TO between them");
  await expect(fault.locator("mark")).toHaveText("t");
  await expect(fault.locator("[data-position]")).toHaveAttribute("data-position", "22");
  await expect(page.getByTestId("search-expected")).toContainText("TO");
  expect(asked).toBe(0);
  await checkAccessibility(page);

  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
    baseURL: hako.console,
  });
  const still = await plain.newPage();
  await still.goto("/search");
  await still.getByTestId("search-query").fill("hold:maybe");
  await still.getByRole("main").getByRole("button", { name: "Search" }).click();
  await expect(still.getByTestId("search-query")).toHaveValue("hold:maybe");
  await expect(still.getByTestId("search-fault").locator("mark")).toHaveText("m");
  await plain.close();
});

test("SRC-2 nothing is sent above 8 KB, and the page tells how much is left", async ({ page, context, hako }) => {
  await signInByApi(context, hako);
  await open(page, "/search");
  const left = page.getByTestId("search-left");
  await expect(left).toHaveText("8,192 bytes left");
  await page.getByTestId("search-query").fill("ö".repeat(4_096));
  await expect(left).toHaveText("0 bytes left");
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("/search?") || request.url().includes("/query/")) asked += 1;
  });
  await page.getByTestId("search-query").fill("ö".repeat(4_097));
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await expect(page.getByTestId("search-fault")).toContainText("at most 8192 bytes");
  expect(asked).toBe(0);
});

test("SRC-3 results equal a direct query, and their address shows the same to somebody else", async ({
  page,
  context,
  hako,
  bucket,
  browser,
}) => {
  await fill(context, hako, bucket);
  const direct = (await api(context, hako, "/query/tenants/demo/objects", {
    data: { query: `namespace:${bucket} AND size:[100 TO *]`, sort: "-size", objectProperties: ["utf8Name", "size"] },
  })) as Answer;
  await open(page, "/search");
  await page.getByTestId("search-query").fill("size:[100 TO *]");
  await page.getByLabel("Only in these namespaces").fill(bucket);
  await page.getByText("What is shown").click();
  await page.getByLabel("Count values").check();
  await page.getByLabel("Hold", { exact: true }).check();
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await expect(page.getByTestId("search-total")).toHaveText("2 objects");
  await hydrated(page);
  const size = page.getByRole("columnheader", { name: "Size" }).getByRole("link");
  await size.click();
  await expect(page).toHaveURL(/sort=size/);
  await expect(page.getByRole("columnheader", { name: "Size" })).toHaveAttribute("aria-sort", "ascending");
  await size.click();
  await expect(page).toHaveURL(/sort=size&dir=desc/);
  await expect(page.getByRole("columnheader", { name: "Size" })).toHaveAttribute("aria-sort", "descending");
  await expect(rows(page)).toHaveCount(2);
  expect(await names(page)).toEqual(direct.resultSet.map((row) => row.utf8Name));
  await expect(page.getByTestId("search-facets").getByRole("link", { name: `${bucket}.demo` })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`ns=${bucket}.*cols=[^&]*hold[^&]*&facet=1`));
  await checkAccessibility(page);
  await checkNarrow(page);

  // Without scripts, in another session of the same account.
  const other = await browser.newContext({ javaScriptEnabled: false, baseURL: hako.console });
  await signInByApi(other, hako);
  const still = await other.newPage();
  await still.goto(page.url());
  await expect(still.getByTestId("search-total")).toHaveText("2 objects");
  expect(await names(still)).toEqual(direct.resultSet.map((row) => row.utf8Name));
  await expect(still.getByRole("columnheader", { name: "Hold" })).toBeVisible();
  await expect(still.getByTestId("search-facets")).toBeVisible();
  await other.close();
});

test("SRC-4 a result opens in its folder, and all that is found is exported, held and deleted by jobs", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket);
  const many = Array.from({ length: 120 }, (_, at) => `logs/${at}.log`);
  while (many.length > 0) {
    await Promise.all(many.splice(0, 20).map((key) => store(context, hako, bucket, key, "some bytes")));
  }
  await open(page, at("size:[2500 TO *]", `&ns=${bucket}`));
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByRole("link", { name: "large.txt" }).click();
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}\\?prefix=in%2Fdeep%2F&o=in%2Fdeep%2Flarge.txt`));
  await expect(page.getByTestId("drawer")).toContainText("large.txt");

  // The page has a hundred of them.
  await open(page, at("logs AND size:10", `&ns=${bucket}&cols=size,path`));
  await expect(page.getByTestId("search-total")).toHaveText("120 objects");
  await expect(rows(page)).toHaveCount(100);
  await page.getByTestId("cmd-export").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("bulk-over")).toHaveText("120 objects were exported.");
  await checkOpened(page, "whole-result-dialog");
  for (const [button, lines, held] of [
    ["export-csv", 121, "urlName,utf8Name,size,objectPath"],
    ["export-jsonl", 120, '"size":10'],
  ] as const) {
    const saved = page.waitForEvent("download");
    await dialog.getByTestId(button).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await saved).createReadStream()) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    expect(text.trimEnd().split("\n")).toHaveLength(lines);
    expect(text).toContain(held);
  }
  await page.keyboard.press("Escape");

  for (const [command, button, over] of [
    ["cmd-hold", "Put 120 objects on hold", "120 objects are on hold."],
    ["cmd-release", "Lift the holds of 120 objects", "The holds of 120 objects were lifted."],
  ]) {
    await page.getByTestId(command).click();
    await dialog.getByRole("button", { name: button }).click();
    await expect(dialog.getByTestId("bulk-over")).toHaveText(over);
    await page.keyboard.press("Escape");
    const { resultSet } = (await api(context, hako, "/query/tenants/demo/objects", {
      data: { query: `logs AND namespace:${bucket} AND hold:true`, count: 200 },
    })) as Answer;
    expect(resultSet).toHaveLength(command === "cmd-hold" ? 120 : 0);
  }

  await page.getByTestId("cmd-delete").click();
  await expect(dialog.getByTestId("bulk-plan")).toHaveText("120 objects with 1.17 KB would go.");
  const go = dialog.getByTestId("confirm-submit");
  await expect(go).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("delete 120 objects");
  await checkAccessibility(page);
  await go.click();
  await expect(dialog.getByTestId("bulk-over")).toHaveText("120 objects were deleted.");
  // The page behind looks again.
  await expect(page.getByTestId("state-empty")).toBeVisible();
  await open(page, "/jobs");
  await expect(page.getByTestId("job-row").first()).toContainText("Delete what a search found");
  await open(page, at("*:*", `&ns=${bucket}`));
  await expect(page.getByTestId("search-total")).toHaveText("3 objects");
});

/** What the copy in colours shows of each kind. */
async function coloured(page: Page, kind: string): Promise<string[]> {
  return page.getByTestId("query-mirror").locator(`.q-${kind}`).allTextContents();
}

test("SRC: what is typed has colours, and names, namespaces and values are completed", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket);
  await open(page, at('size:[1 TO 5] AND NOT "a b"'));
  const field = page.getByTestId("search-query");
  const offers = page.getByTestId("query-offer");
  const list = page.getByRole("listbox", { name: "Suggestions" });
  const text = async () => ((await page.getByTestId("query-mirror").textContent()) ?? "").replace(/\u200b/g, "");
  expect(await text()).toBe('size:[1 TO 5] AND NOT "a b"');
  expect(await coloured(page, "field")).toEqual(["size", ":"]);
  expect(await coloured(page, "range")).toEqual(["[", "TO", "]"]);
  expect(await coloured(page, "operator")).toEqual(["AND", "NOT"]);
  expect(await coloured(page, "value")).toEqual(["1", "5"]);
  expect(await coloured(page, "quoted")).toEqual(['"a b"']);
  await expect(field).toHaveCSS("color", "rgba(0, 0, 0, 0)");

  // The copy lies exactly above the field, however much is typed.
  await field.fill("a OR ".repeat(400) + "b");
  await expect.poll(text).toHaveLength(2001);
  const boxes = await page.evaluate(() => {
    const of = (id: string) => document.querySelector(`[data-testid="${id}"]`)!;
    const [field, mirror] = [of("search-query"), of("query-mirror")].map((one) => one.getBoundingClientRect());
    const area = of("search-query") as HTMLTextAreaElement;
    return { same: field.top === mirror.top && field.width === mirror.width, cut: area.scrollHeight - area.clientHeight };
  });
  expect(boxes).toEqual({ same: true, cut: 0 });

  // Nothing is chosen by itself; arrows choose, Escape shuts.
  await field.fill("");
  await field.pressSequentially("hold:true AND names");
  await expect(offers.first()).toHaveText(/^namespace:\s*text$/);
  await expect(field).not.toHaveAttribute("aria-activedescendant");
  await checkAccessibility(page);
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(list).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(field).toHaveAttribute("aria-activedescendant", (await offers.first().getAttribute("id"))!);
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("hold:true AND namespace:");
  // The namespaces come by themselves.
  await page.keyboard.type(bucket.slice(0, -1));
  await expect(offers.filter({ hasText: bucket })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(new RegExp(`^hold:true AND namespace:${bucket.slice(0, -1)}`));
  await field.fill("");
  await field.pressSequentially("hol");
  await offers.first().click();
  await expect(field).toHaveValue("hold:");
  await expect(offers).toHaveText([/^true/, /^false/]);
  await offers.nth(1).click();
  await expect(field).toHaveValue("hold:false");
  await expect(list).toBeHidden();
  // Enter searches, a new line is typed with Shift.
  await page.keyboard.press("Shift+Enter");
  await expect(field).toHaveValue("hold:false\n");
  await page.keyboard.type(`AND namespace:${bucket}`);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("search-total")).toHaveText("3 objects");

  // In colours of the reader's own the field shows its text itself.
  await page.emulateMedia({ forcedColors: "active" });
  await expect(page.getByTestId("query-mirror")).toBeHidden();
  await expect(field).not.toHaveCSS("color", "rgba(0, 0, 0, 0)");
  await page.emulateMedia({ forcedColors: "none" });
  await checkNarrow(page);
});

test("SRC: searches are saved under names and remembered, for one account in one browser", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket);
  // What something else has left does no harm, and stays.
  await page.addInitScript(() => {
    if (!localStorage.getItem("hako-searches-demo/demo")) {
      localStorage.setItem("hako-searches-demo/demo", '{"broken\n-javascript:alert(1)\n+x\thttps://elsewhere/\n');
    }
  });
  await open(page, at("size:[100 TO *]", `&ns=${bucket}`));
  await open(page, at("middle"));
  await open(page, at("size:[100 TO *]", `&ns=${bucket}&sort=size`));
  const panel = page.getByTestId("searches-panel");
  const button = page.getByTestId("searches-open");
  await button.click();
  const recent = panel.getByTestId("searches-recent").getByRole("listitem");
  await expect(recent).toHaveText([/size:\[100 TO \*\].*Only in/, /middle/]);
  await expect(panel.getByTestId("searches-saved").getByRole("listitem")).toHaveCount(0);
  const name = panel.getByLabel("Save this search as");
  await name.fill("Large ones");
  await page.keyboard.press("Enter");
  const saved = panel.getByTestId("search-saved");
  await expect(saved).toHaveText([/Large ones/]);
  await name.fill("Large ones");
  await expect(panel).toContainText("There is one of this name");
  await checkOpened(page, "searches-panel");

  // A search that did not run is not remembered, and the panel goes on from what is kept.
  await open(page, "/search?query=size:[1%20to%202]");
  await reload(page);
  await button.click();
  await expect(recent).toHaveCount(2);
  await expect(panel.getByLabel("Save this search as")).toHaveCount(0);
  await panel.getByRole("button", { name: "Rename Large ones" }).click();
  await expect(panel.getByTestId("search-new-name")).toBeFocused();
  await panel.getByTestId("search-new-name").fill("Large");
  await page.keyboard.press("Enter");
  await expect(saved).toHaveText([/Large.*size/]);
  await saved.getByRole("link").click();
  await expect(panel).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`ns=${bucket}.*sort=size`));
  await expect(page.getByTestId("search-total")).toHaveText("2 objects");
  await hydrated(page);
  await button.click();
  await panel.getByRole("button", { name: "Delete Large" }).click();
  await expect(saved).toHaveCount(0);
  await page.getByTestId("toast").getByTestId("toast-undo").click();
  await button.click();
  await expect(saved).toHaveText([/Large.*size/]);
  await panel.getByTestId("searches-clear").click();
  await expect(recent).toHaveCount(0);
  const kept = await page.evaluate(() => localStorage.getItem("hako-searches-demo/demo"));
  expect(kept).toContain('{"broken');
  expect(kept).not.toContain(DEMO.password);

  // Somebody else in the same browser sees nothing of it.
  await api(context, hako, "/session", { data: await newTenant(hako) });
  await open(page, "/search");
  await button.click();
  await expect(panel).toContainText("Save a search under a name");
  await expect(saved).toHaveCount(0);
});

test("SRC: what is found is given a retention, packed, and asked for by other programs", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket);
  const other = `${bucket}-2`;
  await api(context, hako, "/buckets", { data: { bucket: other } });
  await store(context, hako, other, "middle.txt", "elsewhere");
  await open(page, at("txt", `&ns=${bucket},${other}`));
  await expect(page.getByTestId("search-total")).toHaveText("4 objects");
  await hydrated(page);

  // An archive is of one bucket.
  const archive = page.getByTestId("cmd-archive");
  await expect(archive).toHaveAttribute("aria-description", "Select objects first");
  await page.getByTestId("search-pick-all").check();
  await expect(archive).toHaveText("Download 4 as ZIP");
  await expect(archive).toHaveAttribute("aria-description", /objects of one namespace/);
  await rows(page).filter({ hasText: other }).getByRole("checkbox").uncheck();
  await expect(archive).not.toHaveAttribute("aria-disabled");
  await checkAccessibility(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  const coming = page.waitForEvent("download");
  await archive.click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await coming).createReadStream()) chunks.push(chunk as Buffer);
  const packed = Buffer.concat(chunks).toString("latin1");
  expect(packed.slice(0, 2)).toBe("PK");
  for (const key of ["in/small.txt", "in/deep/large.txt", "middle.txt"]) expect(packed).toContain(key);

  // As a command: what is shown is run.
  await page.getByTestId("cmd-as-command").click();
  const dialog = page.getByTestId("dialog");
  const line = await dialog.getByTestId("command-curl").innerText();
  expect(line).not.toContain(DEMO.password);
  await expect(dialog.getByTestId("command-httpx")).toContainText("httpx.post");
  await expect(dialog.getByTestId("command-hcp")).toHaveCount(0);
  await checkOpened(page, "search-commands-dialog");
  const token = (await api(context, hako, "/auth/token", { form: DEMO })) as { access_token: string };
  const run = promisify(execFile);
  const env = { ...process.env, HAKO_TOKEN: token.access_token };
  const { stdout } = await run("sh", ["-c", line], { env });
  const answer = JSON.parse(stdout) as Answer;
  expect(answer.resultSet.map((row) => row.utf8Name).sort()).toEqual((await names(page)).sort());
  const python = await dialog.getByTestId("command-httpx").innerText();
  // The Python that has the library is the one beside its command.
  const shell = '"$(dirname "$(command -v httpx)")/python" -c "$CODE"';
  const { stdout: told } = await run("sh", ["-c", shell], { env: { ...env, CODE: python } });
  expect(told.trim().split("\n")).toHaveLength(4);
  await page.keyboard.press("Escape");

  // One is kept for longer already: it stays, and is named.
  const longer = await context.request.put(`${hako.console}/api/v1/buckets/${other}/object/retention?key=middle.txt`, {
    headers: { Origin: hako.console },
    data: { retention: "A+20y" },
  });
  expect(longer.ok()).toBe(true);
  await page.getByTestId("cmd-retention").click();
  await dialog.getByTestId("retention-input").fill("soon");
  await expect(dialog.getByTestId("confirm-submit")).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("retention-input").fill("A+7y");
  await expect(dialog.getByTestId("retention-years")).toHaveValue("7");
  await checkOpened(page, "whole-result-dialog");
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog.getByTestId("bulk-plan")).toContainText("4 objects");
  await expect(dialog).toContainText(`${other}/middle.txt – Retention is never shortened`);
  await dialog.getByRole("button", { name: "Set the retention of 3 objects" }).click();
  await expect(dialog.getByTestId("bulk-over")).toHaveText("The retention of 3 objects was set.");
  await page.keyboard.press("Escape");
  const { resultSet } = (await api(context, hako, "/query/tenants/demo/objects", {
    data: { query: `txt AND namespace:${bucket} AND -retention:0` },
  })) as Answer;
  expect(resultSet).toHaveLength(3);
});

test("SRC-5 no right, not indexed and nothing found are three different texts", async ({
  page,
  context,
  hako,
  bucket,
  browser,
}) => {
  await store(context, hako, bucket, "a", "b");
  await open(page, at("size:123456789123"));
  await expect(page.getByTestId("state-empty")).toContainText("Nothing found");
  await expect(page.getByTestId("state-empty")).toContainText("Looked for Size is 115 GB. No object is like that.");
  // What there is says until when it was indexed, to who may see that.
  await open(page, at("*:*", `&ns=${bucket}`));
  const indexed = page.getByTestId("search-indexed");
  await expect(indexed).toContainText("All that changed before this time is indexed: just now");
  // A slice says when it begins and ends, and leads back to all.
  await open(page, at("*:*", `&ns=${bucket}&since=0`));
  await expect(page.getByTestId("search-slice")).toContainText("from the first change on");
  await expect(page.getByTestId("table-search").locator("tbody tr")).toHaveCount(1);
  await open(page, at("*:*", `&ns=${bucket}&since=4102444800000`));
  await expect(page.getByTestId("search-slice")).toContainText("what changed from");
  await page.getByTestId("search-slice").getByRole("link", { name: "All at once" }).click();
  await expect(page.getByTestId("table-search").locator("tbody tr")).toHaveCount(1);
  await expect(page.getByTestId("search-slice")).toHaveCount(0);
  await open(page, at("size:123456789123"));
  await checkAccessibility(page);

  const reader = { username: `reader${process.pid}`, password: "Reader-of-1000" };
  const people = "/tenants/demo/userAccounts";
  await manage(hako, DEMO, "PUT", people, {
    ...reader,
    fullName: "Reader",
    localAuthentication: true,
    enabled: true,
    forcePasswordChange: false,
  });
  await manage(hako, DEMO, "POST", `${people}/${reader.username}/dataAccessPermissions`, {
    namespacePermission: [{ namespaceName: bucket, permissions: { permission: ["READ", "BROWSE"] } }],
  });
  const theirs = await browser.newContext({ baseURL: hako.console });
  await api(theirs, hako, "/session", { data: { tenant: "demo", ...reader } });
  const refused = await theirs.newPage();
  await refused.goto(at("*:*", `&ns=${bucket}`));
  await expect(refused.getByTestId("state-forbidden")).toContainText("You may not search");
  await expect(refused.getByTestId("state-forbidden")).toContainText("which an administrator of the tenant grants");
  await theirs.close();

  // One namespace is not indexed: it is named, with the way to its settings.
  const dark = `${bucket}-dark`;
  await api(context, hako, "/buckets", { data: { bucket: dark } });
  await store(context, hako, dark, "a", "b");
  const settings = { searchEnabled: true, indexingEnabled: false };
  await manage(hako, DEMO, "POST", `/tenants/demo/namespaces/${dark}`, settings);
  await open(page, at("*:*", `&ns=${dark}`));
  await expect(page.getByTestId("state-not-indexed")).toContainText("It is not searched");
  const settled = page.getByTestId("state-not-indexed").getByRole("link", { name: dark });
  await expect(settled).toHaveAttribute("href", new RegExp(`^/namespaces/${dark}`));

  // One that is searched, and has nothing in it, is another matter.
  const bare = `${bucket}-bare`;
  await api(context, hako, "/buckets", { data: { bucket: bare } });
  await manage(hako, DEMO, "POST", `/tenants/demo/namespaces/${bare}`, { searchEnabled: true, indexingEnabled: true });
  await open(page, at("*:*", `&ns=${bare}`));
  await expect(page.getByTestId("state-not-indexed")).toContainText("It is searched, and has no objects");
  await expect(page.getByTestId("state-not-indexed").getByRole("heading")).toHaveText("Nothing found");

  const bob = await newTenant(hako);
  const others = await browser.newContext({ baseURL: hako.console });
  await api(others, hako, "/session", { data: bob });
  const empty = await others.newPage();
  await empty.goto(at("*:*"));
  await expect(empty.getByTestId("state-not-indexed")).toContainText("Nothing can be searched");
  await expect(empty.getByTestId("state-not-indexed").getByRole("link")).toHaveAttribute("href", "/namespaces");
  await others.close();
});

test.describe("elsewhere", () => {
  test("who has no metadata to ask for has no entry in the navigation", async ({ page, context, hako }) => {
    await signInByApi(context, hako);
    await open(page, "/buckets");
    await page.getByTestId("nav-search").click();
    await expect(page.getByTestId("page-title")).toHaveText("Search");
    await api(context, hako, "/session", { data: SYSTEM });
    await open(page, "/");
    await expect(page.getByTestId("nav-search")).toHaveCount(0);
  });
});
