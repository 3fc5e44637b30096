using System.Text.Json.Nodes;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.GitHub;

public sealed class GitHubConformanceTests(ITestOutputHelper output)
{
    public static TheoryData<string, bool> Places => new()
    {
        { "organization with a workflow", false },
        { "organization with a workflow", true },
        { "older server", false },
        { "repository", false },
        { "environment", true },
    };

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "/api/v3")]
    public async Task Conforms(bool isApp, string prefix)
    {
        await using var environment = await GitHubEnvironment.StartAsync(isApp: isApp, prefix: prefix);
        await ProviderConformanceSuite.RunAsync(environment);
        environment.Vendor.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Survives_every_fault_of_every_call(string place, bool isApp)
    {
        await using var environment = await GitHubEnvironment.StartAsync(
            place switch
            {
                "repository" => new JsonObject { ["repository"] = "acme/shop" },
                "environment" => new JsonObject { ["repository"] = "acme/shop", ["environment"] = "blue/green" },
                _ => null,
            },
            isApp,
            isOld: place == "older server");
        output.WriteLine($"{await VendorFaultSuite.RunAsync(environment)} faults");
    }
}
