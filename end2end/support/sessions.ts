// Other tenants and accounts, made beside the browser.

import type { BrowserContext } from "@playwright/test";
import { type Hako, SYSTEM, api, expect } from "./test";

export type Account = { tenant: string; username: string; password: string };

export async function token(hako: Hako, account: { tenant?: string; username: string; password: string }): Promise<string> {
  const answer = await fetch(`${hako.console}/api/v1/auth/token`, {
    method: "POST",
    body: new URLSearchParams({ ...account, tenant: account.tenant ?? "" }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()).access_token;
}

/** A call of the management API with the credentials of an account, without the browser. */
export async function manage(
  hako: Hako,
  account: { tenant?: string; username: string; password: string },
  method: string,
  path: string,
  body: unknown,
): Promise<void> {
  const answer = await fetch(`${hako.console}/api/v1/mapi${path}`, {
    method,
    headers: { Authorization: `Bearer ${await token(hako, account)}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${method} ${path}: ${answer.status} ${await answer.text()}`).toBe(true);
}

let made = 0;

/** A new tenant and its first user, an administrator. */
export async function newTenant(hako: Hako, hardQuota = "10 GB"): Promise<Account> {
  const tenant = `twin${process.pid}${(made += 1)}`;
  const account = { tenant, username: "bob", password: "Bob-bob-bob-1" };
  const { username, password } = account;
  await manage(hako, SYSTEM, "PUT", "/tenants", {
    name: tenant,
    hardQuota,
    versioningConfigurationEnabled: true,
    username,
    password,
    forcePasswordChange: false,
  });
  return account;
}

/** A session more for the browser; it becomes the current one. */
export async function alsoSignIn(context: BrowserContext, hako: Hako, account: Partial<Account>): Promise<void> {
  await api(context, hako, "/session", { data: account });
}
