import { api, open, store, test, expect } from "../support/test";
for (const width of [1280, 320]) for (const scheme of ["light", "dark"] as const)
test(`shots ${width} ${scheme}`, async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "folder/report 2026.txt", "some bytes");
  await store(context, hako, bucket, "b", "some bytes");
  await api(context, hako, `/jobs?wait=10`, { data: { kind: "delete", bucket, keys: ["b", "c"] } });
  await context.request.delete(`${hako.console}/api/v1/buckets/no-such-bucket-at-all`, { headers: { Origin: hako.console } });
  await context.request.put(`${hako.console}/api/v1/mapi/tenants/demo/userAccounts`, { data: { username: "ops" }, headers: { Origin: hako.console } });
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 900 });
  await open(page, "/audit");
  await page.waitForTimeout(1500);
  console.log(await page.getByTestId("audit-row").first().locator("time").innerText());
  await page.screenshot({ path: `/tmp/audit-${width}-${scheme}.png`, fullPage: width === 320 });
  await page.getByTestId("audit-row").nth(2).getByRole("link").first().click();
  await expect(page.getByTestId("audit-details")).toBeVisible();
  await page.screenshot({ path: `/tmp/audit-${width}-${scheme}-open.png`, fullPage: true });
  await open(page, "/jobs");
  await page.waitForTimeout(500);
  console.log("jobs", await page.locator("time").first().innerText());
});
