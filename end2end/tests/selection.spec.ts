// What is selected, by mouse, keys and touch, and what is done with it.

import type { Page } from "@playwright/test";
import { expect, fileRow, keys, openBucket, reload, store, test } from "../support/test";

test.describe.configure({ timeout: 120_000 });

const NAMES = ["a", "b", "c", "d", "e", "f"];

function selected(page: Page): Promise<(string | undefined)[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-testid="file-row"][aria-selected="true"]')].map(
      (row) => row.dataset.name,
    ),
  );
}

/** Clicks in a row beside its name. */
async function click(page: Page, name: string, ...modifiers: ("Control" | "Shift")[]): Promise<void> {
  await fileRow(page, name).locator(".cell-time").click({ modifiers });
}

test("FIL-9 mouse and keys give exactly the sets that file managers give", async ({ page, context, hako, bucket }) => {
  for (const name of NAMES) await store(context, hako, bucket, name, name);
  await openBucket(page, bucket);
  const is = (...names: string[]) => expect.poll(() => selected(page)).toEqual(names);

  await click(page, "b");
  await is("b");
  await click(page, "d", "Control");
  await is("b", "d");
  await click(page, "f", "Shift");
  await is("d", "e", "f");
  await click(page, "c", "Shift");
  await is("c", "d");
  await click(page, "a", "Control");
  await is("a", "c", "d");
  await click(page, "f", "Control");
  await click(page, "e", "Control", "Shift");
  await is("a", "c", "d", "e", "f");
  await fileRow(page, "a").getByTestId("row-check").uncheck();
  await is("c", "d", "e", "f");

  await page.keyboard.press("Escape");
  await is();
  await click(page, "b");
  await page.keyboard.press("Shift+ArrowDown");
  await is("b", "c");
  await page.keyboard.press("Shift+End");
  await is("b", "c", "d", "e", "f");
  await page.keyboard.press("Shift+Home");
  await is("a", "b");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await is("a", "b", "c");
  await page.keyboard.press("Control+a");
  await is(...NAMES);
  await expect(page.getByTestId("select-all")).toBeChecked();
  await page.keyboard.press("Escape");
  await page.keyboard.press("'");
  await page.keyboard.press("e");
  await expect(fileRow(page, "e").getByRole("link")).toBeFocused();
});

test("FIL-11 a filter hides selected rows and says so, and deleting still means them", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (const name of ["one/x", "two", "three"]) await store(context, hako, bucket, name, name);
  await openBucket(page, bucket);
  await page.getByTestId("select-all").check();
  await page.getByTestId("filter-input").fill("two");
  await expect(page.getByTestId("file-row")).toHaveCount(1);
  await expect(page.getByTestId("selection-summary")).toContainText("3 selected, 2 hidden by the filter");
  await page.getByTestId("cmd-delete").click();
  await expect(page.getByTestId("hidden-too")).toHaveText("2 of them are hidden by the filter.");
  await page.getByTestId("confirm-input").fill("delete 3 objects");
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("state-empty")).toBeVisible();
  expect(await keys(context, hako, bucket)).toEqual([]);
});

test("FIL-18 a small deletion waits, can be taken back, and is not sent by a page that is closed", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (const name of ["a", "b"]) await store(context, hako, bucket, name, name);
  await openBucket(page, bucket);
  const sent: string[] = [];
  page.on("request", (request) => request.url().includes("/objects/delete") && sent.push(request.url()));

  await click(page, "a");
  await page.keyboard.press("Delete");
  await expect(page.getByTestId("toast")).toContainText(/1 file goes in \d s/);
  await expect(fileRow(page, "a")).toHaveClass(/is-going/);
  await page.getByTestId("toast-undo").click();
  await expect(page.getByTestId("delete-now")).toHaveCount(0);
  await expect(fileRow(page, "a")).not.toHaveClass(/is-going/);

  await click(page, "a");
  await page.keyboard.press("Delete");
  await expect(page.getByTestId("delete-now")).toBeVisible();
  await reload(page);
  await expect(fileRow(page, "a")).toBeVisible();
  expect(sent).toEqual([]);
  expect(await keys(context, hako, bucket)).toEqual(["a", "b"]);

  await openBucket(page, bucket);
  await click(page, "a");
  await page.keyboard.press("Delete");
  await page.getByTestId("delete-now").click();
  await expect(fileRow(page, "a")).toHaveCount(0);
  expect(await keys(context, hako, bucket)).toEqual(["b"]);

  await click(page, "b");
  await page.keyboard.press("Delete");
  await expect(page.getByTestId("state-empty")).toBeVisible({ timeout: 20_000 });
  expect(await keys(context, hako, bucket)).toEqual([]);
});

test("FIL-21 the menu has the same entries by right click, by keys and by its buttons, and says what cannot be done", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "file", "x");
  await store(context, hako, bucket, "folder/x", "x");
  await openBucket(page, bucket);
  const menu = page.getByTestId("context-menu");
  const entries = async () => {
    await expect(menu).toBeVisible();
    const words = await menu.getByRole("menuitem").allInnerTexts();
    await page.keyboard.press("Escape");
    await expect(menu).toBeHidden();
    return words;
  };
  await page.getByTestId("cmd-more").click();
  await expect(menu.getByTestId("menu-download")).toHaveAttribute("aria-disabled", "true");
  await expect(menu.getByTestId("menu-download")).toHaveAttribute("title", "Select what to download first");
  const all = await entries();
  expect(all.length).toBeGreaterThan(8);
  // Whatever is selected, what cannot be done says why, to the eye and to the ear.
  const names = async () => {
    const found = await menu.getByRole("menuitem").evaluateAll((items) =>
      items
        .filter((item) => item.getAttribute("aria-disabled") === "true" || (item as HTMLButtonElement).disabled)
        .map((item) => [item.getAttribute("data-testid")!, item.getAttribute("title") ?? "", item.getAttribute("aria-description") ?? ""]),
    );
    for (const [entry, title, description] of found) {
      expect(title, entry).not.toBe("");
      expect(description, entry).toBe(title);
    }
    await page.keyboard.press("Escape");
    return found.length;
  };
  await page.getByTestId("cmd-more").click();
  expect(await names()).toBeGreaterThan(5);
  for (const row of ["file", "folder"]) {
    await fileRow(page, row).getByTestId("row-menu").click();
    await expect(fileRow(page, row)).toHaveAttribute("aria-selected", "true");
    await names();
  }
  await page.keyboard.press("Control+a");
  await page.getByTestId("cmd-more").click();
  expect(await names()).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Clear" }).click();
  await fileRow(page, "file").locator(".cell-time").click({ button: "right" });
  await expect(menu.getByTestId("menu-download")).not.toHaveAttribute("aria-disabled", "true");
  expect(await entries()).toEqual(all);
  await fileRow(page, "folder").locator(".cell-time").click({ button: "right" });
  expect(await entries()).toEqual(all);
  await fileRow(page, "folder").getByTestId("row-menu").click();
  await expect(menu.getByTestId("menu-open")).not.toHaveAttribute("aria-disabled", "true");
  expect(await entries()).toEqual(all);
  await fileRow(page, "file").getByRole("link").focus();
  await page.keyboard.press("Shift+F10");
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(menu.getByRole("menuitem").last()).toBeFocused();
  expect(await entries()).toEqual(all);
  await expect(fileRow(page, "file")).toHaveAttribute("aria-selected", "true");
  await fileRow(page, "folder").getByRole("link").focus();
  await page.keyboard.press("Shift+F10");
  expect(await entries()).toEqual(all);
});

test("FIL-27 what a screen reader is told: the list's name, its rows, its order, what is selected", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (const name of ["a", "b"]) await store(context, hako, bucket, name, name);
  await openBucket(page, bucket);
  const grid = page.getByRole("grid", { name: `Files in ${bucket}` });
  await expect(grid).toHaveAttribute("aria-rowcount", "3");
  await expect(grid).toHaveAttribute("aria-multiselectable", "true");
  await expect(grid.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
  await click(page, "b");
  await expect(grid.getByRole("row", { selected: true })).toHaveCount(1);
  await expect(page.locator("#live-polite")).toHaveText("1 selected");
  await expect(grid.locator('[tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await expect(fileRow(page, "b").locator(".cell-size")).toBeFocused();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true });

  test("FIL-21 a finger that rests on what is selected opens the menu, with the same entries, and it stays", async ({
    page,
    context,
    hako,
    bucket,
  }) => {
    await store(context, hako, bucket, "file", "x");
    await store(context, hako, bucket, "folder/x", "x");
    await page.clock.install();
    await openBucket(page, bucket);
    const menu = page.getByTestId("context-menu");
    const touch = await context.newCDPSession(page);
    const rest = async (name: string, until: () => Promise<void>) => {
      const row = (await fileRow(page, name).boundingBox())!;
      const touchPoints = [{ x: row.x + row.width / 2, y: row.y + row.height / 2 }];
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
      await until();
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    await page.getByTestId("cmd-more").tap();
    await expect(menu).toBeVisible();
    const all = await menu.getByRole("menuitem").locator(".menu-words").allInnerTexts();
    await page.keyboard.press("Escape");
    await expect(menu).toBeHidden();

    for (const name of ["file", "folder"]) {
      const row = fileRow(page, name);
      // The first time it is selected, and no menu comes with that.
      await rest(name, () => expect(row).toHaveAttribute("aria-selected", "true"));
      await expect(menu).toBeHidden();
      await rest(name, () => page.clock.runFor(600));
      await expect(menu).toBeVisible();
      await expect(menu.getByRole("menuitem").first()).toBeFocused();
      expect(await menu.getByRole("menuitem").locator(".menu-words").allInnerTexts()).toEqual(all);
      await expect(row).toHaveAttribute("aria-selected", "true");
      await page.keyboard.press("Escape");
      await expect(menu).toBeHidden();
    }
    await fileRow(page, "file").tap();
    await expect(fileRow(page, "file")).toHaveAttribute("aria-selected", "false");
  });

  test("a tap opens, a finger that rests selects, and the commands are at hand", async ({
    page,
    context,
    hako,
    bucket,
  }) => {
    await store(context, hako, bucket, "folder/x", "x");
    await store(context, hako, bucket, "file", "x");
    await openBucket(page, bucket);
    const box = (await fileRow(page, "file").boundingBox())!;
    const touch = await page.context().newCDPSession(page);
    const at = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at });
    await expect(fileRow(page, "file")).toHaveAttribute("aria-selected", "true");
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await expect(page.getByTestId("selection-summary")).toContainText("1 selected");
    await expect(page.getByTestId("cmd-delete")).toBeInViewport();
    await fileRow(page, "folder").tap();
    await expect(page.getByTestId("selection-summary")).toContainText("2 selected");
    await page.getByRole("button", { name: "Clear" }).tap();
    await fileRow(page, "folder").tap();
    await expect(fileRow(page, "x")).toBeVisible();
    await page.goBack();
    await expect(fileRow(page, "folder")).toBeVisible();
  });
});
