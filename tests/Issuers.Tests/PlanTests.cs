using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Issuers.Tests;

/// <summary>What a rotation at each vendor would do: the plan of the example in its descriptor, to be read by a reviewer.</summary>
public sealed class PlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Settings that make another plan of the same vendor: what stands in its example, and what stands there instead.</summary>
    private static readonly Dictionary<string, (string Vendor, string From, string To)> Variants = new(StringComparer.Ordinal)
    {
        ["grafana-token-legacy-key"] = ("grafana-token", "serviceAccount: \"17\"", "legacyKey: ci"),
    };

    public static TheoryData<string> Plans =>
        [.. Bench.Providers().OfType<Vendor>().Select(vendor => vendor.Descriptor.Id), .. Variants.Keys];

    [Theory]
    [MemberData(nameof(Plans))]
    public void The_plan_of_the_example_is_as_it_was_read(string name)
    {
        var descriptors = Descriptors();
        var (vendor, from, to) = Variants.GetValueOrDefault(name, (name, "version", "version"));
        var read = CatalogReader.Read(descriptors[vendor].Example!.Replace(from, to), $"{name}.yaml", Folder(), descriptors);
        Assert.Empty(read.Problems);
        var policy = Assert.Single(read.Catalog!.Policies).Value;
        // Of accounts taken in turn, the first is in use.
        var account = descriptors[vendor].AccountsSetting is { } accounts ? (string)policy.Provider.Settings[accounts]![0]! : null;
        var inUse = new CredentialRecord(
            1, policy.Name, 0, CredentialState.Active, account ?? "id-in-use", account, null, "0123456789ab",
            new(policy.Store, policy.Name, "1"), Now, null, null);
        var plan = RotationPlanner.Plan(
            policy,
            new SecretSnapshot(policy.Name, 1, [inUse], Now, null),
            new PlanRequest(RotationTrigger.Manual, "the yearly look", "ada", Now),
            descriptors,
            "0123456789abcdef");
        var path = Path.Combine(Folder(), $"{name}.txt");
        if (Environment.GetEnvironmentVariable("ROTUNDA_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, PlanText.Render(plan));
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == PlanText.Render(plan),
            $"tests/Issuers.Tests/Plans/{name}.txt is not the plan. Run the tests with ROTUNDA_UPDATE_DOCS=1, and read what changed.");
    }

    private static IReadOnlyDictionary<string, ProviderDescriptor> Descriptors() =>
        new ServiceCollection().AddRotundaProviders().BuildServiceProvider().GetRequiredService<ProviderRegistry>().Descriptors;

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Plans");
}
