using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Stores.AzureKeyVault;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Head;

/// <summary>The head's own vault: <c>key-vault:</c> references are read there, and the store "key-vault" keeps its values there.</summary>
internal sealed class HeadVault(KeyVaultClients clients, HeadStoreOptions options, TimeProvider time) : IReadKeyVault
{
    private const int Longest = 24;

    public async Task<SecretValue> ReadAsync(string reference, string name, CancellationToken cancellationToken)
    {
        if (options.KeyVaultAddress is not { } address)
        {
            throw new ReferenceUnresolvedException(
                reference,
                $"no vault is set for this head. Set the environment variable {HeadStoreOptions.KeyVaultVariable} to its address, such "
                    + "as https://team.vault.azure.net.");
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        try
        {
            var place = new KeyVaultPlace(slash < 0 ? Address(address) : Beside(Address(address), name[..slash]));
            var secret = name[(slash + 1)..];
            var found = await new KeyVaultSession(clients.For(place), time).GetAsync(secret, null, cancellationToken)
                ?? throw new ReferenceUnresolvedException(reference, $"the vault {place.Vault.Host} has no secret '{secret}'. Set it "
                    + "there, or correct the name.");
            return KeyVaultValue.Read(found)
                ?? throw new ReferenceUnresolvedException(reference, "its content type says base64, but it is not. Set one that is, or "
                    + "take the content type away.");
        }
        catch (KeyVaultDisabledException)
        {
            throw new ReferenceUnresolvedException(reference, "its newest version is disabled. Enable it.");
        }
        catch (WebFailureException failure) when (failure.Outcome.Kind == StepOutcomeKind.Rejected)
        {
            throw new ReferenceUnresolvedException(reference, failure.Message);
        }
    }

    /// <exception cref="StoreUnavailableException">What the environment says is no vault's address.</exception>
    public ISecretStore OpenStore()
    {
        try
        {
            var place = new KeyVaultPlace(Address(options.KeyVaultAddress ?? ""));
            return new KeyVaultStore(
                StoreNames.KeyVault,
                () => new KeyVaultSession(clients.For(place), time),
                expires: options.KeyVaultExpires);
        }
        catch (WebFailureException failure)
        {
            throw new StoreUnavailableException(failure.Message);
        }
    }

    /// <summary>Another vault of the same cloud: its host differs in the first name only.</summary>
    internal static Uri Beside(Uri vault, string other)
    {
        var dot = vault.Host.IndexOf('.', StringComparison.Ordinal);
        var isName = other.Length is > 0 and <= Longest && other.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol == '-');
        return dot > 0 && isName ? new UriBuilder(vault) { Host = other + vault.Host[dot..] }.Uri
            : throw new WebFailureException(StepOutcome.Rejected(
                $"'{other}' cannot be the name of a vault beside {vault.Host}. Use "
                    + "letters, digits and hyphens."));
    }

    private static Uri Address(string text) =>
        KeyVaultPlace.AddressOf(text, $"The environment variable {HeadStoreOptions.KeyVaultVariable}");
}
