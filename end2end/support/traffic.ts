// Watches where a page sends its bytes.

import type { Page, Request } from "@playwright/test";
import type { Hako } from "./server";

declare global {
  interface Window {
    partsUnderWay: { now: number; most: number };
  }
}

export class Traffic {
  /** The part numbers that were put to the store, in order of their beginning. */
  readonly parts: number[] = [];
  private readonly toStore: Request[] = [];
  private readonly toConsole: Request[] = [];

  private constructor(private readonly page: Page, private readonly hako: Hako) {
    page.on("request", (request) => this.began(request));
  }

  static async watch(page: Page, hako: Hako): Promise<Traffic> {
    await page.evaluate(countPartsUnderWay);
    return new Traffic(page, hako);
  }

  /** The most parts that the page had under way at one time. */
  mostAtOnce(): Promise<number> {
    return this.page.evaluate(() => window.partsUnderWay.most);
  }

  /** The largest body that went to the console, in bytes. */
  async largestToConsole(): Promise<number> {
    return Math.max(0, ...(await Promise.all(this.toConsole.map(bodySize))));
  }

  /** All bytes of parts that went to the store. */
  async bytesToStore(): Promise<number> {
    const sizes = await Promise.all(this.toStore.map(bodySize));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  private began(request: Request): void {
    const url = new URL(request.url());
    if (url.origin === this.hako.console) {
      this.toConsole.push(request);
      return;
    }
    const part = url.searchParams.get("partNumber");
    if (request.method() === "PUT" && part !== null) {
      this.parts.push(Number(part));
      this.toStore.push(request);
    }
  }
}

async function bodySize(request: Request): Promise<number> {
  const headers = await request.allHeaders();
  return Number(headers["content-length"] ?? 0);
}

/**
 * Counts inside the page: seen from outside, the end of one request and the beginning of the next
 * arrive in no certain order.
 */
function countPartsUnderWay(): void {
  const count = { now: 0, most: 0 };
  window.partsUnderWay = count;
  const { open, send } = XMLHttpRequest.prototype;
  const parts = new WeakSet<XMLHttpRequest>();
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...rest: unknown[]) {
    if (String(rest[1]).includes("partNumber=")) {
      parts.add(this);
      // Before the page's own listeners, which may begin the next part.
      this.addEventListener("readystatechange", () => {
        if (this.readyState === XMLHttpRequest.DONE) count.now -= 1;
      });
    }
    return open.apply(this, rest as Parameters<typeof open>);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (parts.has(this)) {
      count.now += 1;
      count.most = Math.max(count.most, count.now);
    }
    return send.call(this, body);
  };
}
