using StackExchange.Redis;

namespace Rotunda.Testing.RealServers;

/// <summary>
/// A real Redis of its own: a free port, an administrator <c>rotunda</c>, and a configuration file of its own, so that it can be
/// restarted with what it saved. Gone without trace when disposed.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const int PortTries = 5;
    private readonly ServerFolder _folder;
    private readonly bool _isSentinel;

    private RedisServer(ServerFolder folder, int port, bool isSentinel) => (_folder, Port, _isSentinel) = (folder, port, isSentinel);

    public const string AdminUser = "rotunda";
    public const string AdminPassword = "rotundas-own-redis-password";

    /// <summary>What a replica of these tests logs in to its primary as.</summary>
    public const string ReplicaUser = "follower";

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public string Log => File.ReadAllText(_folder.File("redis.log"));

    /// <summary>Null if the program is there; else what to install.</summary>
    public static string? WhyUnavailable =>
        ServerFolder.Find(Program) is null ? "Redis was not found on PATH. Install the Debian package 'redis-server'." : null;

    /// <param name="users">Lines besides the administrator's: <c>user app on >secret ~* +@all</c>.</param>
    /// <param name="aclFile">Users are in a file of their own, else in redis.conf.</param>
    /// <param name="primary">With it, a replica of that one.</param>
    public static Task<RedisServer> StartAsync(
        IEnumerable<string> users,
        bool aclFile = true,
        RedisServer? primary = null,
        string more = "")
    {
        var all = users.Append($"user {AdminUser} on >{AdminPassword} +@all")
            .Append($"user {ReplicaUser} on >followers-password +psync +replconf +ping");
        return StartAsync(false, (folder, port) => string.Join('\n', (string[])
        [
            $"port {port}",
            "bind 127.0.0.1",
            $"dir {folder}",
            "save \"\"",
            "appendonly no",
            "repl-diskless-sync-delay 0",
            $"logfile {folder.File("redis.log")}",
            .. primary is null ? (string[])[]
                : [$"replicaof 127.0.0.1 {primary.Port}", $"masteruser {ReplicaUser}", "masterauth followers-password"],
            more,
            .. aclFile ? [$"aclfile {folder.File("users.acl")}"] : all,
        ]), aclFile ? string.Join('\n', all) + "\n" : null);
    }

    /// <summary>A Sentinel that watches the primary as <c>mymaster</c>.</summary>
    /// <param name="login">Its auth-user and auth-pass lines.</param>
    public static Task<RedisServer> StartSentinelAsync(RedisServer primary, string login) =>
        StartAsync(true, (folder, port) => string.Join('\n',
        [
            $"port {port}", "bind 127.0.0.1", $"dir {folder}", $"logfile {folder.File("redis.log")}",
            $"sentinel monitor mymaster 127.0.0.1 {primary.Port} 1", login,
        ]), null);

    /// <summary>Runs a command as the administrator.</summary>
    public async Task<RedisResult> RunAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            _isSentinel ? Options("default", null) : Options(AdminUser, AdminPassword));
        return await connection.GetServer("127.0.0.1", Port).ExecuteAsync(command, arguments);
    }

    /// <summary>A connection as a client keeps it.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync(string user, string password, string name = "the-app") =>
        ConnectionMultiplexer.ConnectAsync(Options(user, password, name));

    /// <summary>Looks until the command's answer holds it.</summary>
    public async Task UntilAsync(string what, string command, params object[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!Flat(await RunAsync(command, arguments)).Contains(what, StringComparison.Ordinal))
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>An answer as one text.</summary>
    public static string Flat(RedisResult result) => result.Resp2Type == ResultType.Array
        ? string.Join(' ', ((RedisResult[])result!).Select(Flat)) : result.ToString();

    /// <summary>As a machine that fails and comes back: what was not saved is gone.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await LaunchAsync();
    }

    public Task StopAsync() => _folder.StopAsync();

    public Task LaunchAsync() => _folder.StartAsync([_folder.File("redis.conf"), .. _isSentinel ? (string[])["--sentinel"] : []], Port);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static async Task<RedisServer> StartAsync(bool isSentinel, Func<ServerFolder, int, string> configuration, string? users)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = new ServerFolder(
                ServerFolder.Find(Program) ?? throw new InvalidOperationException(WhyUnavailable), "rotunda-redis-");
            var server = new RedisServer(folder, ServerFolder.FreePort(), isSentinel);
            try
            {
                await File.WriteAllTextAsync(folder.File("redis.conf"), configuration(folder, server.Port) + "\n");
                if (users is not null)
                {
                    await File.WriteAllTextAsync(folder.File("users.acl"), users);
                }

                await server.LaunchAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < PortTries)
            {
                await server.DisposeAsync();
            }
        }
    }

    private ConfigurationOptions Options(string user, string? password, string name = "the-test") => new()
    {
        EndPoints = { { "127.0.0.1", Port } },
        User = password is null ? null : user,
        Password = password,
        ClientName = name,
        AllowAdmin = true,
        TieBreaker = "",
        ConfigurationChannel = "",
        AbortOnConnectFail = true,
        CommandMap = _isSentinel ? CommandMap.Sentinel : CommandMap.Default,
    };
}
