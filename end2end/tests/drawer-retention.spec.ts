// What keeps an object, in the drawer: its retention and its holds.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { manage } from "../support/sessions";
import { DEMO, type Hako, type Page, expect, fileRow, keys, open, openBucket, store, test } from "../support/test";

const SENTENCE = "retention-sentence";

/** Changes what keeps an object, as somebody else would. */
async function keep(context: BrowserContext, hako: Hako, bucket: string, key: string, data: object): Promise<void> {
  const path = `/api/v1/buckets/${bucket}/object/retention?key=${encodeURIComponent(key)}`;
  const answer = await context.request.put(`${hako.console}${path}`, { data, headers: { Origin: hako.console } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

async function show(page: Page, bucket: string, key: string): Promise<void> {
  await open(page, `/buckets/${bucket}?o=${encodeURIComponent(key)}&tab=retention`);
  await expect(page.getByTestId("drawer-retention")).toBeVisible();
  // What the server drew is replaced by the living drawer.
  await expect(page.locator(".drawer-plain")).toHaveCount(0);
}

/** Types a value, reads what it means, and saves it. */
async function save(page: Page, value: string, means: RegExp): Promise<void> {
  await page.getByTestId("retention-input").fill(value);
  await expect(page.getByTestId("retention-outcome")).toHaveText(means);
  await page.getByTestId("retention-save").click();
}

/** Tries to delete a row's object and reads why it stays. */
async function stays(page: Page, key: string, because: RegExp): Promise<void> {
  await fileRow(page, key).getByTestId("row-check").check();
  await page.getByTestId("cmd-delete").click();
  await page.getByTestId("delete-now").click();
  const said = page.getByRole("alert").filter({ hasText: because });
  await expect(said).toBeVisible();
  await expect(fileRow(page, key)).toBeVisible();
}

test("DRW-7 a retention is said with its date, grows and is not shortened, and is overridden by a reason alone", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await manage(hako, DEMO, "PUT", `/tenants/${DEMO.tenant}/namespaces/${bucket}/retentionClasses`, {
    name: "Legal",
    value: "A+10y",
    allowDisposition: false,
  });
  for (const key of ["class", "date", "never", "offset"]) await store(context, hako, bucket, key, key);
  await openBucket(page, bucket);
  await fileRow(page, "offset").getByRole("link").click();
  await page.getByTestId("drawer-tab-retention").click();
  await expect(page.getByTestId(SENTENCE)).toHaveText("This object can be deleted at any time.");
  await expect(page.getByTestId("drawer-privileged")).toHaveCount(0);

  // What is chosen and what is typed follow each other.
  await page.getByTestId("retention-years").fill("7");
  await page.getByTestId("retention-years").blur();
  await expect(page.getByTestId("retention-input")).toHaveValue("A+7y");
  const year = new Date().getUTCFullYear() + 7;
  const outcome = page.getByTestId("retention-outcome");
  await expect(outcome).toHaveText(new RegExp(`can be deleted after \\d+ \\w+ ${year}, \\d\\d:\\d\\d UTC\\.$`));
  const date = /after (.*)\.$/.exec((await outcome.textContent()) ?? "")?.[1] ?? "no date";
  await page.getByTestId("retention-save").click();
  await expect(page.getByTestId(SENTENCE)).toHaveText(`This object can be deleted after ${date}.`);
  await expect(page.getByTestId("drawer-retention")).toBeFocused();
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 900 });

  // Shorter is not offered, and says why.
  const saving = page.getByTestId("retention-save");
  await page.getByTestId("retention-input").fill("A+1y");
  await expect(outcome).toHaveText(`Retention is never shortened: the present one ends ${date}.`);
  await expect(saving).toHaveAttribute("aria-disabled", "true");
  await expect(saving).toHaveAttribute("aria-description", "Retention is never shortened.");
  const choices = page.getByTestId("retention-how").locator("option:enabled");
  await expect(choices).toHaveText(["For a period", "Until a date", "By a retention class", "Never deletable"]);
  await expect(page.getByTestId("one-way")).toContainText("Cannot be taken back");

  // A date, a class, and never.
  await show(page, bucket, "date");
  await page.getByTestId("retention-how").selectOption("date");
  await page.getByTestId("retention-until").fill("2032-11-21T09:12:00");
  await page.getByTestId("retention-until").blur();
  await expect(page.getByTestId("retention-input")).toHaveValue("2032-11-21T09:12:00+0000");
  await saving.click();
  await expect(page.getByTestId(SENTENCE)).toHaveText("This object can be deleted after 21 Nov 2032, 09:12 UTC.");
  await stays(page, "date", /under retention until 21 Nov 2032, 09:12:00 UTC/);
  await show(page, bucket, "class");
  await page.getByTestId("retention-how").selectOption("class");
  await expect(page.getByTestId("retention-class").locator("option")).toHaveText(["Legal (A+10y)"]);
  await saving.click();
  await expect(page.getByTestId(SENTENCE)).toHaveText(new RegExp(`deleted after .* ${year + 3}, `));
  await expect(page.getByTestId("drawer-retention")).toContainText("that of the class Legal");
  await show(page, bucket, "never");
  await save(page, "-1", /never be deleted/);
  await expect(page.getByTestId(SENTENCE)).toHaveText("This object can never be deleted.");
  await expect(page.getByTestId("retention-form")).toHaveCount(0);
  await expect(page.getByTestId("drawer-retention")).toContainText("cannot be taken back");

  // A reason and the words delete it all the same.
  await page.getByTestId("privileged-open").click();
  const submit = page.getByTestId("confirm-submit");
  await expect(submit).toHaveAttribute("aria-description", "Give a reason first.");
  await page.getByTestId("field-privileged-reason").fill("GDPR, article 17");
  await expect(submit).toHaveAttribute("aria-description", "Type the words above first");
  await checkOpened(page, "privileged-dialog");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByTestId("confirm-input").fill("delete 1 object");
  await submit.click();
  await expect(fileRow(page, "never")).toHaveCount(0);
  await expect(page.getByTestId("drawer")).toHaveCount(0);
  expect(await keys(context, hako, bucket)).toEqual(["class", "date", "offset"]);
});

test("DRW-8 labelled holds are added and lifted one by one, and a refused delete names them", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "k", "k");
  await openBucket(page, bucket);
  await show(page, bucket, "k");
  const rows = page.getByTestId("hold-row");
  for (const label of ["case 7", "case 8"]) {
    await page.getByTestId("field-hold-label").fill(label);
    await page.getByTestId("hold-add").click();
    await expect(rows.filter({ hasText: label })).toHaveCount(1);
    await expect(page.getByTestId("field-hold-label")).toBeFocused();
  }
  await expect(page.getByTestId("hold-count")).toHaveText("2 of 100");
  await page.getByTestId("field-hold-label").fill("case 8");
  await page.getByTestId("hold-add").click();
  await expect(page.getByTestId("error-hold-label")).toHaveText("There is such a label.");
  await page.getByTestId("field-hold-label").fill("x".repeat(65));
  await page.getByTestId("hold-add").click();
  await expect(page.getByTestId("error-hold-label")).toContainText("at most 64 characters");
  // On hold the retention stays as it is.
  await expect(page.getByTestId("retention-form")).toHaveCount(0);
  await expect(page.getByTestId("drawer-retention")).toContainText("It is on hold: lift the hold first.");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await rows.filter({ hasText: "case 7" }).getByTestId("hold-remove").click();
  await expect(rows).toHaveText([/^case 8/]);
  await stays(page, "k", /It is on hold: case 8\./);
  expect(await keys(context, hako, bucket)).toEqual(["k"]);

  // The plain hold is another one; somebody else's change is there after a reload.
  await page.getByTestId("hold-switch").click();
  await expect(page.getByTestId("hold-state")).toHaveText("It is on hold.");
  await keep(context, hako, bucket, "k", { labels: [{ label: "case 8", hold: false }] });
  await show(page, bucket, "k");
  await expect(rows).toHaveCount(0);
  await page.getByTestId("hold-switch").click();
  await expect(page.getByTestId("hold-state")).toHaveText("It is on no hold.");
  await expect(page.getByTestId("retention-form")).toBeVisible();
});
