-- The database behind Tamarisk Cloud's service: what ten years of small decisions leave.

CREATE TABLE regions (
    code        TEXT PRIMARY KEY,
    city        TEXT NOT NULL,
    opened_on   DATE NOT NULL
);

CREATE TABLE plans (
    id              INTEGER PRIMARY KEY,
    title           TEXT NOT NULL,
    cpus            INTEGER NOT NULL,
    memory_gb       INTEGER NOT NULL,
    monthly_cents   INTEGER NOT NULL
);

CREATE TABLE staff (
    id              INTEGER PRIMARY KEY,
    full_name       TEXT NOT NULL,
    email           TEXT NOT NULL UNIQUE,
    phone           TEXT,
    job_title       TEXT NOT NULL,
    date_of_birth   DATE NOT NULL,
    marital_status  TEXT,
    iban            TEXT,
    hired_on        DATE NOT NULL
);

CREATE TABLE customers (
    id                  INTEGER PRIMARY KEY,
    customer_number     TEXT NOT NULL UNIQUE,
    full_name           TEXT NOT NULL,
    email               TEXT NOT NULL,
    phone               TEXT,
    date_of_birth       DATE,
    national_id         TEXT,
    street              TEXT,
    postal_code         TEXT,
    city                TEXT,
    country             TEXT,
    preferred_language  TEXT,
    created_at          DATETIME NOT NULL,
    created_by          INTEGER NOT NULL REFERENCES staff (id)
);
CREATE INDEX customers_by_email ON customers (email);
CREATE INDEX customers_by_phone ON customers (phone);

CREATE TABLE accounts (
    id              INTEGER PRIMARY KEY,
    customer_id     INTEGER NOT NULL REFERENCES customers (id),
    username        TEXT NOT NULL UNIQUE,
    password        TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
    opened_at       DATETIME NOT NULL,
    opened_by       INTEGER NOT NULL REFERENCES staff (id),
    closed_at       DATETIME
);
CREATE INDEX accounts_by_customer ON accounts (customer_id);

CREATE TABLE subscriptions (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    plan_id     INTEGER NOT NULL REFERENCES plans (id),
    region      TEXT NOT NULL REFERENCES regions (code),
    started_on  DATE NOT NULL,
    ended_on    DATE
);
CREATE INDEX subscriptions_by_account ON subscriptions (account_id);

CREATE TABLE orders (
    id              INTEGER PRIMARY KEY,
    customer_id     INTEGER NOT NULL REFERENCES customers (id),
    plan_id         INTEGER NOT NULL REFERENCES plans (id),
    ordered_at      DATETIME NOT NULL,
    total_cents     INTEGER NOT NULL,
    currency        TEXT NOT NULL,
    payment_token   TEXT,
    note            TEXT
);
CREATE INDEX orders_by_customer ON orders (customer_id);

CREATE TABLE invoices (
    id              INTEGER PRIMARY KEY,
    number          TEXT NOT NULL UNIQUE,
    customer_id     INTEGER NOT NULL REFERENCES customers (id),
    issued_on       DATE NOT NULL,
    billing_name    TEXT NOT NULL,
    billing_address TEXT NOT NULL,
    net_cents       INTEGER NOT NULL,
    vat_cents       INTEGER NOT NULL,
    currency        TEXT NOT NULL,
    paid_on         DATE
);
CREATE INDEX invoices_by_customer ON invoices (customer_id);

CREATE TABLE tickets (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    agent_id    INTEGER REFERENCES staff (id),
    subject     TEXT NOT NULL,
    opened_at   DATETIME NOT NULL,
    closed_at   DATETIME
);
CREATE INDEX tickets_by_customer ON tickets (customer_id);

CREATE TABLE messages (
    id          INTEGER PRIMARY KEY,
    ticket_id   INTEGER NOT NULL REFERENCES tickets (id),
    staff_id    INTEGER REFERENCES staff (id),
    sent_at     DATETIME NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX messages_by_ticket ON messages (ticket_id);

-- A project that passes from one customer to another is about both of them.
CREATE TABLE handovers (
    id              INTEGER PRIMARY KEY,
    project         TEXT NOT NULL,
    from_id         INTEGER NOT NULL REFERENCES customers (id),
    from_name       TEXT NOT NULL,
    from_email      TEXT NOT NULL,
    to_id           INTEGER NOT NULL REFERENCES customers (id),
    to_name         TEXT NOT NULL,
    to_email        TEXT NOT NULL,
    note            TEXT,
    handed_over_at  DATETIME NOT NULL
);
CREATE INDEX handovers_by_giver ON handovers (from_id);
CREATE INDEX handovers_by_taker ON handovers (to_id);

CREATE TABLE login_log (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    at          DATETIME NOT NULL,
    ip_address  TEXT NOT NULL,
    user_agent  TEXT NOT NULL,
    succeeded   BOOLEAN NOT NULL
);
CREATE INDEX logins_by_account ON login_log (account_id);

-- Came with the mailing tool and was never joined to anything.
CREATE TABLE newsletter (
    email           TEXT PRIMARY KEY,
    language        TEXT,
    subscribed_at   DATETIME NOT NULL,
    confirmed_at    DATETIME
);
