-- The ledger: what was declared, what was owed and what was decided, for each asset that was
-- assessed. Nothing is changed once it is written: the triggers refuse it.

-- Octets, each once by its SHA-256: robots.txt, site files, whatever a verdict rests on.
CREATE TABLE blobs (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    octets BLOB NOT NULL CHECK (typeof(octets) = 'blob')
);

-- One row for each assessment, in the order of writing. Times are RFC 3339 UTC with six
-- decimals, so that they sort as text. "key" is the SHA-256 of the result and its evidence,
-- "chain" that of the row before and this key: a row that is taken out or changed is noticed.
CREATE TABLE assessments (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE CHECK (length(key) = 64),
    chain TEXT NOT NULL CHECK (length(chain) = 64),
    url TEXT NOT NULL,
    final_url TEXT NOT NULL,
    checked_at TEXT NOT NULL,
    valid_until TEXT,
    decision TEXT CHECK (decision IN ('ingest', 'hold', 'skip')),
    policy_name TEXT,
    policy_sha256 TEXT,
    tool_version TEXT NOT NULL,
    tool_tables TEXT NOT NULL,
    verdict TEXT,
    result TEXT NOT NULL,
    evidence TEXT NOT NULL
);
CREATE INDEX assessments_by_url ON assessments (url, checked_at);
CREATE INDEX assessments_by_final_url ON assessments (final_url, checked_at);
CREATE INDEX assessments_by_decision ON assessments (decision, id);

-- What was captured; a robots.txt that speaks for many assets stands here once. "capture" is
-- the id in the result, "digest" tells rows apart that differ in anything, the time included.
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    capture TEXT NOT NULL,
    role TEXT NOT NULL,
    url TEXT NOT NULL,
    availability TEXT NOT NULL,
    status INTEGER,
    sha256 TEXT,
    bytes INTEGER,
    fetched_at TEXT
);
CREATE INDEX captures_by_url ON captures (url, fetched_at);
CREATE INDEX captures_by_sha256 ON captures (sha256);

-- Every declaration as it was read, with its place and its octets.
CREATE TABLE declarations (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    declaration TEXT NOT NULL,
    family TEXT NOT NULL,
    carrier TEXT NOT NULL,
    source TEXT NOT NULL,
    position TEXT NOT NULL,
    expression TEXT NOT NULL,
    octets BLOB NOT NULL,
    scope TEXT NOT NULL
);
CREATE INDEX declarations_by_declaration ON declarations (declaration);
CREATE INDEX declarations_by_source ON declarations (source);

-- What is owed, to whom.
CREATE TABLE obligations (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    obligation TEXT NOT NULL,
    kind TEXT NOT NULL,
    binding INTEGER NOT NULL CHECK (binding IN (0, 1)),
    basis TEXT NOT NULL,
    signal TEXT NOT NULL,
    signal_version TEXT,
    party TEXT NOT NULL,
    party_url TEXT,
    beneficiary TEXT,
    text TEXT NOT NULL,
    terms_url TEXT
);
CREATE INDEX obligations_by_obligation ON obligations (obligation);

-- The links. "rests" is 1 where an answer, a reason or an obligation names the declaration.
CREATE TABLE assessment_blobs (
    assessment INTEGER NOT NULL REFERENCES assessments (id),
    blob INTEGER NOT NULL REFERENCES blobs (id),
    PRIMARY KEY (assessment, blob)
) WITHOUT ROWID;
CREATE TABLE assessment_captures (
    assessment INTEGER NOT NULL REFERENCES assessments (id),
    capture INTEGER NOT NULL REFERENCES captures (id),
    PRIMARY KEY (assessment, capture)
) WITHOUT ROWID;
CREATE INDEX assessments_by_capture ON assessment_captures (capture, assessment);
CREATE TABLE assessment_declarations (
    assessment INTEGER NOT NULL REFERENCES assessments (id),
    declaration INTEGER NOT NULL REFERENCES declarations (id),
    rests INTEGER NOT NULL CHECK (rests IN (0, 1)),
    PRIMARY KEY (assessment, declaration)
) WITHOUT ROWID;
CREATE INDEX assessments_by_declaration
    ON assessment_declarations (declaration, assessment, rests);
CREATE TABLE assessment_obligations (
    assessment INTEGER NOT NULL REFERENCES assessments (id),
    obligation INTEGER NOT NULL REFERENCES obligations (id),
    PRIMARY KEY (assessment, obligation)
) WITHOUT ROWID;
CREATE INDEX assessments_by_obligation ON assessment_obligations (obligation, assessment);
CREATE TABLE obligation_declarations (
    obligation INTEGER NOT NULL REFERENCES obligations (id),
    declaration INTEGER NOT NULL REFERENCES declarations (id),
    PRIMARY KEY (obligation, declaration)
) WITHOUT ROWID;

-- Every table only grows. The third trigger of each is for INSERT OR REPLACE, which deletes
-- without asking the second: a row that is there already is passed over.
CREATE TRIGGER blobs_no_update BEFORE UPDATE ON blobs
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER blobs_no_delete BEFORE DELETE ON blobs
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER blobs_once BEFORE INSERT ON blobs
WHEN EXISTS (SELECT 1 FROM blobs WHERE id = NEW.id OR sha256 = NEW.sha256)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER assessments_no_update BEFORE UPDATE ON assessments
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessments_no_delete BEFORE DELETE ON assessments
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessments_once BEFORE INSERT ON assessments
WHEN EXISTS (SELECT 1 FROM assessments WHERE id = NEW.id OR key = NEW.key)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER captures_no_update BEFORE UPDATE ON captures
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER captures_no_delete BEFORE DELETE ON captures
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER captures_once BEFORE INSERT ON captures
WHEN EXISTS (SELECT 1 FROM captures WHERE id = NEW.id OR digest = NEW.digest)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER declarations_no_update BEFORE UPDATE ON declarations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER declarations_no_delete BEFORE DELETE ON declarations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER declarations_once BEFORE INSERT ON declarations
WHEN EXISTS (SELECT 1 FROM declarations WHERE id = NEW.id OR digest = NEW.digest)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER obligations_no_update BEFORE UPDATE ON obligations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER obligations_no_delete BEFORE DELETE ON obligations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER obligations_once BEFORE INSERT ON obligations
WHEN EXISTS (SELECT 1 FROM obligations WHERE id = NEW.id OR digest = NEW.digest)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER assessment_blobs_no_update BEFORE UPDATE ON assessment_blobs
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessment_blobs_no_delete BEFORE DELETE ON assessment_blobs
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessment_blobs_once BEFORE INSERT ON assessment_blobs
WHEN EXISTS (SELECT 1 FROM assessment_blobs WHERE assessment = NEW.assessment AND blob = NEW.blob)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER assessment_captures_no_update BEFORE UPDATE ON assessment_captures
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessment_captures_no_delete BEFORE DELETE ON assessment_captures
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessment_captures_once BEFORE INSERT ON assessment_captures
WHEN EXISTS (SELECT 1 FROM assessment_captures WHERE assessment = NEW.assessment AND capture = NEW.capture)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER assessment_declarations_no_update BEFORE UPDATE ON assessment_declarations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessment_declarations_no_delete BEFORE DELETE ON assessment_declarations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessment_declarations_once BEFORE INSERT ON assessment_declarations
WHEN EXISTS (SELECT 1 FROM assessment_declarations WHERE assessment = NEW.assessment AND declaration = NEW.declaration)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER assessment_obligations_no_update BEFORE UPDATE ON assessment_obligations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessment_obligations_no_delete BEFORE DELETE ON assessment_obligations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER assessment_obligations_once BEFORE INSERT ON assessment_obligations
WHEN EXISTS (SELECT 1 FROM assessment_obligations WHERE assessment = NEW.assessment AND obligation = NEW.obligation)
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER obligation_declarations_no_update BEFORE UPDATE ON obligation_declarations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER obligation_declarations_no_delete BEFORE DELETE ON obligation_declarations
BEGIN SELECT RAISE(ABORT, 'nothing written is changed later'); END;
CREATE TRIGGER obligation_declarations_once BEFORE INSERT ON obligation_declarations
WHEN EXISTS (SELECT 1 FROM obligation_declarations WHERE obligation = NEW.obligation AND declaration = NEW.declaration)
BEGIN SELECT RAISE(IGNORE); END;
