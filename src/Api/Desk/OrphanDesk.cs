using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rotunda.Activities.Orphans;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>How an orphan is settled.</summary>
public enum SettleKind
{
    /// <summary>Rotunda revokes it at its provider.</summary>
    Revoke,
    /// <summary>A person has revoked it.</summary>
    Revoked,
    /// <summary>Somebody uses it: it stays, and is Rotunda's business no more.</summary>
    Kept,
}

public enum SettledKind
{
    Settled,
    /// <summary>Rotunda is revoking it, and tries for a day; the list tells how it goes.</summary>
    Revoking,
    /// <summary>There is no such orphan.</summary>
    Unknown,
    /// <summary>Nothing was changed; the message says why.</summary>
    Refused,
}

/// <param name="Message">For people.</param>
public sealed record SettledOutcome(SettledKind Kind, string Message);

/// <param name="IsRevoking">Rotunda is at it.</param>
/// <param name="Problem">Why it did not work so far, or at all; null for nothing known.</param>
public sealed record OrphanProgress(bool IsRevoking, string? Problem);

/// <summary>What exists, or may exist, and no code can settle: listed, and settled at the word of a person.</summary>
public sealed class OrphanDesk(OrphanActivity orphans, ILedger ledger, IOrchestrationClient client)
{
    private static readonly OrphanProgress s_nothing = new(false, null);

    public Task<IReadOnlyList<CredentialRecord>> ListAsync(CancellationToken cancellationToken) =>
        ledger.ListOrphansAsync(cancellationToken);

    /// <summary>The provider that an orphan of the secret is at; null if neither the catalog nor the ledger tells it any more.</summary>
    public Task<ProviderBinding?> ProviderOfAsync(string secret, CancellationToken cancellationToken) =>
        orphans.ProviderOfAsync(secret, cancellationToken);

    /// <summary>True if Rotunda can revoke it.</summary>
    public bool CanRevoke(CredentialRecord orphan, ProviderBinding? provider) => orphans.CanRevoke(orphan, provider);

    /// <summary>How its revoke goes, if Rotunda was told to.</summary>
    public async Task<OrphanProgress> ProgressAsync(long id, CancellationToken cancellationToken) =>
        await client.GetAsync(InstanceOf(id), withInputsAndOutputs: true, cancellationToken) is { } state ? ProgressOf(state) : s_nothing;

    public async Task<SettledOutcome> SettleAsync(
        long id,
        SettleKind how,
        string actor,
        string reason,
        CancellationToken cancellationToken)
    {
        if ((await ledger.ListOrphansAsync(cancellationToken)).FirstOrDefault(one => one.Id == id) is not { } orphan)
        {
            return new(SettledKind.Unknown, $"There is no orphan #{id}.");
        }

        if (how == SettleKind.Revoke)
        {
            return await RevokeAsync(orphan, actor, reason, cancellationToken);
        }

        if (how == SettleKind.Kept && await ProgressAsync(id, cancellationToken) is { IsRevoking: true })
        {
            return new(SettledKind.Refused, $"Orphan #{id} is being revoked, at the word of a person. See how it ends: rotunda orphans");
        }

        var state = how == SettleKind.Kept ? CredentialState.HandedOver : CredentialState.Revoked;
        return await ledger.SettleOrphanAsync(id, state, actor, reason, cancellationToken)
            ? new(SettledKind.Settled, how == SettleKind.Kept ? "It stays as it is, on record." : "It counts as revoked, on record.")
            : new(SettledKind.Unknown, $"Orphan #{id} is settled already.");
    }

    /// <summary>Starts what revokes it, or finds it under way. What failed before is started anew.</summary>
    private async Task<SettledOutcome> RevokeAsync(
        CredentialRecord orphan, string actor, string reason, CancellationToken cancellationToken)
    {
        if (await orphans.WhyNotAsync(orphan, cancellationToken) is { } problem)
        {
            return new(SettledKind.Refused, problem);
        }

        var id = InstanceOf(orphan.Id);
        if (await client.GetAsync(id, withInputsAndOutputs: false, cancellationToken) is { HasEnded: true })
        {
            await client.PurgeAsync(new PurgeFilter(id), cancellationToken);
        }

        // Who wants it is on record before anything is done.
        await ledger.AuditAsync(
            new AuditEntry(actor, AuditActions.OrphanRevoking, orphan.Secret, null, null, $"#{orphan.Id}: {reason}"), cancellationToken);
        try
        {
            var input = new OrphanSettling(orphan.Id, actor, reason);
            await client.ScheduleNewAsync(OrphanOrchestration.Name, input, new StartOptions(id), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another person was first, or this one before an answer was lost. One that is stuck after a deploy goes on.
            await client.ResumeAsync(id, cancellationToken);
        }

        return new(SettledKind.Revoking, $"Orphan #{orphan.Id} is being revoked, for a day if need be. See how it goes: rotunda orphans");
    }

    private static OrphanProgress ProgressOf(OrchestrationState state)
    {
        if (!state.HasEnded)
        {
            return new(true, state.Failure?.Message ?? Read(state.CustomStatus, OrphanJson.Default.OrphanStatus)?.Reason);
        }

        var last = Read(state.Output, RotationJson.Default.StepOutcome);
        return last is { Succeeded: true } ? s_nothing
            : new(false, last?.Reason ?? state.Failure?.Message ?? "It ended, and nothing tells how. Have it revoked again.");
    }

    private static T? Read<T>(string? text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string InstanceOf(long id) =>
        string.Create(CultureInfo.InvariantCulture, $"{OrphanOrchestration.InstancePrefix}{id}");
}
