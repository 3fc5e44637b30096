using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.AzureKeyVault;

/// <summary>The calls of one ability's run at one vault. As a <see cref="WebSession"/>, it remembers whether one may have changed
/// something.</summary>
internal sealed class KeyVaultSession(SecretClient client, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private bool _mayHaveChanged;

    public string Vault => client.VaultUri.Host.Split('.')[0];

    public TimeProvider Time => time;

    /// <summary>The newest version, or the one named; null if there is no such secret or version.</summary>
    /// <exception cref="KeyVaultDisabledException">It is disabled.</exception>
    public Task<KeyVaultSecret?> GetAsync(string name, string? version, CancellationToken cancellationToken) => CallAsync(
        "get", name, changes: false,
        async token => (KeyVaultSecret?)(await client.GetSecretAsync(name, version, token)).Value,
        failure => failure.IsNotFound ? null : throw new KeyVaultDisabledException(name),
        failure => failure.IsNotFound || failure.IsDisabled,
        cancellationToken);

    /// <summary>Makes a new version, the newest.</summary>
    public async Task<KeyVaultSecret> SetAsync(KeyVaultSecret secret, CancellationToken cancellationToken)
    {
        var set = await CallAsync(
            "set",
            secret.Name,
            changes: true,
            async token => (await client.SetSecretAsync(secret, token)).Value,
            cancellationToken);
        return set.Properties.Version is { Length: > 0 }
            ? set
            : throw Failure(StepOutcome.Unknown($"Key Vault {Vault}: set {secret.Name} answered without the version."));
    }

    /// <summary>Changes a version's attributes and tags, not its value.</summary>
    public Task<SecretProperties> UpdateAsync(SecretProperties version, CancellationToken cancellationToken) =>
        CallAsync(
            "update",
            version.Name,
            changes: true,
            async token => (await client.UpdateSecretPropertiesAsync(version, token)).Value,
            cancellationToken);

    /// <summary>Deletes a secret with all its versions, as far as the vault's soft-delete goes; false if we may not.</summary>
    public Task<bool> TryDeleteAsync(string name, CancellationToken cancellationToken) => CallAsync(
        "delete", name, changes: true,
        async token => await client.StartDeleteSecretAsync(name, token) is not null,
        failure => !failure.IsNotAllowed,
        failure => failure.IsNotFound || failure.IsDeletedOrAboutTo || failure.IsNotAllowed,
        cancellationToken);

    /// <summary>Takes a deleted secret away for good. Where that is not possible, or not yet, the vault does it when its
    /// retention is over.</summary>
    public Task<bool> TryPurgeAsync(string name, CancellationToken cancellationToken) => CallAsync(
        "purge", name, changes: true,
        async token => !(await client.PurgeDeletedSecretAsync(name, token)).IsError,
        _ => false, failure => failure.IsNotFound || failure.IsDeletedOrAboutTo || failure.IsNotAllowed, cancellationToken);

    /// <summary>All versions, of all pages, without their values; none if there is no such secret.</summary>
    public Task<List<SecretProperties>> VersionsAsync(string name, CancellationToken cancellationToken) => CallAsync(
        "list versions of", name, changes: false,
        async token =>
        {
            var all = new List<SecretProperties>();
            await foreach (var version in client.GetPropertiesOfSecretVersionsAsync(name, token))
            {
                all.Add(version);
            }

            return all;
        },
        _ => [], failure => failure.IsNotFound, cancellationToken);

    /// <summary>Lists a page of secrets: whether the vault is there and lets us.</summary>
    public Task<bool> ReachAsync(CancellationToken cancellationToken) => CallAsync(
        "list", "secrets", changes: false,
        async token =>
        {
            await foreach (var _ in client.GetPropertiesOfSecretsAsync(token).AsPages())
            {
                break;
            }

            return true;
        },
        cancellationToken);

    /// <summary>A failure that the caller found itself.</summary>
    public WebFailureException Failure(StepOutcome outcome) => new(
        _mayHaveChanged && (outcome.Kind is StepOutcomeKind.Rejected or StepOutcomeKind.RetryLater)
            ? outcome with { Kind = StepOutcomeKind.Unknown }
            : outcome);

    private Task<T> CallAsync<T>(
        string verb,
        string name,
        bool changes,
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken) =>
        CallAsync(verb, name, changes, call, _ => default!, _ => false, cancellationToken);

    private async Task<T> CallAsync<T>(
        string verb,
        string name,
        bool changes,
        Func<CancellationToken, Task<T>> call,
        Func<KeyVaultFailure, T> expected,
        Func<KeyVaultFailure, bool> isExpected,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var what = $"Key Vault {Vault}: {verb} {name}";
        try
        {
            var answer = await call(either.Token);
            _mayHaveChanged |= changes;
            return answer;
        }
        catch (RequestFailedException refused) when (refused.Status >= 300)
        {
            var failure = KeyVaultFailure.Of(refused, time.GetUtcNow());
            return isExpected(failure) ? expected(failure) : throw Refusal(failure, what, name, changes);
        }
        catch (AuthenticationFailedException problem)
        {
            // Before anything was sent to the vault.
            throw Failure(problem is CredentialUnavailableException
                ? StepOutcome.Rejected(
                    $"{what}: there is no identity to log in with here. Give the process one (a managed identity, a "
                        + $"workload identity, 'az login'): {FirstLine(problem)}")
                    : StepOutcome.RetryLater($"{what}: could not log in: {FirstLine(problem)}"));
        }
        catch (InvalidOperationException problem) when (problem.Message.Contains("challenge", StringComparison.OrdinalIgnoreCase))
        {
            // The SDK gives no token to an address that asks for one of another domain: nothing but the question was sent.
            throw Failure(
                StepOutcome.Rejected(
                    $"{what}: what answers there asks for a token of another domain than its own. Check the vault's address."));
        }
        catch (Exception problem) when (problem is not OutcomeException && !cancellationToken.IsCancellationRequested)
        {
            // No answer, or one that the SDK cannot read: of a change, nobody knows whether it was made.
            _mayHaveChanged |= changes;
            var why = limit.IsCancellationRequested
                ? $"{what}: no answer within {Limit.TotalSeconds:0} s."
                : $"{what}: no complete answer ({problem.GetType().Name}).";
            throw Failure(changes ? StepOutcome.Unknown(why) : StepOutcome.RetryLater(why));
        }
    }

    private WebFailureException Refusal(KeyVaultFailure failure, string what, string name, bool changes)
    {
        var why = $"{what} answered {failure.Explained()}. {failure.Hint(Vault, name)}".TrimEnd();
        return Failure((failure.Status, failure.InnerCode) switch
        {
            (409, "ObjectIsDeletedButRecoverable") => StepOutcome.Rejected(why),
            (409 or 429, _) => StepOutcome.RetryLater(why, failure.RetryAfter),
            (408 or >= 500, _) when changes && !(failure.Status == 503 && failure.RetryAfter is not null) =>
                StepOutcome.Unknown(why) with { RetryAfter = failure.RetryAfter },
            (408 or >= 500, _) => StepOutcome.RetryLater(why, failure.RetryAfter),
            _ => StepOutcome.Rejected(why),
        });
    }

    private static string FirstLine(Exception problem)
    {
        var line = problem.Message.Split('\n')[0].Trim();
        return line.Length <= 300 ? line : line[..300] + "…";
    }
}

/// <summary>The version is disabled: its value cannot be read before it is enabled again.</summary>
internal sealed class KeyVaultDisabledException(string name)
    : OutcomeException(StepOutcome.Rejected($"The version of the secret {name} is disabled in Key Vault. Enable it there."));
