using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// What to do when a vault says that a value is about to expire: a secret that the catalog keeps there is rotated, everything
/// else becomes a notice. The same event twice does nothing more.
/// </summary>
public sealed class NearExpiryDesk(ICatalogSource catalog, RotationDesk desk, NoticeDesk notices, TimeProvider time)
{
    /// <summary>Who the ledger says asked.</summary>
    public const string RequestedBy = "key-vault";

    private const string PendingSuffix = "-pending";
    private static readonly TimeSpan FreshEnough = TimeSpan.FromSeconds(30);

    /// <param name="vault">The address of the head's own vault; null if it has none.</param>
    public async Task HandleAsync(NearExpiryEvent near, Uri? vault, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(FreshEnough, cancellationToken);
        if (PolicyOf(near, vault) is not { } policy)
        {
            var pending = near.Name.EndsWith(PendingSuffix, StringComparison.Ordinal);
            await NoteAsync(near, pending ? "a pending value" : "not in the catalog", cancellationToken);
        }
        else if (policy.Window is { } window && !RotationWindows.IsOpen(window, time.GetUtcNow()))
        {
            await NoteAsync(near, $"its window ({RotationWindows.Describe(window)}) is closed now: start it there", cancellationToken);
        }
        else if (Openings.FreezeAt(policy, time.GetUtcNow()) is { } freeze)
        {
            await NoteAsync(near, $"the change freeze {freeze.Name} holds: start it if it has to be", cancellationToken);
        }
        else if (await StartAsync(policy, near, cancellationToken) is
                 { Kind: not (StartOutcomeKind.Started or StartOutcomeKind.Existing) } refused)
        {
            await NoteAsync(near, $"no rotation was started: {refused.Message}", cancellationToken);
        }
    }

    /// <summary>
    /// By store and name: the policy of that name whose store is in that vault. The names of stores in vaults are the secrets'.
    /// </summary>
    private Policy? PolicyOf(NearExpiryEvent near, Uri? vault) =>
        catalog.Current is { } current
        && current.Policies.TryGetValue(near.Name, out var policy)
        && AddressesOf(policy.Store, current, vault).Any(address => IsIn(address, near.Vault))
            ? policy
            : null;

    /// <summary>Of a store that the catalog defines, every address in its settings; of the head's own, that of its vault.</summary>
    private static IEnumerable<Uri> AddressesOf(string store, RotationCatalog catalog, Uri? vault)
    {
        if (catalog.Stores?.GetValueOrDefault(store) is { } defined)
        {
            return defined.Settings
                .Where(setting => setting.Value?.GetValueKind() == System.Text.Json.JsonValueKind.String)
                .Select(setting => Uri.TryCreate(setting.Value!.GetValue<string>(), UriKind.Absolute, out var address) ? address : null)
                .OfType<Uri>();
        }

        return store == StoreNames.KeyVault && vault is not null ? [vault] : [];
    }

    /// <summary>A vault's address begins with its name, whatever the cloud.</summary>
    private static bool IsIn(Uri address, string vault) => address.Host.StartsWith(vault + ".", StringComparison.OrdinalIgnoreCase);

    private Task<StartOutcome> StartAsync(Policy policy, NearExpiryEvent near, CancellationToken cancellationToken) => desk.StartAsync(
        new StartRequest(
            policy.Name, RotationTrigger.Schedule, $"Its value in {near.Vault} expires{When(near)}.", RequestedBy,
            StartKey: $"near-expiry:{near.Version}"),
        cancellationToken);

    private Task<bool> NoteAsync(NearExpiryEvent near, string why, CancellationToken cancellationToken) => notices.TellAsync(
        new Notice(Notice.NearExpiry, near.Name, null, $"{near.Vault}/{near.Name}/{near.Version}", $"expires{When(near)}; {why}"),
        cancellationToken);

    private static string When(NearExpiryEvent near) => near.ExpiresAt is { } at ? $" at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : " soon";
}
