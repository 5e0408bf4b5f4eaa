// `test` with a running server, a guard against browser faults, and the words of the console.

import { BrowserContext, Locator, Page, expect, test as base } from "@playwright/test";
import { Faults } from "./faults";
import { DEMO, Hako, SYSTEM } from "./server";

export { DEMO, Hako, SYSTEM, expect };
export type { Page };

type TestFixtures = {
  faults: Faults;
  /** A bucket of this test alone; its name. */
  bucket: string;
};

type WorkerFixtures = {
  /** Settings of the server beside the usual ones. Tests with other settings have another server. */
  settings: Record<string, string>;
  hako: Hako;
};

/** The servers whose people may have more buckets than HCP gives them: one serves many tests. */
const roomy = new WeakSet<Hako>();

export const test = base.extend<TestFixtures, WorkerFixtures>({
  settings: [{}, { option: true, scope: "worker" }],
  hako: [
    async ({ settings }, use) => {
      const hako = await Hako.start(settings);
      await use(hako);
      await hako.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  baseURL: async ({ hako }, use) => use(hako.console),
  faults: [
    async ({ context, hako }, use) => {
      const faults = new Faults();
      faults.watch(context, hako);
      await use(faults);
      faults.check();
    },
    { auto: true },
  ],
  bucket: async ({ context, hako }, use) => {
    await signInByApi(context, hako);
    if (!roomy.has(hako)) {
      roomy.add(hako);
      // A store of somebody else has no such limit, and no management.
      const data = { maxNamespacesPerUser: 10_000 };
      await context.request.post(`${hako.console}/api/v1/mapi/tenants/${DEMO.tenant}`, { data, headers: { Origin: hako.console } });
    }
    const name = `e2e-${Date.now().toString(36)}-${process.pid}`;
    await api(context, hako, "/buckets", { data: { bucket: name } });
    await use(name);
  },
});

/** Posts to the API with the browser's session. */
export async function api(
  context: BrowserContext,
  hako: Hako,
  path: string,
  options: Parameters<BrowserContext["request"]["post"]>[1],
): Promise<unknown> {
  const answer = await context.request.post(`${hako.console}/api/v1${path}`, {
    ...options,
    headers: { Origin: hako.console, ...options?.headers },
  });
  expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return answer.json();
}

/** Gives the browser a session without the sign-in page. */
export async function signInByApi(context: BrowserContext, hako: Hako): Promise<void> {
  await api(context, hako, "/session", { data: DEMO });
}

/** Stores a small object. */
export async function store(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
  key: string,
  body: string | Buffer,
): Promise<void> {
  await api(context, hako, `/buckets/${bucket}/object?key=${encodeURIComponent(key)}`, {
    multipart: { file: { name: "file", mimeType: "text/plain", buffer: Buffer.from(body) } },
  });
}

/** The keys that the store lists. */
export async function keys(context: BrowserContext, hako: Hako, bucket: string): Promise<string[]> {
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/objects`);
  expect(answer.ok()).toBe(true);
  return (await answer.json()).objects.map((entry: { key: string }) => entry.key);
}

/** Waits until the page's buttons do something. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator('[data-hydrated="true"]').first().waitFor({ state: "attached" });
}

/** Opens a page and waits until it is alive. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/** Loads the page again and waits until it is alive: who goes on before breaks off what it fetches. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await hydrated(page);
}

export async function openBucket(page: Page, bucket: string, prefix = ""): Promise<void> {
  const query = prefix ? `?prefix=${encodeURIComponent(prefix)}` : "";
  await open(page, `/buckets/${bucket}${query}`);
}

export async function fillSignIn(page: Page, password: string = DEMO.password): Promise<void> {
  await page.getByTestId("signin-tenant").fill(DEMO.tenant);
  await page.getByTestId("signin-username").fill(DEMO.username);
  await page.getByTestId("signin-password").fill(password);
}

/** The row of a file or folder, by its name within the folder shown. */
export function fileRow(page: Page, name: string): Locator {
  return page.locator(`[data-testid="file-row"][data-name=${JSON.stringify(name)}]`);
}

/** The dock's line of an upload, by its key. */
export function uploadRow(page: Page, key: string): Locator {
  return page.locator(`[data-testid="upload-row"][data-key=${JSON.stringify(key)}]`);
}

/** Waits until an upload has come to a state. */
export async function uploadState(page: Page, key: string, state: string, timeout = 10_000): Promise<void> {
  await expect(uploadRow(page, key)).toHaveAttribute("data-state", state, { timeout });
}
