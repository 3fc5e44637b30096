using Rotunda.Activities.Providers.AzureKeyVault;
using Rotunda.Activities.Stores;
using Rotunda.Activities.Tests.Providers.AzureKeyVault;
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
        var options = new ActivitiesOptions
        {
            DataDirectory = null,
            Environment = name => name == ActivitiesOptions.KeyVaultSetting ? _environment.Vendor.Address : null,
            KeyVaultExpires = days is { } count ? TimeSpan.FromDays(count) : null,
        };
        var clients = _environment.Clients();
        var store = HeadVault.Open(new KeyVaultHead(clients, options.KeyVaultAddress, TimeProvider.System), clients, options, TimeProvider.System);
        using var value = SecretValue.FromText("a value");
        var before = DateTimeOffset.UtcNow;

        await store.PromoteAsync(await store.PutPendingAsync("orders", "orders-1", value, default), default);

        Assert.Equal(ActivitiesOptions.KeyVaultStore, store.Name);
        Assert.Null(_environment.Fake.Secrets["orders-pending"][^1].Expires);
        var expires = _environment.Fake.Secrets["orders"][^1].Expires;
        if (days is null)
        {
            Assert.Null(expires);
        }
        else
        {
            Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(expires!.Value), before.AddDays(days.Value).AddSeconds(-1), DateTimeOffset.UtcNow.AddDays(days.Value));
        }
    }
}
