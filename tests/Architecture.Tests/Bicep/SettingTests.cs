using System.Text.Json;
using System.Text.RegularExpressions;
using Rotunda.Api.Head;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>The function app is given the settings that its code, its host and <c>host.json</c> read, under their names.</summary>
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

    /// <summary>The list is what stands in the sources: a setting that nothing reads, or that is read and not listed, is found.</summary>
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
        var texts = Sources("src/Functions").Concat(Sources("src/Api/Head"))
            .SelectMany(source => SettingText().Matches(source.Text).Select(m => $"{source.Name}: {m.Value}"));

        Assert.Empty(texts);
    }

    /// <summary>With the scheduler; without it, all but what leads to the scheduler.</summary>
    [BicepFact]
    public async Task The_settings_are_those_that_the_code_reads()
    {
        var infrastructure = await Infrastructure.CompiledAsync();
        var read = HeadSettings.All.Except(s_left.Keys, StringComparer.Ordinal).Concat(s_platform).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(read.Order(StringComparer.Ordinal), infrastructure.Scheduler.Settings.Keys.Order(StringComparer.Ordinal));
        var without = read.Where(name => !IsOfTheScheduler(name)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(without, infrastructure.Dev.Settings.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(without, infrastructure.Prod.Settings.Keys.Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task What_the_host_file_refers_to_is_set()
    {
        Assert.Empty(ReadInHostFiles().Except((await Infrastructure.CompiledAsync()).Scheduler.Settings.Keys, StringComparer.Ordinal));
        foreach (var file in s_hostFiles)
        {
            using var host = Read(file);
            Assert.Equal($"%{HeadSettings.TaskHub}%", DurableTask(host).GetProperty("hubName").GetString());
        }
    }

    /// <summary>In a package for the scheduler the file says it, for the platform's scaling; the settings say the same.</summary>
    [BicepFact]
    public async Task What_the_settings_override_is_what_the_host_file_for_the_scheduler_says()
    {
        using var host = Read(Path.Combine("src", "Functions", "host.scheduler.json"));
        var provider = DurableTask(host).GetProperty("storageProvider").EnumerateObject()
            .ToDictionary(p => StorageProvider + p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
        var all = (await Infrastructure.CompiledAsync()).Scheduler.Settings;
        var settings = all.Where(s => s.Key.StartsWith(StorageProvider, StringComparison.Ordinal));

        Assert.Equal(provider.OrderBy(p => p.Key, StringComparer.Ordinal), settings.OrderBy(s => s.Key, StringComparer.Ordinal));
    }

    private const string StorageProvider = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__";

    private static bool IsOfTheScheduler(string name) =>
        name == HeadSettings.DurableTaskScheduler || name.StartsWith(StorageProvider, StringComparison.Ordinal);

    private static readonly string[] s_hostFiles = ["host.json", Path.Combine("src", "Functions", "host.scheduler.json")];

    private static IEnumerable<string> ReadInCode()
    {
        var names = typeof(HeadSettings).GetFields().Where(f => f.IsLiteral)
            .ToDictionary(f => f.Name, f => (string)f.GetRawConstantValue()!, StringComparer.Ordinal);
        return Sources("src").SelectMany(s => SettingName().Matches(s.Text)).Select(m => m.Groups["name"].Value)
            .Where(names.ContainsKey)
            .Select(name => names[name]);
    }

    private static IEnumerable<string> ReadInHostFiles() => s_hostFiles
        .Select(file => File.ReadAllText(Path.Combine(Repository.Root, file)))
        .SelectMany(text => Reference().Matches(text).Concat(Connection().Matches(text)))
        .Select(m => m.Groups["name"].Value);

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, file)));

    private static JsonElement DurableTask(JsonDocument host) => host.RootElement.GetProperty("extensions").GetProperty("durableTask");

    private static IEnumerable<(string Name, string Text)> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Select(f => (Path.GetFileName(f), File.ReadAllText(f)))
            .Where(s => s.Item1 != "HeadSettings.cs");

    [GeneratedRegex(@"\bHeadSettings\.(?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingName();

    /// <summary>A text that looks like a setting's name: Rotunda__X, RotundaX, AZURE_X, AzureWebJobsX, FUNCTIONS_X.</summary>
    [GeneratedRegex(
        "\"(Rotunda__\\w+|Rotunda[A-Z]\\w+|AZURE_\\w+|AzureWebJobs\\w*|FUNCTIONS_\\w+)\"",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingText();

    [GeneratedRegex("\"connection(String)?Name\": \"(?<name>\\w+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Connection();

    [GeneratedRegex("%(?<name>[A-Za-z0-9_]+)%", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
