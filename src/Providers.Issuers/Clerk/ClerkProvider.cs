using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Clerk;

internal sealed class ClerkProvider(VendorAccess access) : KeyVendor(ClerkDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new("Clerk", ClerkDescriptor.Address, VendorAuth.Bearer(ClerkDescriptor.Token));

    protected override void Check(VendorCall call) => _ = (Hours(call), call.Text(ClerkDescriptor.InstanceId), Application(call));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        if (call.Attempt > 1 && await MadeBeforeAsync(call) is { } made)
        {
            return made;
        }

        var body = new JsonObject
        {
            ["delay_old_secrets_expiration_hours"] = Hours(call),
            ["reason"] = label,
        };
        var instance = call.Text(ClerkDescriptor.InstanceId);
        var rotated = await call.PostAsync($"{Application(call)}/instances/{instance}/rotate_secret_keys", body);
        return Of(call, rotated) ?? throw call.Failure(StepOutcome.Unknown($"Clerk rotated the key of {instance}, but did not show it."));
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"instance").Means(valid: [200], invalid: [401]);

    protected override async Task TryOwnAsync(VendorCall call)
    {
        var instance = call.Text(ClerkDescriptor.InstanceId);
        var application = await call.GetAsync(Application(call));
        if (!application.Items("instances").Any(one => Is(one, instance)))
        {
            throw call.Rejected($"The application at Clerk has no instance '{instance}'. Correct it in the catalog.");
        }
    }

    /// <summary>The key that an attempt without an answer has made: one that is not the one in use. Null if there is none.</summary>
    private static async Task<Minted?> MadeBeforeAsync(VendorCall call)
    {
        using var inUse = await call.InUseAsync();
        if (inUse is null || Of(call, await call.GetAsync($"{Application(call)}?include_secret_keys=true")) is not { } current)
        {
            return null;
        }

        if (current.Value.RevealText() != inUse.RevealText().Trim())
        {
            return current;
        }

        current.Value.Dispose();
        return null;
    }

    private static Minted? Of(VendorCall call, VendorReply application) =>
        application.Items("instances").FirstOrDefault(one => Is(one, call.Text(ClerkDescriptor.InstanceId))) is { } instance
            ? new(instance.Text("instance_id"), instance.Secret("secret_key"))
            : null;

    private static bool Is(VendorReply instance, string named) =>
        instance.Text("instance_id") == named || instance.Text("environment_type") == named;

    private static int Hours(VendorCall call)
    {
        var delay = call.Settings.Duration(ClerkDescriptor.Delay, ClerkDescriptor.UsualDelay);
        return delay.Ticks % TimeSpan.TicksPerHour == 0
            ? (int)delay.TotalHours
            : throw call.Rejected($"'{ClerkDescriptor.Delay}' is not in whole hours. Correct it in the catalog.");
    }

    private static VendorPath Application(VendorCall call) =>
        VendorPath.Of($"platform/applications/{call.Text(ClerkDescriptor.Application)}");
}
