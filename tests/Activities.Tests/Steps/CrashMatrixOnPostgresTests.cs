using Rotunda.Activities.Tests.Ledger;
using Rotunda.Activities.Tests.Providers;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>One way forward with the ledger on PostgreSQL, with a crash beside each of its commits; every other way and every
/// other point is on SQLite, with the same steps and the same ledger's logic.</summary>
[Collection(LedgerPostgresGroup.Name)]
public sealed class CrashMatrixOnPostgresTests(PostgresFixture fixture)
{
    [Theory]
    [InlineData("overlap")]
    public async Task A_crash_beside_any_commit_changes_nothing_in_the_end(string name)
    {
        var (points, expected) = await RunAsync(name, 0);
        Assert.Contains("ledger.commit.before", points);
        var beside = Enumerable.Range(1, points.Count)
            .Where(number => points[number - 1].StartsWith("ledger.", StringComparison.Ordinal))
            .ToList();
        foreach (var crashAt in Visited.Of(beside.Count).Select(index => beside[index]))
        {
            var (_, end) = await RunAsync(name, crashAt);
            Assert.True(expected == end, $"Crash {crashAt} at {points[crashAt - 1]}: {end}, expected {expected}");
        }
    }

    private async Task<(List<string> Points, string End)> RunAsync(string name, int crashAt)
    {
        var database = new LedgerDatabase(fixture);
        await database.MakeAsync();
        try
        {
            return await CrashMatrixTests.RunAsync(name, crashAt, ledger: database.Head);
        }
        finally
        {
            await database.RemoveAsync();
        }
    }
}
