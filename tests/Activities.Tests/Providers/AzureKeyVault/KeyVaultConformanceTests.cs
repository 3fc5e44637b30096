using Rotunda.Providers.Contract;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.AzureKeyVault;

public sealed class KeyVaultConformanceTests
{
    [Fact]
    public async Task Conforms()
    {
        await using var environment = await KeyVaultEnvironment.StartAsync();
        await ProviderConformanceSuite.RunAsync(environment);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task Survives_every_fault_of_every_call()
    {
        await using var environment = await KeyVaultEnvironment.StartAsync();
        Assert.True(await VendorFaultSuite.RunAsync(environment) > 200);
    }

    [Fact]
    public async Task Keeps_the_contract_of_stores()
    {
        await using var environment = await KeyVaultEnvironment.StartAsync();
        await StoreContract.CheckAsync(() => ((IOpenStore)environment.Provider).Open(
            "main",
            environment.Call().Settings,
            environment.Time));
        environment.Vendor.AssertClean();
    }
}
