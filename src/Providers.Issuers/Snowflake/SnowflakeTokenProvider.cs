using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Snowflake;

internal sealed class SnowflakeTokenProvider(VendorAccess access) : KeyVendor(SnowflakeTokenDescriptor.Instance, access)
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    protected override VendorApi Api { get; } =
        new("Snowflake", SnowflakeTokenDescriptor.Address, VendorAuth.Exchanged(SnowflakeSql.LogInAsync), "message")
        {
            Minted = VendorAuth.Bearer(""),
            Most = 15,
        };

    protected override void Check(VendorCall call)
    {
        _ = (call.Text(SnowflakeTokenDescriptor.Account), User(call), call.Text(SnowflakeTokenDescriptor.Login));
        _ = call.Expiry(SnowflakeTokenDescriptor.Lifetime, LongestLifetime);
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(SnowflakeTokenDescriptor.Lifetime, LongestLifetime);
        var role = call.Maybe(SnowflakeTokenDescriptor.Role);
        if (role is null && previous is not null)
        {
            var before = (await ShowAsync(call)).FirstOrDefault(row => row("name") == previous) ?? throw call.NotThere(previous);
            role = before("role_restriction");
        }

        var statement = $"ALTER USER {User(call)} ADD PROGRAMMATIC ACCESS TOKEN {SnowflakeSql.Name(label)}"
            + (string.IsNullOrEmpty(role) ? "" : $" ROLE_RESTRICTION = {SnowflakeSql.Text(role)}")
            + (expires is { } end ? $" DAYS_TO_EXPIRY = {Math.Max(1, (int)(end - call.Now).TotalDays)}" : "");
        var made = SnowflakeSql.Rows(await SnowflakeSql.RunAsync(call, statement)).First();
        return new(made("token_name")!, call.Register(SecretValue.FromText(made("token_secret")!)), expires);
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        foreach (var row in (await ShowAsync(call)).Where(row => row("status") != "EXPIRED"))
        {
            yield return new(row("name")!, row("name"), SnowflakeSql.When(row("created_on")));
        }
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => SnowflakeSql.WhoAmI();

    protected override Task EnableAsync(VendorCall call, string id, bool enabled)
    {
        var token = $"MODIFY PROGRAMMATIC ACCESS TOKEN {SnowflakeSql.Name(id)}";
        return SnowflakeSql.RunAsync(call, $"ALTER USER {User(call)} {token} SET DISABLED = {(enabled ? "FALSE" : "TRUE")}");
    }

    protected override async Task DeleteAsync(VendorCall call, string id) =>
        await SnowflakeSql.RunAsync(call, $"ALTER USER {User(call)} REMOVE PROGRAMMATIC ACCESS TOKEN {SnowflakeSql.Name(id)}");

    private static async Task<IEnumerable<Func<string, string?>>> ShowAsync(VendorCall call) =>
        SnowflakeSql.Rows(await SnowflakeSql.AskAsync(call, $"SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER {User(call)}"));

    private static string User(VendorCall call) => SnowflakeSql.Name(call.Text(SnowflakeTokenDescriptor.User));
}
