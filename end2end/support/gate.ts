// Holds back the parts of uploads inside the page, so that a test can act in the middle of one.

import type { BrowserContext, Page } from "@playwright/test";

declare global {
  interface Window {
    gate: { left: number; waiting: (() => void)[]; parts: number[] };
  }
}

/**
 * From now on every page of the context sends so many parts after each load and holds the others back.
 * To be called before the page is opened.
 */
export async function gate(context: BrowserContext, parts: number): Promise<void> {
  await context.addInitScript((left) => {
    const gate = { left, waiting: [] as (() => void)[], parts: [] as number[] };
    window.gate = gate;
    const { open, send, abort } = XMLHttpRequest.prototype;
    const numbers = new WeakMap<XMLHttpRequest, number>();
    const ended = new WeakSet<XMLHttpRequest>();
    XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...rest: unknown[]) {
      const part = /[?&](?:partNumber|part_number)=(\d+)/.exec(String(rest[1]));
      if (part) numbers.set(this, Number(part[1]));
      return open.apply(this, rest as Parameters<typeof open>);
    };
    XMLHttpRequest.prototype.abort = function () {
      ended.add(this);
      return abort.call(this);
    };
    XMLHttpRequest.prototype.send = function (body) {
      const part = numbers.get(this);
      if (part === undefined) return send.call(this, body);
      const go = () => {
        if (ended.has(this)) return;
        gate.parts.push(part);
        send.call(this, body);
      };
      if (gate.left > 0) {
        gate.left -= 1;
        return go();
      }
      gate.waiting.push(go);
    };
  }, parts);
}

/** Lets so many more parts go; all by default. */
export async function letGo(page: Page, parts = Number.MAX_SAFE_INTEGER): Promise<void> {
  await page.evaluate((parts) => {
    const gate = window.gate;
    gate.left += parts;
    while (gate.left > 0 && gate.waiting.length > 0) {
      gate.left -= 1;
      gate.waiting.shift()!();
    }
  }, parts);
}

/** The numbers of the parts that the page has sent since it was loaded. */
export function partsSent(page: Page): Promise<number[]> {
  return page.evaluate(() => window.gate.parts);
}
