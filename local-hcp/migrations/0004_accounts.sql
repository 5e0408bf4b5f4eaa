-- Accounts as the management API has them, and what a tenant asks of those who sign in.

-- HCP's `userID`: never given twice. Those of the system begin at 100, those of tenants at 500.
ALTER TABLE users ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
-- 0: RADIUS knows the password, and nobody can sign in here.
ALTER TABLE users ADD COLUMN local INTEGER NOT NULL DEFAULT 1 CHECK (local IN (0, 1));
ALTER TABLE users ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1));
-- Of the account's passwords in `passwords`.
ALTER TABLE users ADD COLUMN salt TEXT;
ALTER TABLE users ADD COLUMN password_ms INTEGER NOT NULL DEFAULT 0;
-- Failed sign-ins since the last good one, when the last of them was, and when they locked the account.
ALTER TABLE users ADD COLUMN failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0);
ALTER TABLE users ADD COLUMN failed_ms INTEGER;
ALTER TABLE users ADD COLUMN locked_ms INTEGER;
-- When the account was last used, to the day.
ALTER TABLE users ADD COLUMN active_ms INTEGER NOT NULL DEFAULT 0;
-- A deleted account stays where objects or buckets name it as their owner. Its name is free again.
ALTER TABLE users ADD COLUMN deleted_ms INTEGER;

-- Times that nobody knows begin now: no account is locked out by being brought up to date.
UPDATE users SET
    password_ms = unixepoch() * 1000,
    active_ms = unixepoch() * 1000,
    full_name = CASE full_name WHEN '' THEN name ELSE full_name END,
    number = CASE WHEN tenant_id IS NULL THEN 99 ELSE 499 END
        + (SELECT count(*) FROM users AS earlier
           WHERE earlier.id <= users.id AND (earlier.tenant_id IS NULL) = (users.tenant_id IS NULL));

CREATE TABLE user_numbers (
    of_system INTEGER PRIMARY KEY CHECK (of_system IN (0, 1)),
    next      INTEGER NOT NULL
) STRICT;
INSERT INTO user_numbers
SELECT 1, 100 + (SELECT count(*) FROM users WHERE tenant_id IS NULL)
UNION ALL
SELECT 0, 500 + (SELECT count(*) FROM users WHERE tenant_id IS NOT NULL);

DROP INDEX users_of_system;
DROP INDEX users_of_tenant;
CREATE UNIQUE INDEX users_of_system ON users (name) WHERE tenant_id IS NULL AND deleted_ms IS NULL;
CREATE UNIQUE INDEX users_of_tenant ON users (tenant_id, name)
    WHERE tenant_id IS NOT NULL AND deleted_ms IS NULL;

-- The passwords that an account has had, the present one among them, to tell when one comes again.
-- Argon2id, in the form of PHC strings.
CREATE TABLE passwords (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    set_ms  INTEGER NOT NULL,
    hash    TEXT    NOT NULL
) STRICT;
CREATE INDEX passwords_of_user ON passwords (user_id, set_ms);

-- The tenant's id, a UUID of version 4.
ALTER TABLE tenants ADD COLUMN guid TEXT;
UPDATE tenants SET guid = lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
    || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-'
    || hex(randomblob(6)));
CREATE UNIQUE INDEX tenants_guid ON tenants (guid);
-- JSON object: `consoleSecurity`, as far as it was set. It is read at every sign-in.
ALTER TABLE tenants ADD COLUMN console_security TEXT CHECK (json_valid(console_security));

-- What objects are searched by beside their own properties.
CREATE TABLE content_classes (
    id         INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL COLLATE NOCASE,
    -- JSON array of HCP's content properties.
    properties TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(properties)),
    UNIQUE (tenant_id, name)
) STRICT;
CREATE TABLE content_class_buckets (
    class_id  INTEGER NOT NULL REFERENCES content_classes (id) ON DELETE CASCADE,
    bucket_id INTEGER NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
    PRIMARY KEY (class_id, bucket_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX content_classes_of_bucket ON content_class_buckets (bucket_id);
