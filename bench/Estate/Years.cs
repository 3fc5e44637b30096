using System.Globalization;
using Microsoft.Data.Sqlite;
using Rotunda.Bench.Page;
using Rotunda.Ledger;

namespace Rotunda.Bench.Estate;

/// <summary>The years before: rows of the audit, as rotations leave them.</summary>
internal static class Years
{
    private static readonly string[] Actions =
    [
        "rotation.requested", "step.started", "step.done", "step.started", "step.done", "credential.created", "step.started", "step.done",
        "rotation.grace-started", "credential.revoked", "rotation.succeeded", "notice.due-soon",
    ];

    /// <summary>By SQL, and with no true hashes: they are not what is measured.</summary>
    public static async Task WriteAuditAsync(string path, int secrets, long rows)
    {
        await using var connection = new SqliteConnection($"Data Source={path}");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO audit (at, actor, action, secret, rotation_id, step_id, detail, previous_hash, hash)
            VALUES (@at, 'system', @action, @secret, @rotation, NULL, @detail, @hash, @hash)
            """;
        var parameters = new[] { "@at", "@action", "@secret", "@rotation", "@detail", "@hash" }.ToDictionary(
            name => name, name => command.Parameters.Add(name, SqliteType.Text), StringComparer.Ordinal);
        var from = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(2 * 365);
        var pace = TimeSpan.FromDays((2 * 365) - 3) / Math.Max(1, rows);
        for (var row = 0L; row < rows; row++)
        {
            var name = ManySecrets.NameOf((int)(row / Actions.Length % secrets));
            parameters["@at"].Value = LedgerWords.Of(from + (pace * row));
            parameters["@action"].Value = Actions[row % Actions.Length];
            parameters["@secret"].Value = name;
            parameters["@rotation"].Value = $"{name}-1";
            parameters["@detail"].Value = Actions[row % Actions.Length].StartsWith("step.", StringComparison.Ordinal)
                ? """{"kind":"validate","outcome":"done"}"""
                : string.Create(CultureInfo.InvariantCulture, $"detail {row}: of what happened then");
            parameters["@hash"].Value = row.ToString("x64", CultureInfo.InvariantCulture);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }
}
