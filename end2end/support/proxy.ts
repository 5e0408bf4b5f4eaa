// The console under another address, as behind a reverse proxy.

import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";

/** Serves the console under an origin of its own while the block runs. The page leaves it at the end. */
export async function withProxy(page: Page, console: string, work: (origin: string) => Promise<void>): Promise<void> {
  const { hostname, port } = new URL(console);
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url: path } = incoming;
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
    await work(`http://localhost:${(proxy.address() as AddressInfo).port}`);
    // What the page still loads would find nobody there.
    await page.goto("about:blank");
  } finally {
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
  }
}
