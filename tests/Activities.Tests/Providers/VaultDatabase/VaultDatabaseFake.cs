using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.VaultDatabase;

/// <summary>
/// A Vault with a database engine at "database", before a real PostgreSQL: it makes and drops real roles. Written from
/// https://developer.hashicorp.com/vault/api-docs/secret/databases, …/api-docs/system/leases and …/api-docs/auth/token.
/// Its clock is its own.
/// </summary>
internal sealed class VaultDatabaseFake
{
    public const string Token = "hvs.database-token-5f2d77";
    public const string Accessor = "B6oixijqmeR4bsLOJH88Ska9";
    public const string RoleId = "59d6d1ca-47bb-4e7e-a40b-8be3bc5a0ba8";
    public const string SecretId = "84896a0c-1347-aa90-a4f6-aca8b7558780";
    private readonly PostgresCluster _cluster;
    private readonly Func<DateTimeOffset> _now;
    private readonly string _prefix;
    private int _users;

    /// <param name="now">Vault's own clock.</param>
    /// <param name="prefix">Of the names of its users, so that fakes can share a server.</param>
    public VaultDatabaseFake(FakeVendor vendor, PostgresCluster cluster, Func<DateTimeOffset> now, string prefix)
    {
        (_cluster, _now, _prefix) = (cluster, now, prefix);
        void On(string method, string path, Func<FakeRequest, FakeReply> answer) =>
            vendor.On(method, $"/v1/{path}", request => Answer(request, answer));
        On("GET", "database/creds/orders", Lease);
        On("GET", "database/roles/orders", request => Bare(request, new JsonObject { ["default_ttl"] = Ttl, ["max_ttl"] = MaxTtl }));
        On("POST", "sys/leases/renew", Renew);
        On("POST", "sys/leases/lookup", Look);
        On("POST", "sys/leases/revoke", Revoke);
        On("GET", "database/static-roles/orders", request => Bare(
            request, new JsonObject { ["rotation_period"] = Period, ["username"] = StaticUser }));
        On("GET", "database/static-creds/orders", request => Bare(
            request,
            new JsonObject
            {
                ["username"] = StaticUser, ["password"] = StaticPassword, ["rotation_period"] = Period,
                ["ttl"] = (long)(RotatedAt.AddSeconds(Period) - _now()).TotalSeconds,
                ["last_vault_rotation"] = RotatedAt.ToString("O"),
            }));
        On("POST", "database/rotate-role/orders", request =>
        {
            request.RequireNoBody();
            RotateStatic();
            return FakeReply.Empty(204);
        });
        On("GET", "auth/token/lookup-self", request => Bare(request, new JsonObject
        {
            ["accessor"] = AccessorOf(request), ["ttl"] = TtlOf(AccessorOf(request)), ["renewable"] = true,
        }));
        On("POST", "auth/token/renew-self", request => RenewToken(request, AccessorOf(request)));
        On("POST", "auth/token/renew-accessor", request => RenewToken(request, (string)request.Json("accessor")["accessor"]!));
        On("GET", "sys/internal/ui/mounts/database", request => Bare(
            request, new JsonObject { ["path"] = "database/", ["type"] = Engine, ["options"] = null }));
        On("POST", "sys/capabilities-self", request =>
        {
            var answer = new JsonObject();
            foreach (var path in ((JsonArray)request.Json("paths")["paths"]!).Select(path => (string)path!))
            {
                answer[path] = new JsonArray([.. Forbidden.Contains(path) ? ["deny"] : new[] { (JsonNode)"read", "update" }]);
            }

            return FakeReply.Json(200, answer);
        });
        vendor.On("POST", "/v1/auth/approle/login", LogIn);
        Reset();
    }

    /// <summary>In seconds, as the role has it.</summary>
    public int Ttl { get; set; }

    public int MaxTtl { get; set; }

    public int Period { get; set; }

    public bool Renewable { get; set; }

    public bool Sealed { get; set; }

    /// <summary>What its engine is; another one is no database engine.</summary>
    public string Engine { get; set; } = "database";

    /// <summary>Paths that our token may do nothing at.</summary>
    public HashSet<string> Forbidden { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a token that a login gives; 0 for one that never ends.</summary>
    public int TokenTtl { get; set; }

    public SortedDictionary<string, FakeLease> Leases { get; } = new(StringComparer.Ordinal);

    /// <summary>The ends of the tokens that logins gave, by their accessors.</summary>
    public Dictionary<string, DateTimeOffset> Tokens { get; } = new(StringComparer.Ordinal);

    public string StaticUser => $"{_prefix}_static";

    public string StaticPassword { get; private set; } = "";

    public DateTimeOffset RotatedAt { get; private set; }

    public int StaticRotations { get; private set; }

    public void Reset()
    {
        foreach (var lease in Leases.Values)
        {
            Drop(lease.User);
        }

        Leases.Clear();
        Tokens.Clear();
        Forbidden.Clear();
        (Ttl, MaxTtl, Period, Renewable, Sealed, Engine, TokenTtl, _users, StaticRotations) =
            (3600, 86400, 86400, true, false, "database", 1200, 0, 0);
        if (StaticPassword.Length == 0)
        {
            Run($"CREATE ROLE \"{StaticUser}\" LOGIN PASSWORD 'first'");
        }

        RotateStatic();
        StaticRotations = 0;
    }

    /// <summary>As Vault's own clockwork does: drops the users of leases that have ended. Not while it is sealed.</summary>
    public void Tick()
    {
        foreach (var lease in Sealed ? [] : Leases.Values.Where(one => one.EndsAt <= _now() || OwnerEnded(one)).ToList())
        {
            End(lease);
        }
    }

    /// <summary>Somebody revokes it.</summary>
    public void End(FakeLease lease)
    {
        Leases.Remove(lease.Id);
        Drop(lease.User);
    }

    /// <summary>Vault's own rotation of the static role, or one that was asked for.</summary>
    public void RotateStatic()
    {
        StaticPassword = $"Static-{Guid.NewGuid():N}";
        (RotatedAt, StaticRotations) = (_now(), StaticRotations + 1);
        Run($"ALTER ROLE \"{StaticUser}\" PASSWORD '{StaticPassword}'");
    }

    private bool OwnerEnded(FakeLease lease) => lease.Owner is { } owner && Tokens.TryGetValue(owner, out var end) && end <= _now();

    private FakeReply Answer(FakeRequest request, Func<FakeRequest, FakeReply> answer)
    {
        request.RequireHeader("X-Vault-Request", "true");
        var token = request.Header("X-Vault-Token") ?? "";
        if (Sealed)
        {
            return Errors(503, "Vault is sealed");
        }

        Tick();
        var accessor = token.Replace("hvs.", "acc-", StringComparison.Ordinal);
        var known = token == Token || (Tokens.TryGetValue(accessor, out var end) && end > _now());
        return known && !Forbidden.Contains(request.Path["/v1/".Length..]) ? answer(request) : Errors(403, "permission denied");
    }

    private static string AccessorOf(FakeRequest request) => request.Header("X-Vault-Token") is var token && token == Token
        ? Accessor
        : token!.Replace("hvs.", "acc-", StringComparison.Ordinal);

    private long TtlOf(string accessor) => Tokens.TryGetValue(accessor, out var end) ? (long)(end - _now()).TotalSeconds : 0;

    private FakeReply RenewToken(FakeRequest request, string accessor)
    {
        if (request.Path.EndsWith("renew-self", StringComparison.Ordinal))
        {
            request.Json();
        }

        if (!Tokens.ContainsKey(accessor))
        {
            return Errors(400, "invalid accessor");
        }

        Tokens[accessor] = _now().AddSeconds(TokenTtl);
        return FakeReply.Json(
            200,
            new JsonObject
            {
                ["auth"] = new JsonObject { ["accessor"] = accessor, ["lease_duration"] = TokenTtl, ["renewable"] = true },
            });
    }

    private FakeReply LogIn(FakeRequest request)
    {
        if (Sealed)
        {
            return Errors(503, "Vault is sealed");
        }

        var body = request.Json("role_id", "secret_id");
        if ((string?)body["role_id"] != RoleId || (string?)body["secret_id"] != SecretId)
        {
            return Errors(400, "invalid role or secret ID");
        }

        var name = $"login-{Tokens.Count + 1}-b81c";
        Tokens[$"acc-{name}"] = _now().AddSeconds(TokenTtl);
        return FakeReply.Json(200, new JsonObject
        {
            ["auth"] = new JsonObject { ["client_token"] = $"hvs.{name}", ["lease_duration"] = TokenTtl, ["renewable"] = true },
        });
    }

    private FakeReply Lease(FakeRequest request)
    {
        request.RequireNoBody();
        var user = $"{_prefix}_{++_users}";
        var lease = new FakeLease($"database/creds/orders/{user}", user, $"Lease-{Guid.NewGuid():N}", _now())
        {
            EndsAt = _now().AddSeconds(Ttl), Owner = AccessorOf(request) is var owner && owner != Accessor ? owner : null,
        };
        Run($"CREATE ROLE \"{user}\" LOGIN PASSWORD '{lease.Password}'");
        Leases[lease.Id] = lease;
        return FakeReply.Json(200, new JsonObject
        {
            ["lease_id"] = lease.Id, ["lease_duration"] = Ttl, ["renewable"] = Renewable,
            ["data"] = new JsonObject { ["username"] = user, ["password"] = lease.Password },
        });
    }

    private FakeReply Renew(FakeRequest request)
    {
        var body = request.Json("lease_id", "increment?");
        if (!Leases.TryGetValue((string)body["lease_id"]!, out var lease))
        {
            return Errors(400, "lease not found");
        }

        if (!Renewable)
        {
            return Errors(400, "lease is not renewable");
        }

        var most = lease.TakenAt.AddSeconds(MaxTtl);
        var asked = _now().AddSeconds((int?)body["increment"] ?? Ttl);
        lease.EndsAt = asked < most ? asked : most;
        lease.Renewals++;
        return FakeReply.Json(200, new JsonObject
        {
            ["lease_id"] = lease.Id, ["lease_duration"] = (long)(lease.EndsAt - _now()).TotalSeconds, ["renewable"] = true,
        });
    }

    private FakeReply Look(FakeRequest request) => Leases.TryGetValue((string)request.Json("lease_id")["lease_id"]!, out var lease)
        ? Data(new JsonObject
        {
            ["id"] = lease.Id, ["ttl"] = (long)(lease.EndsAt - _now()).TotalSeconds, ["renewable"] = Renewable,
            ["expire_time"] = lease.EndsAt.ToString("O"),
        })
        : Errors(400, "invalid lease");

    private FakeReply Revoke(FakeRequest request)
    {
        var body = request.Json("lease_id", "sync");
        request.Require((bool)body["sync"]!, "does not wait for the end");
        if (Leases.TryGetValue((string)body["lease_id"]!, out var lease))
        {
            End(lease);
        }

        return FakeReply.Empty(204);
    }

    private static FakeReply Bare(FakeRequest request, JsonObject data)
    {
        request.RequireNoBody();
        return Data(data);
    }

    private void Drop(string user) => Run(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{user}'; DROP ROLE IF EXISTS \"{user}\"");

    private void Run(string sql)
    {
        using var connection = new NpgsqlConnection(_cluster.AdminConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static FakeReply Data(JsonObject data) => FakeReply.Json(200, new JsonObject { ["request_id"] = "d2b8a0a4", ["data"] = data });

    private static FakeReply Errors(int status, params string[] errors) =>
        FakeReply.Json(status, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(error => (JsonNode)error)]) });
}

internal sealed record FakeLease(string Id, string User, string Password, DateTimeOffset TakenAt)
{
    public DateTimeOffset EndsAt { get; set; }

    public string? Owner { get; init; }

    public int Renewals { get; set; }
}
