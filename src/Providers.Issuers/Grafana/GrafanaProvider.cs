using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Grafana;

internal sealed class GrafanaProvider(VendorAccess access) : KeyVendor(GrafanaDescriptor.Instance, access)
{
    protected override VendorApi Api { get; } = new("Grafana", "", VendorAuth.Bearer(GrafanaDescriptor.Token), "message");

    protected override void Check(VendorCall call)
    {
        _ = call.Expiry(GrafanaDescriptor.Lifetime);
        var account = call.Maybe(GrafanaDescriptor.ServiceAccount);
        if ((account is null) == (call.Maybe(GrafanaDescriptor.LegacyKey) is null))
        {
            throw call.Rejected("Set one of 'serviceAccount' and 'legacyKey': whose tokens these are.");
        }

        _ = account is null ? null : Tokens(account);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(GrafanaDescriptor.Lifetime);
        var made = await call.PostAsync(Tokens(await AccountAsync(call) ?? await MigrateAsync(call)), new JsonObject
        {
            ["name"] = label,
            ["secondsToLive"] = expires is { } end ? (long)(end - call.Now).TotalSeconds : null,
        });
        return new(made.Text("id"), made.Secret("key"), expires);
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        if (await AccountAsync(call) is not { } account)
        {
            yield return Read(await LegacyAsync(call));
            yield break;
        }

        foreach (var token in (await call.GetAsync(Tokens(account))).Items().Where(token => !token.Flag("isRevoked")))
        {
            yield return Read(token);
        }
    }

    /// <summary>A token that may not ask this is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"api/org").Means(valid: [200, 403], invalid: [401]);

    /// <summary>An API key is migrated first: its account, with the key's role, is what a new token is made for.</summary>
    protected override async Task DeleteAsync(VendorCall call, string id) =>
        await call.DeleteAsync($"{Tokens(await AccountAsync(call) ?? await MigrateAsync(call))}/{id}");

    private static Listed Read(VendorReply token) =>
        new(token.Text("id"), token.Maybe("name"), token.Time("created"), token.Time("lastUsedAt"), token.Time("expiration"));

    /// <summary>The account whose tokens these are; null while the API key is not migrated.</summary>
    private static async Task<string?> AccountAsync(VendorCall call)
    {
        if (call.Maybe(GrafanaDescriptor.LegacyKey) is not { } key)
        {
            return call.Text(GrafanaDescriptor.ServiceAccount);
        }

        var name = $"sa-autogen-{key}";
        var found = await call.GetAsync($"api/serviceaccounts/search?perpage=1000&query={name}");
        return found.Items("serviceAccounts").FirstOrDefault(account => account.Text("name") == name)?.Text("id");
    }

    private static async Task<string> MigrateAsync(VendorCall call)
    {
        var key = (await LegacyAsync(call)).Text("id");
        await call.PostAsync($"api/serviceaccounts/migrate/{key}");
        return await AccountAsync(call)
            ?? throw call.Failure(StepOutcome.RetryLater($"Grafana has migrated the API key {key}, but does not show its account yet."));
    }

    /// <summary>Newer Grafanas have none, and not the call.</summary>
    private static async Task<VendorReply> LegacyAsync(VendorCall call)
    {
        var name = call.Text(GrafanaDescriptor.LegacyKey);
        try
        {
            var keys = await call.GetAsync($"api/auth/keys?includeExpired=true");
            if (keys.Items().FirstOrDefault(key => key.Text("name") == name) is { } found)
            {
                return found;
            }
        }
        catch (WebFailureException failure) when (failure.Status == 404)
        {
        }

        throw call.Rejected($"Grafana has neither an API key '{name}' nor the service account 'sa-autogen-{name}'. Check 'legacyKey'.");
    }

    private static VendorPath Tokens(string account) => VendorPath.Of($"api/serviceaccounts/{account}/tokens");
}
