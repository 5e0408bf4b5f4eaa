// How a page has to look: accessible in both themes and all widths, and never wider than a phone.

import axe, { type RunOptions } from "axe-core";
import { expect, type Page } from "@playwright/test";

const WIDTHS = [360, 800, 1440];
const THEMES = ["light", "dark"] as const;

/** In the dark only colours differ. */
export const IN_THE_DARK: RunOptions = { runOnly: { type: "rule", values: ["color-contrast"] } };

/**
 * Looks at a dialog or menu that is open, in all widths that show it, and in the dark at the narrowest and the widest.
 * `name` is a dialog's test id or a menu's id; every one that the console has is looked at by some test (ALL-4).
 */
export async function checkOpened(page: Page, name: string, widths = WIDTHS): Promise<void> {
  const part = `#${name}[popover], dialog[data-testid="${name}"], dialog:has(> [data-testid="${name}"])`;
  const opened = page.locator(part);
  for (const colorScheme of THEMES) {
    const dark = colorScheme === "dark";
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of dark ? [widths[0], widths[widths.length - 1]] : widths) {
      await page.setViewportSize({ width, height: 800 });
      const what = `${name} ${colorScheme} ${width} px`;
      await expect(opened, what).toBeVisible();
      const box = await opened.boundingBox();
      expect(box!.x, what).toBeGreaterThanOrEqual(0);
      expect(box!.x + box!.width, what).toBeLessThanOrEqual(width);
      expect(await violations(page, dark ? IN_THE_DARK : {}, [part]), what).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Looks at the page in both themes and all widths. */
export async function checkAccessibility(page: Page): Promise<void> {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const found = await violations(page, colorScheme === "dark" ? IN_THE_DARK : {});
      expect(found, `${page.url()} ${colorScheme} ${width} px`).toEqual([]);
    }
  }
}

/**
 * What axe finds in the page, or in parts of it. It is put into the page once and stays there: its own driver reads it
 * anew, and opens a page for its sum, each time. Frames show what people have stored, and are not looked into.
 */
export async function violations(page: Page, options: RunOptions = {}, parts: string[] = []): Promise<unknown[]> {
  const isThere = await page.evaluate(() => "axe" in window);
  if (!isThere) await page.evaluate(axe.source);
  return page.evaluate(
    async ({ options, parts }) => {
      const there = (window as unknown as { axe: typeof axe }).axe;
      const where = parts.length > 0 ? { include: parts } : document;
      const { violations } = await there.run(where, { ...options, iframes: false, resultTypes: ["violations"] });
      return violations.map((violation) => ({
        rule: violation.id,
        help: violation.help,
        where: violation.nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
      }));
    },
    { options, parts },
  );
}

export async function checkNarrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const [content, view] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(view);
}

/** Pictures of the page in both themes, wide and narrow, in the folder that `HAKO_SHOTS` names; none without it. */
export async function shots(page: Page, name: string): Promise<void> {
  const folder = process.env.HAKO_SHOTS;
  for (const [colorScheme, width] of folder ? ([["light", 1280], ["dark", 1280], ["light", 320], ["dark", 320]] as const) : []) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}
