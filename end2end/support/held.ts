// A store behind a proxy that holds some requests back, so that a test can act in the middle of a job.

import { type Server, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hako } from "./server";

export class Held {
  private held: (() => void)[] = [];
  private pattern: RegExp | undefined;

  private constructor(private readonly server: Server) {}

  /** In front of a store; signatures stay whole, because the host that was signed is passed on. */
  static async before(store: Hako): Promise<Held> {
    const server = createServer();
    const proxy = new Held(server);
    server.on("request", (incoming, outgoing) => {
      const { method, headers, url: path } = incoming;
      const pass = () => {
        const onward = request({ hostname: "127.0.0.1", port: store.s3Port, method, headers, path }, (answer) => {
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        });
        onward.on("error", () => outgoing.destroy());
        outgoing.on("close", () => onward.destroy());
        incoming.pipe(onward);
      };
      if (proxy.pattern?.test(path!)) proxy.held.push(pass);
      else pass();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on such requests wait. */
  hold(pattern: RegExp): void {
    this.pattern = pattern;
  }

  /** What waits goes on, and nothing waits any more. */
  letGo(): void {
    this.pattern = undefined;
    for (const pass of this.held.splice(0)) pass();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
