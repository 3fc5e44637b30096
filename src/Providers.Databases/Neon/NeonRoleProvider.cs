using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Neon;

/// <summary>One role, whose password is reset.</summary>
internal sealed class NeonRoleProvider(VendorAccess access) : KeyVendor(NeonRoleDescriptor.Instance, access)
{
    protected override VendorApi Api => NeonRoles.Api;

    protected override void Check(VendorCall call) => _ = (NeonRoles.Place(call, Role(call)), NeonRoles.Connection(call));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var role = Role(call);
        return new(role, await NeonRoles.ResetAsync(call, role), Account: role);
    }

    protected override Task<Validity> TryAsync(VendorCall call, SecretValue value) => NeonRoles.TryAsync(call, Role(call), value);

    protected override Task TryOwnAsync(VendorCall call) => NeonRoles.CheckAsync(call, Role(call));

    private static string Role(VendorCall call) => call.Text(NeonRoleDescriptor.Role);
}
