using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Api.Tests;

/// <summary>A scrape with 150,000 secrets: how many series, how many bytes, how long.</summary>
public sealed class ManySecretsScrapeTests(ITestOutputHelper output)
{
    private const int Secrets = 150_000;

    /// <summary>Beside the secrets by name: gauges, counters, and the histograms of the steps and calls that this process has
    /// done.</summary>
    private const int MostOthers = 2_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_series_do_not_grow_with_the_catalog()
    {
        await using var host = await ApiHost.StartAsync();
        host.SetCatalog([.. Enumerable.Range(0, Secrets).Select(number => ApiHost.Policy(Name(number)) with
        {
            Owner = $"team-{number % 50}", Tags = number % 10 == 0 ? ["watched"] : [],
        })]);
        Fill(Path.Combine(host.Folder, "ledger.db"));
        using var viewer = host.Client(Role.Viewer);
        viewer.Timeout = TimeSpan.FromMinutes(5);
        var board = await host.Get<BoardDesk>().GetAsync(TimeSpan.FromMinutes(5), Cancelled);
        Assert.Equal(Secrets, board!.Rows.Count);

        _ = await viewer.GetStringAsync("/metrics", Cancelled);
        var since = Stopwatch.StartNew();
        var text = await viewer.GetStringAsync("/metrics", Cancelled);
        var took = since.Elapsed;
        var series = SightTests.Read(text);

        output.WriteLine(
            $"{series.Count} series, {text.Length:N0} bytes, {took.TotalMilliseconds:0} ms; the board took "
                + $"{board.Took.TotalMilliseconds:0} ms");
        Assert.Equal(Secrets, series.Where(one => one.Key.StartsWith("rotunda_secrets{", StringComparison.Ordinal)).Sum(one => one.Value));
        Assert.Equal(BoardNumbers.MostNamed, series["rotunda_secrets_named"]);
        Assert.True(series["rotunda_secrets_not_named"] > Secrets / 2, "too few are left out");
        Assert.Equal(BoardNumbers.MostNamed, series.Keys.Count(key => key.StartsWith("secret_expiry_days{", StringComparison.Ordinal)));
        Assert.InRange(series.Count, 1, 3 * BoardNumbers.MostNamed + MostOthers);
        Assert.InRange(text.Length, 1, 1_000_000);
        // Those that are due first are told, and not whichever come first.
        Assert.True(series.Where(one => one.Key.StartsWith("secret_expiry_days{", StringComparison.Ordinal)).Max(one => one.Value) < 0);
    }

    /// <summary>A third of them is overdue, a third is due within days, a third was rotated just now.</summary>
    private static void Fill(string ledger)
    {
        using var file = SqliteFile.Open(ledger, durable: false);
        using var transaction = file.BeginTransaction();
        using var command = file.CreateCommand();
        command.CommandText = "INSERT INTO secrets (name, salt, last_number, adopted_at) VALUES (@name, 'c2FsdA==', 0, @at)";
        command.Transaction = transaction;
        var (name, at) = (command.Parameters.Add("@name", SqliteType.Text), command.Parameters.Add("@at", SqliteType.Text));
        var now = DateTimeOffset.UtcNow;
        for (var number = 0; number < Secrets; number++)
        {
            (name.Value, at.Value) = (Name(number), LedgerWords.Of(now.AddDays(-(number % 3) * 20).AddSeconds(-number)));
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"secret-{number:000000}");
}
