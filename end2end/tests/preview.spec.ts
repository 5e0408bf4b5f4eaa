// The preview of the drawer: each kind, its limits, and files that would like to do more than be looked at.

import { randomBytes } from "node:crypto";
import { type BrowserContext, type Request, chromium } from "@playwright/test";
import { WHOLE } from "../support/browsers";
import { checkAccessibility, checkNarrow, shots } from "../support/looks";
import { avif, drawn, gif, pdf, png, wav, zip } from "../support/samples";
import { type Hako, type Page, expect, open, openBucket, test } from "../support/test";

const MB = 1024 * 1024;

async function put(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
  key: string,
  body: string | Buffer,
  type = "application/octet-stream",
): Promise<void> {
  const answer = await context.request.put(
    `${hako.console}/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`,
    { data: body, headers: { Origin: hako.console, "content-type": type } },
  );
  expect(answer.ok(), await answer.text()).toBe(true);
}

const address = (bucket: string, key: string) => `/buckets/${bucket}?o=${encodeURIComponent(key)}&tab=preview`;
const preview = (page: Page) => page.getByTestId("preview");

/** Opens the preview of an object. */
async function look(page: Page, bucket: string, key: string): Promise<void> {
  await open(page, address(bucket, key));
  await expect(page.getByTestId("drawer-tab-preview")).toHaveAttribute("aria-current", "page");
}

/**
 * Looks at a PDF in a browser of its own: this one's viewer sometimes takes the whole browser with it when one goes on
 * to another page.
 */
async function lookWithViewer(context: BrowserContext, hako: Hako, bucket: string, key: string, act: (page: Page) => Promise<void>) {
  const own = await chromium.launch(WHOLE);
  try {
    const there = await own.newContext({ baseURL: hako.console, storageState: await context.storageState() });
    const page = await there.newPage();
    await look(page, bucket, key);
    await act(page);
  } finally {
    await own.close().catch(() => undefined);
  }
}

/** What the page fetches from objects. */
class Fetched {
  /** What was begun: a player may leave off before the end. */
  readonly begun: Request[] = [];
  readonly requests: Request[] = [];

  constructor(page: Page) {
    const isOurs = (request: Request) => /\/object\/(preview|archive)/.test(request.url());
    page.on("request", (request) => isOurs(request) && this.begun.push(request));
    page.on("requestfinished", (request) => isOurs(request) && this.requests.push(request));
  }

  async bytes(): Promise<number> {
    const sizes = await Promise.all(this.requests.map((request) => request.sizes()));
    return sizes.reduce((sum, size) => sum + size.responseBodySize, 0);
  }
}

async function isDrawn(page: Page): Promise<void> {
  await expect(page.getByTestId("preview-image")).toBeVisible();
  const width = () => page.getByTestId("preview-image").evaluate((image: HTMLImageElement) => image.naturalWidth);
  await expect.poll(width).toBeGreaterThan(0);
}

test("DRW-1 each kind of preview renders its sample, text, tables, trees and Markdown", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await put(context, hako, bucket, "a.log", "first line\n  second <b>line</b>\n");
  await put(context, hako, bucket, "a.md", "# Title\n\nSome *words*, a [link](a.log).\n\n- [x] done\n\n| h |\n|---|\n| c |\n\n![p](p.png)\n");
  await put(context, hako, bucket, "p.png", png());
  await put(context, hako, bucket, "a.json", '{"name": "Ada", "list": [1, 2, {"deep": true}]}');
  await put(context, hako, bucket, "a.ndjson", '{"a": 1}\nnonsense\n[2]\n');
  await put(context, hako, bucket, "a.csv", "name;size\nAda;1,5\nBo;2\n");
  await put(context, hako, bucket, "a.tsv", "name\tsize\nAda\t1\n");
  await put(context, hako, bucket, "a.bin", Buffer.from([0, 1, 2, 72, 105]));
  await put(context, hako, bucket, "old.txt", Buffer.from([0x72, 0xe4, 0x6b]));

  await openBucket(page, bucket);
  await page.locator('[data-name="a.log"]').getByRole("link").click();
  await page.getByTestId("drawer-tab-preview").click();
  await expect(page.getByTestId("preview-text").locator(".line")).toHaveText(["first line", "second <b>line</b>"]);
  await expect(page).toHaveURL(/tab=preview/);
  const number = await page.getByTestId("preview-text").locator(".line").nth(1)
    .evaluate((line) => getComputedStyle(line, "::before").content);
  expect(number).toContain("counter");
  // Going on keeps the tab.
  await page.getByTestId("drawer-next").click();
  await expect(page.getByTestId("preview-markdown").getByRole("heading", { name: "Title" })).toBeVisible();
  await expect(page.getByTestId("preview-markdown").getByRole("cell", { name: "c" })).toBeVisible();
  await page.getByTestId("preview-picture").click();
  await expect(page.getByTestId("preview-markdown").getByRole("img", { name: "p" })).toBeVisible();
  await page.getByRole("button", { name: "Source" }).click();
  await expect(page.getByTestId("preview-text")).toContainText("# Title");
  await page.getByRole("button", { name: "Rendered" }).click();
  await page.getByTestId("preview-markdown").getByRole("link", { name: "link" }).click();
  await expect(page.getByTestId("drawer-title")).toHaveText("a.log");

  await look(page, bucket, "a.json");
  const tree = page.getByTestId("preview-tree");
  await expect(tree).toContainText("Ada");
  await tree.locator("details details details summary").click();
  await expect(tree.getByText("deep")).toBeVisible();
  await tree.getByText("true").click();
  await expect(page.getByTestId("preview-path")).toHaveText("/list/2/deep");
  await look(page, bucket, "a.ndjson");
  await expect(tree).toContainText("nonsense");

  await look(page, bucket, "a.csv");
  const table = page.getByTestId("preview-table");
  await expect(table.getByRole("columnheader")).toHaveText(["name", "size"]);
  await expect(table.getByRole("cell")).toHaveText(["Ada", "1,5", "Bo", "2"]);
  await page.getByTestId("preview-delimiter").selectOption("comma");
  await expect(table.getByRole("cell").filter({ hasText: "Ada;1" })).toBeVisible();
  await page.getByTestId("preview-delimiter").selectOption("semicolon");
  await expect(table.getByRole("cell")).toHaveText(["Ada", "1,5", "Bo", "2"]);
  await page.getByTestId("preview-header").uncheck();
  await expect(table.getByRole("columnheader")).toHaveCount(0);

  await look(page, bucket, "a.tsv");
  await expect(table.getByRole("cell")).toHaveText(["Ada", "1"]);

  await look(page, bucket, "old.txt");
  await expect(page.getByTestId("preview-text")).toContainText("räk");
  await page.getByTestId("preview-encoding").selectOption("windows-1251");
  await expect(page.getByTestId("preview-text")).toContainText("rдk");

  await look(page, bucket, "a.bin");
  await page.getByTestId("preview-load").click();
  await expect(page.getByTestId("preview-hex")).toContainText("00 01 02 48 69");
  await expect(page.getByTestId("preview-hex")).toContainText("···Hi");
});

test("DRW-1 what is chosen before the drawer's own code is there is not lost", async ({ page, context, hako, bucket }) => {
  await put(context, hako, bucket, "old.txt", Buffer.from([0x72, 0xe4, 0x6b]));
  await put(context, hako, bucket, "a.csv", "name;size\nAda;1,5\n");
  // The code of the page may come, that of the drawer waits.
  const held: (() => void)[] = [];
  await page.route("**/*files_drawer*.wasm", async (route) => {
    await new Promise<void>((go) => held.push(go));
    await route.continue();
  });
  for (const [key, choose, shown] of [
    [
      "old.txt",
      async () => {
        await page.getByTestId("preview-encoding").selectOption("windows-1251");
        await page.getByTestId("preview-wrap").uncheck();
      },
      async () => {
        await expect(page.getByTestId("preview-text")).toContainText("rдk");
        await expect(page.getByTestId("preview-encoding")).toHaveValue("windows-1251");
      },
    ],
    [
      "a.csv",
      async () => {
        await page.getByTestId("preview-header").uncheck();
      },
      async () => {
        await expect(page.getByTestId("preview-table").getByRole("columnheader")).toHaveCount(0);
        await expect(page.getByTestId("preview-table").getByRole("cell", { name: "Ada" })).toBeVisible();
      },
    ],
  ] as const) {
    await look(page, bucket, key);
    await expect.poll(() => held.length).toBeGreaterThan(0);
    await expect(page.locator(".drawer-plain")).toBeVisible();
    await choose();
    for (const go of held.splice(0)) go();
    await expect(page.locator(".drawer-plain")).toHaveCount(0);
    await shown();
  }
});

test("DRW-1 each kind of preview renders its sample, pictures, sound, film, documents", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await openBucket(page, bucket);
  const samples: Record<string, Buffer> = {
    "a.png": png(),
    "a.gif": gif,
    "a.avif": avif,
    "a.jpg": await drawn(page, "image/jpeg"),
    "a.webp": await drawn(page, "image/webp"),
    "a.svg": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" style="fill:teal"/></svg>'),
  };
  for (const [key, body] of Object.entries(samples)) {
    await put(context, hako, bucket, key, body);
    await look(page, bucket, key);
    await isDrawn(page);
  }
  await look(page, bucket, "a.png");
  await isDrawn(page);
  await page.getByRole("button", { name: "Larger" }).click();
  await expect(page.getByTestId("preview-zoom")).toHaveText("150 %");
  await expect.poll(() => page.getByTestId("preview-image").evaluate((image) => image.clientWidth)).toBe(96);
  await page.getByRole("button", { name: "Rotate" }).click();
  await expect(page.getByTestId("preview-image")).toHaveCSS("rotate", "90deg");
  await page.getByRole("button", { name: "Another background" }).click();
  await expect(page.locator(".preview-picture")).toHaveAttribute("data-ground", "light");
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  await expect(page.getByTestId("preview-zoom")).toHaveText("Fit");

  const length = (name: string) => page.getByTestId(name).evaluate((media: HTMLMediaElement) => media.readyState);
  await put(context, hako, bucket, "a.wav", wav());
  await look(page, bucket, "a.wav");
  await expect.poll(() => length("preview-audio")).toBeGreaterThan(0);
  await put(context, hako, bucket, "a.webm", await drawn(page, "video/webm"));
  await look(page, bucket, "a.webm");
  await expect.poll(() => length("preview-video")).toBeGreaterThan(0);
  expect(await page.getByTestId("preview-video").evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);

  await put(context, hako, bucket, "a.pdf", pdf());
  await lookWithViewer(context, hako, bucket, "a.pdf", async (own) => {
    const viewer = await own.evaluate(() => navigator.pdfViewerEnabled);
    await expect(own.getByTestId(viewer ? "preview-pdf" : "preview-open")).toBeVisible();
  });

  // The name lies: the content is shown, and that is said.
  await put(context, hako, bucket, "lie.png", "<html><body>text</body></html>", "image/png");
  await look(page, bucket, "lie.png");
  await expect(page.getByTestId("preview-note")).toContainText("image/png");
  await expect(page.getByTestId("preview-note")).toContainText("text/html");
  await expect(page.getByTestId("preview-text")).toContainText("<body>");
});

test("DRW-1 nothing above its limit is requested before the click, and ranges are used for text and video", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.slow();
  await put(context, hako, bucket, "large.png", png(64, 48, 25 * MB));
  await put(context, hako, bucket, "large.json", `[${"1, ".repeat(2_000_000)}1]`);
  const lines = Array.from({ length: 300_000 }, (_, at) => `line ${at} of a log that goes on and on`);
  await put(context, hako, bucket, "large.log", lines.join("\n"));
  await put(context, hako, bucket, "long.wav", wav(2_000));

  await openBucket(page, bucket);
  const fetched = new Fetched(page);
  await page.locator('[data-name="large.png"]').getByRole("link").click();
  await page.getByTestId("drawer-tab-preview").click();
  await expect(page.getByTestId("preview-load")).toHaveText("Load 25 MB");
  expect(await fetched.bytes()).toBeLessThan(10_000);
  await page.getByTestId("preview-load").click();
  await isDrawn(page);
  await expect.poll(() => fetched.bytes()).toBeGreaterThan(25 * MB);

  const json = new Fetched(page);
  await page.getByTestId("drawer-previous").click();
  await expect(page.getByTestId("drawer-title")).toHaveText("large.log");
  await expect(page.getByTestId("preview-text")).toContainText("line 0 of");
  expect(await json.bytes()).toBeLessThan(MB);
  const count = () => page.getByTestId("preview-text").locator(".line").count();
  const first = await count();
  await expect(page.getByTestId("preview-load")).toHaveText("Load the next 512 KB");
  await page.getByTestId("preview-load").click();
  await expect.poll(count).toBeGreaterThan(first);
  await expect(page.getByTestId("preview-text").locator(".line").nth(first)).toHaveText(lines[first]);
  expect(await json.bytes()).toBeLessThan(2 * MB);
  expect(json.requests.some((request) => /[?&]start=\d+/.test(request.url()))).toBe(true);
  await page.getByTestId("preview-end").click();
  await expect(page.getByTestId("preview-text")).toContainText("line 299999 of");
  expect(await json.bytes()).toBeLessThan(3 * MB);

  const tree = new Fetched(page);
  await page.getByTestId("drawer-previous").click();
  await expect(page.getByTestId("drawer-title")).toHaveText("large.json");
  await expect(page.getByTestId("preview-note")).toContainText("larger than 5 MB");
  expect(await tree.bytes()).toBeLessThan(MB);

  await put(context, hako, bucket, "film.webm", await drawn(page, "video/webm"));
  for (const [key, testid] of [["film.webm", "preview-video"], ["long.wav", "preview-audio"]]) {
    const media = new Fetched(page);
    await look(page, bucket, key);
    const ready = () => page.getByTestId(testid).evaluate((media: HTMLMediaElement) => media.readyState);
    await expect.poll(ready).toBeGreaterThan(0);
    const ranges = await Promise.all(media.begun.map(async (request) => (await request.allHeaders()).range));
    const answers = await Promise.all(media.begun.map(async (request) => (await request.response())?.status()));
    expect(ranges.some((range) => range?.startsWith("bytes=")), key).toBe(true);
    expect(answers, key).toContain(206);
  }
});

test("DRW-2 no script runs and nothing elsewhere is asked for, whatever a file holds", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const script = "<script>top.ran = true; document.title = 'ran'; fetch('https://elsewhere.example/a')</script>";
  const image = '<img src="https://elsewhere.example/b.png" onerror="top.ran = true">';
  const files: Record<string, [string, string]> = {
    "a.html": ["text/html", `<!DOCTYPE html><html><body>${script}${image}</body></html>`],
    "a.svg": [
      "image/svg+xml",
      `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="top.ran = true">${script}` +
      '<image href="https://elsewhere.example/c.png"/><rect width="40" height="40"/></svg>',
    ],
    "a.md": ["text/markdown", `# Title\n\n${script}\n\n${image}\n\n![far](https://elsewhere.example/d.png) [go](javascript:top.ran=true)\n`],
    "page.png": ["image/png", `<html><body>${script}</body></html>`],
  };
  for (const [key, [type, body]] of Object.entries(files)) await put(context, hako, bucket, key, body, type);
  await put(context, hako, bucket, "a.pdf", pdf(), "application/pdf");
  await put(context, hako, bucket, "a.zip", zip({ "in.html": Buffer.from(files["a.html"][1]) }));
  const ranIn = (one: Page) => one.evaluate(() => (window as unknown as { ran?: boolean }).ran ?? document.title === "ran");
  const ran = () => ranIn(page);

  await look(page, bucket, "a.html");
  await expect(page.getByTestId("preview-text")).toContainText("<script>top.ran");
  expect(await ran()).toBe(false);
  await look(page, bucket, "a.svg");
  await isDrawn(page);
  expect(await ran()).toBe(false);
  await look(page, bucket, "a.md");
  await expect(page.getByTestId("preview-absent")).toContainText("far");
  await expect(preview(page).locator("script, img, iframe, [onerror], [href^='javascript']")).toHaveCount(0);
  await expect(page.getByTestId("preview-markdown")).toContainText("go");
  await expect(preview(page).getByRole("link")).toHaveCount(0);
  expect(await ran()).toBe(false);
  await look(page, bucket, "page.png");
  await expect(page.getByTestId("preview-text")).toContainText("<script>");
  await lookWithViewer(context, hako, bucket, "a.pdf", async (own) => {
    await expect(own.getByTestId("preview-pdf").or(own.getByTestId("preview-open"))).toBeVisible();
    expect(await ranIn(own)).toBe(false);
  });
  await look(page, bucket, "a.zip");
  await page.getByTestId("archive-open").click();
  await expect(page.getByTestId("preview-text")).toContainText("<script>");

  // Whoever opens the bytes themselves gets a text, or a download, and in both nothing runs.
  const bytes = (key: string) => `${hako.console}/api/v1/buckets/${bucket}/object/preview?key=${key}`;
  for (const at of [bytes("a.html"), `${hako.console}/api/v1/buckets/${bucket}/object/archive/entry?key=a.zip&entry=0`]) {
    await page.goto(at);
    expect(await page.evaluate(() => document.contentType)).toBe("text/plain");
    expect(await page.evaluate(() => document.body.textContent)).toContain("<script>");
    expect(await page.evaluate(() => [window.origin, document.scripts.length])).toEqual(["null", 0]);
    expect(await ran()).toBe(false);
  }
  await openBucket(page, bucket);
  const download = page.waitForEvent("download");
  await page.evaluate((at) => window.location.assign(at), bytes("a.svg"));
  expect((await download).suggestedFilename()).toBe("a.svg");
  // Nobody else's page may show them.
  const answer = await context.request.get(bytes("a.html"));
  expect(answer.headers()["cross-origin-resource-policy"]).toBe("same-origin");
  expect(answer.headers()["content-security-policy"]).toMatch(/frame-ancestors 'none'.*sandbox$/);
});

test("DRW-10 the entries of an archive are listed and one is read without downloading it", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const archive = zip({
    "noise.bin": randomBytes(4 * MB),
    "docs/read me.txt": Buffer.from("what is in the archive\n".repeat(20)),
    "docs/deep/p.png": png(),
    "more.bin": randomBytes(2 * MB),
  });
  await put(context, hako, bucket, "a.zip", archive);
  await openBucket(page, bucket);
  const fetched = new Fetched(page);
  await page.locator('[data-name="a.zip"]').getByRole("link").click();
  await page.getByTestId("drawer-tab-preview").click();
  await expect(page.getByTestId("archive-file")).toHaveCount(2);
  await page.getByTestId("archive-folder").getByRole("button", { name: "docs" }).click();
  await expect(page.getByTestId("archive-here")).toHaveText("docs/");
  const read = Number(await page.getByTestId("archive-read").getAttribute("data-read"));
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(archive.length / 50);
  await page.getByRole("link", { name: "read me.txt", exact: true }).click();
  await expect(page.getByTestId("preview-text").locator(".line")).toHaveCount(20);
  await expect(page.getByTestId("preview-text")).toContainText("what is in the archive");
  await page.getByTestId("archive-back").click();
  await page.getByTestId("archive-folder").getByRole("button", { name: "deep" }).click();
  await page.getByRole("link", { name: "p.png", exact: true }).click();
  await isDrawn(page);
  await page.getByTestId("archive-back").click();
  const download = page.waitForEvent("download");
  await page.getByTestId("archive-download").click();
  expect(Buffer.concat(await (await (await download).createReadStream()).toArray())).toEqual(png());
  expect(fetched.requests.length).toBeGreaterThan(3);
  expect(await fetched.bytes()).toBeLessThan(archive.length / 20);
});

test("DRW-11 axe finds nothing in the tab of the preview, and it fits a phone", async ({ page, context, hako, bucket }) => {
  test.slow();
  await put(context, hako, bucket, "a.md", "# Title\n\n[link](b) `code`\n\n> said\n\n```\ncode\n```\n\n| h |\n|---|\n| c |\n\n![p](a.png)\n");
  await put(context, hako, bucket, "a.json", '{"name": "Ada", "n": null, "list": [1.5, {"deep": true}]}');
  await put(context, hako, bucket, "a.csv", "name,size\nAda,1\n");
  await put(context, hako, bucket, "a.txt", "words\n".repeat(30));
  await put(context, hako, bucket, "a.png", png());
  await put(context, hako, bucket, "a.zip", zip({ "d/a": Buffer.from("a"), "b.txt": Buffer.from("b") }));
  for (const key of ["a.md", "a.json", "a.csv", "a.txt", "a.png", "a.zip"]) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await look(page, bucket, key);
    await expect(preview(page).or(page.getByTestId("preview-archive"))).toBeVisible();
    await checkAccessibility(page);
    await checkNarrow(page);
    const shots = process.env.HAKO_SHOTS;
    for (const [colorScheme, width] of shots ? [["light", 1280], ["dark", 1280], ["light", 320], ["dark", 320]] as const : []) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: `${shots}/${key}-${colorScheme}-${width}.png` });
    }
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the preview is a part of the page, and entries of archives are links", async ({ page, context, hako, bucket }) => {
    await put(context, hako, bucket, "a.csv", "name,size\nAda,1\n");
    await put(context, hako, bucket, "a.txt", "first\nsecond\n");
    await put(context, hako, bucket, "a.zip", zip({ "in.txt": Buffer.from("inside") }));
    await page.goto(address(bucket, "a.txt"));
    await expect(page.getByTestId("preview-text").locator(".line")).toHaveText(["first", "second"]);
    await expect(page.getByTestId("preview-wrap")).toBeHidden();
    await page.goto(address(bucket, "a.csv"));
    await expect(page.getByTestId("preview-table").getByRole("cell")).toHaveText(["Ada", "1"]);
    await page.goto(address(bucket, "a.zip"));
    const link = page.getByTestId("archive-open");
    await expect(link).toHaveText("in.txt");
    await page.goto(`${hako.console}${await link.getAttribute("href")}`);
    await expect(page.locator("body")).toHaveText("inside");
  });
});
