using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>Plans of a whole catalog, without a server.</summary>
public sealed class OfflinePlansTests
{
    [Fact]
    public async Task All_plans_of_a_catalog_are_shown_without_a_server()
    {
        using var folder = new ServerFolder();

        var all = await ServerProcess.RunAsync(["plan", "--all", "--catalog", folder.Catalog, "--data", folder.Data]);
        var both = await ServerProcess.RunAsync(["plan", "a-key", "--all", "--catalog", folder.Catalog]);

        Assert.Equal(0, all.ExitCode);
        Assert.Contains("Rotation a-key-1 of a-key", all.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, both.ExitCode);
        Assert.Contains("Give the name of a secret, or --all.", both.Output + both.Error, StringComparison.Ordinal);
    }
}
