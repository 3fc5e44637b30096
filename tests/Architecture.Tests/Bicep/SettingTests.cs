using System.Text.Json;
using System.Text.RegularExpressions;
using Rotunda.Api.Hosting;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>The function app is given the settings that its code, its host and <c>host.json</c> read, under the names that they read.</summary>
public sealed partial class SettingTests
{
    /// <summary>Read by the Functions host and its extensions, not by Rotunda.</summary>
    private static readonly string[] s_platform =
    [
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__type",
    ];

    /// <summary>What the code can read and Azure is not given, and why.</summary>
    private static readonly Dictionary<string, string> s_left = new(StringComparer.Ordinal)
    {
        [HeadSettings.DataDirectory] = "is for one machine",
        [HeadSettings.HostStorage] = "a connection text with a key; the identity takes its place",
        [HeadSettings.WorkerRuntime] = "the plan takes it from functionAppConfig only",
    };

    private static IReadOnlyList<string> Given { get; } =
        [.. Infrastructure.Module("functionApp").Variables.Where(v => v.Key.EndsWith("Settings", StringComparison.Ordinal)).SelectMany(v => v.Value.All()).OfType<BicepObject>().SelectMany(o => o.Keys)];

    [Fact]
    public void The_settings_are_those_that_the_code_reads()
    {
        Assert.Equal(
            HeadSettings.All.Except(s_left.Keys, StringComparer.Ordinal).Concat(s_platform).Order(StringComparer.Ordinal),
            Given.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_app_is_given_all_of_them()
    {
        var settings = Infrastructure.Module("functionApp").Variables.Keys.Where(k => k.EndsWith("Settings", StringComparison.Ordinal));
        var given = Infrastructure.Module("functionApp").Resources.Single(r => r.Symbol == "app").Body.All().OfType<BicepCall>().Single(c => c.Function.Path == "union");

        Assert.Equal(settings.Order(StringComparer.Ordinal), given.Arguments.Select(a => a.Path!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_the_host_file_refers_to_is_set()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "host.json"));
        using var host = JsonDocument.Parse(text, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

        Assert.Empty(Reference().Matches(text).Select(m => m.Groups["name"].Value).Except(Given, StringComparer.Ordinal));
        if (host.RootElement.TryGetProperty("extensions", out var extensions) && extensions.TryGetProperty("durableTask", out var durableTask))
        {
            Assert.Equal($"%{HeadSettings.TaskHub}%", durableTask.GetProperty("hubName").GetString());
        }
    }

    [GeneratedRegex("%(?<name>[A-Za-z0-9_]+)%", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
