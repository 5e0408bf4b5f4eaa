// Signing in, staying signed in, and signing out.

import type { BrowserContext, Page } from "@playwright/test";
import {
  DEMO,
  type Hako,
  SYSTEM,
  api,
  expect,
  fileRow,
  fillSignIn,
  hydrated,
  open,
  signInByApi,
  store,
  test,
} from "../support/test";

async function signIn(page: Page): Promise<void> {
  await fillSignIn(page);
  await page.getByTestId("signin-submit").click();
}

/** Ends the session at the server, as its time would; the browser still has the cookie. */
async function endSession(context: BrowserContext, hako: Hako): Promise<void> {
  const cookies = await context.cookies(hako.console);
  const answer = await fetch(`${hako.console}/api/v1/session`, {
    method: "DELETE",
    headers: {
      Origin: hako.console,
      Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
    },
  });
  expect(answer.status).toBe(200);
}

test("what is typed before the scripts come is kept", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/sign-in", { waitUntil: "commit" });
  await fillSignIn(page);
  release();
  await hydrated(page);
  await expect(page.getByTestId("signin-tenant")).toHaveValue(DEMO.tenant);
  await expect(page.getByTestId("signin-username")).toHaveValue(DEMO.username);
  await expect(page.getByTestId("signin-password")).toHaveValue(DEMO.password);
  await page.getByTestId("signin-submit").click();
  await page.waitForURL("**/buckets");
});

test("AUTH-1 wrong credentials are refused in the same words for known and unknown names", async ({ page, faults }) => {
  faults.expectStatus(401);
  await open(page, "/sign-in");
  await fillSignIn(page, "not the password");
  await page.getByTestId("signin-submit").click();
  const error = page.getByTestId("signin-error");
  await expect(error).toBeVisible();
  const words = await error.innerText();

  await expect(page.getByTestId("signin-tenant")).toHaveValue(DEMO.tenant);
  await expect(page.getByTestId("signin-username")).toHaveValue(DEMO.username);
  await expect(page.getByTestId("signin-password")).toHaveValue("");
  await expect(page.getByTestId("signin-password")).toBeFocused();

  await page.getByTestId("signin-username").fill("nobody");
  await page.getByTestId("signin-password").fill("not the password");
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.getByTestId("signin-submit").click();
  await answered;
  await expect(page.getByTestId("signin-password")).toHaveValue("");
  await expect(page.getByTestId("signin-username")).toHaveValue("nobody");
  // The request's number may differ; the sentence may not.
  const sentence = (text: string) => text.split("\n")[0];
  expect(sentence(await error.innerText())).toBe(sentence(words));
});

for (const next of ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/"]) {
  test(`AUTH-3 next=${next} does not lead away`, async ({ page, hako }) => {
    await open(page, `/sign-in?next=${encodeURIComponent(next)}`);
    await signIn(page);
    await expect(page).toHaveURL(/\/buckets$/);
    expect(new URL(page.url()).origin).toBe(hako.console);
  });
}

test("AUTH-1 a page that needs a session leads to sign-in and back to itself", async ({ page, bucket, context }) => {
  await context.clearCookies();
  await page.goto(`/buckets/${bucket}?prefix=${encodeURIComponent("a b/#?%/")}`);
  await hydrated(page);
  await signIn(page);
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}\\?prefix=`));
  expect(new URL(page.url()).searchParams.get("prefix")).toBe("a b/#?%/");
});

test("AUTH-5 an ended session leads to sign-in at the next step and back to it", async ({
  page,
  bucket,
  context,
  hako,
  faults,
}) => {
  faults.expectStatus(401);
  // The list begins with others' buckets.
  await open(page, `/buckets?q=${bucket}`);
  await endSession(context, hako);
  await page.getByRole("link", { name: bucket, exact: true }).first().click();
  await expect(page.getByTestId("signin-form")).toBeVisible();
  await hydrated(page);
  await signIn(page);
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}$`));
  await expect(page.getByTestId("state-empty")).toBeVisible();
});

test("signing out ends the session at the server too", async ({ page, context, hako, bucket }) => {
  await open(page, "/buckets");
  const kept = await context.cookies(hako.console);
  await page.getByRole("button", { name: /session menu/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByTestId("signin-form")).toBeVisible();

  await page.goBack();
  await expect(page.getByTestId("signin-form")).toBeVisible();
  await expect(page.getByText(bucket)).toHaveCount(0);

  await context.addCookies(kept);
  await page.goto("/buckets");
  await expect(page.getByTestId("signin-form")).toBeVisible();
});

test("a page changes nothing after somebody else has signed in", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(409);
  await open(page, "/buckets");
  // In another tab.
  await api(context, hako, "/session", { data: SYSTEM });
  await page.getByTestId("bucket-create").click();
  await page.getByTestId("bucket-name").fill(`${bucket}-2`);
  await page.getByTestId("bucket-create-dialog").getByRole("button", { name: "Create bucket" }).click();
  await expect(page.getByText("Somebody else has signed in since this page was opened.")).toBeVisible();
});

test("AUTH-2 the keyboard alone signs in", async ({ page }) => {
  await open(page, "/sign-in");
  const tabTo = async (id: string) => {
    for (let presses = 0; presses < 15; presses += 1) {
      if (await page.getByTestId(id).evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${id} cannot be reached by Tab`);
  };
  await tabTo("signin-tenant");
  await page.keyboard.type(DEMO.tenant);
  await tabTo("signin-username");
  await page.keyboard.type(DEMO.username);
  await tabTo("signin-password");
  await page.keyboard.type(DEMO.password);
  await tabTo("signin-submit");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/buckets$/);
});

test("AUTH-4 token and password stay out of the page's reach", async ({ page, context, hako }) => {
  await open(page, "/sign-in");
  await signIn(page);
  await expect(page).toHaveURL(/\/buckets$/);
  await hydrated(page);
  const cookies = (await context.cookies(hako.console)).filter(({ value }) => value.length > 40);
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  const reachable = await page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      location.href,
      document.cookie,
      JSON.stringify(localStorage),
      JSON.stringify(sessionStorage),
    ].join("\n"),
  );
  expect(reachable).not.toContain(cookies[0].value);
  expect(reachable).not.toContain(DEMO.password);
  expect(hako.output).not.toContain(cookies[0].value);
});

test("AUTH-12 a request of another site changes nothing", async ({ context, hako }) => {
  await signInByApi(context, hako);
  const elsewhere = { Origin: "https://elsewhere.example" };
  const made = await context.request.post(`${hako.console}/api/v1/buckets`, {
    data: { bucket: "from-elsewhere" },
    headers: elsewhere,
  });
  expect(made.status()).toBe(403);
  const out = await context.request.post(`${hako.console}/sign-out`, { headers: elsewhere, maxRedirects: 0 });
  expect(out.status()).toBe(403);
  const buckets = await context.request.get(`${hako.console}/api/v1/buckets`);
  expect(buckets.status(), "the session goes on").toBe(200);
  expect(await buckets.text()).not.toContain("from-elsewhere");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("AUTH-2 one signs in, lists, downloads and signs out", async ({ page, context, hako, bucket }) => {
    const name = "smile 😀 #1?.txt";
    await store(context, hako, bucket, `folder/${name}`, "hello");
    await context.clearCookies();

    // The list begins with others' buckets.
    await page.goto(`/buckets?q=${bucket}`);
    await signIn(page);
    await expect(page).toHaveURL(new RegExp(`/buckets\\?q=${bucket}$`));
    await page.getByRole("link", { name: bucket, exact: true }).first().click();
    await fileRow(page, "folder/").or(fileRow(page, "folder")).getByRole("link").first().click();
    await fileRow(page, name).getByRole("link").click();
    const download = page.waitForEvent("download");
    await page.getByTestId("drawer-download").click();
    const saved = await download;
    expect(saved.suggestedFilename(), "browsers write `_` for `?`").toBe(name.replace("?", "_"));
    const chunks: Buffer[] = [];
    for await (const chunk of await saved.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe("hello");
  });

  test("a wrong password is told, and the name is kept", async ({ page, faults }) => {
    faults.expectStatus(401);
    await page.goto("/sign-in");
    await fillSignIn(page, "not the password");
    await page.getByTestId("signin-submit").click();
    await expect(page.getByTestId("signin-error")).toBeVisible();
    await expect(page.getByTestId("signin-username")).toHaveValue(DEMO.username);
    await expect(page.getByTestId("signin-password")).toHaveValue("");
  });
});
