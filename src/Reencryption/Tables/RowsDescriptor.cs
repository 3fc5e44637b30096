using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Reencryption.Tables;

internal static class RowsDescriptor
{
    public const string Tables = "tables";
    public const string Table = "table";
    public const string Key = "key";
    public const string Columns = "columns";
    public const string Skip = "skip";
    public const string KeyColumns = "keyColumns";
    public const string Prefix = "prefix";
    public const string Empty = "empty";
    public const string SkipWhere = "skipWhere";
    public const string ListTo = "listTo";
    public const string Refuse = "refuse";
    public const string Keep = "keep";
    public const string Format = "format";
    public const string Command = "command";
    public const string CommandTimeout = "commandTimeout";
    public const string OlderKeys = "olderKeys";
    public const string Batch = "batch";
    public const string Connections = "connections";
    public const string RowsPerSecond = "rowsPerSecond";
    public const string LockTimeout = "lockTimeout";
    public const string Slice = "slice";
    public const string WorkSchema = "workSchema";
    public const string DumpTo = "dumpTo";
    public const string DiskPath = "diskPath";

    public const string Fernet = "fernet";
    public const string MultiFernet = "multi-fernet";
    public const string AesGcm = "aes-256-gcm";
    public const string Exec = "exec";

    public static ProviderDescriptor Instance { get; } = new(
        "postgres-rows",
        "Encrypted rows in PostgreSQL",
        "A key over columns of PostgreSQL tables. Its rotation moves every row from the old key to the new one, while the application runs (online) or stands still (offline), can be stopped and taken up at any moment, and can be undone.",
        Abilities.GenerateValues | Abilities.ReencryptData,
        [
            new(PostgresDescriptor.Connection, SettingType.Text, "The connection: `Host=…;Username=…;Password=…`, `host=… user=… password=…` or `postgresql://user:password@host/database?sslmode=require`. Instead of it, give `host`, `user` and `password`.", IsSecret: true),
            new(PostgresDescriptor.Host, SettingType.Text, "The server's name, address, or folder of its Unix socket. Left out if `connection` is given."),
            SettingDescriptor.ForPort(PostgresDescriptor.Port, "The server's port.", "5432"),
            new(PostgresDescriptor.Database, SettingType.Text, "The database of the tables.", Default: "postgres"),
            new(PostgresDescriptor.User, SettingType.Text, "The role that reads and updates the rows."),
            new(PostgresDescriptor.Password, SettingType.Text, "Its password.", IsSecret: true),
            new(PostgresDescriptor.SslMode, SettingType.Choice, "How the connections are protected. Left out: as `connection` says, else prefer.", Choices: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
            new(PostgresDescriptor.RootCertificate, SettingType.Path, "The certificate authority that verify-ca and verify-full trust. Left out: the system's."),
            new(PostgresDescriptor.ConnectTimeout, SettingType.Duration, "How long a connection may take to open.", Default: "15s"),
            new(Tables, SettingType.MapList, "The tables whose columns are under the key. A partitioned table stands for its partitions.", Required: true)
            {
                Fields =
                [
                    new(Table, SettingType.Text, "The table, with its schema: `public.users`. Without one: `public`.", Required: true),
                    new(Key, SettingType.Text, "The column by which its rows are told apart and paged: not null, and unique by an index on it alone. Of any type whose values come back from their text as they are: numbers, texts (also `char(n)`), uuid, bytea, times. The preflight tries it on all.", Default: "id"),
                    new(KeyColumns, SettingType.TextList, "Instead of `key`: several columns that tell the rows apart together, in the order of the unique index over them: `[tenant, id]`. A partitioned table whose partitions are parted by another column than its key needs this."),
                    new(Columns, SettingType.TextList, "The columns that are under the key: text, varchar, citext or bytea, or domains over them. NULL stays NULL.", Required: true),
                    new(Prefix, SettingType.Text, "What stands before each sealed value in a text: `enc:v1:`. It is left as it is, and a value without it counts as one that no key opens."),
                    new(Empty, SettingType.Choice, "What an empty value is: `refuse` takes it for one that no key opens; `keep` leaves it, as it was never sealed.", Default: Refuse, Choices: [Refuse, Keep]),
                    new(Skip, SettingType.TextList, "Keys of rows that no key opens and that are to stay as they are; of several columns, each as a JSON list: `'[\"eu\", \"17\"]'`. Any other such row stops the plan before anything is written."),
                    new(SkipWhere, SettingType.Text, "A condition, as SQL on the table's own columns: rows of which it is true were never encrypted and stay as they are (`email NOT LIKE 'gAAAA%'`). The rehearsal tries the keys on them too, and refuses if one opens what such a row holds: it would be lost with the old key."),
                ],
            },
            new(Format, SettingType.Choice, "How values are sealed: `fernet`; `multi-fernet` (the key may be several, separated by commas, of which the first writes); `aes-256-gcm` (with the key's id in front, see below); `exec` (by a program of yours).", Default: Fernet, Choices: [Fernet, MultiFernet, AesGcm, Exec]),
            new(Command, SettingType.TextList, "With exec: the program and its arguments. See [re-encrypt](../re-encrypt.md#exec)."),
            new(CommandTimeout, SettingType.Duration, "With exec: how long the program may take for one batch.", Default: "1m"),
            new(OlderKeys, SettingType.TextList, "Further keys that rows may still be under; those rows are moved too.", IsSecret: true),
            new(Batch, SettingType.Integer, "Rows in one transaction, 1 to 10000.", Default: "1000"),
            new(Connections, SettingType.Integer, "Connections side by side, 1 to 32.", Default: "4"),
            new(RowsPerSecond, SettingType.Integer, "At most so many rows a second, all connections together. Left out: as fast as it goes."),
            new(LockTimeout, SettingType.Duration, "How long a batch waits for rows that the application has locked, before it lets its own go and is tried again (for about 20s in all). Left out: half a second, which is below the server's `deadlock_timeout` of 1s: where both wait for each other, it is the batch that gives way."),
            new(Slice, SettingType.Duration, "The longest that rows are worked on before progress is told and `pause`, `rollback` and `cancel` are heard. Left out: 5 seconds, later a minute."),
            new(WorkSchema, SettingType.Text, "The schema for the side tables and for how far each pass is. It is made if it is not there.", Default: "rotunda"),
            new(DumpTo, SettingType.Path, "A folder on this machine that `pg_dump` writes the tables to as well, before the first row is moved. The file stays, with its rows under the old key: see [backups under the old key](../re-encrypt.md#backups-under-the-old-key). Left out: no dump."),
            new(ListTo, SettingType.Path, "A folder on this machine for `ROTATION.rows.txt`, in which the rehearsal lists every row that somebody has to look at: table, what is the matter, key. Left out: the folder of `dumpTo`, else only the first rows are told."),
            new(DiskPath, SettingType.Path, "A folder on this machine that lies on the database's disk: the preflight measures there whether there is room. Left out: it only says how much room is needed."),
        ],
        [
            "https://github.com/fernet/spec/blob/master/Spec.md",
            "https://cryptography.io/en/latest/fernet/",
            "https://csrc.nist.gov/pubs/sp/800/38/d/final",
            "https://www.postgresql.org/docs/current/transaction-iso.html",
            "https://www.postgresql.org/docs/current/sql-update.html",
            "https://www.postgresql.org/docs/current/app-pgdump.html",
        ],
        [Strategy.ReEncrypt],
        Limits:
        [
            "PostgreSQL 14 to 18, on the primary. Connections must be to the server itself or through a pooler in session mode; one that hands sessions out by transactions is refused.",
            "Online, the application must read with two keys and write with the first: deliver `{value}` and `{secondary}` to it.",
            "aes-256-gcm: a value is 1 byte version (1), 8 bytes key id, 12 bytes nonce, the ciphertext, 16 bytes tag; version and key id are authenticated with it. The key id is the first 8 bytes of SHA-256 over `rotunda-key-id:` and the key's 32 bytes. In a text column it is base64 of that, in the alphabet and with the padding that the value had.",
            "A Fernet token keeps its time when it is moved, so a time to live goes on as before.",
            "Each moved row is a new row version: the tables and all their indexes grow until VACUUM, and the side tables need about as much as the rows.",
            "Triggers and rules on the tables run for each moved row. The preflight tries an update of some rows, looks whether what was written stands there, and takes it back. It cannot know whether a trigger copies rows elsewhere: what it copies stays under the old key. Those that an update runs are shown with the approval.",
            "Backups from before stay under the old key, which the rotation ends: keep a copy of that key for as long as they are kept.",
            "exec needs Linux.",
        ],
        Permissions:
        [
            "SELECT on the tables, UPDATE on their columns, USAGE on their schemas.",
            "CREATE on the database, or a `workSchema` that is there with USAGE and CREATE on it; if another role has worked in it, also SELECT, INSERT, UPDATE and DELETE on its table `lanes`.",
            "No row-level security that applies to the role: it could hide rows.",
            "With `dumpTo`: what pg_dump needs (SELECT on the tables), and pg_dump on this machine's PATH. It gets nothing of Rotunda's environment but PATH, HOME, USER, LOGNAME, LANG, LC_ALL, TZ, TMPDIR, PGPASSFILE, PGSSLCERT, PGSSLKEY, PGSSLROOTCERT, PGGSSENCMODE and KRB5CCNAME.",
        ],
        RollBack: "Every row goes back under the old key: from the side table where nobody has changed it since, else by sealing what it holds now with the old key. Possible until the old key is dropped after the grace period. What it cannot do: rows that the application deleted stay deleted.",
        Example: """
            version: 1
            secrets:
              customer-data-key:
                strategy: re-encrypt
                provider:
                  type: postgres-rows
                  connection: env:ROTUNDA_PG_CUSTOMERS
                  format: fernet
                  tables:
                    - { table: public.users, key: id, columns: [email, phone] }
                    - { table: public.notes, key: note_id, columns: [body] }
                grace: 7d
                current: { value: "file:./customers.env#DATA_KEY" }
                targets:
                  customers-env:
                    type: dotenv
                    path: ./customers.env
                    keys:
                      DATA_KEY: "{value}"
                      DATA_KEY_OTHER: "{secondary}"
            """)
    {
        DefaultValue = new ValueRule(ValueFormat.FernetKey, 32),
    };
}
