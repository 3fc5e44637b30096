using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.AzureKeyVault;

/// <summary>Which vault, and as whom.</summary>
internal sealed record KeyVaultPlace(Uri Vault, string? Tenant = null, string? ClientId = null)
{
    /// <exception cref="WebFailureException">The address cannot be used.</exception>
    public static KeyVaultPlace Of(ProviderSettings settings) => new(
        AddressOf(settings.RequiredText(KeyVaultDescriptor.Vault), $"The setting '{KeyVaultDescriptor.Vault}'"),
        settings.Text(KeyVaultDescriptor.Tenant), settings.Text(KeyVaultDescriptor.ClientId));

    /// <param name="what">For the problem: where the text comes from.</param>
    /// <exception cref="WebFailureException">It is no vault's address.</exception>
    public static Uri AddressOf(string text, string what) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttps
            && address.PathAndQuery == "/"
            ? address
                : throw new WebFailureException(
                    StepOutcome.Rejected($"{what} is no vault's address. Give one such as https://team.vault.azure.net."));
}

/// <summary>The SDK's clients, one for each vault and identity: they hold connections and tokens.</summary>
/// <param name="credential">Makes what logs in; null for <see cref="DefaultAzureCredential"/>.</param>
/// <param name="configure">Changes a client's options; for tests.</param>
internal sealed class KeyVaultClients(
    Func<KeyVaultPlace, TokenCredential>? credential = null,
    Action<SecretClientOptions>? configure = null)
{
    private readonly ConcurrentDictionary<KeyVaultPlace, SecretClient> _clients = new();

    public SecretClient For(KeyVaultPlace place) => _clients.GetOrAdd(place, Make);

    private SecretClient Make(KeyVaultPlace place)
    {
        var options = new SecretClientOptions(SecretClientOptions.ServiceVersion.V2025_07_01);
        // Retries are the interpreter's, durable and on record, with the vault's own Retry-After.
        options.Retry.MaxRetries = 0;
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        configure?.Invoke(options);
        return new SecretClient(place.Vault, credential is null ? Default(place) : credential(place), options);
    }

    private static DefaultAzureCredential Default(KeyVaultPlace place)
    {
        var options = new DefaultAzureCredentialOptions { ExcludeInteractiveBrowserCredential = true };
        if (place.Tenant is not null)
        {
            options.TenantId = place.Tenant;
        }

        if (place.ClientId is not null)
        {
            options.ManagedIdentityClientId = place.ClientId;
            options.WorkloadIdentityClientId = place.ClientId;
        }

        return new DefaultAzureCredential(options);
    }
}
