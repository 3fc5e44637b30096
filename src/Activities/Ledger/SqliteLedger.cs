using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;
using Rotunda.Rotation.Orchestrations;

namespace Rotunda.Activities.Ledger;

/// <summary>The ledger in one SQLite file. Parts: secrets, rotations, steps, credentials, audit.</summary>
public sealed partial class SqliteLedger : ILedger, IDisposable
{
    private readonly SqliteOwner _file;
    private readonly TimeProvider _time;

    /// <exception cref="LedgerUnavailableException">It cannot be opened, or a newer release made it.</exception>
    public SqliteLedger(string path, TimeProvider time, CrashPoints crashPoints)
    {
        _time = time;
        _file = new SqliteOwner(path, "ledger", LedgerSql.Schema, LedgerSql.SchemaVersion, "", crashPoints, (what, inner) => new LedgerUnavailableException(what, inner));
    }

    public Task CheckAsync(CancellationToken cancellationToken) =>
        _file.WriteAsync(connection => { connection.Run(LedgerSql.SetMeta, ("$key", "checked_at"), ("$value", Now())); }, cancellationToken);

    public void Dispose() => _file.Dispose();

    /// <summary>For tests: lets the file grow no further, as on a full disk.</summary>
    internal void LimitPages() => _file.LimitPages();

    private string Now() => LedgerWords.Of(_time.GetUtcNow());

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private static RotationRow Rotation(SqliteConnection connection, string id) =>
        connection.First(LedgerSql.GetRotation, LedgerRows.Rotation, ("$id", id)) ?? throw new InvalidOperationException($"The ledger has no rotation '{id}'.");

    /// <exception cref="FencedException">It is not its secret's newest, or has ended.</exception>
    private static RotationRow Fenced(SqliteConnection connection, string id)
    {
        var row = Rotation(connection, id);
        if (row.Record.Number != row.SecretsLastNumber)
        {
            throw new FencedException(id, $"rotation number {row.SecretsLastNumber} of '{row.Record.Secret}' has taken over.");
        }

        return row.Record.State.IsFinal() ? throw new FencedException(id, $"it has ended ({LedgerWords.Of(row.Record.State)}).") : row;
    }
}
