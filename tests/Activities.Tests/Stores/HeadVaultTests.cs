using Rotunda.Activities.Tests.Providers.AzureKeyVault;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Stores.Head;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Stores;

/// <summary>The head's own vault, with and without an expiry of what is current there.</summary>
public sealed class HeadVaultTests : IAsyncLifetime
{
    private KeyVaultEnvironment _environment = null!;

    public async ValueTask InitializeAsync() => _environment = await KeyVaultEnvironment.StartAsync();

    public ValueTask DisposeAsync() => _environment.DisposeAsync();

    [Theory]
    [InlineData(400)]
    [InlineData(null)]
    public async Task What_is_current_expires_as_the_head_is_set(int? days)
    {
        var options = new HeadStoreOptions(
            DataDirectory: null,
            name => name == HeadStoreOptions.KeyVaultSetting ? _environment.Vendor.Address : null,
            days is { } count ? TimeSpan.FromDays(count) : null);
        var store = new HeadVault(_environment.Clients(), options, TimeProvider.System).OpenStore();
        using var value = SecretValue.FromText("a value");
        var before = DateTimeOffset.UtcNow;

        await store.PromoteAsync(await store.PutPendingAsync("orders", "orders-1", value, default), default);

        Assert.Equal(StoreNames.KeyVault, store.Name);
        Assert.Null(_environment.Fake.Secrets["orders-pending"][^1].Expires);
        var expires = _environment.Fake.Secrets["orders"][^1].Expires;
        if (days is null)
        {
            Assert.Null(expires);
        }
        else
        {
            Assert.InRange(
                DateTimeOffset.FromUnixTimeSeconds(expires!.Value),
                before.AddDays(days.Value).AddSeconds(-1),
                DateTimeOffset.UtcNow.AddDays(days.Value));
        }
    }
}
