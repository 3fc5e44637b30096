using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.Checks;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>What the catalog tells as the value in use, looked at before it is believed.</summary>
public sealed class CurrentValueCheckTests
{
    private const string Wrong = "not-in-use-0123456789";
    private static readonly ProviderRegistry Providers =
        new ServiceCollection().AddRotundaProviders().BuildServiceProvider().GetRequiredService<ProviderRegistry>();

    [Theory]
    [InlineData(MySqlPasswordEnvironment.FirstPassword, null)]
    [InlineData(Wrong, "What env:CURRENT ('current: value') holds is not usable now: 127.0.0.1")]
    [InlineData("", "env:CURRENT ('current: value') is empty")]
    public async Task A_value_is_tried(string text, string? problem)
    {
        await using var world = new MySqlPasswordEnvironment();
        var outcome = await LookAsync(world, world.With(), text);
        Assert.Equal(problem is null, outcome.Succeeded);
        Assert.StartsWith(problem ?? "", outcome.Reason ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, outcome.Reason ?? "", StringComparison.Ordinal);
        Assert.Null(outcome.Facts?.GetValueOrDefault("warning"));
        Assert.Empty(world.Users.Changes);
    }

    [Fact]
    public async Task A_system_that_does_not_tell_is_a_warning_and_none_where_that_is_told_already()
    {
        await using var world = new MySqlPasswordEnvironment();
        var away = world.With(("port", 1), ("connectTimeout", "1s"));
        Assert.Contains("could not be tried: No login of orders", (await LookAsync(world, away, Wrong)).Facts!["warning"]);
        Assert.Null((await LookAsync(world, away, Wrong, tries: false)).Facts?.GetValueOrDefault("warning"));
        await Assert.ThrowsAsync<ReferenceUnresolvedException>(() => LookAsync(world, away, null));
    }

    private static Task<StepOutcome> LookAsync(MySqlPasswordEnvironment world, JsonObject settings, string? text, bool tries = true)
    {
        var references = new Dictionary<string, string>(world.References);
        if (text is not null)
        {
            references["env:CURRENT"] = text;
        }

        var read = CatalogReader.Read(
            $$"""
            version: 1
            secrets:
              s:
                provider: { type: mysql-password, host: db, user: rotunda, password: env:MYSQL, account: orders }
                current: { value: env:CURRENT }
            """,
            "catalog.yaml",
            Path.GetTempPath(),
            Providers.Descriptors);
        return CurrentValueCheck.RunAsync(
            Providers, read.Catalog!.Policies["s"], new FixedReferences(references), world.Call(settings: settings), tries, default);
    }
}
