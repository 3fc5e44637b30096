using Rotunda.Rotation.Words;

namespace Rotunda.Ledger;

/// <summary>Leases: what their system told last. A renewal that went well is kept in the row alone, as there are many; what people
/// should know of is in the audit too.</summary>
public abstract partial class SqlLedger
{
    public Task<IReadOnlyList<string>> ListLeasedAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<string>>(
            async session => await session.ListAsync(LedgerSql.ListLeased, row => row.GetString(0)), cancellationToken);

    public Task<bool> RecordLeaseAsync(
        long credentialId, DateTimeOffset? expiresAt, LeaseState lease, CancellationToken cancellationToken) =>
        WriteAsync<bool>(
            async session =>
            {
                var known = await CredentialAsync(session, credentialId);
                if (known.State is not (CredentialState.Minting or CredentialState.Pending or CredentialState.Active
                    or CredentialState.Previous))
                {
                    return false;
                }

                var end = lease.EndedAt ?? expiresAt ?? known.ExpiresAt;
                await session.RunAsync(
                    LedgerSql.SetLease,
                    ("@id", credentialId),
                    ("@expires", Time(end)),
                    ("@last", Time(end is { } ends ? lease.Latest(ends) : lease.LastEnd)),
                    ("@lease", Json(lease, LedgerJson.Default.LeaseState)));
                if (ActionOf(known.Lease, lease) is { } action)
                {
                    await AppendAsync(
                        session,
                        new AuditEntry(
                            AuditActions.System, action, known.Secret, null, null,
                            Describe(known with { ExpiresAt = end, Note = lease.Problem })));
                }

                return true;
            },
            cancellationToken);

    private static string? ActionOf(LeaseState? before, LeaseState after) =>
        after.EndedAt is not null && before?.EndedAt is null ? AuditActions.LeaseEnded
        : after.IsFailing && before?.IsFailing != true ? AuditActions.LeaseFailing
        : !after.IsFailing && after.EndedAt is null && before?.IsFailing == true ? AuditActions.LeaseRenewed
        : !after.Renewable && before?.Renewable == true ? AuditActions.LeaseAtMaximum
        : null;
}
