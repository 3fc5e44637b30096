using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.VaultDatabase;

/// <summary>Static roles: issuing is rotating, and reading back what Vault set.</summary>
internal sealed class VaultStaticProvider : IProvider, IIssueCredentials, IVerifyCredentials, IValidateSetup, IDisposable
{
    private readonly VaultAccounts _accounts = new();

    public ProviderDescriptor Descriptor => VaultStaticDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => WebGuard.OutcomeAsync(async () =>
    {
        var (vault, role) = (_accounts.Begin(call), VaultDatabaseSettings.RoleOf(call.Settings));
        var mount = vault.Vault.Mount;
        await VaultAccounts.CheckAsync(
            vault,
            [
                ($"{mount}/static-creds/{role}", "read"),
                ($"{mount}/static-roles/{role}", "read"),
                ($"{mount}/rotate-role/{role}", "update"),
            ],
            cancellationToken);
        var period = await vault.StaticRoleAsync(role, cancellationToken);
        var login = await vault.StaticLoginAsync(role, cancellationToken);
        using var password = login.Password;
        if (call.Settings.Text(VaultDatabaseSettings.VerifyHost) is not null)
        {
            var found = await VaultDatabaseSettings.TryAsync(call.Settings, login.User, password, cancellationToken);
            if (found.Validity != Validity.Valid)
            {
                return found.Validity == Validity.Invalid
                    ? StepOutcome.Rejected($"What Vault has of the static role {role} does not do: {found.Detail}")
                    : StepOutcome.RetryLater($"The login of the static role {role} cannot be tried: {found.Detail}");
            }
        }

        return StepOutcome.Done(
            ("account", login.User), ("Vault rotates it every", period is { } told ? DurationText.Format(told) : null));
    });

    public Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken) =>
        WebGuard.IssueAsync(async () =>
        {
            var (vault, role) = (_accounts.Begin(call), VaultDatabaseSettings.RoleOf(call.Settings));
            var login = await vault.StaticLoginAsync(role, cancellationToken);
            using var inUse = await request.InUse();
            // Vault rotated it by itself, or an attempt of ours whose answer was lost did: what is there now is new already.
            var isNew = inUse is not null && !login.Password.ValueEquals(inUse);
            if (!isNew)
            {
                login.Password.Dispose();
                await vault.RotateAsync(role, cancellationToken);
                login = await vault.StaticLoginAsync(role, cancellationToken);
            }

            return new IssueResult(
                isNew ? StepOutcome.AlreadyDone() : StepOutcome.Done(), new CredentialHandle(login.User, login.User, null), login.Password)
            {
                ExpiresAt = login.RotatedAt,
            };
        });

    public Task<Verification> VerifyAsync(
        ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken) =>
        VaultDatabaseSettings.TryAsync(call.Settings, credential.Account ?? credential.Id, value, cancellationToken);

    public void Dispose() => _accounts.Dispose();
}
