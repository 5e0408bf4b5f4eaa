// The product below a path of a host that it shares with others, behind a reverse proxy.

import { createServer, request } from "node:http";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import type { BrowserContext, Page } from "@playwright/test";
import { MB, drop, randomFile, sha256, withFolder } from "../support/files";
import { pagesOf } from "../support/pages";
import { token } from "../support/sessions";
import { DEMO, type Hako, expect, fileRow, fillSignIn, hydrated, test, uploadState } from "../support/test";
import { SMALL_PARTS } from "../support/uploads";

const ROOT = "/hako";

test.use({ settings: { ROOT_PATH: ROOT, ...SMALL_PARTS } });

/** A proxy that has nothing but Hako, at `/hako`; it keeps that in the path, or takes it off. What else is asked for is noted. */
async function shared(
  hako: Hako,
  keeps: boolean,
  work: (site: string, astray: string[]) => Promise<void>,
): Promise<void> {
  const { hostname, port } = new URL(hako.console);
  const astray: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url = "" } = incoming;
    if (!new RegExp(`^${ROOT}($|[/?])`).test(url)) {
      astray.push(`${method} ${url}`);
      outgoing.writeHead(404).end();
      return;
    }
    const path = keeps ? url : url.slice(ROOT.length).replace(/^(?!\/)/, "/");
    const onward = request({ hostname, port, method, headers, path }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  try {
    await work(`http://localhost:${(proxy.address() as AddressInfo).port}${ROOT}`, astray);
  } finally {
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
  }
}

/** A bucket which the page's own origin may send to. */
async function bucketFor(hako: Hako, name: string): Promise<void> {
  const headers = { Authorization: `Bearer ${await token(hako, DEMO)}`, "Content-Type": "application/json" };
  const call = async (method: string, path: string, body: unknown) => {
    const answer = await fetch(`${hako.console}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    expect(answer.ok, `${path}: ${answer.status} ${await answer.text()}`).toBe(true);
  };
  await call("POST", "/buckets", { bucket: name });
  await call("PUT", `/buckets/${name}/cors`, {
    CORSRules: [
      { AllowedOrigins: ["*"], AllowedMethods: ["GET", "PUT", "HEAD"], AllowedHeaders: ["*"], ExposeHeaders: ["ETag"] },
    ],
  });
}

/** The addresses of the document that lead out of the path. */
const leading = (page: Page): Promise<string[]> =>
  page.evaluate((root) => {
    const out: string[] = [];
    for (const name of ["href", "src", "action", "formaction", "poster"]) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        const text = element.getAttribute(name)!;
        const below = text === root || text.startsWith(`${root}/`) || text.startsWith(`${root}?`);
        if (text.startsWith("/") && !below) out.push(`${element.localName} ${name}=${text}`);
      }
    }
    return out;
  }, ROOT);

async function signIn(page: Page, site: string): Promise<void> {
  await fillSignIn(page);
  await page.getByTestId("signin-submit").click();
  await expect(page).toHaveURL(`${site}/buckets`);
}

const cookiesBelow = async (context: BrowserContext) =>
  expect((await context.cookies()).filter((cookie) => cookie.path !== ROOT && !cookie.path.startsWith(`${ROOT}/`))).toEqual([]);

for (const keeps of [true, false]) {
  test(`ALL-14 below ${ROOT} every link, asset, form, request and redirect stays there; the proxy ${keeps ? "keeps" : "takes off"} the path`, async ({
    page,
    context,
    hako,
    faults,
  }) => {
    test.setTimeout(90_000);
    const bucket = `below-${keeps ? "kept" : "off"}-${Date.now().toString(36)}`;
    await bucketFor(hako, bucket);
    await shared(hako, keeps, async (site, astray) => {
      faults.expectMessage(new RegExp(`foreign origin: ${new URL(site).origin}$`));
      await page.goto(`${site}/buckets/${bucket}?prefix=a%2F`);
      await expect(page).toHaveURL(/\/hako\/sign-in\?/);
      await hydrated(page);
      await fillSignIn(page);
      await page.getByTestId("signin-submit").click();
      await expect(page).toHaveURL(`${site}/buckets/${bucket}?prefix=a%2F`);
      await hydrated(page);
      await cookiesBelow(context);

      // By the page's own links, as far as the chunks that are loaded on the way.
      await page.getByTestId("breadcrumb").getByRole("link", { name: bucket, exact: true }).click();
      await expect(page).toHaveURL(`${site}/buckets/${bucket}`);
      await withFolder(async (folder) => {
        const file = join(folder, "large & ö.bin");
        const sum = await randomFile(file, 11 * MB);
        await drop(page, file);
        await uploadState(page, "large & ö.bin", "done", 60_000);
        await fileRow(page, "large & ö.bin").locator(".name-link").click();
        await expect(page).toHaveURL(/o=large/);
        const download = page.waitForEvent("download");
        await page.getByTestId("drawer-download").click();
        expect(await sha256((await (await download).path())!)).toBe(sum);
      });
      await page.reload();
      await hydrated(page);
      await expect(page.getByTestId("drawer")).toBeVisible();
      expect(await leading(page)).toEqual([]);
      await page.goBack();

      for (const path of keeps ? pagesOf(bucket) : [`/buckets/${bucket}`, "/credentials"]) {
        await page.goto(site + path);
        await hydrated(page);
        expect(await leading(page), path).toEqual([]);
      }
      for (const [link, path] of [["nav-buckets", "/buckets"], ["nav-links", "/links"], ["nav-usage", "/usage"]] as const) {
        await page.getByTestId(link).click();
        await expect(page).toHaveURL(site + path);
        await expect(page.getByTestId("page-title").or(page.locator("h1")).first()).toBeVisible();
        expect(await leading(page), path).toEqual([]);
      }

      // What is given to others leads back there.
      const link = await page.evaluate(
        async ({ site, bucket }) => {
          const answer = await fetch(`${site}/api/v1/links`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ bucket, key: "large & ö.bin", kind: "download" }),
          });
          return { status: answer.status, body: await answer.json() };
        },
        { site, bucket },
      );
      expect(link.body.url, JSON.stringify(link)).toMatch(new RegExp(`^${site}/l/`));
      const visitor = await context.browser()!.newContext();
      const theirs = await visitor.newPage();
      await theirs.goto(link.body.url);
      await expect(theirs.locator("h1")).toBeVisible();
      expect(await leading(theirs)).toEqual([]);
      const document = await (await visitor.request.get(`${site}/openapi.json`)).json();
      expect(document.servers).toEqual([{ url: ROOT }]);
      await theirs.goto(`${site}/docs`);
      await expect(theirs.locator("#operations-tag-Objects, .opblock-tag").first()).toBeVisible();
      await theirs.goto(`${site}/redoc`);
      await expect(theirs.locator("h1").first()).toBeVisible();
      expect(await leading(theirs)).toEqual([]);
      await visitor.close();

      await page.goto(`${site}/sign-out`);
      await hydrated(page);
      await page.locator("main").getByRole("button").first().click();
      await expect(page).toHaveURL(/\/hako\/sign-in/);
      await page.goto("about:blank");
      expect(astray).toEqual([]);
    });
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test(`ALL-14 below ${ROOT} forms lead there without scripts too`, async ({ page, context, hako, faults }) => {
    await shared(hako, false, async (site, astray) => {
      faults.expectMessage(new RegExp(`foreign origin: ${new URL(site).origin}$`));
      await page.goto(site);
      await expect(page).toHaveURL(`${site}/sign-in?next=%2Fbuckets`);
      await signIn(page, site);
      await cookiesBelow(context);
      const name = `plain-${Date.now().toString(36)}`;
      await page.getByTestId("bucket-create").click();
      const create = page.getByTestId("bucket-create-dialog");
      await create.getByTestId("bucket-name").fill(name);
      await create.getByTestId("confirm-submit").click();
      await expect(page).toHaveURL(new RegExp(`^${site}/buckets`));
      await page.goto(`${site}/buckets/${name}`);
      await expect(page.locator("h1")).toContainText(name);
      expect(astray).toEqual([]);
    });
  });
});

test("ALL-14 what lies at a path like the root is not taken for it", async ({ hako }) => {
  const at = (path: string) => fetch(hako.console + path, { redirect: "manual" });
  const answer = await at(`${ROOT}?x=1`);
  expect([answer.status, answer.headers.get("location")]).toEqual([307, `${ROOT}/?x=1`]);
  expect((await at(`${ROOT}/health`)).status).toBe(200);
  expect((await at("/health")).status).toBe(200);
  expect((await at(`${ROOT}x/health`)).status).not.toBe(200);
});
