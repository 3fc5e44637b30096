using Microsoft.Extensions.DependencyInjection;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Providers.Stores.Head;

namespace Rotunda.Activities.Tests.Stores;

/// <summary>The stores that come with a head: by its disk, and by its environment.</summary>
public sealed class HeadStoresTests
{
    [Theory]
    [InlineData(true, null, null, "embedded", "embedded")]
    [InlineData(true, "https://team.vault.azure.net", null, "embedded,key-vault", "embedded")]
    [InlineData(false, "https://team.vault.azure.net", null, "key-vault", "key-vault")]
    [InlineData(false, null, "https://team.vault.azure.net", "key-vault", "key-vault")]
    [InlineData(false, " ", null, "", null)]
    public void They_are_told_to_the_catalog_s_reader(bool onDisk, string? variable, string? setting, string names, string? byDefault)
    {
        var stores = HeadStoreOptions.StoresOf(
            onDisk,
            name => name == "ROTUNDA_KEY_VAULT_URI" ? variable : name == "Rotunda__KeyVault__Uri" ? setting : null);
        Assert.Equal((names, byDefault), (string.Join(',', stores.Names), stores.Default));
    }

    [Fact]
    public void A_head_without_a_disk_has_the_vault_s_store_alone()
    {
        using var services = Services(new ActivitiesOptions
        {
            DataDirectory = null,
            Environment = name => name == "ROTUNDA_KEY_VAULT_URI" ? "https://team.vault.azure.net/" : null,
        });
        Assert.Equal(["key-vault"], services.GetServices<ISecretStore>().Select(store => store.Name));
        Assert.Equal("key-vault", services.GetRequiredService<StoreRegistry>().Default!.Name);
        Assert.True(services.GetRequiredService<StoreRegistry>().Knows("key-vault", null));
        Assert.Null(services.GetService<EmbeddedStore>());
        Assert.Null(services.GetService<ILedger>());
    }

    [Fact]
    public async Task A_head_without_any_store_says_so()
    {
        using var services = Services(new ActivitiesOptions { DataDirectory = null, Environment = _ => null });
        Assert.Null(services.GetRequiredService<StoreRegistry>().Default);
        var problem = await Assert.ThrowsAsync<ReferenceUnresolvedException>(() => services.GetRequiredService<IReferenceResolver>()
            .ResolveAsync("store:x", default));
        Assert.Contains("has no store of its own", problem.Message);
        Assert.Contains(
            "ROTUNDA_KEY_VAULT_URI",
            (await Assert.ThrowsAsync<ReferenceUnresolvedException>(() => services.GetRequiredService<IReferenceResolver>()
                .ResolveAsync("key-vault:x", default))).Message);
    }

    [Fact]
    public void An_address_that_is_none_is_a_clear_error()
    {
        using var services = Services(new ActivitiesOptions { DataDirectory = null, Environment = _ => "team" });
        Assert.Contains(
            "ROTUNDA_KEY_VAULT_URI is no vault's address",
            Assert.Throws<StoreUnavailableException>(() => services.GetServices<ISecretStore>().ToList()).Message);
    }

    private static ServiceProvider Services(ActivitiesOptions options) =>
        new ServiceCollection().AddRotundaProviders().AddRotundaActivities(options).BuildServiceProvider();
}
