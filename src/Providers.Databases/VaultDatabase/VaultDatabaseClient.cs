using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Vault;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.VaultDatabase;

/// <summary>The calls of Vault's database engine, and those of leases.</summary>
internal sealed class VaultDatabaseClient(WebSession session, VaultSettings vault, ProviderSettings settings, VaultTokens tokens)
    : VaultApi(session, vault, settings, tokens, Hints)
{
    private static readonly WebHints Hints = new(
        new Dictionary<int, string>(Statuses)
        {
            [404] = "There is no such role, or no database engine at this mount: check 'mount', 'databaseRole' and 'namespace'.",
            [500] = "Vault could not do it at the database: see Vault's log, and whether the database answers.",
        },
        "errors");

    /// <summary>A new user. Each call makes one more.</summary>
    public async Task<VaultLease> LeaseAsync(string role, CancellationToken cancellationToken)
    {
        var before = Session.Time.GetUtcNow();
        using var reply = await SendAsync(
            HttpMethod.Get, Vault.At($"{Vault.Mount}/creds/{role}"), null, cancellationToken, carriesValue: true, changes: true);
        if (reply.Status is 500 or 503 && Errors(reply).FirstOrDefault() is { } why)
        {
            // Vault's own answer, and not that of something before it: it is sealed, or could not make the user and took back what it
            // had begun. No lease was given.
            throw Session.Failure(StepOutcome.RetryLater($"Vault gave no lease of the role {role}: {why}"));
        }

        RequireSuccess(reply);
        var (answer, data) = (reply.Json() as JsonObject, reply.Json()?["data"] as JsonObject);
        return VaultText.Of(answer?["lease_id"]) is { Length: > 0 } id
            && VaultText.Seconds(answer?["lease_duration"]) is { } duration
            && VaultText.Of(data?["username"]) is { Length: > 0 } user
            && VaultText.Of(data?["password"]) is { Length: > 0 } password
                ? new VaultLease(id, user, SecretValue.FromText(password), before + duration, VaultText.Flag(answer?["renewable"]))
                : throw Misshapen(reply);
    }

    /// <summary>The end of the lease since; null where Vault does not renew it: it is gone, or is not renewable.</summary>
    public async Task<DateTimeOffset?> RenewAsync(string lease, TimeSpan? increment, CancellationToken cancellationToken)
    {
        var before = Session.Time.GetUtcNow();
        var body = new JsonObject { ["lease_id"] = lease };
        if (increment is { } asked)
        {
            body["increment"] = (long)asked.TotalSeconds;
        }

        // Again is harmless, so an answer that is lost is no change that nobody knows of.
        using var reply = await SendAsync(HttpMethod.Post, Vault.At("sys/leases/renew"), body, cancellationToken, changes: false);
        if (Says(reply, "not renewable", "not found", "expired", "invalid lease"))
        {
            return null;
        }

        RequireSuccess(reply);
        return VaultText.Seconds(reply.Json()?["lease_duration"]) is { } duration ? before + duration : throw Misshapen(reply);
    }

    /// <summary>When the lease ends, and whether it can be renewed; null if it is gone.</summary>
    public async Task<(DateTimeOffset EndsAt, bool Renewable)?> LookAsync(string lease, CancellationToken cancellationToken)
    {
        var before = Session.Time.GetUtcNow();
        using var reply = await SendAsync(
            HttpMethod.Post, Vault.At("sys/leases/lookup"), new JsonObject { ["lease_id"] = lease }, cancellationToken, changes: false);
        if (Says(reply, "invalid lease"))
        {
            return null;
        }

        RequireSuccess(reply);
        // Not expire_time: that is by Vault's clock.
        return reply.Json()?["data"] is JsonObject data && VaultText.Seconds(data["ttl"]) is { } left
            ? (before + left, VaultText.Flag(data["renewable"]))
            : throw Misshapen(reply);
    }

    /// <summary>Ends the lease, and waits until the database has dropped its user. One that is gone is left.</summary>
    public async Task RevokeAsync(string lease, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["lease_id"] = lease, ["sync"] = true };
        using var reply = await SendAsync(HttpMethod.Post, Vault.At("sys/leases/revoke"), body, cancellationToken);
        if (reply.Status == 400 && !Says(reply, "invalid lease", "not found"))
        {
            // The database may have dropped the user, or not: Vault tries on by itself.
            throw Session.Failure(StepOutcome.Unknown(
                $"Vault could not end the lease ({Errors(reply).FirstOrDefault() ?? "400"}). See whether the database answers."));
        }

        if (reply.Status != 400)
        {
            RequireSuccess(reply);
        }
    }

    /// <summary>Vault answers 400 to whatever went wrong with a lease, so its words have to tell.</summary>
    private static bool Says(WebReply reply, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (reply.Status == 400 && Errors(reply).Any(error => error.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of a role that makes users: how long they live, unrenewed and at most; null parts are the mount's.</summary>
    public async Task<(TimeSpan? Default, TimeSpan? Longest)> RoleAsync(string role, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Get, Vault.At($"{Vault.Mount}/roles/{role}"), null, cancellationToken);
        RequireSuccess(reply);
        return reply.Json()?["data"] is JsonObject data
            ? (Told(data["default_ttl"]), Told(data["max_ttl"]))
            : throw Misshapen(reply);
    }

    /// <summary>How often Vault rotates a static role by itself; null where by a schedule of its own.</summary>
    public async Task<TimeSpan?> StaticRoleAsync(string role, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Get, Vault.At($"{Vault.Mount}/static-roles/{role}"), null, cancellationToken);
        RequireSuccess(reply);
        return reply.Json()?["data"] is JsonObject data ? Told(data["rotation_period"]) : throw Misshapen(reply);
    }

    /// <summary>Has Vault make a new password for a static role now.</summary>
    public async Task RotateAsync(string role, CancellationToken cancellationToken)
    {
        using var reply = await SendAsync(HttpMethod.Post, Vault.At($"{Vault.Mount}/rotate-role/{role}"), null, cancellationToken);
        RequireSuccess(reply);
    }

    /// <summary>A static role's present password, and when Vault rotates it next.</summary>
    public async Task<VaultStaticLogin> StaticLoginAsync(string role, CancellationToken cancellationToken)
    {
        var before = Session.Time.GetUtcNow();
        using var reply = await SendAsync(
            HttpMethod.Get, Vault.At($"{Vault.Mount}/static-creds/{role}"), null, cancellationToken, carriesValue: true);
        RequireSuccess(reply);
        return reply.Json()?["data"] is JsonObject data
            && VaultText.Of(data["username"]) is { Length: > 0 } user
            && VaultText.Of(data["password"]) is { Length: > 0 } password
                ? new VaultStaticLogin(user, SecretValue.FromText(password), before + VaultText.Seconds(data["ttl"]))
                : throw Misshapen(reply);
    }

    /// <summary>Our own token: what others know it by, and when it ends; null for never.</summary>
    public async Task<(string? Accessor, DateTimeOffset? EndsAt)> TokenAsync(CancellationToken cancellationToken)
    {
        var before = Session.Time.GetUtcNow();
        using var reply = await SendAsync(HttpMethod.Get, Vault.At("auth/token/lookup-self"), null, cancellationToken);
        RequireSuccess(reply);
        return reply.Json()?["data"] is JsonObject data
            ? (VaultText.Of(data["accessor"]), VaultText.Seconds(data["ttl"]) is { } left && left > TimeSpan.Zero ? before + left : null)
            : throw Misshapen(reply);
    }

    /// <summary>Renews the token of that accessor.</summary>
    /// <returns>When it ends since.</returns>
    public async Task<DateTimeOffset> RenewTokenAsync(string accessor, CancellationToken cancellationToken)
    {
        var before = Session.Time.GetUtcNow();
        var isOwn = (await TokenAsync(cancellationToken)).Accessor == accessor;
        using var reply = isOwn
            ? await SendAsync(HttpMethod.Post, Vault.At("auth/token/renew-self"), [], cancellationToken, changes: false)
            : await SendAsync(
                HttpMethod.Post, Vault.At("auth/token/renew-accessor"), new JsonObject { ["accessor"] = accessor }, cancellationToken,
                changes: false);
        RequireSuccess(reply);
        return VaultText.Seconds(reply.Json()?["auth"]?["lease_duration"]) is { } duration ? before + duration : throw Misshapen(reply);
    }

    /// <summary>Zero is "as the mount says".</summary>
    private static TimeSpan? Told(JsonNode? node) => VaultText.Seconds(node) is { } time && time > TimeSpan.Zero ? time : null;
}

/// <summary>A user that Vault has made.</summary>
internal sealed record VaultLease(string Id, string User, SecretValue Password, DateTimeOffset EndsAt, bool Renewable);

/// <param name="RotatedAt">When Vault rotates it by itself next; null if nothing tells.</param>
internal sealed record VaultStaticLogin(string User, SecretValue Password, DateTimeOffset? RotatedAt);
