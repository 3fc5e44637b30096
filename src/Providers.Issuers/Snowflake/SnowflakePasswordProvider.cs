using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Snowflake;

internal sealed class SnowflakePasswordProvider(VendorAccess access) : ValueVendor(SnowflakePasswordDescriptor.Instance, access)
{
    private const int ShortestPassword = 14;
    private const string WrongPassword = "390100";

    protected override VendorApi Api { get; } =
        new("Snowflake", SnowflakeTokenDescriptor.Address, VendorAuth.Exchanged(SnowflakeSql.LogInAsync), "message")
        {
            Minted = VendorAuth.None,
        };

    protected override void Check(VendorCall call)
    {
        if (string.Equals(Name(call), call.Text(SnowflakeTokenDescriptor.Login), StringComparison.OrdinalIgnoreCase))
        {
            throw call.Rejected("'user' is the user as whom Rotunda logs in. Give it another one to log in as.");
        }

        _ = (call.Text(SnowflakeTokenDescriptor.Account), User(call));
    }

    protected override async Task SetAsync(VendorCall call, SecretValue value)
    {
        var text = value.RevealText();
        if (text.Length < ShortestPassword)
        {
            throw call.Failure(StepOutcome.NewValueNeeded(
                $"Snowflake takes passwords of {ShortestPassword} characters and more. Make a longer one."));
        }

        // As it stands in the statement, too: it may come back in a message about the statement.
        using var written = call.Register(SecretValue.FromText(SnowflakeSql.Text(text)));
        await SnowflakeSql.RunAsync(call, $"ALTER USER {User(call)} SET PASSWORD = {written.RevealText()}");
    }

    /// <summary>As Snowflake's drivers log in. A session is made, and nothing is done with it: it ends by itself.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Post(
        $"session/v1/login-request",
        new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["CLIENT_APP_ID"] = "Rotunda",
                ["CLIENT_APP_VERSION"] = "1.0",
                ["ACCOUNT_NAME"] = call.Text(SnowflakeTokenDescriptor.Account),
                ["LOGIN_NAME"] = Name(call),
                ["PASSWORD"] = value.RevealText(),
            },
        }).Means(
            valid: [],
            invalid: [],
            reply => reply.Status != 200 || !reply.IsRead ? null
                : reply.Flag("success") ? Validity.Valid
                : reply.Maybe("code") == WrongPassword ? Validity.Invalid
                : throw call.Failure(StepOutcome.RetryLater(
                    $"Snowflake refuses the login ({reply.Maybe("code")}): \"{call.Redact(reply.Maybe("message") ?? "")}\". That says "
                        + "nothing of the password. Look whether the user may log in by a password alone.")));

    protected override async Task TryOwnAsync(VendorCall call)
    {
        var rows = SnowflakeSql.Rows(await SnowflakeSql.AskAsync(call, $"DESCRIBE USER {User(call)}")).ToList();
        string? Of(string property) => rows.FirstOrDefault(row => row("property") == property)?.Invoke("value");
        bool Is(string property) => string.Equals(Of(property), "true", StringComparison.OrdinalIgnoreCase);
        var problem = Of("TYPE") is "SERVICE" or "SNOWFLAKE_SERVICE" or "SNOWFLAKE_OBJECT"
                ? $"is of type {Of("TYPE")}, which has no password. Take snowflake-key-pair or snowflake-token"
            : Is("DISABLED") ? "is disabled. Enable the user first"
            : Is("MUST_CHANGE_PASSWORD")
                ? "must change the password at the next login, which no program can. Set MUST_CHANGE_PASSWORD = FALSE"
            : Is("EXT_AUTHN_DUO") || Is("HAS_MFA")
                ? "logs in with a second factor, so no password can be tried alone. Take snowflake-key-pair"
            : Of("LOGIN_NAME") is { Length: > 0 } login && !login.Equals(Name(call), StringComparison.OrdinalIgnoreCase)
                ? $"logs in as {login}, so a login as {Name(call)} would try another user. Give the user a LOGIN_NAME that is the name"
            : null;
        if (problem is not null)
        {
            throw call.Rejected($"The user {Name(call)} {problem}.");
        }
    }

    private static string Name(VendorCall call) => call.Text(SnowflakeTokenDescriptor.User);

    private static string User(VendorCall call) => SnowflakeSql.Name(Name(call));
}
