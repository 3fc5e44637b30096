using System.Text.Json;
using System.Text.RegularExpressions;
using Rotunda.Api.Head;

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
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName",
    ];

    /// <summary>What the code can read and Azure is not given, and why.</summary>
    private static readonly Dictionary<string, string> s_left = new(StringComparer.Ordinal)
    {
        [HeadSettings.DataDirectory] = "is for one machine",
        [HeadSettings.HostStorage] = "a connection text with a key; the identity takes its place",
        [HeadSettings.WorkerRuntime] = "the plan takes it from functionAppConfig only",
    };

    /// <summary>What is read under that name by what Rotunda stands on, so that no line of its code or of its host files says so.</summary>
    private static readonly string[] s_readByOthers = [HeadSettings.HostStorage, HeadSettings.WorkerRuntime, HeadSettings.ClientId];

    /// <summary>Set by the platform itself: never given.</summary>
    private static readonly string[] s_setByThePlatform = [HeadSettings.PlatformAuthentication];

    private static IReadOnlyList<string> Given { get; } =
        [.. Infrastructure.Module("functionApp").Variables.Where(v => v.Key.EndsWith("Settings", StringComparison.Ordinal)).SelectMany(v => v.Value.All()).OfType<BicepObject>().SelectMany(o => o.Keys)];

    /// <summary>The list is what stands in the sources: a setting that nothing reads any more, or that is read and not listed, is found.</summary>
    [Fact]
    public void The_list_of_settings_is_what_the_code_and_the_host_files_read()
    {
        Assert.Equal(
            HeadSettings.All.Concat(s_setByThePlatform).Order(StringComparer.Ordinal),
            ReadInCode().Concat(ReadInHostFiles()).Concat(s_readByOthers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_head_reads_no_setting_by_a_name_of_its_own()
    {
        var texts = Sources("src/Functions").Concat(Sources("src/Api/Hosting")).SelectMany(source => SettingText().Matches(source.Text).Select(m => $"{source.Name}: {m.Value}"));

        Assert.Empty(texts);
    }

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
        Assert.Empty(ReadInHostFiles().Except(Given, StringComparer.Ordinal));
        foreach (var file in s_hostFiles)
        {
            using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, file)));
            Assert.Equal($"%{HeadSettings.TaskHub}%", host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString());
        }
    }

    /// <summary>In a package for the scheduler the file says it, for the platform's scaling; the settings say the same to the host.</summary>
    [Fact]
    public void What_the_settings_override_is_what_the_host_file_for_the_scheduler_says()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", "Functions", "host.scheduler.json")));
        var provider = host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("storageProvider").EnumerateObject()
            .Select(p => (Name: "AzureFunctionsJobHost__extensions__durableTask__storageProvider__" + p.Name, Value: p.Value.GetString()));
        var settings = Infrastructure.Module("functionApp").Variables["schedulerSettings"].All().OfType<BicepObject>().Single(o => o.Keys.Any());

        Assert.All(provider, p => Assert.Equal(p.Value, settings[p.Name]?.Literal));
    }

    private static readonly string[] s_hostFiles = ["host.json", Path.Combine("src", "Functions", "host.scheduler.json")];

    private static IEnumerable<string> ReadInCode()
    {
        var names = typeof(HeadSettings).GetFields().Where(f => f.IsLiteral).ToDictionary(f => f.Name, f => (string)f.GetRawConstantValue()!, StringComparer.Ordinal);
        return Sources("src").Where(s => s.Name != "HeadSettings.cs").SelectMany(s => SettingName().Matches(s.Text)).Select(m => m.Groups["name"].Value).Where(names.ContainsKey).Select(name => names[name]);
    }

    private static IEnumerable<string> ReadInHostFiles() => s_hostFiles
        .Select(file => File.ReadAllText(Path.Combine(Repository.Root, file)))
        .SelectMany(text => Reference().Matches(text).Concat(Connection().Matches(text)))
        .Select(m => m.Groups["name"].Value);

    private static IEnumerable<(string Name, string Text)> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Select(f => (Path.GetFileName(f), File.ReadAllText(f)))
            .Where(s => s.Item1 != "HeadSettings.cs");

    [GeneratedRegex(@"\bHeadSettings\.(?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingName();

    /// <summary>A text that looks like a setting's name: Rotunda__X, RotundaX, AZURE_X, AzureWebJobsX, FUNCTIONS_X.</summary>
    [GeneratedRegex("\"(Rotunda__\\w+|Rotunda[A-Z]\\w+|AZURE_\\w+|AzureWebJobs\\w*|FUNCTIONS_\\w+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingText();

    [GeneratedRegex("\"connection(String)?Name\": \"(?<name>\\w+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Connection();

    [GeneratedRegex("%(?<name>[A-Za-z0-9_]+)%", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
