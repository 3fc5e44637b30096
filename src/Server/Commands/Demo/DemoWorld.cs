using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Rotunda.Access;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands.Demo;

/// <summary>The real parts of the demo: a server, and two instances of a service that signs and checks tokens.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    public const string Secret = "demo-jwt";

    /// <summary>What the older instance can work with; the first keys fit, the tightened rule's do not.</summary>
    private const int OldLimit = 48;

    private readonly string _folder;
    private readonly DemoProcess _server;

    private DemoWorld(string folder, DemoProcess server, string url, DemoConsumer newer, DemoConsumer older)
    {
        _folder = folder;
        _server = server;
        Newer = newer;
        Older = older;
        Url = url;
        var data = DataDirectory.Look(Path.Combine(folder, "data"));
        You = new ApiClient(ServerAddress.Parse(url), File.ReadAllText(data.CliTokenFile).Trim());
        Alice = new ApiClient(
            ServerAddress.Parse(url),
            new TokenFile(data.TokenFile, TimeProvider.System).Create("alice", Role.Approver, TimeSpan.FromHours(1)));
        Data = data;
    }

    public string Url { get; }

    public DataDirectory Data { get; }

    public DemoConsumer Newer { get; }

    public DemoConsumer Older { get; }

    /// <summary>The admin, who asks.</summary>
    public ApiClient You { get; }

    /// <summary>The second pair of eyes.</summary>
    public ApiClient Alice { get; }

    public static async Task<DemoWorld> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var envFile = Path.Combine(folder, "jwt.env");
        await File.WriteAllTextAsync(
            envFile,
            $"JWT_PRIMARY={Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}\n",
            cancellationToken);
        var newer = Consumer("one", envFile, []);
        var older = Consumer("two", envFile, ["--max-key-length", $"{OldLimit}"]);
        DemoProcess? server = null;
        try
        {
            await newer.WaitUntilUpAsync(cancellationToken);
            await older.WaitUntilUpAsync(cancellationToken);
            var catalog = Path.Combine(folder, "catalog.yaml");
            await File.WriteAllTextAsync(catalog, Catalog([newer.Url, older.Url], keyBytes: 32), cancellationToken);
            server = new DemoProcess(
                typeof(DemoWorld).Assembly.Location,
                ["serve", "--data", Path.Combine(folder, "data"), "--catalog", catalog, "--urls", "http://127.0.0.1:0", "--sweep", "1s"],
                "Rotunda is ready: ");
            var url = (await server.WaitForMarkAsync(cancellationToken)).Split(' ')[0];
            return new DemoWorld(folder, server, url, newer, older);
        }
        catch
        {
            await older.DisposeAsync();
            await newer.DisposeAsync();
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Somebody asks for longer keys. The older instance cannot work with them, but nobody thought of it.</summary>
    public Task TightenRuleAsync(CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(_folder, "catalog.yaml"), Catalog([Newer.Url, Older.Url], keyBytes: 64), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        You.Dispose();
        Alice.Dispose();
        await _server.DisposeAsync();
        await Older.DisposeAsync();
        await Newer.DisposeAsync();
    }

    private static DemoConsumer Consumer(string name, string envFile, string[] more)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        return new DemoConsumer(name, url, new DemoProcess(ConsumerDll(), ["--env-file", envFile, "--urls", url, .. more], null));
    }

    /// <summary>Beside this server's own build: …/src/Server/bin/Release/net10.0 → …/samples/JwtConsumer/bin/Release/net10.0.</summary>
    private static string ConsumerDll()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var root = framework.Parent?.Parent?.Parent?.Parent?.Parent?.FullName ?? ".";
        var dll = Path.Combine(root, "samples", "JwtConsumer", "bin", framework.Parent?.Name ?? "", framework.Name, "JwtConsumer.dll");
        return File.Exists(dll)
            ? dll
            : throw new CommandException(
                ExitCodes.CannotWork,
                $"The demo needs the sample service, which is not built: {dll}. Run the demo with ./rotunda demo from a checkout; it "
                    + "builds what is missing.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Catalog(string[] instances, int keyBytes) =>
        $$"""
        version: 1
        secrets:
          {{Secret}}:
            description: Signing key of the demo service's tokens
            strategy: dual-key
            provider: { type: generated, purpose: jwt }
            value: { format: base64url, length: {{keyBytes}} }
            tokenLifetime: 3s
            grace: 3s
            approval: { before: start, timeout: 5m }
            current: { value: "file:jwt.env#JWT_PRIMARY" }
            targets:
              app-env:
                type: dotenv
                path: jwt.env
                keys: { JWT_PRIMARY: "{primary}", JWT_SECONDARY: "{secondary}", JWT_SALT: "{salt}" }
            consumers:
              app:
                type: http
                instances: [{{string.Join(", ", instances)}}]
                reloadPath: /reload
                healthPath: /healthz
                fingerprintPath: /fingerprint
        """;
}
