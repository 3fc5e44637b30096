using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Neon;

/// <summary>Two roles in turn: only the idle one is ever reset while the other is in use.</summary>
internal sealed class NeonRolesProvider(VendorAccess access) : KeyVendor(NeonRolesDescriptor.Instance, access)
{
    protected override VendorApi Api => NeonRoles.Api;

    protected override void Check(VendorCall call)
    {
        _ = (Roles(call).Select(role => NeonRoles.Place(call, role)).ToList(), NeonRoles.Connection(call));
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var idle = await IdleAsync(call);
        return new(idle, await NeonRoles.ResetAsync(call, idle), Account: idle);
    }

    protected override async Task<Validity> TryAsync(VendorCall call, SecretValue value) =>
        await NeonRoles.TryAsync(call, RoleOf(call, call.Tried) ?? throw NotNamed(call), value);

    /// <summary>Neon cannot lock a role: it gets a password that nobody is told.</summary>
    protected override async Task EndAsync(VendorCall call, SecretValue value)
    {
        var role = RoleOf(call, call.Tried) ?? throw NotNamed(call);
        (await NeonRoles.ResetAsync(call, role)).Dispose();
        if (await NeonRoles.TryAsync(call, role, value) == Validity.Valid)
        {
            throw call.Failure(StepOutcome.RetryLater($"Neon has reset {role}, and its old password still works."));
        }
    }

    protected override Task TryOwnAsync(VendorCall call) => NeonRoles.CheckAsync(call, Roles(call));

    /// <summary>The value in use tells which role it is of, before its name does: somebody may have changed them by hand.</summary>
    private static async Task<string> IdleAsync(VendorCall call)
    {
        var roles = Roles(call);
        var named = RoleOf(call, call.Asked?.Previous);
        using var value = await call.InUseAsync();
        var used = named;
        if (value is not null)
        {
            foreach (var role in roles.OrderByDescending(role => role == named))
            {
                if (await NeonRoles.TryAsync(call, role, value) == Validity.Valid)
                {
                    used = role;
                    break;
                }
            }
        }

        used ??= RoleOf(call, call.Asked?.Ended) ?? throw call.Rejected(
            $"Nothing tells which of {string.Join(" and ", roles)} is in use. Say so in the catalog (current: {{ id: {roles[0]} }}), or "
                + "give its value there.");
        return roles.First(role => role != used);
    }

    private static string? RoleOf(VendorCall call, CredentialHandle? credential) =>
        (credential?.Account ?? credential?.Id) is { } role && Roles(call).Contains(role) ? role : null;

    private static WebFailureException NotNamed(VendorCall call) => call.Rejected(
        $"The credential is of none of the roles in the settings ({string.Join(", ", Roles(call))}). Add its role there, or correct what "
            + "the catalog tells as current.");

    private static string[] Roles(VendorCall call)
    {
        var roles = call.Settings.TextList(NeonRolesDescriptor.Accounts).Distinct(StringComparer.Ordinal).ToArray();
        return roles.Length == 2 ? roles : throw call.Rejected("'accounts' does not name two roles. Name two that differ.");
    }
}
