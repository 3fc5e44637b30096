using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rotunda.Access;
using Rotunda.Api.Head;
using Rotunda.CatalogFiles;
using Rotunda.Providers.Stores.Head;

namespace Rotunda.Api.Tests;

/// <summary>The Functions head's settings: read, checked, and the same in every file that names them.</summary>
public sealed class HeadSettingsTests
{
    [Fact]
    public void Good_settings_are_taken_with_their_defaults()
    {
        var options = Read((HeadSettings.Catalog, "catalog.yaml"), (HeadSettings.Ledger, " Host=db "));

        Assert.Equal(
            ("catalog.yaml", "Host=db", null, Role.Operator, false),
            (options.Catalog, options.Ledger, options.DataDirectory, options.MachineRole, options.PlatformAuthentication));
        Assert.Equal((null, TimeSpan.FromDays(90)), (options.VaultExpires, options.KeepEnded));
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var problems = Assert.Throws<HeadSettingsException>(() => Read(
            (HeadSettings.Catalog, "https://x.blob.core.windows.net/c/catalog.yaml?sig=abc"),
            (HeadSettings.Ledger, "Host=db"),
            (HeadSettings.DataDirectory, "data"),
            (HeadSettings.KeyVaultUri, "vault"),
            (HeadSettings.KeyVaultExpires, "30d"),
            (HeadSettings.KeepEnded, "a while"),
            (HeadSettings.MachineRole, "root"))).Problems;

        Assert.Equal(6, problems.Count);
        Assert.DoesNotContain(problems, p => p.Contains("abc", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://x/catalog.yaml")]
    [InlineData("https://me:pw@x/catalog.yaml")]
    public void A_catalog_is_needed_and_comes_over_https_without_a_secret_in_its_address(string? catalog) =>
        Assert.Contains(
            HeadSettings.Catalog,
            Assert.Throws<HeadSettingsException>(() => Read((HeadSettings.Catalog, catalog), (HeadSettings.Ledger, "Host=db"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Files_are_refused_where_the_disk_does_not_last() =>
        Assert.Contains("does not last", Assert.Throws<HeadSettingsException>(
            () => Read(
                (HeadSettings.Catalog, "c.yaml"),
                (HeadSettings.DataDirectory, "data"),
                ("WEBSITE_INSTANCE_ID", "i1"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("True", true)]
    [InlineData("false", false)]
    [InlineData(null, false)]
    public void The_platform_is_believed_only_when_it_says_that_it_checks(string? word, bool expected) =>
        Assert.Equal(
            expected,
            Read(
                (HeadSettings.Catalog, "c.yaml"),
                (HeadSettings.Ledger, "Host=db"),
                (HeadSettings.PlatformAuthentication, word)).PlatformAuthentication);

    [Fact]
    public void Host_json_names_only_settings_that_there_are()
    {
        var text = File.ReadAllText(Path.Combine(Root, "host.json"));
        var host = JsonNode.Parse(text)!;

        var named = Regex.Matches(
            text,
            "%(?<name>[^%\"]+)%",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)).Select(m => m.Groups["name"].Value).ToList();

        Assert.Equal([HeadSettings.TaskHub], named);
        Assert.Equal("", (string?)host["extensions"]!["http"]!["routePrefix"]);
    }

    /// <summary>The platform's scaling reads the file in the package, so each backend has its own; they differ in nothing else.</summary>
    [Fact]
    public void The_host_file_for_the_scheduler_differs_in_the_storage_provider_only()
    {
        var storage = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "host.json")))!;
        var scheduler = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "src", "Functions", "host.scheduler.json")))!;
        var provider = scheduler["extensions"]!["durableTask"]!["storageProvider"]!;

        Assert.Equal(
            ("azureManaged", HeadSettings.DurableTaskScheduler),
            ((string?)provider["type"], (string?)provider["connectionStringName"]));
        storage["extensions"]!["durableTask"]!["storageProvider"] = provider.DeepClone();
        Assert.True(JsonNode.DeepEquals(storage, scheduler));
    }

    [Fact]
    public void Sampling_never_drops_an_error()
    {
        var sampling =
            JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "host.json")))!["logging"]!["applicationInsights"]!["samplingSettings"]!;
        var kept = ((string)sampling["excludedTypes"]!).Split(';');

        Assert.Contains("Exception", kept);
        Assert.Contains("Request", kept);
        Assert.Contains("Trace", kept);
    }

    [Fact]
    public void The_sample_of_local_settings_is_complete_and_good()
    {
        var values = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "local.settings.sample.json")))!["Values"]!.AsObject();

        Assert.Empty(values.Select(v => v.Key).Except(HeadSettings.All, StringComparer.Ordinal));
        string[] needed =
        [
            HeadSettings.SweepSchedule, HeadSettings.WatchdogSchedule, HeadSettings.NoticeSchedule, HeadSettings.ReportSchedule,
            HeadSettings.TaskHub, HeadSettings.HostStorage, HeadSettings.WorkerRuntime,
        ];
        Assert.Empty(needed.Except(values.Select(v => v.Key), StringComparer.Ordinal));
        var options = HeadOptions.Read(name => (string?)values[name]);
        Assert.Equal("data", options.DataDirectory);
        Assert.Contains(options.Catalog, CopiedWithTheHead());
    }

    /// <summary>It is all there is in the output: nothing that it names may have to be there before, or be elsewhere.</summary>
    [Fact]
    public void The_catalog_for_a_developers_machine_is_good_and_stands_alone()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-local-");
        try
        {
            var text = File.ReadAllText(Path.Combine(Root, "catalog", "local.yaml"));
            var reading = CatalogLoader.Read(
                new CatalogText(text, "1"),
                "local.yaml",
                folder.FullName,
                HeadStoreOptions.StoresOf(onDisk: true, _ => null));

            Assert.Empty(reading.Problems);
            Assert.All(
                reading.Catalog!.Policies.Values,
                policy => Assert.Equal(("generated", null), (policy.Provider.Type, policy.Current)));
            Assert.All(
                reading.Catalog.Policies.Values.SelectMany(policy => policy.Targets),
                target => Assert.Equal(folder.FullName, Path.GetDirectoryName((string?)target.Provider.Settings["path"])));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> CopiedWithTheHead() =>
        XDocument.Load(Path.Combine(Root, "src", "Functions", "Functions.csproj")).Descendants("None")
            .Where(item => item.Attribute("CopyToOutputDirectory") is not null
                && File.Exists(item.Attribute("Include")!.Value.Replace("$(RepoRoot)", Root + "/", StringComparison.Ordinal)))
            .Select(item => item.Attribute("Link")!.Value);

    [Fact]
    public void Settings_that_the_platform_resolves_have_flat_names() =>
        Assert.All(
            [
                HeadSettings.SweepSchedule, HeadSettings.WatchdogSchedule, HeadSettings.NoticeSchedule, HeadSettings.ReportSchedule,
                HeadSettings.TaskHub,
            ],
            name => Assert.Matches("^[A-Za-z]+$", name));

    private static string Root { get; } = FindRoot();

    private static HeadOptions Read(params (string Name, string? Value)[] settings) =>
        HeadOptions.Read(name => settings.FirstOrDefault(s => s.Name == name).Value);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Rotunda.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Rotunda.slnx was not found.");
        }

        return folder.FullName;
    }
}
