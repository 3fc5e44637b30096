using System.Globalization;
using Azure.Security.KeyVault.Secrets;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.AzureKeyVault;

/// <summary>
/// Values as versions of "{prefix}{name}-pending", which nobody else reads: pending, current and previous ones alike. The newest version of
/// "{prefix}{name}" is a copy of the current one, for readers; a promotion adds one. Discarding disables: Key Vault deletes no
/// single version.
/// </summary>
/// <param name="begin">Begins a session at the store's vault.</param>
/// <param name="expires">How long after its promotion a copy is marked as expired; null for never.</param>
internal sealed class KeyVaultStore(string name, Func<KeyVaultSession> begin, string prefix = "", TimeSpan? expires = null) : ISecretStore
{
    public const string Owner = "rotunda-owner";
    public const string Number = "rotunda-number";
    public const string Version = "rotunda-version";
    public const string Fingerprint = "rotunda-fingerprint";
    public const string Discarded = "rotunda-discarded";
    private const string Suffix = "-pending";

    public string Name => name;

    public Task<SecretRef> PutPendingAsync(
        string name,
        string owner,
        SecretValue value,
        string? fingerprint,
        CancellationToken cancellationToken) =>
        GuardAsync(async vault =>
        {
            var pending = PendingOf(name);
            var all = await vault.VersionsAsync(pending, cancellationToken);
            foreach (var version in OfOwner(all, owner))
            {
                if (KeyVaultValue.Is(await vault.GetAsync(pending, version.Version, cancellationToken), value))
                {
                    return Ref(name, version.Version);
                }
            }

            var (text, type) = KeyVaultValue.Write(value);
            var secret = new KeyVaultSecret(pending, text) { Properties = { ContentType = type } };
            secret.Properties.Tags[Owner] = owner;
            secret.Properties.Tags[Number] = (all.Select(NumberOf).DefaultIfEmpty().Max() + 1).ToString(CultureInfo.InvariantCulture);
            if (fingerprint is not null)
            {
                secret.Properties.Tags[Fingerprint] = fingerprint;
            }

            return Ref(name, (await vault.SetAsync(secret, cancellationToken)).Properties.Version);
        });

    public Task<SecretRef?> FindAsync(string name, string owner, CancellationToken cancellationToken) => GuardAsync(async vault =>
        OfOwner(await vault.VersionsAsync(PendingOf(name), cancellationToken), owner).FirstOrDefault() is { } newest
            ? Ref(name, newest.Version)
            : null);

    public Task PromoteAsync(SecretRef version, CancellationToken cancellationToken) => GuardAsync(async vault =>
    {
        var secret = await PresentAsync(vault, version, cancellationToken);
        using var value = ValueOf(vault, version, secret);
        var current = await NewestAsync(vault, NameOf(version.Name), cancellationToken);
        if (VersionOf(current) != version.Version || !KeyVaultValue.Is(current, value))
        {
            await vault.SetAsync(Copy(vault, version, secret, current), cancellationToken);
        }

        return true;
    });

    public Task<SecretValue> GetAsync(SecretRef version, CancellationToken cancellationToken) =>
        GuardAsync(async vault => ValueOf(vault, version, await PresentAsync(vault, version, cancellationToken)));

    public Task<SecretRef?> CurrentAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync(vault => CurrentAsync(vault, name, cancellationToken));

    public Task DiscardAsync(SecretRef version, CancellationToken cancellationToken) => GuardAsync(async vault =>
    {
        if (!await IsReadableAsync(vault, version, cancellationToken))
        {
            return true;
        }

        if (await CurrentAsync(vault, version.Name, cancellationToken) == version)
        {
            throw new InvalidOperationException($"{version} is the current version: it is not discarded.");
        }

        // The copies first: while the value's own version can be read, a repeated call looks for them again.
        foreach (var copy in await vault.VersionsAsync(NameOf(version.Name), cancellationToken))
        {
            if (copy.Enabled != false && copy.Tags.TryGetValue(Version, out var of) && of == version.Version)
            {
                await DisableAsync(vault, copy, cancellationToken);
            }
        }

        var own = (await vault.VersionsAsync(PendingOf(version.Name), cancellationToken)).Find(one => one.Version == version.Version);
        if (own is not null)
        {
            await DisableAsync(vault, own, cancellationToken);
        }

        return true;
    });

    /// <summary>With its whole secret, if nothing else is kept there: purged where that is possible, else the vault does it when
    /// its retention is over.</summary>
    public async Task DropAsync(SecretRef version, CancellationToken cancellationToken)
    {
        await DiscardAsync(version, cancellationToken);
        await GuardAsync(async vault =>
        {
            var pending = PendingOf(version.Name);
            var all = await vault.VersionsAsync(pending, cancellationToken);
            return !all.Exists(one => one.Enabled != false)
                && (await vault.VersionsAsync(NameOf(version.Name), cancellationToken)).Count == 0
                && (all.Count == 0 || await vault.TryDeleteAsync(pending, cancellationToken))
                && await vault.TryPurgeAsync(pending, cancellationToken);
        });
    }

    public async Task CheckAsync(string name, CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        await GuardAsync(async vault =>
        {
            _ = PendingOf(CaptureName.Longest(name));
            RequireRoom(vault, NameOf(name), await NewestAsync(vault, NameOf(name), cancellationToken));
            return true;
        });
    }

    public Task CheckAsync(CancellationToken cancellationToken) => GuardAsync(async vault =>
    {
        // A value is not written to see whether one could be: its version would stay for ever.
        await vault.ReachAsync(cancellationToken);
        await vault.GetAsync(NameOf("rotunda-check"), null, cancellationToken);
        return true;
    });

    private static IEnumerable<SecretProperties> OfOwner(IEnumerable<SecretProperties> versions, string owner) => versions
        .Where(one => one.Enabled != false && !one.Tags.ContainsKey(Discarded) && one.Tags.TryGetValue(Owner, out var of) && of == owner)
        // Key Vault lists versions in no order, and their times are in whole seconds.
        .OrderByDescending(NumberOf);

    private static int NumberOf(SecretProperties version) =>
        version.Tags.TryGetValue(Number, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? VersionOf(KeyVaultSecret? current) =>
        current?.Properties.Tags.TryGetValue(Version, out var version) == true ? version : null;

    private static async Task DisableAsync(KeyVaultSession vault, SecretProperties version, CancellationToken cancellationToken)
    {
        version.Enabled = false;
        version.Tags[Discarded] = vault.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        await vault.UpdateAsync(version, cancellationToken);
    }

    /// <summary>For readers: with the tags that others have put there. Of ours, they find out what is current only by the first.</summary>
    private KeyVaultSecret Copy(KeyVaultSession vault, SecretRef version, KeyVaultSecret secret, KeyVaultSecret? current)
    {
        RequireRoom(vault, NameOf(version.Name), current);
        var copy = new KeyVaultSecret(NameOf(version.Name), secret.Value) { Properties = { ContentType = secret.Properties.ContentType } };
        foreach (var (tag, text) in Theirs(current))
        {
            copy.Properties.Tags[tag] = text;
        }

        copy.Properties.Tags[Version] = version.Version;
        foreach (var tag in new[] { Owner, Fingerprint })
        {
            if (copy.Properties.Tags.Count < KeyVaultValue.MostTags && secret.Properties.Tags.TryGetValue(tag, out var text))
            {
                copy.Properties.Tags[tag] = text;
            }
        }

        copy.Properties.ExpiresOn = expires is { } span ? vault.Time.GetUtcNow() + span : null;
        return copy;
    }

    private static IEnumerable<KeyValuePair<string, string>> Theirs(KeyVaultSecret? secret) =>
        (secret?.Properties.Tags
            ?? new Dictionary<string, string>()).Where(tag => tag.Key is not (Version or Owner or Fingerprint or Discarded));

    private static void RequireRoom(KeyVaultSession vault, string name, KeyVaultSecret? current)
    {
        if (Theirs(current).Count() >= KeyVaultValue.MostTags)
        {
            throw vault.Failure(StepOutcome.Rejected(
                $"{name} has {KeyVaultValue.MostTags} tags of its own, as many as Key Vault allows, and '{Version}' has to be among "
                    + "them. Take one away."));
        }
    }

    private async Task<SecretRef?> CurrentAsync(KeyVaultSession vault, string secret, CancellationToken cancellationToken)
    {
        try
        {
            return VersionOf(await vault.GetAsync(NameOf(secret), null, cancellationToken)) is { } version ? Ref(secret, version) : null;
        }
        catch (KeyVaultDisabledException)
        {
            throw vault.Failure(
                StepOutcome.Rejected(
                    $"The newest version of {NameOf(secret)} is disabled in Key Vault, so that readers get nothing: enable it, or "
                        + "start a rotation."));
        }
    }

    /// <summary>Null if there is none, or one that someone has disabled.</summary>
    private static async Task<KeyVaultSecret?> NewestAsync(KeyVaultSession vault, string secret, CancellationToken cancellationToken)
    {
        try
        {
            return await vault.GetAsync(secret, null, cancellationToken);
        }
        catch (KeyVaultDisabledException)
        {
            return null;
        }
    }

    private async Task<bool> IsReadableAsync(KeyVaultSession vault, SecretRef version, CancellationToken cancellationToken)
    {
        try
        {
            return IsOurs(version) && await vault.GetAsync(PendingOf(version.Name), version.Version, cancellationToken) is not null;
        }
        catch (KeyVaultDisabledException)
        {
            return false;
        }
    }

    private async Task<KeyVaultSecret> PresentAsync(KeyVaultSession vault, SecretRef version, CancellationToken cancellationToken)
    {
        try
        {
            return (IsOurs(version) ? await vault.GetAsync(PendingOf(version.Name), version.Version, cancellationToken) : null)
                ?? throw new SecretNotFoundException(version.ToString());
        }
        catch (KeyVaultDisabledException)
        {
            var own = (await vault.VersionsAsync(PendingOf(version.Name), cancellationToken)).Find(one => one.Version == version.Version);
            throw own?.Tags.ContainsKey(Discarded) != false
                ? new SecretNotFoundException(version.ToString())
                : vault.Failure(
                    StepOutcome.Rejected(
                        $"The version {version.Version} of {PendingOf(version.Name)} is disabled in Key Vault, but not by "
                            + "Rotunda: enable it."));
        }
    }

    private static SecretValue ValueOf(KeyVaultSession vault, SecretRef version, KeyVaultSecret secret) => KeyVaultValue.Read(secret)
        ?? throw vault.Failure(
            StepOutcome.Rejected(
                $"The value {version} in Key Vault is not as Rotunda wrote it: someone has changed its content type. "
                    + "Set that back, or start another rotation."));

    private bool IsOurs(SecretRef version) =>
        version.Store == name && version.Version.Length == 32 && version.Version.All(char.IsAsciiHexDigit);

    private string NameOf(string secret) => KeyVaultValue.NameOf(prefix + secret);

    private string PendingOf(string secret) => KeyVaultValue.NameOf(prefix + secret, Suffix);

    private SecretRef Ref(string secret, string version) => new(name, secret, version);

    private Task<T> GuardAsync<T>(Func<KeyVaultSession, Task<T>> work) => WebGuard.StoreAsync(name, () => work(begin()));
}
