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
        var made = SnowflakeSql.Rows(await RunAsync(call, statement)).First();
        return new(made("token_name")!, call.Register(SecretValue.FromText(made("token_secret")!)), expires);
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        foreach (var row in (await ShowAsync(call)).Where(row => row("status") != "EXPIRED"))
        {
            yield return new(row("name")!, row("name"), SnowflakeSql.When(row("created_on")));
        }
    }

    protected override Probe Verify(VendorCall call, SecretValue value) =>
        Probe.Post(Path(), SnowflakeSql.Body("SELECT CURRENT_USER()")).Means(valid: [200, 202, 422], invalid: [401]);

    protected override async Task DeleteAsync(VendorCall call, string id) =>
        await RunAsync(call, $"ALTER USER {User(call)} REMOVE PROGRAMMATIC ACCESS TOKEN {SnowflakeSql.Name(id)}");

    private static async Task<IEnumerable<Func<string, string?>>> ShowAsync(VendorCall call) => SnowflakeSql.Rows(
        await call.AskAsync(Path(), SnowflakeSql.Body($"SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER {User(call)}")));

    /// <summary>A statement that takes longer than its answer has been taken on all the same: nobody knows what becomes of it.</summary>
    private static async Task<VendorReply> RunAsync(VendorCall call, string statement)
    {
        var reply = await call.PostAsync(Path(), SnowflakeSql.Body(statement));
        return reply.Status == 200 ? reply : throw call.Failure(StepOutcome.Unknown(
            "Snowflake is still at the statement of this request."));
    }

    private static VendorPath Path() => VendorPath.Of($"api/v2/statements?async=false");

    private static string User(VendorCall call) => SnowflakeSql.Name(call.Text(SnowflakeTokenDescriptor.User));
}
