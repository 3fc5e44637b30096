using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Testing.RealServers;

namespace Rotunda.Page.Tests;

/// <summary>One real server for the tests of a collection, with a small catalog.</summary>
public sealed class OneServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-page-");

    public ServerProcess Process { get; private set; } = null!;

    public string Url => Process.Url;

    public string Data => Path.Combine(_folder.FullName, "data");

    public async ValueTask InitializeAsync()
    {
        var catalog = Path.Combine(_folder.FullName, "catalog.yaml");
        await File.WriteAllTextAsync(catalog, """
            version: 1
            secrets:
              a-key:
                strategy: dual-key
                provider: { type: generated }
                tokenLifetime: 1s
                grace: 1s
                targets:
                  env: { type: dotenv, path: app.env, keys: { KEY: "{primary}", OLD_KEY: "{secondary}" } }

            """);
        Process = await ServerProcess.StartAsync(new ServerSettings(Data, catalog));
    }

    /// <summary>A token of that name and role, made over HTTP by the admin.</summary>
    public async Task<string> TokenAsync(string name, string role)
    {
        using var admin = Process.Client();
        using var made = await admin.PostAsJsonAsync("/api/tokens", new { name, role });
        made.EnsureSuccessStatusCode();
        return (string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["token"]!;
    }

    /// <summary>A login link for who holds the token (the admin's if none is given).</summary>
    public async Task<string> LinkAsync(string? token = null)
    {
        using var holder = Process.Client(token);
        using var made = await holder.PostAsync("/api/session/link", null);
        made.EnsureSuccessStatusCode();
        return Url + (string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["path"]!;
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
