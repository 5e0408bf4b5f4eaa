// The pages of the console, for what has to hold on every one of them.

/** The pages of a signed-in person of a tenant; `bucket` has a folder `a/`. */
export function pagesOf(bucket: string): string[] {
  const at = `/buckets/${bucket}`;
  return [
    "/buckets",
    at,
    `${at}?prefix=a%2F`,
    `${at}/uploads`,
    `${at}/versions`,
    `${at}/cors`,
    `${at}/access`,
    `${at}/usage`,
    `${at}/settings`,
    "/jobs",
    "/jobs/uploads",
    "/links",
    "/credentials",
    "/search?query=*%3A*",
    "/transfers",
    "/namespaces",
    `/namespaces/${bucket}/general`,
    "/people/users",
    "/people/groups",
    "/usage",
    "/audit",
    "/audit/operations",
    "/tenant/general",
    "/new/namespace",
    "/sessions",
    "/password",
    "/preferences",
    "/sign-out",
  ];
}

/** The pages of somebody of the system. */
export function pagesOfSystem(): string[] {
  return [
    "/system/tenants",
    "/system/tenants/demo",
    "/system/tenants/demo/created",
    "/new/tenant",
    "/new/tenant?first=group",
    "/system/nodes",
    "/system/services",
    "/system/licenses",
    "/system/network",
    "/system/accounts",
    "/system/accounts/admin",
    "/system/support",
    "/system/logs",
    "/system/health",
    "/system/replication",
    "/new/link",
    "/system/erasure-coding",
    "/new/topology",
  ];
}

/** The pages of a visitor with a link of a folder, which has a folder `sub/`, `photo.png` and `notes.txt`. */
export function pagesOfVisitor(link: string): string[] {
  return [link, `${link}?at=sub%2F`, `${link}?file=notes.txt&show=1`, `${link}?file=photo.png&show=1`];
}

/** The pages for which one needs a role in the tenant, with the calls behind them. */
export function managementOf(tenant: string, bucket: string): { path: string; calls: string[] }[] {
  const at = `/mapi/tenants/${tenant}`;
  return [
    { path: "/namespaces", calls: [`${at}/namespaces`] },
    { path: `/namespaces/${bucket}/general`, calls: [`${at}/namespaces/${bucket}`] },
    { path: "/people/users", calls: [`${at}/userAccounts`] },
    { path: "/people/groups", calls: [`${at}/groupAccounts`] },
    { path: "/usage", calls: [`${at}/chargebackReport`, `${at}/statistics`] },
    { path: "/tenant/general", calls: [at] },
  ];
}
