using Rotunda.Providers.Contract;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.HashiCorpVault;

public sealed class VaultConformanceTests
{
    [Theory]
    [InlineData("token")]
    [InlineData("approle")]
    [InlineData("kubernetes")]
    public async Task Conforms(string auth)
    {
        await using var environment = await VaultEnvironment.StartAsync(auth);
        await ProviderConformanceSuite.RunAsync(environment);
        environment.Vendor.AssertClean();
    }

    [Theory]
    [InlineData("token")]
    [InlineData("approle")]
    [InlineData("kubernetes")]
    public async Task Survives_every_fault_of_every_call(string auth)
    {
        await using var environment = await VaultEnvironment.StartAsync(auth);
        Assert.True(await VendorFaultSuite.RunAsync(environment) > 200);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("kubernetes")]
    public async Task Keeps_the_contract_of_stores(string auth)
    {
        await using var environment = await VaultEnvironment.StartAsync(auth);
        await StoreContract.CheckAsync(() => ((IOpenStore)environment.Provider).Open(
            "main",
            environment.Call().Settings,
            environment.Time));
        environment.Vendor.AssertClean();
    }
}
