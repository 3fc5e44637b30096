using System.Security.Cryptography;
using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

/// <summary>
/// A store in AWS Secrets Manager: one secret there for each name, one version for each value. Each version of Rotunda's carries a
/// label "owner/n", by which it is found again and which keeps AWS from deleting it.
/// </summary>
internal sealed class AwsStore(string name, Func<AwsClient> open, string prefix) : ISecretStore
{
    private const int MostOfOneOwner = 50;

    public string Name => name;

    public Task<SecretRef> PutPendingAsync(
        string secret,
        string owner,
        SecretValue value,
        string? fingerprint,
        CancellationToken cancellationToken) =>
        RunAsync(async client =>
        {
            var described = await client.DescribeAsync(Id(secret), cancellationToken);
            RefuseDeleted(described, secret);
            if (described is null)
            {
                await client.CreateAsync(Id(secret), cancellationToken);
            }

            var known = described?.Of(owner).ToList() ?? [];
            for (var number = 1; number <= MostOfOneOwner; number++)
            {
                var version = VersionId(secret, owner, number);
                if (known.Any(earlier => earlier.Number == number)
                    ? await HoldsAsync(client, secret, version, value, cancellationToken)
                    : await AddAsync(client, described, secret, owner, number, value, cancellationToken))
                {
                    return new SecretRef(name, secret, version);
                }
            }

            throw new StoreUnavailableException(
                $"{name}: {owner} has stored {MostOfOneOwner} values as pending. Look into the failing rotation first.");
        });

    public Task<SecretRef?> FindAsync(string secret, string owner, CancellationToken cancellationToken) => RunAsync(async client =>
        (await client.DescribeAsync(Id(secret), cancellationToken))?.Of(owner).LastOrDefault().Version is { } version
            ? new SecretRef(name, secret, version)
            : null);

    public Task PromoteAsync(SecretRef version, CancellationToken cancellationToken) => RunAsync(async client =>
    {
        var described = await client.DescribeAsync(Id(version.Name), cancellationToken);
        if (described is null || !IsKept(described.LabelsOf(version.Version)))
        {
            throw new SecretNotFoundException(version.ToString());
        }

        // What it replaces keeps its own label, and gets AWSPREVIOUS from AWS.
        if (described.With(AwsClient.Current) is var current && current != version.Version)
        {
            await client.MoveAsync(Id(version.Name), AwsClient.Current, current, version.Version, cancellationToken);
        }

        foreach (var label in new[] { AwsClient.Pending, AwsSecret.Unpromoted })
        {
            await TakeOffAsync(client, described, version, label, cancellationToken);
        }

        return true;
    });

    public Task<SecretValue> GetAsync(SecretRef version, CancellationToken cancellationToken) => RunAsync(async client =>
        await client.GetAsync(Id(version.Name), version.Version, cancellationToken) is { } found && IsKept(found.Labels)
            ? found.Value() : throw new SecretNotFoundException(version.ToString()));

    public Task<SecretRef?> CurrentAsync(string secret, CancellationToken cancellationToken) => RunAsync(async client =>
        (await client.DescribeAsync(Id(secret), cancellationToken))?.Current is { } version ? new SecretRef(name, secret, version) : null);

    public Task DiscardAsync(SecretRef version, CancellationToken cancellationToken) => RunAsync(async client =>
    {
        if (await client.DescribeAsync(Id(version.Name), cancellationToken) is not { } described
            || described.LabelsOf(version.Version) is not { Count: > 0 } labels)
        {
            return true;
        }

        if (described.Current == version.Version)
        {
            throw new InvalidOperationException($"{version} is the current version: it is not discarded.");
        }

        if (labels.Contains(AwsClient.Current) && !labels.Contains(AwsSecret.Discarded))
        {
            await client.MoveAsync(
                Id(version.Name),
                AwsSecret.Discarded,
                described.With(AwsSecret.Discarded),
                version.Version,
                cancellationToken);
        }

        foreach (var label in labels.Where(label => label is not (AwsClient.Current or AwsSecret.Discarded)))
        {
            await client.MoveAsync(Id(version.Name), label, version.Version, null, cancellationToken);
        }

        return true;
    });

    /// <summary>With its secret at AWS, if nothing else is kept there. That takes a right of its own: without it the labels go,
    /// and AWS takes the version in its own time.</summary>
    public async Task DropAsync(SecretRef version, CancellationToken cancellationToken)
    {
        var isGone = await RunAsync(async client =>
        {
            var described = await client.DescribeAsync(Id(version.Name), cancellationToken);
            return described is null or { IsDeleted: true }
                || (described.IsOurs
                    && described.Current is null
                    && described.KeepsNothingBut(version.Version)
                    && await client.TryDestroyAsync(Id(version.Name), cancellationToken));
        });
        if (!isGone)
        {
            await DiscardAsync(version, cancellationToken);
        }
    }

    /// <summary>Asks for a secret that is not there: the answer proves address, credentials and the right to describe.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => RunAsync(async client =>
    {
        await client.DescribeAsync(Id("rotunda-check"), cancellationToken);
        return true;
    });

    /// <summary>Asks for the secret itself instead.</summary>
    public Task CheckAsync(string name, CancellationToken cancellationToken) => RunAsync(async client =>
    {
        var described = await client.DescribeAsync(Id(name), cancellationToken);
        RefuseDeleted(described, name);
        return described switch
        {
            { IsRotatedByAws: true } => throw client.Session.Failure(StepOutcome.Rejected(AwsTarget.RotatedByAws(Id(name)))),
            { LabelsWithOneMore: > AwsSecret.MostLabels } => throw client.Session.Failure(StepOutcome.Rejected(
                $"{Id(name)} at AWS has so many staging labels that one more version would have more than the {AwsSecret.MostLabels} "
                    + "that AWS allows. Settle the orphans of this secret, or take labels off versions that nobody needs (aws "
                    + "secretsmanager update-secret-version-stage).")),
            _ => true,
        };
    });

    private void RefuseDeleted(AwsSecret? described, string secret)
    {
        if (described is { IsDeleted: true })
        {
            throw new StoreUnavailableException($"{name}: {AwsTarget.DeletionOf(Id(secret))}");
        }
    }

    private async Task<bool> AddAsync(
        AwsClient client,
        AwsSecret? described,
        string secret,
        string owner,
        int number,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        // AWS makes a first version current whatever is asked for: this mark tells that it is not meant to be.
        var isFirst = described?.With(AwsClient.Current) is null;
        string[] labels =
            isFirst ? [AwsClient.Pending, $"{owner}/{number}", AwsSecret.Unpromoted] : [AwsClient.Pending, $"{owner}/{number}"];
        // A version that was discarded is still there, and a put of the same value would bring none of its labels back: it is left.
        return await client.PutAsync(Id(secret), VersionId(secret, owner, number), value, labels, cancellationToken) is { } attached
            && attached.Contains(labels[1]);
    }

    private async Task<bool> HoldsAsync(
        AwsClient client,
        string secret,
        string version,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        using var kept = (await client.GetAsync(Id(secret), version, cancellationToken))?.Value();
        return kept?.ValueEquals(value) == true;
    }

    private async Task TakeOffAsync(
        AwsClient client,
        AwsSecret described,
        SecretRef version,
        string label,
        CancellationToken cancellationToken)
    {
        if (described.LabelsOf(version.Version).Contains(label))
        {
            await client.MoveAsync(Id(version.Name), label, version.Version, null, cancellationToken);
        }
    }

    private Task<T> RunAsync<T>(Func<AwsClient, Task<T>> work) => WebGuard.StoreAsync(name, async () =>
    {
        try
        {
            return await work(open());
        }
        catch (AwsRefusal refusal)
        {
            throw refusal.Failure;
        }
    });

    private string Id(string secret) => prefix + secret;

    private static bool IsKept(IReadOnlyList<string> labels) => labels.Count > 0 && !labels.Contains(AwsSecret.Discarded);

    /// <summary>The same for the same intent, so that a repeated call finds what the first one made. Tells nothing of the value.</summary>
    private static string VersionId(string secret, string owner, int number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{secret}\n{owner}\n{number}")))[..40];
}
