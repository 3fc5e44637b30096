using System.Text.Json;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary><c>rotunda simulate</c>, as people type it.</summary>
public sealed class SimulateTests
{
    [Fact]
    public async Task A_catalog_is_played_without_a_server()
    {
        using var folder = new ServerFolder();

        var told = await ServerProcess.RunAsync(["simulate", "--catalog", folder.Catalog, "--days", "365", "--from", "2026-12-01"]);
        var usual = await ServerProcess.RunAsync(["simulate", "--secrets", "5"]);
        var made = await ServerProcess.RunAsync(
            ["simulate", "--secrets", "60", "--days", "200", "--seed", "3", "--from", "2026-12-01", "--json"]);

        Assert.Equal((0, ""), (told.ExitCode, told.Error));
        Assert.Contains("365 days from 2026-12-01, seed 1", told.Output, StringComparison.Ordinal);
        Assert.Contains("No promise was broken.", told.Output, StringComparison.Ordinal);
        Assert.Equal(0, made.ExitCode);
        Assert.Contains("5 secrets, 730 days from ", usual.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(made.Output);
        Assert.Equal(60, json.RootElement.GetProperty("secrets").GetInt32());
        Assert.Equal(24, json.RootElement.GetProperty("byHour").GetArrayLength());
        Assert.Equal("2026-12", json.RootElement.GetProperty("months")[0].GetProperty("month").GetString());
    }

    [Fact]
    public async Task What_cannot_be_played_is_refused_with_every_reason()
    {
        var refused = await ServerProcess.RunAsync(
            ["simulate", "--secrets", "0", "--days", "4000", "--from", "24.12.2026", "--catalog", "there-is-none.yaml"]);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--days: 4000 is not a number from 1 to 3650.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--secrets: 0 is not a number from 1 to 5000.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--from: '24.12.2026' is not a day.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Give one of the two.", refused.Error, StringComparison.Ordinal);
    }
}
