using System.Security.Cryptography;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using StackExchange.Redis;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>The few commands that rotation needs, on one administrator's connection to one node.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    /// <summary>It listens to nothing, so one connection is enough.</summary>
    private static readonly CommandMap Commands =
        CommandMap.Create(["SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE"], available: false);

    private readonly ConnectionMultiplexer _connection;
    private readonly IServer _server;

    private RedisNode(RedisAddress address, ConnectionMultiplexer connection)
    {
        (Address, _connection) = (address, connection);
        _server = connection.GetServer(address.Host, address.Port);
    }

    public RedisAddress Address { get; }

    /// <summary>Opens all of them, or none: what cannot be reached is found before anything is changed.</summary>
    /// <exception cref="RedisNodeException">One of them cannot be opened.</exception>
    public static async Task<IReadOnlyList<RedisNode>> OpenAllAsync(RedisSetup setup, CancellationToken cancellationToken)
    {
        var nodes = new List<RedisNode>();
        try
        {
            foreach (var address in setup.Nodes)
            {
                nodes.Add(await OpenAsync(setup, address, cancellationToken));
            }

            return nodes;
        }
        catch
        {
            await CloseAllAsync(nodes);
            throw;
        }
    }

    public static async Task CloseAllAsync(IEnumerable<RedisNode> nodes)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    /// <summary>The login is tried by itself first: the driver does not tell a refused one from a node that is not there.</summary>
    private static async Task<RedisNode> OpenAsync(RedisSetup setup, RedisAddress address, CancellationToken cancellationToken)
    {
        foreach (var login in setup.Logins.OfType<string>())
        {
            using var password = SecretValue.FromText(login);
            var tried = await RedisLogin.TryAsync(setup, address, setup.Admin, password, cancellationToken);
            if (tried.Validity == Validity.CannotTell)
            {
                throw new RedisNodeException(address, StepOutcome.RetryLater(tried.Detail!));
            }

            if (tried.Validity == Validity.Valid)
            {
                return await ConnectAsync(setup, address, setup.Admin, login, Commands);
            }
        }

        return setup.Logins.Contains(null)
            ? await ConnectAsync(setup, address, setup.Admin, null, Commands)
            : throw new RedisNodeException(
                address,
                StepOutcome.Rejected(
                    $"{address} refuses the login of {setup.Admin}. Check 'adminUser', and the password behind 'adminPassword'."));
    }

    public static Task<RedisNode> WatchAsync(RedisSetup setup, RedisSentinels sentinels, RedisAddress address) =>
        ConnectAsync(setup, address, sentinels.User, sentinels.Password, CommandMap.Sentinel);

    private static async Task<RedisNode> ConnectAsync(
        RedisSetup setup, RedisAddress address, string user, string? password, CommandMap commands)
    {
        try
        {
            var options = Options(setup, address, user, password);
            options.CommandMap = commands;
            return new(address, await ConnectionMultiplexer.ConnectAsync(options));
        }
        catch (Exception exception) when (RedisFailures.Explains(exception))
        {
            throw new RedisNodeException(address, RedisFailures.BeforeAnything(exception, address.ToString(), user));
        }
    }

    /// <summary>What <c>INFO</c> tells, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> InfoAsync() =>
        (await TextAsync("INFO")).Split('\n').Select(line => line.TrimEnd('\r').Split(':', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First()[1], StringComparer.Ordinal);

    /// <summary>Null if there is no such user.</summary>
    public async Task<RedisUser?> UserAsync(string name)
    {
        var reply = await _server.ExecuteAsync("ACL", "GETUSER", name);
        if (reply.IsNull)
        {
            return null;
        }

        var fields = reply.ToDictionary();
        var flags = Texts(fields["flags"]);
        return new(flags.Contains("on"), flags.Contains("nopass"), Texts(fields["passwords"]));
    }

    /// <summary>Empty if it is not set.</summary>
    public async Task<string> SettingAsync(string name)
    {
        var reply = (RedisResult[]?)await _server.ExecuteAsync("CONFIG", "GET", name);
        return reply is { Length: >= 2 } ? (string?)reply[1] ?? "" : "";
    }

    public async Task<IReadOnlyList<RedisClientLine>> ClientsAsync() => [.. RedisClientLine.Read(await TextAsync("CLIENT", "LIST"))];

    public Task AddPasswordAsync(string user, SecretValue value) => _server.ExecuteAsync("ACL", "SETUSER", user, $"#{HashOf(value)}");

    public Task RemovePasswordAsync(string user, SecretValue value) => _server.ExecuteAsync("ACL", "SETUSER", user, $"!{HashOf(value)}");

    /// <summary>The only one from then on.</summary>
    public Task SetPasswordAsync(string user, SecretValue value) =>
        _server.ExecuteAsync("ACL", "SETUSER", user, "resetpass", $"#{HashOf(value)}");

    /// <param name="name">requirepass or masterauth.</param>
    public Task SetAsync(string name, SecretValue value) => _server.ExecuteAsync("CONFIG", "SET", name, value.RevealText());

    /// <summary>Makes the node keep its users over a restart. It has a file for them, or has them in redis.conf.</summary>
    /// <param name="settings">Settings were changed besides.</param>
    public async Task SaveAsync(bool settings)
    {
        var hasFile = (await SettingAsync("aclfile")).Length > 0;
        if (hasFile)
        {
            await _server.ExecuteAsync("ACL", "SAVE");
        }

        if (!hasFile || (settings && (await InfoAsync()).GetValueOrDefault("config_file", "").Length > 0))
        {
            await _server.ExecuteAsync("CONFIG", "REWRITE");
        }
    }

    /// <returns>How many were ended.</returns>
    public async Task<long> EndConnectionsAsync(string user) => (long)await _server.ExecuteAsync("CLIENT", "KILL", "USER", user);

    /// <summary>All nodes of the cluster that it knows.</summary>
    public async Task<int> ClusterNodesAsync() =>
        (await TextAsync("CLUSTER", "NODES")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Count(line => !line.Contains("noaddr", StringComparison.Ordinal) && !line.Contains("handshake", StringComparison.Ordinal));

    /// <summary>Whether the user may run it. Older servers (before 7) cannot tell: true.</summary>
    public async Task<bool> MayRunAsync(string user, params string[] command)
    {
        try
        {
            return (string?)await _server.ExecuteAsync("ACL", ["DRYRUN", user, .. command]) == "OK";
        }
        catch (RedisServerException exception) when (RedisFailures.Code(exception.Message) != "NOPERM")
        {
            return true;
        }
    }

    /// <summary>Of a Sentinel: how many replicas and other Sentinels it knows of.</summary>
    public async Task<(int Replicas, int Others)> WatchesAsync(string master)
    {
        var fields = (await _server.ExecuteAsync("SENTINEL", "MASTER", master)).ToDictionary();
        return ((int)fields["num-slaves"], (int)fields["num-other-sentinels"]);
    }

    /// <summary>Of a Sentinel: how it logs in to the nodes.</summary>
    public Task SetWatchPasswordAsync(string master, SecretValue value) =>
        _server.ExecuteAsync("SENTINEL", "SET", master, "auth-pass", value.RevealText());

    public static string HashOf(SecretValue value) => Convert.ToHexStringLower(SHA256.HashData(value.RevealBytes()));

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string[] Texts(RedisResult list) => [.. ((RedisResult[]?)list ?? []).Select(item => (string?)item ?? "")];

    private async Task<string> TextAsync(string command, params object[] arguments) =>
        (string?)await _server.ExecuteAsync(command, arguments) ?? "";

    private static ConfigurationOptions Options(RedisSetup setup, RedisAddress address, string user, string? password)
    {
        var milliseconds = (int)Math.Clamp(setup.Timeout.TotalMilliseconds, 1000, int.MaxValue);
        var options = new ConfigurationOptions
        {
            EndPoints = { { address.Host, address.Port } },
            User = password is null ? null : user,
            Password = password,
            Ssl = setup.Tls,
            SslHost = setup.Tls ? address.Host : null,
            ClientName = "rotunda",
            AllowAdmin = true,
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ConnectTimeout = milliseconds,
            AsyncTimeout = milliseconds,
            SyncTimeout = milliseconds,

            // A command is sent once, or not at all: what is sent later, by itself, would come behind the step's own retries.
            BacklogPolicy = BacklogPolicy.FailFast,
            Protocol = RedisProtocol.Resp2,
            IncludeDetailInExceptions = false,

            // Not told (CLIENT SETINFO): a right to it cannot be given before Redis 7.2, which is the first that knows it.
            SetClientLibrary = false,

            // It keeps to the one node, and writes and listens to nothing there.
            TieBreaker = "",
            ConfigurationChannel = "",
        };
        if (RedisTrust.For(setup.RootCertificate) is { } trust)
        {
            options.CertificateValidation += trust;
        }

        return options;
    }
}
