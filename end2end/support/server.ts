// Starts the built server on free ports with a data folder of its own.

import { ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(__dirname, "../..");
export const BINARY = resolve(ROOT, process.env.HAKO_BIN ?? "target/debug/hako");
const START_MS = 60_000;
const OURS = /^(HAKO_|HCP_|S3_|API_)/;

/** What people type to sign in to the demo. */
export const DEMO = { tenant: "demo", username: "demo", password: "demo-demo" };

/** The system administrator of the test's store. */
export const SYSTEM = { username: "admin", password: "System-admin-1" };

type Listener = "console" | "s3" | "management";

export class Hako {
  private constructor(
    private readonly folder: string,
    private process: ChildProcess,
    private readonly addresses: Record<Listener, string>,
    private readonly log: string[],
    private readonly settings: Record<string, string>,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Hako> {
    const folder = await mkdtemp(join(tmpdir(), "hako-e2e-"));
    const log: string[] = [];
    const [process, addresses] = await launch(folder, log, settings);
    return new Hako(folder, process, addresses, log, settings);
  }

  /** A Hako without a store of its own, in front of another's as a foreign one, or of what stands before that. */
  static before(store: Hako, endpoint = store.addresses.s3): Promise<Hako> {
    return Hako.start({
      STORAGE_BACKEND: "generic",
      S3_ENDPOINT_URL: endpoint,
      API_SECRET_KEY: "0123456789abcdef0123456789abcdef",
    });
  }

  /** The console's origin. */
  get console(): string {
    return this.addresses.console;
  }

  /** The port of the store's S3 endpoint; its host is the one that the browser called. */
  get s3Port(): string {
    return new URL(this.addresses.s3).port;
  }

  /** The server's process. */
  get pid(): number {
    return this.process.pid!;
  }

  /** Where the store keeps its data. */
  get data(): string {
    return join(this.folder, "data", "store");
  }

  /** Everything the server has said. */
  get output(): string {
    return this.log.join("\n");
  }

  async stop(): Promise<void> {
    await end(this.process);
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * Kills the server, store included, as a crash would; `revive` brings it back on the same ports
   * with the same data.
   */
  async crash(): Promise<void> {
    await end(this.process, "SIGKILL");
  }

  async revive(): Promise<void> {
    const before = (listener: Listener) => `127.0.0.1:${new URL(this.addresses[listener]).port}`;
    const [process] = await launch(this.folder, this.log, {
      ...this.settings,
      HAKO_ADDR: before("console"),
      HAKO_S3_ADDR: before("s3"),
      HAKO_MAPI_ADDR: before("management"),
    });
    this.process = process;
  }
}

async function launch(
  folder: string,
  log: string[],
  settings: Record<string, string>,
): Promise<[ChildProcess, Record<Listener, string>]> {
  const inherited = Object.entries(process.env).filter(([name]) => !OURS.test(name));
  const foreign = "STORAGE_BACKEND" in settings;
  const store = {
    HAKO_S3_ADDR: "127.0.0.1:0",
    HAKO_MAPI_ADDR: "127.0.0.1:0",
    HAKO_ADMIN_USERNAME: SYSTEM.username,
    HAKO_ADMIN_PASSWORD: SYSTEM.password,
  };
  const server = spawn(BINARY, foreign ? ["serve"] : ["serve", "--demo"], {
    cwd: ROOT, // where Leptos.toml and the site are
    env: {
      ...Object.fromEntries(inherited),
      HAKO_ADDR: "127.0.0.1:0",
      HAKO_DATA_DIR: join(folder, "data"),
      ...(foreign ? {} : store),
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  createInterface(server.stderr!).on("line", (line) => log.push(line));
  const found: Partial<Record<Listener, string>> = {};
  await new Promise<void>((done, fail) => {
    const failed = (why: string) => fail(new Error(`${BINARY} ${why}\n${log.join("\n")}`));
    const timer = setTimeout(() => failed("did not start in time"), START_MS);
    server.once("error", (error) => failed(`cannot be run: ${error.message}`));
    server.once("exit", (status) => failed(`ended with ${status}`));
    createInterface(server.stdout!).on("line", (line) => {
      log.push(line);
      const match = /(console|s3|management)( endpoint)?\s+(http:\/\/\S+)/i.exec(line);
      if (match) found[match[1].toLowerCase() as Listener] = new URL(match[3]).origin;
      if (found.console && (foreign || (found.s3 && found.management))) {
        clearTimeout(timer);
        done();
      }
    });
  });
  return [server, found as Record<Listener, string>];
}

async function end(server: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((done) => server.once("exit", done));
  server.kill(signal);
  await ended;
}
