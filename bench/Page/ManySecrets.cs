using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Bench.Page;

/// <summary>Very many secrets: in the catalog, and in a ledger that has rotated each of them once.</summary>
internal static class ManySecrets
{
    /// <summary>One of so many has a rotation under way; a part of these needs a person.</summary>
    private const int OneIsOpen = 500;

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"service-{number:D6}-key");

    public static RotationCatalog Catalog(int count, string folder) => new(
        Enumerable.Range(0, count).ToDictionary(NameOf, PolicyOf, StringComparer.Ordinal), new string('c', 64), folder);

    /// <summary>By SQL, since a hundred thousand adoptions and rotations, each on disk before the next, would take hours.</summary>
    /// <param name="withinDays">Each was rotated some time in so many days before now.</param>
    public static async Task WriteAsync(string path, int count, int withinDays = 45)
    {
        using (new SqliteLedger(path, TimeProvider.System, new CrashPoints()))
        {
            // The tables.
        }

        await using var connection = new SqliteConnection($"Data Source={path}");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 0; number < count; number++)
        {
            var (name, rotated) = (NameOf(number), now - TimeSpan.FromHours(number * 7 % (withinDays * 24)));
            Run(
                connection, "INSERT INTO secrets (name, salt, last_number, adopted_at) VALUES (@a, @s, @n, @t)",
                ("@a", name), ("@s", number.ToString("x32", CultureInfo.InvariantCulture)), ("@n", number % OneIsOpen == 0 ? 2 : 1),
                ("@t", LedgerWords.Of(rotated - TimeSpan.FromDays(90))));
            Rotation(connection, name, 1, RotationState.Succeeded, rotated);
            Credential(connection, name, 1, rotated);
            if (number % OneIsOpen == 0)
            {
                Rotation(connection, name, 2, (number / OneIsOpen % 3) switch
                {
                    0 => RotationState.Grace,
                    1 => RotationState.WaitingForApproval,
                    _ => RotationState.Stuck,
                }, now);
            }
        }

        await transaction.CommitAsync();
    }

    private static void Rotation(SqliteConnection connection, string secret, int number, RotationState state, DateTimeOffset at) => Run(
        connection,
        """
        INSERT INTO rotations (id, secret, number, state, trigger_kind, reason, requested_by, plan, created_at, promoted_at, ended_at)
        VALUES (@id, @secret, @number, @state, 'manual', 'a reason', 'ada', @plan, @at, @promoted, @ended)
        """,
        ("@id", $"{secret}-{number}"), ("@secret", secret), ("@number", number), ("@state", LedgerWords.Of(state)),
        ("@plan", JsonSerializer.Serialize(PlanOf(secret, number, at), RotationJson.Default.RotationPlan)), ("@at", LedgerWords.Of(at)),
        ("@promoted", state == RotationState.Succeeded ? LedgerWords.Of(at) : DBNull.Value),
        ("@ended", state.IsFinal() ? LedgerWords.Of(at) : DBNull.Value));

    private static void Credential(SqliteConnection connection, string secret, int number, DateTimeOffset at) => Run(
        connection,
        """
        INSERT INTO credentials (secret, rotation_id, rotation_number, state, fingerprint, store, store_name, store_version, created_at)
        VALUES (@secret, @id, @number, 'active', 'abcdef012345', 'embedded', @secret, '1', @at)
        """,
        ("@secret", secret), ("@id", $"{secret}-{number}"), ("@number", number), ("@at", LedgerWords.Of(at)));

    private static void Run(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private static Policy PolicyOf(int number) => new()
    {
        Name = NameOf(number),
        Description = "A key of one of very many services",
        Owner = string.Create(CultureInfo.InvariantCulture, $"team-{number % 400}"),
        Tags = [number % 3 == 0 ? "staging" : "production"],
        Strategy = Strategy.DualKey,
        Provider = new ProviderBinding("generated", new JsonObject()),
        Interval = TimeSpan.FromDays(30 + (number % 60)),
        Window = number % 4 == 0 ? new RotationWindow([], new TimeOnly(9, 0), new TimeOnly(16, 0), "Europe/Berlin") : null,
    };

    private static RotationPlan PlanOf(string secret, int number, DateTimeOffset at) => new(
        RotationPlan.CurrentInterpreterVersion, $"{secret}-{number}", secret, number, Strategy.DualKey, RotationTrigger.Manual, "a reason",
        "ada", null, at, "embedded", ValueRule.Default,
        [new PlannedStep("approve-start", StepKinds.Approval, "Approval to start", null, null, new Dictionary<string, string>(), null,
            new RetryBudget(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), null, [])],
        [], new string('c', 64));
}
