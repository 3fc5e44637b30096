using Rotunda.Providers.Clients.Vault;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.VaultDatabase;

/// <summary>Opens sessions with Vaults, and checks what both kinds of roles need there.</summary>
internal sealed class VaultAccounts : IDisposable
{
    private readonly WebClients _clients = new();
    private readonly VaultTokens _tokens = new();

    public VaultDatabaseClient Begin(ProviderCall call)
    {
        var vault = VaultSettings.Of(call.Settings, VaultDatabaseSettings.DefaultMount);
        return new(_clients.Begin(call.Time, "Vault", vault.CaFile), vault, call.Settings, _tokens);
    }

    /// <summary>Whether a database engine is there, and our token has these rights. Changes nothing.</summary>
    /// <exception cref="WebFailureException">With what is wrong and what to do.</exception>
    public static async Task CheckAsync(
        VaultDatabaseClient vault, IReadOnlyList<(string Path, string Right)> rights, CancellationToken cancellationToken)
    {
        var mount = vault.Vault.Mount;
        if (await vault.MountAsync(cancellationToken) is { } found && (found.Type != "database" || found.Path != mount))
        {
            throw vault.Session.Failure(StepOutcome.Rejected(
                found.Path == mount
                    ? $"At the mount {mount} is an engine '{found.Type}', not a database engine. Give another mount."
                    : $"An engine '{found.Type}' is mounted at {found.Path}, not at {mount}. Give the database engine's mount."));
        }

        var given = await vault.CapabilitiesAsync(rights.Select(one => one.Path), cancellationToken);
        var missing = rights.Where(one => !given[one.Path].Any(has => has == one.Right || has == "root"))
            .Select(one => $"{one.Right} on {one.Path}").ToList();
        if (missing.Count > 0)
        {
            throw vault.Session.Failure(StepOutcome.Rejected(
                $"Vault's policies do not let Rotunda: {string.Join("; ", missing)}. Add them, as the provider's page shows."));
        }
    }

    public void Dispose() => _clients.Dispose();
}
