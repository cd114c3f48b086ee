-- The book of audits, beside the ledger: which URLs a run was given, and which entry answers
-- each of them. It is working state and not evidence: what was found stands in the ledger.

-- A run of "audit"; a store may hold several. "asked" is what was asked for, "told" what became
-- of the inputs, both as JSON. "ended" says why it ended: complete, or what stopped it.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('list', 'archive')),
    started_at TEXT NOT NULL,
    listed_at TEXT,
    ended_at TEXT,
    ended TEXT NOT NULL DEFAULT '',
    asked TEXT NOT NULL,
    told TEXT NOT NULL DEFAULT '{}',
    requests INTEGER NOT NULL DEFAULT 0
);

-- The origins of a run. "ready" is when it may be asked again, in seconds since 1970; while it
-- is being asked, the end of time. "left_out" counts URLs that the sample left out.
CREATE TABLE hosts (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    origin TEXT NOT NULL,
    left_out INTEGER NOT NULL DEFAULT 0,
    waiting INTEGER NOT NULL DEFAULT 0,
    ready REAL NOT NULL DEFAULT 0,
    requests INTEGER NOT NULL DEFAULT 0,
    trips INTEGER NOT NULL DEFAULT 0,
    closed TEXT NOT NULL DEFAULT '',
    UNIQUE (run, origin)
);
CREATE INDEX hosts_by_ready ON hosts (run, ready) WHERE waiting > 0 AND closed = '';

-- The files that URLs stand in.
CREATE TABLE inputs (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    name TEXT NOT NULL,
    UNIQUE (run, name)
);

-- The URLs of a run in their order; "line" is a line, or in an archive the offset of the record.
CREATE TABLE listed (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    host INTEGER NOT NULL REFERENCES hosts (id),
    url TEXT NOT NULL,
    input INTEGER NOT NULL REFERENCES inputs (id),
    line INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    assessment INTEGER REFERENCES assessments (id)
);
CREATE INDEX listed_waiting ON listed (host, rank) WHERE assessment IS NULL;
CREATE INDEX listed_by_run ON listed (run, id);
CREATE INDEX listed_by_assessment ON listed (assessment) WHERE assessment IS NOT NULL;

-- robots.txt, site files and documents that still serve, for a run that goes on.
CREATE TABLE site_copies (
    url TEXT PRIMARY KEY,
    until INTEGER NOT NULL,
    capture TEXT NOT NULL,
    body BLOB
);
