using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Databricks;

internal sealed class DatabricksSecretProvider(VendorAccess access) : KeyVendor(DatabricksSecretDescriptor.Instance, access)
{
    private const string Scope = "all-apis";
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(730);

    protected override VendorApi Api { get; } =
        new("Databricks", "", VendorAuth.Exchanged(LogInAsync), "message", "error_description")
        {
            Minted = VendorAuth.Basic(DatabricksSecretDescriptor.PrincipalClient, ""),
            Most = 5,
        };

    protected override void Check(VendorCall call)
    {
        _ = (Secrets(call), call.Text(DatabricksSecretDescriptor.PrincipalClient), call.Text(DatabricksTokenDescriptor.ClientId));
        _ = call.Expiry(DatabricksTokenDescriptor.Lifetime, LongestLifetime);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(DatabricksTokenDescriptor.Lifetime, LongestLifetime);
        var made = await call.PostAsync(Secrets(call), new JsonObject
        {
            ["lifetime"] = expires is { } end
                ? string.Create(CultureInfo.InvariantCulture, $"{(long)(end - call.Now).TotalSeconds}s")
                : null,
        });
        return new(made.Text("id"), made.Secret("secret"), made.Time("expire_time") ?? expires);
    }

    /// <summary>Without any, the list is left out of the answer.</summary>
    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Secrets(call),
        page => page.Has("secrets")
            ? page.Items("secrets").Select(secret => new Listed(secret.Text("id"), null, secret.Time("create_time")))
            : [],
        page => page.Maybe("next_page_token") is { Length: > 0 } next ? VendorPath.Of($"{Secrets(call)}?page_token={next}") : null);

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.ForToken(Token(call), new JsonObject { ["scope"] = Scope });

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Secrets(call)}/{id}");

    private static Task<SecretValue> LogInAsync(VendorCall call) => call.TokenAsync(
        Token(call),
        DatabricksTokenDescriptor.ClientId,
        DatabricksTokenDescriptor.ClientSecret,
        Scope,
        inHeader: true);

    private static VendorPath Token(VendorCall call) => call.Maybe(DatabricksSecretDescriptor.Account) is { } account
        ? VendorPath.Of($"oidc/accounts/{account}/v1/token")
        : VendorPath.Of($"oidc/v1/token");

    private static VendorPath Secrets(VendorCall call)
    {
        var of = VendorPath.Of($"servicePrincipals/{call.Text(DatabricksSecretDescriptor.Principal)}/credentials/secrets");
        return call.Maybe(DatabricksSecretDescriptor.Account) is { } account
            ? VendorPath.Of($"api/2.0/accounts/{account}/{of}")
            : VendorPath.Of($"api/2.0/accounts/{of}");
    }
}
