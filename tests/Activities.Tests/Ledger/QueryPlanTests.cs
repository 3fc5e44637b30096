using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>No statement of the ledger reads a table from end to end that grows with the years, by SQLite's own account of what it would
/// do. The exceptions are named here, each with its reason.</summary>
public sealed partial class QueryPlanTests : IDisposable
{
    private static readonly string[] s_growing =
        ["rotations", "credentials", "audit", "secrets", "decisions", "steps", "rotation_steps", "campaign_members"];

    private static readonly Dictionary<string, string> s_allowed = new(StringComparer.Ordinal)
    {
        ["AuditHead"] = "the last row, by its number",
        ["NewestAudit"] = "the last row, by its number",
        ["Paces"] = "the newest few, by an index of their time",
        ["ListNames"] = "all of them are wanted, and they stand in an index",
        ["ListFingerprints"] = "all of them are wanted, when leaks are looked for",
        ["ListLeased"] = "an index has nothing but them",
        ["ListOrphans"] = "an index has nothing but them",
        ["OpenRotations"] = "at an export only",
        ["LiveStores"] = "at an export only",
        ["CountAll"] = "at an import only",
        ["MoveMembers"] = "where a secret gets another name only",
    };

    private readonly TempFolder _folder = new();
    private readonly SqliteConnection _connection;

    public QueryPlanTests()
    {
        var path = _folder.File("ledger.db");
        using (new SqliteLedger(path, TimeProvider.System, new CrashPoints()))
        {
            // The tables.
        }

        _connection = SqliteFile.Open(path);
    }

    [Fact]
    public void Each_statement_finds_what_it_wants_by_an_index()
    {
        var asking = TextsOf("LedgerSql").Concat(TextsOf("CampaignSql")).Where(one => Asks().IsMatch(one.Value)).ToList();

        Assert.True(asking.Count > 50);
        Assert.Equal(
            s_allowed.Keys.Order(StringComparer.Ordinal),
            asking.Where(one => ScansOf(one.Value).Count > 0).Select(one => one.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void So_does_each_question_for_rotations_that_is_asked_often()
    {
        RotationFilter[] often =
        [
            new("a", Limit: 1), new("a", OpenOnly: true), new(OpenOnly: true), new(OpenOnly: true) { AfterSecret = "a" },
            new() { Incident = "i" }, new("a") { Number = 3 }, new("a", [RotationState.Succeeded]),
        ];
        Assert.All(
            often,
            filter => Assert.DoesNotContain(
                ScansOf(LedgerSql.ListRotations(filter)), scan => !scan.Contains("INDEX", StringComparison.Ordinal)));
        Assert.All(
            new AuditFilter[] { new() { BeforeSequence = 9 }, new(Secret: "a") { BeforeSequence = 9 }, new(RotationId: "a") },
            filter => Assert.Empty(ScansOf(LedgerSql.ReadAuditBefore(filter))));
        Assert.All([true, false], ofSecret => Assert.Empty(ScansOf(LedgerSql.LastNotice(ofSecret))));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    private List<string> ScansOf(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        foreach (var parameter in Parameters().Matches(sql).Select(match => match.Value).Distinct())
        {
            command.Parameters.AddWithValue(parameter, 1);
        }

        var aliases = Aliases().Matches(sql).ToLookup(match => match.Groups["alias"].Value, match => match.Groups["table"].Value);
        using var rows = command.ExecuteReader();
        var scans = new List<string>();
        while (rows.Read())
        {
            var step = rows.GetString(3);
            if (step.StartsWith("SCAN ", StringComparison.Ordinal) && step.Split(' ')[1] is var table
                && aliases[table].Append(table).Any(s_growing.Contains))
            {
                scans.Add(step);
            }
        }

        return scans;
    }

    /// <summary>The constants of a class of statements, by their names; those that are parts of others are private.</summary>
    private static IEnumerable<KeyValuePair<string, string>> TextsOf(string type) => typeof(SqliteLedger).Assembly
        .GetType($"Rotunda.Ledger.{type}", throwOnError: true)!
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field is { IsLiteral: true, FieldType: var kind } && kind == typeof(string))
        .Select(field => KeyValuePair.Create(field.Name, (string)field.GetRawConstantValue()!));

    [GeneratedRegex(@"^\s*(SELECT|UPDATE|DELETE)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Asks();

    [GeneratedRegex(@"@\w+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Parameters();

    [GeneratedRegex(@"\b(?:FROM|JOIN)\s+(?<table>\w+)\s+(?:AS\s+)?(?<alias>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Aliases();
}
