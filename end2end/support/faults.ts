// Collects what should not happen in a browser: console errors and warnings, uncaught exceptions,
// requests to foreign origins. A test declares the failures that belong to its story.

import { BrowserContext, ConsoleMessage, expect } from "@playwright/test";
import { Hako } from "./server";

export class Faults {
  private readonly found: string[] = [];
  private readonly expected: RegExp[] = [];

  /** The page is meant to meet answers of this status. */
  expectStatus(...statuses: number[]): void {
    for (const status of statuses) {
      this.expected.push(new RegExp(`the server responded with a status of ${status} `));
    }
  }

  /** The page is meant to say this on the console. */
  expectMessage(message: RegExp): void {
    this.expected.push(message);
  }

  watch(context: BrowserContext, hako: Hako): void {
    context.on("console", (message) => this.heard(message));
    context.on("weberror", (error) => this.found.push(`uncaught: ${error.error()}`));
    context.on("request", (request) => {
      const url = new URL(request.url());
      const known = url.port === new URL(hako.console).port || url.port === hako.s3Port;
      if (url.protocol.startsWith("http") && !(known && isLoopback(url.hostname))) {
        this.found.push(`request to a foreign origin: ${url.origin}`);
      }
    });
  }

  /** Fails when anything was found that nobody expected. */
  check(): void {
    const unexpected = this.found.filter((fault) => !this.expected.some((e) => e.test(fault)));
    expect(unexpected, "what the browser complained about").toEqual([]);
  }

  private heard(message: ConsoleMessage): void {
    if (["error", "warning", "assert"].includes(message.type())) {
      this.found.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  }
}

function isLoopback(host: string): boolean {
  return host === "127.0.0.1" || host === "localhost" || host.endsWith(".localhost");
}
