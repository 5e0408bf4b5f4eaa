// The last minutes of a session, and what comes after them.

import { checkOpened } from "../support/looks";
import { DEMO, expect, open, test } from "../support/test";

test.use({ settings: { API_TOKEN_EXPIRE_MINUTES: "5" } });

test("AUTH-5 a session says before its end that it ends, and goes on in place with what was typed", async ({
  page,
  bucket,
  context,
  faults,
}) => {
  faults.expectStatus(401);
  await open(page, "/buckets");
  const banner = page.getByTestId("banner-session");
  await expect(banner).toContainText(/ends in [345] minutes/);
  await page.getByTestId("bucket-create").click();
  await page.getByTestId("bucket-name").fill(`${bucket}-typed`);
  // Nobody is signed in any more, as after its end; the page does not know yet.
  await context.clearCookies({ name: /^hako_/ });
  await page.getByTestId("bucket-create-dialog").getByRole("button", { name: "Create bucket" }).click();
  const again = page.getByTestId("session-sign-in");
  await expect(again).toContainText("demo at demo");
  await checkOpened(page, "session-sign-in");
  await again.locator("input[type=password]").fill(DEMO.password);
  await again.getByTestId("session-sign-in-submit").click();
  await expect(again).toBeHidden();
  await expect(page.getByTestId("bucket-name")).toHaveValue(`${bucket}-typed`);
  await page.getByTestId("bucket-create-dialog").getByRole("button", { name: "Create bucket" }).click();
  await expect(page.getByRole("link", { name: `${bucket}-typed`, exact: true }).first()).toBeVisible();
});
