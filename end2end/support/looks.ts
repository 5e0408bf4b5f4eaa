// How a page has to look: accessible in both themes and all widths, and never wider than a phone.

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const WIDTHS = [360, 800, 1440];
const THEMES = ["light", "dark"] as const;

/** Looks at the page in both themes and all widths. In the dark only colours differ. */
export async function checkAccessibility(page: Page): Promise<void> {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const axe = new AxeBuilder({ page });
      if (colorScheme === "dark") axe.withRules(["color-contrast"]);
      const { violations } = await axe.analyze();
      const found = violations.map((violation) => ({
        rule: violation.id,
        help: violation.help,
        where: violation.nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
      }));
      expect(found, `${page.url()} ${colorScheme} ${width} px`).toEqual([]);
    }
  }
}

export async function checkNarrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const [content, view] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(view);
}
