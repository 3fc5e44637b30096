using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.OpenAi;

internal sealed class OpenAiServiceAccountProvider(VendorAccess access) : KeyVendor(OpenAiServiceAccountDescriptor.Instance, access)
{
    private const string Member = "member";

    protected override VendorApi Api { get; } =
        new("OpenAI", OpenAiAdminDescriptor.Address, VendorAuth.Bearer(OpenAiServiceAccountDescriptor.Token), "message");

    protected override void Check(VendorCall call) => Accounts(call);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var role = call.Maybe(OpenAiServiceAccountDescriptor.Role)
            ?? ((await call.PreviousAsync(previous, id => VendorPath.Of($"{Accounts(call)}/{id}")))?.Maybe("role"));
        var made = await call.PostAsync(Accounts(call), new JsonObject { ["name"] = label });
        if (role is not null and not Member)
        {
            await call.PostAsync($"{Accounts(call)}/{made.Text("id")}", new JsonObject { ["role"] = role });
        }

        return new(made.Text("id"), made.At("api_key").Secret("value"));
    }

    /// <summary>The accounts; when their keys were last used is in another list.</summary>
    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        var used = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await foreach (var key in Pages(call, $"{Project(call)}/api_keys", Key))
        {
            if (key is { Label: { } account, LastUsedAt: { } at } && at > used.GetValueOrDefault(account))
            {
                used[account] = at;
            }
        }

        await foreach (var account in Pages(call, Accounts(call), Account))
        {
            yield return account with { LastUsedAt = used.TryGetValue(account.Id, out var at) ? at : null };
        }
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"models");

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Accounts(call)}/{id}");

    private static Listed Account(VendorReply account) => new(account.Text("id"), account.Maybe("name"), account.Time("created_at"));

    /// <summary>With the account that it is of as its label.</summary>
    private static Listed Key(VendorReply key)
    {
        var owner = key.At("owner");
        var account = owner.Has("service_account") ? owner.At("service_account").Text("id") : null;
        return new(key.Text("id"), account, key.Time("created_at"), key.Time("last_used_at"));
    }

    private static IAsyncEnumerable<Listed> Pages(VendorCall call, VendorPath path, Func<VendorReply, Listed> read) => call.ListAsync(
        $"{path}?limit=100",
        page => page.Items("data").Select(read),
        page => page.Flag("has_more") ? VendorPath.Of($"{path}?limit=100&after={page.Items("data")[^1].Text("id")}") : null);

    private static VendorPath Project(VendorCall call) =>
        VendorPath.Of($"organization/projects/{call.Text(OpenAiServiceAccountDescriptor.Project)}");

    private static VendorPath Accounts(VendorCall call) => VendorPath.Of($"{Project(call)}/service_accounts");
}
