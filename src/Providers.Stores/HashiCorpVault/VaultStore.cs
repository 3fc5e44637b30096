using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Vault;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.HashiCorpVault;

/// <summary>
/// Values in a KV version 2 engine. Each has a path of its own, "{prefix}/{name}-pending/{owner}.{n}", written once and destroyed when it
/// is discarded; ".n" counts an owner's values, and a number is never used again. "{prefix}/{name}" holds a copy of the current one, for
/// readers. So a promotion is one write, and no number of versions pushes out a value that is still needed.
/// </summary>
internal sealed class VaultStore(string name, ProviderSettings settings, Func<VaultSettings, VaultClient> open) : ISecretStore
{
    private const int Rounds = 5;

    public string Name => name;

    public Task<SecretRef> PutPendingAsync(
        string name,
        string owner,
        SecretValue value,
        string? fingerprint,
        CancellationToken cancellationToken) =>
        GuardAsync(async vault =>
        {
            for (var number = 1; ; number++)
            {
                var version = $"{VaultValue.PartOf(owner)}.{number}";
                var path = PendingPath(name, version);
                var entry = await vault.ReadAsync(path, 0, cancellationToken);
                if (entry.Kind == VaultEntryKind.Absent)
                {
                    var data = new JsonObject { [VaultValue.Owner] = owner };
                    VaultValue.Put(data, value);
                    if (fingerprint is not null)
                    {
                        data[VaultValue.Fingerprint] = fingerprint;
                    }

                    var written = await vault.WriteAsync(path, 0, data, cancellationToken);
                    // Null: someone was faster. What they wrote may be this very value.
                    entry = written is null
                        ? await vault.ReadAsync(path, 0, cancellationToken)
                        : new(VaultEntryKind.Present, written.Version, data, written.DeletedAt, null);
                }

                if (IsOf(entry, owner) && VaultValue.Is(entry, value))
                {
                    RequireLasting(vault, path, entry.DeletedAt);
                    return Ref(name, version);
                }
            }
        });

    public Task<SecretRef?> FindAsync(string name, string owner, CancellationToken cancellationToken) => GuardAsync(async vault =>
    {
        SecretRef? found = null;
        for (var number = 1; ; number++)
        {
            var version = $"{VaultValue.PartOf(owner)}.{number}";
            var entry = await vault.ReadAsync(PendingPath(name, version), 0, cancellationToken);
            if (entry.Kind == VaultEntryKind.Absent)
            {
                return found;
            }

            found = IsOf(entry, owner) ? Ref(name, version) : found;
        }
    });

    public Task PromoteAsync(SecretRef version, CancellationToken cancellationToken) => GuardAsync(async vault =>
    {
        var entry = await PresentAsync(vault, version, cancellationToken);
        using var value = ValueOf(vault, version, entry);
        var path = PathOf(version.Name);
        for (var round = 0; round < Rounds; round++)
        {
            var current = await vault.ReadAsync(path, 0, cancellationToken);
            var there = current.Text(VaultValue.Version) == version.Version && VaultValue.Is(current, value);
            if (there || await WriteCurrentAsync(vault, path, current, version, value, cancellationToken))
            {
                await DescribeAsync(vault, path, there ? current : null, version, entry, cancellationToken);
                return true;
            }
        }

        throw vault.Session.Failure(StepOutcome.RetryLater($"Others keep writing to {Shown(vault, path)} at the same time."));
    });

    public Task<SecretValue> GetAsync(SecretRef version, CancellationToken cancellationToken) =>
        GuardAsync(async vault => ValueOf(vault, version, await PresentAsync(vault, version, cancellationToken)));

    public Task<SecretRef?> CurrentAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync(vault => CurrentAsync(vault, name, cancellationToken));

    public Task DiscardAsync(SecretRef version, CancellationToken cancellationToken) => GuardAsync(async vault =>
    {
        var path = PendingPath(version);
        var entry = await vault.ReadAsync(path, 0, cancellationToken);
        if (entry.Kind is VaultEntryKind.Absent or VaultEntryKind.Destroyed)
        {
            return true;
        }

        if (await CurrentAsync(vault, version.Name, cancellationToken) == version)
        {
            throw new InvalidOperationException($"{version} is the current version: it is not discarded.");
        }

        // The copies first: while the value's own path is there, a repeated call looks for them again.
        await DestroyCopiesAsync(vault, version, cancellationToken);
        await vault.DestroyAsync(path, [entry.Version], cancellationToken);
        return true;
    });

    public async Task DropAsync(SecretRef version, CancellationToken cancellationToken)
    {
        await DiscardAsync(version, cancellationToken);
        await GuardAsync(async vault =>
        {
            var path = PendingPath(version);
            return await vault.ReadAsync(path, 0, cancellationToken) is { Kind: not VaultEntryKind.Absent }
                && await vault.TryForgetAsync(path, cancellationToken);
        });
    }

    public Task CheckAsync(CancellationToken cancellationToken) => GuardAsync(async vault =>
    {
        await VaultChecks.StoreAsync(vault, Prefix(), cancellationToken);
        return true;
    });

    private static bool IsOf(VaultEntry entry, string owner) =>
        entry.Kind == VaultEntryKind.Present && entry.Text(VaultValue.Owner) == owner;

    /// <returns>False if someone else wrote at the same time.</returns>
    private static async Task<bool> WriteCurrentAsync(
        VaultClient vault, string path, VaultEntry current, SecretRef version, SecretValue value, CancellationToken cancellationToken)
    {
        var data = current.Data?.DeepClone().AsObject() ?? [];
        VaultValue.Put(data, value);
        data[VaultValue.Version] = version.Version;
        if (await vault.WriteAsync(path, current.Version, data, cancellationToken) is not { } written)
        {
            return false;
        }

        RequireLasting(vault, path, written.DeletedAt);
        return true;
    }

    /// <summary>Tells people who look at the secret's metadata which rotation its value is of.</summary>
    /// <param name="known">What is known of it now; null for nothing.</param>
    private static async Task DescribeAsync(
        VaultClient vault,
        string path,
        VaultEntry? known,
        SecretRef version,
        VaultEntry pending,
        CancellationToken cancellationToken)
    {
        if (VaultEntry.TextOf(known?.Custom?[VaultValue.Version]) != version.Version)
        {
            var custom = new JsonObject { [VaultValue.Version] = version.Version, [VaultValue.Owner] = pending.Text(VaultValue.Owner) };
            // Also where there is none: that of the value before would be left.
            custom[VaultValue.Fingerprint] = pending.Text(VaultValue.Fingerprint) ?? "unknown";
            await vault.DescribeAsync(path, custom, cancellationToken);
        }
    }

    private async Task<SecretRef?> CurrentAsync(VaultClient vault, string secret, CancellationToken cancellationToken)
    {
        var path = PathOf(secret);
        var entry = await vault.ReadAsync(path, 0, cancellationToken);
        return entry.Kind == VaultEntryKind.Deleted
            ? throw vault.Session.Failure(
                StepOutcome.Rejected(
                    $"{Shown(vault, path)} was deleted (version {entry.Version}), so that readers get nothing. Bring it back: vault kv "
                        + $"undelete -mount={vault.Vault.Mount} -versions={entry.Version} {path}"))
            : entry.Text(VaultValue.Version) is { } version ? Ref(secret, version) : null;
    }

    private async Task DestroyCopiesAsync(VaultClient vault, SecretRef version, CancellationToken cancellationToken)
    {
        var path = PathOf(version.Name);
        var copies = new List<int>();
        foreach (var number in await vault.VersionsAsync(path, cancellationToken))
        {
            if ((await vault.ReadAsync(path, number, cancellationToken)).Text(VaultValue.Version) == version.Version)
            {
                copies.Add(number);
            }
        }

        if (copies.Count > 0)
        {
            await vault.DestroyAsync(path, copies, cancellationToken);
        }
    }

    private async Task<VaultEntry> PresentAsync(VaultClient vault, SecretRef version, CancellationToken cancellationToken)
    {
        var path = PendingPath(version);
        var entry = await vault.ReadAsync(path, 0, cancellationToken);
        return entry.Kind switch
        {
            VaultEntryKind.Present => entry,
            VaultEntryKind.Deleted => throw vault.Session.Failure(StepOutcome.Rejected(
                $"{Shown(vault, path)} was deleted, but not by Rotunda. Bring it back: vault kv undelete -mount={vault.Vault.Mount} "
                    + $"-versions={entry.Version} {path}")),
            _ => throw new SecretNotFoundException(version.ToString()),
        };
    }

    private static SecretValue ValueOf(VaultClient vault, SecretRef version, VaultEntry entry) => VaultValue.Take(entry)
        ?? throw vault.Session.Failure(
            StepOutcome.Rejected(
                $"The value {version} in Vault is not as Rotunda wrote it: someone has changed it. Roll its secret back to version 1."));

    private static void RequireLasting(VaultClient vault, string path, DateTimeOffset? deletedAt)
    {
        if (deletedAt is { } when)
        {
            throw vault.Session.Failure(StepOutcome.Rejected(
                $"Vault will delete {Shown(vault, path)} by itself at {when:u}, as delete_version_after is set. Set it to 0s on the "
                    + $"mount: vault write {vault.Vault.Mount}/config delete_version_after=0s"));
        }
    }

    private static string Shown(VaultClient vault, string path) => $"{vault.Vault.Mount}/{path}";

    private string Prefix() =>
        VaultSettings.PathOf(settings.Text(VaultDescriptor.Prefix) ?? VaultDescriptor.DefaultPrefix, VaultDescriptor.Prefix);

    private string PathOf(string secret) => $"{Prefix()}/{VaultSettings.PathOf(secret, "the secret's name")}";

    private string PendingPath(string secret, string version) => $"{PathOf(secret)}-pending/{version}";

    private string PendingPath(SecretRef version) =>
        version.Store == name
            && version.Version.Length > 0
            && VaultValue.PartOf(version.Version.Replace('.', '-')) == version.Version.Replace('.', '-')
            ? PendingPath(version.Name, version.Version) : throw new SecretNotFoundException(version.ToString());

    private SecretRef Ref(string secret, string version) => new(name, secret, version);

    private Task<T> GuardAsync<T>(Func<VaultClient, Task<T>> work) =>
        WebGuard.StoreAsync(name, () => work(open(VaultSettings.Of(settings))));
}
