using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A real server with secrets in the states that requests can change, and many people of every role.</summary>
internal sealed class FuzzedServer : IAsyncDisposable
{
    /// <summary>Many, so that the limit of one person's requests is not what is tested.</summary>
    private const int People = 40;

    /// <summary>What people give as values: long enough to be found anywhere.</summary>
    public static readonly string[] Given =
        ["pay-canary-one-4711-aaaaaaaa", "pay-canary-two-4712-bbbbbbbb", "canary-of-no-shape-4713-cccc"];

    private const string Key = """
          NAME:
            owner: payments
            tags: [production]
            strategy: dual-key
            provider: { type: generated }
            tokenLifetime: 1s
            verifierCache: 0s
            RULES
            targets:
              env: { type: dotenv, path: NAME.env, keys: { KEY: "{primary}", OLD_KEY: "{secondary}" } }

        """;

    private const string Manual = """
          NAME:
            owner: finance
            provider: { type: manual }
            grace: 1s
            ask: { create: an API key, value: { prefix: pay- } }
            targets:
              env: { type: dotenv, path: NAME.env, keys: { KEY: "{value}" } }

        """;

    private static readonly string[] Roles = ["viewer", "operator", "approver", "admin"];
    private readonly ServerFolder _folder = new();
    private ServerProcess? _process;

    public ServerProcess Process => _process!;

    public string Url => Process.Url;

    /// <summary>What stands in Authorization, right and wrong.</summary>
    public List<string?> Credentials { get; } = [null, "Bearer rot_none", "Basic eA==", "Bearer", "Bearer " + new string('t', 4_000)];

    public List<string> Tokens { get; } = [];

    public IReadOnlyList<string> Secrets { get; } = ["quick", "asks", "asks-two", "waits", "gives", "gives-too", "nowhere"];

    /// <summary>The values that the targets hold now.</summary>
    public IEnumerable<string> Values() => Directory.GetFiles(_folder.Path, "*.env").SelectMany(Lines)
        .Select(line => line.Split('=', 2)[^1].Trim('"', '\''));

    /// <summary>All that lies in the data directory, but the files that are for who starts the server.</summary>
    public IEnumerable<(string Name, string Text)> Files() => Directory.GetFiles(_folder.Data, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) is not "cli-token")
        .Select(file => (Path.GetFileName(file), string.Concat(Lines(file))));

    public static async Task<FuzzedServer> StartAsync()
    {
        var server = new FuzzedServer();
        await File.WriteAllTextAsync(server._folder.Catalog, "version: 1\nsecrets:\n"
            + Of("quick", "grace: 1s") + Of("asks", "approval: { before: start, timeout: 2d }")
            + Of("asks-two", "approval: { before: start, need: 2, timeout: 2d }") + Of("waits", "grace: 2d")
            + Of("nowhere", "grace: 1s").Replace("path: nowhere.env", "path: gone/nowhere.env", StringComparison.Ordinal)
            + Manual.Replace("NAME", "gives", StringComparison.Ordinal) + Manual.Replace("NAME", "gives-too", StringComparison.Ordinal));
        server._process = await ServerProcess.StartAsync(server._folder.Settings);
        using var admin = server.Process.Client();
        for (var person = 0; person < People; person++)
        {
            var role = Roles[person % Roles.Length];
            // A part of them may act for some secrets only.
            var on = role != "admin" && person % 5 == 0 ? new[] { "owner=payments" } : null;
            using var made = await admin.PostAsJsonAsync("/api/tokens", new { name = $"person-{person}", role, on });
            made.EnsureSuccessStatusCode();
            server.Add((string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["token"]!);
        }

        foreach (var secret in server.Secrets)
        {
            using var started = await admin.PostAsJsonAsync("/api/rotations", new { secret, reason = "first" });
            started.EnsureSuccessStatusCode();
        }

        await server.Process.UntilAsync(() => Task.FromResult(server.Values().Any()), "a value is minted and delivered");
        return server;
    }

    public void Add(string token)
    {
        Tokens.Add(token);
        Credentials.Add($"Bearer {token}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static string Of(string name, string rules) =>
        Key.Replace("NAME", name, StringComparison.Ordinal).Replace("RULES", rules, StringComparison.Ordinal);

    /// <summary>As bytes: a database is no text. It may go while it is read.</summary>
    private static IEnumerable<string> Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file, System.Text.Encoding.Latin1);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}
