using Microsoft.Data.Sqlite;
using Rotunda.Files;

namespace Rotunda.Engine.Storage;

/// <summary>The task hub's tables, and the version that says who may open them.</summary>
internal static class HubSchema
{
    public const int Version = 1;

    // instances.active: 1 while the instance has work that only memory holds (a start, activities), so that recovery must
    //   load it. due_at: when its earliest timer (or its delayed start) falls due. An instance with neither costs this row.
    // history: only ever appended to, so that the turns of many instances of one commit share a page; the index finds them,
    //   and its rowid order is the order of the turns. updated_at of a row is overtaken by its newest turn's time.
    // inbox: what is durable before it is consumed: external events, results between parent and child.
    // instances.first: see First.
    private const string Create = """
        CREATE TABLE hub(id TEXT NOT NULL);
        INSERT INTO hub(id) VALUES (lower(hex(randomblob(6))));
        CREATE TABLE instances(
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            status INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            due_at INTEGER,
            active INTEGER NOT NULL,
            parent_key INTEGER,
            parent_generation INTEGER,
            parent_op INTEGER,
            input TEXT,
            output TEXT,
            custom_status TEXT,
            failure TEXT,
            carried TEXT,
            first INTEGER);
        CREATE UNIQUE INDEX instances_id ON instances(id);
        CREATE INDEX instances_status ON instances(status, id);
        CREATE INDEX instances_due ON instances(due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX instances_active ON instances(active) WHERE active = 1;
        CREATE TABLE history(
            id INTEGER PRIMARY KEY,
            instance INTEGER NOT NULL,
            at INTEGER NOT NULL,
            turn TEXT NOT NULL);
        CREATE INDEX history_instance ON history(instance);
        CREATE TABLE inbox(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            instance INTEGER NOT NULL,
            generation INTEGER,
            message TEXT NOT NULL);
        CREATE INDEX inbox_instance ON inbox(instance);

        """ + FirstIndexes;

    // Whether the instance went ahead of others when its row was written (1 or 0), so that those that do are found among very many
    // without a look at their inputs. NULL where nobody said: such a row is looked at by name and input. A release that does not know the
    // column works with it all the same, and its rows have NULL.
    private const string FirstIndexes = """
        CREATE INDEX instances_first ON instances(due_at) WHERE first = 1 AND due_at IS NOT NULL;
        CREATE INDEX instances_unsaid ON instances(due_at) WHERE first IS NULL AND due_at IS NOT NULL;
        """;

    private const string AddFirst = """
        ALTER TABLE instances ADD COLUMN first INTEGER;

        """ + FirstIndexes;

    /// <summary>Makes the tables in a new file, and what an earlier release's lacks. <see cref="HubFile.Check"/> has refused all that is
    /// not a hub of this version.</summary>
    public static void Prepare(SqliteConnection connection, string path)
    {
        if (ReadVersion(connection, path) == 0)
        {
            connection.Run($"BEGIN IMMEDIATE; {Create} PRAGMA user_version={Version}; COMMIT;");
        }
        else if (!HasFirst(connection))
        {
            connection.Run($"BEGIN IMMEDIATE; {AddFirst} COMMIT;");
        }
    }

    private static bool HasFirst(SqliteConnection connection)
    {
        using var statement = new Statement(connection, "SELECT 1 FROM pragma_table_info('instances') WHERE name = 'first'");
        return statement.Step();
    }

    /// <returns>0 for a file without tables.</returns>
    /// <exception cref="TaskHubException">A newer version of the engine wrote the file, or it is not a task hub.</exception>
    public static long ReadVersion(SqliteConnection connection, string path)
    {
        using var statement = new Statement(connection, "SELECT (SELECT * FROM pragma_user_version), (SELECT count(*) FROM sqlite_master)");
        statement.Step();
        var version = statement.Int64(0);
        if (version == 0 && statement.Int64(1) > 0)
        {
            throw new TaskHubException(
                $"'{path}' is an SQLite file, but not a task hub. Give the path of one, or of a file that is not "
                    + "there yet.");
        }

        return version <= Version
            ? version
            : throw new TaskHubException(
                $"The task hub '{path}' was written by a newer version (schema {version}; this version knows up to {Version}). Start "
                    + "that newer version, or restore a backup.");
    }
}
