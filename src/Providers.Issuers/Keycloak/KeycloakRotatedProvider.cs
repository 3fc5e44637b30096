using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Keycloak;

/// <summary>
/// A client under the policy that rotates secrets. One more secret ends the older of two, so which is which is looked at before one is
/// made; and a secret is ended by its value, as nothing else tells them apart.
/// </summary>
internal sealed class KeycloakRotatedProvider(VendorAccess access) : KeyVendor(KeycloakRotatedDescriptor.Instance, access)
{
    private const string Value = "value";

    /// <summary>So far Keycloak's clock may be from ours.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    protected override VendorApi Api => KeycloakApi.Api;

    protected override void Check(VendorCall call) => KeycloakApi.CheckClient(call);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var client = await FindAsync(call);
        using var current = client.Secret(KeycloakApi.Secret);
        using var rotated = await RotatedAsync(call, client);
        using var inUse = await call.InUseAsync();
        if (rotated is not null && !Same(rotated, current))
        {
            // Made by an attempt whose answer was lost, where the value in use is the older one. Where that is not known, what is the
            // client's own has to be made since the intent: it may be the one that all use.
            return (inUse is null ? MadeSince(client) >= call.Asked!.Since - Apart : Same(rotated, inUse))
                ? new(IdOf(client, label), client.Secret(KeycloakApi.Secret))
                : throw call.Rejected(
                    $"The client {call.Text(KeycloakApi.Client)} has a rotated secret that lives, and one more would end it. If nobody "
                        + "uses it, delete it in Keycloak (Credentials, Rotated secret, Invalidate).");
        }

        using var made = (await call.PostAsync(Secrets(call, client))).Secret(Value);
        if (call.Asked?.Ended is not null)
        {
            // What took the place of the one that was ended first is known to nobody: it must not live on as the rotated one.
            await call.DeleteAsync($"{Secrets(call, client)}/rotated");
        }

        return new(IdOf(await KeycloakApi.FindAsync(call), label), call.Register(made.Copy()));
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => KeycloakApi.Verify(call, value);

    /// <summary>The older one is deleted. The newer one makes way for the older; where there is none, for one that nobody knows.</summary>
    protected override async Task EndAsync(VendorCall call, SecretValue value)
    {
        var client = await FindAsync(call);
        using var current = client.Secret(KeycloakApi.Secret);
        using var rotated = await RotatedAsync(call, client);
        if (Same(current, value))
        {
            if (rotated is not null && !Same(rotated, value))
            {
                await KeycloakApi.SetAsync(call, client, rotated.RevealText());
                return;
            }

            if (call.IsUndo)
            {
                throw call.Rejected(
                    "The old secret of 'client' has ended by itself: taking the new one back would leave none. Start an emergency, "
                        + "which goes forward.");
            }

            (await call.PostAsync(Secrets(call, client))).Secret(Value).Dispose();
        }
        else if (rotated is null || !Same(rotated, value))
        {
            throw call.Failure(StepOutcome.RetryLater(
                "Keycloak takes the secret of 'client', and yet shows it neither as its own nor as the rotated one."));
        }

        await call.DeleteAsync($"{Secrets(call, client)}/rotated");
    }

    protected override Task TryOwnAsync(VendorCall call) => FindAsync(call);

    private static async Task<VendorReply> FindAsync(VendorCall call)
    {
        var client = await KeycloakApi.FindAsync(call);
        KeycloakApi.CheckSecret(call, client);
        return KeycloakApi.Attribute(client, KeycloakApi.SecretEnds) is not null
            ? client
            : throw call.Rejected(
                $"The client {call.Text(KeycloakApi.Client)} is not under a policy that rotates secrets, so a new one would end the old "
                    + "one at once. Put it under one and save it once in Keycloak; or write type: keycloak-client-secret.");
    }

    /// <summary>The older one; null if there is none, or its time is over. The caller disposes it.</summary>
    private static async Task<SecretValue?> RotatedAsync(VendorCall call, VendorReply client)
    {
        var ends = client.Has("attributes") ? client.At("attributes").Time(KeycloakApi.RotatedEnds) : null;
        if (ends <= call.Now)
        {
            return null;
        }

        try
        {
            return (await call.GetAsync($"{Secrets(call, client)}/rotated")).Secret(Value);
        }
        catch (WebFailureException failure) when (failure.Status == 404)
        {
            return ends is null ? null : throw call.Failure(
                StepOutcome.RetryLater("Keycloak says that 'client' has a rotated secret, and does not show it."));
        }
    }

    /// <summary>Secrets have no ids: the moment at which Keycloak made it tells it from the one before.</summary>
    private static string IdOf(VendorReply client, string label) => KeycloakApi.Attribute(client, KeycloakApi.SecretMade) ?? label;

    /// <summary>When the client's own secret was made; null where Keycloak does not tell.</summary>
    private static DateTimeOffset? MadeSince(VendorReply client) =>
        client.Has("attributes") ? client.At("attributes").Time(KeycloakApi.SecretMade) : null;

    private static VendorPath Secrets(VendorCall call, VendorReply client) =>
        VendorPath.Of($"{KeycloakApi.Place(call, client.Text("id"))}/client-secret");

    private static bool Same(SecretValue one, SecretValue other) => one.RevealText().Trim() == other.RevealText().Trim();
}
