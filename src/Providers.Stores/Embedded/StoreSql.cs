namespace Rotunda.Providers.Stores.Embedded;

/// <summary>Every statement of the embedded store.</summary>
internal static class StoreSql
{
    public const int SchemaVersion = 1;

    public const string Schema = """
        CREATE TABLE versions (
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            owner TEXT NOT NULL,
            state TEXT NOT NULL,
            key_id TEXT NOT NULL,
            box BLOB NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (name, version)
        );
        CREATE INDEX versions_by_owner ON versions (name, owner);
        CREATE TABLE current (name TEXT PRIMARY KEY, version INTEGER NOT NULL);
        CREATE TABLE key_check (id INTEGER PRIMARY KEY CHECK (id = 1), key_id TEXT NOT NULL, box BLOB NOT NULL);
        CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), key_id TEXT NOT NULL, box BLOB NOT NULL);
        """;

    public const string OfOwner =
        "SELECT version, box FROM versions WHERE name = $name AND owner = $owner AND state <> 'discarded' ORDER BY version DESC";
    public const string NewestOfOwner = "SELECT MAX(version) FROM versions WHERE name = $name AND owner = $owner AND state <> 'discarded'";
    public const string NextVersion = "SELECT COALESCE(MAX(version), 0) + 1 FROM versions WHERE name = $name";
    public const string Add =
        "INSERT INTO versions (name, version, owner, state, key_id, box, created_at) VALUES ($name, $version, $owner, 'pending', $key, "
            + "$box, $at)";
    public const string MarkPromoted =
        "UPDATE versions SET state = 'promoted' WHERE name = $name AND version = $version AND state <> 'discarded'";
    public const string SetCurrent =
        "INSERT INTO current (name, version) VALUES ($name, $version) ON CONFLICT (name) DO UPDATE SET version = excluded.version";
    public const string GetCurrent = "SELECT version FROM current WHERE name = $name";
    public const string GetBox = "SELECT box FROM versions WHERE name = $name AND version = $version AND state <> 'discarded'";
    public const string Overwrite = "UPDATE versions SET box = zeroblob(length(box)) WHERE name = $name AND version = $version";
    public const string Discard = "UPDATE versions SET box = NULL, state = 'discarded' WHERE name = $name AND version = $version";
    public const string Forget =
        "DELETE FROM versions WHERE name = $name AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.name = $name AND v.state <> 'discarded')";
    public const string NotUnderKey =
        "SELECT name, version, box FROM versions WHERE state <> 'discarded' AND key_id <> $key ORDER BY name, version LIMIT $limit";
    public const string CountNotUnderKey = "SELECT COUNT(*) FROM versions WHERE state <> 'discarded' AND key_id <> $key";
    public const string CountAll = "SELECT COUNT(*) FROM versions WHERE state <> 'discarded'";
    public const string Reseal = "UPDATE versions SET box = $box, key_id = $key WHERE name = $name AND version = $version";
    public const string GetCheckKey = "SELECT key_id FROM key_check";
    public const string GetCheck = "SELECT key_id, box FROM key_check";
    public const string SetCheck =
        "INSERT INTO key_check (id, key_id, box) VALUES (1, $key, $box) ON CONFLICT (id) DO UPDATE SET key_id = excluded.key_id, box = "
            + "excluded.box";
    public const string GetProbe = "SELECT box FROM probe";
    public const string SetProbe =
        "INSERT INTO probe (id, key_id, box) VALUES (1, $key, $box) ON CONFLICT (id) DO UPDATE SET key_id = excluded.key_id, box = "
            + "excluded.box";
}
