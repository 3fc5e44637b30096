using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Rotunda.Testing.RealServers;

namespace Rotunda.Page.Tests;

/// <summary>One real server with secrets in all the states that a page shows, and people of every role who are signed in.</summary>
public sealed class PageWorld : IAsyncLifetime
{
    /// <summary>Who has which role. Olga asks for rotations, so the others may approve them.</summary>
    private static readonly Dictionary<string, string> People = new(StringComparer.Ordinal)
    {
        ["viewer"] = "victor", ["operator"] = "olga", ["approver"] = "alice", ["admin"] = "ada",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-world-");
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _signedIn = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Role, string Theme, int Width), Window> _windows = [];
    private readonly Browser _browser = new();
    private ServerProcess _server = null!;

    /// <summary>A campaign with one secret that is done, one that waits for an approval and one that failed.</summary>
    public const string Campaign = "campaign-1";

    public static IReadOnlyList<string> Roles { get; } = [.. People.Keys];

    public string Url => _server.Url;

    public async ValueTask InitializeAsync()
    {
        var starting = _browser.InitializeAsync();
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "app"));
        var catalog = Path.Combine(_folder.FullName, "catalog.yaml");
        await File.WriteAllTextAsync(catalog, WorldCatalog.Text);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "freezes.ics"), WorldCatalog.Freezes);
        _server = await ServerProcess.StartAsync(new ServerSettings(Path.Combine(_folder.FullName, "data"), catalog, Sweep: "1h"));
        using var admin = _server.Client();
        foreach (var (role, name) in People)
        {
            using var made = await admin.PostAsJsonAsync("/api/tokens", new { name, role });
            _tokens[role] = (string)(await ReadAsync(made))["token"]!;
        }

        await starting;
        await Task.WhenAll(PrepareAsync(), SignAllInAsync());
    }

    public static string PersonOf(string role) => People[role];

    /// <summary>A client with the token of that role.</summary>
    public HttpClient Client(string role) => _server.Client(_tokens[role]);

    /// <summary>A browser's window of a person with that role, watched. Tests after each other get the same one.</summary>
    public async Task<Window> OpenAsync(string role, string theme = "light", int width = 1280)
    {
        if (_windows.TryGetValue((role, theme, width), out var open))
        {
            return open;
        }

        var context = await _browser.Chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Url,
            StorageState = _signedIn[role],
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 760 : 860 },
            TimezoneId = "Europe/Berlin",
        });
        return _windows[(role, theme, width)] = await Window.OpenAsync(context, Url, isKept: true);
    }

    /// <summary>A window of nobody.</summary>
    public async Task<Window> OpenStrangerAsync(string theme = "light", int width = 1280) => await Window.OpenAsync(
        await _browser.Chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Url,
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = width, Height = 760 },
        }),
        Url,
        isKept: false);

    /// <summary>Starts a rotation as Olga, and waits until it is in the state.</summary>
    public async Task<string> StartAsync(string secret, string state, string reason = "a test")
    {
        using var client = Client("operator");
        using var started = await client.PostAsJsonAsync("/api/rotations", new { secret, reason });
        var id = (string)(await ReadAsync(started))["rotationId"]!;
        await UntilAsync(id, state);
        return id;
    }

    /// <summary>The id of the secret's rotation that is open.</summary>
    public async Task<string> OpenRotationAsync(string secret)
    {
        using var client = Client("viewer");
        return (string)JsonNode.Parse(await client.GetStringAsync($"/api/secrets/{secret}"))!["summary"]!["open"]!["id"]!;
    }

    public async Task ApproveAsync(string id)
    {
        using var client = Client("approver");
        using var sent = await client.PostAsJsonAsync($"/api/rotations/{id}/approve", new { reason = "looks good" });
        sent.EnsureSuccessStatusCode();
    }

    public Task UntilAsync(string id, string state) =>
        _server.UntilAsync(async () => (string)(await RotationAsync(id))["rotation"]!["state"]! == state, $"{id} is {state}");

    public async Task<JsonNode> RotationAsync(string id)
    {
        using var client = Client("viewer");
        return JsonNode.Parse(await client.GetStringAsync($"/api/rotations/{id}"))!;
    }

    /// <summary>The values that the targets hold by now, and the tokens: none of them belongs into a browser.</summary>
    public IReadOnlyList<string> Canaries() =>
    [
        .. Directory.GetFiles(Path.Combine(_folder.FullName, "app")).SelectMany(File.ReadAllLines)
            .Select(line => line.Split('=', 2).Last().Trim('"', '\'')).Where(value => value.Length > 10),
        .. _tokens.Values,
    ];

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode
            ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!
            : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());

    /// <summary>The first rotation of each knows no old value, so it goes through at once.</summary>
    private Task PrepareAsync() => Task.WhenAll(
        StartAsync("payroll-key", "waiting-for-value", "half a year is over"),
        StartAsync("search-api", "succeeded", "quarterly"),
        StartAsync("mail-relay", "rolled-back", "first try"),
        TwiceAsync("webhook-signing", "grace", "Partner Nord asked for it"),
        TwiceAsync("session-cookies", "stuck", "before the audit"),
        AskedAsync(),
        CampaignAsync(),
        ExposedAsync());

    private async Task CampaignAsync()
    {
        using var client = Client("operator");
        var body = new { select = "tag=fleet", reason = "A build machine was opened", preview = "" };
        using var looked = await client.PostAsJsonAsync("/api/campaigns/preview", body);
        using var started = await client.PostAsJsonAsync(
            "/api/campaigns", body with { preview = (string)(await ReadAsync(looked))["hash"]! });
        await ReadAsync(started);
        await UntilAsync("fleet-quick-1", "succeeded");
        await UntilAsync("fleet-asked-1", "waiting-for-approval");
        await UntilAsync("fleet-broken-1", "rolled-back");
    }

    private async Task ExposedAsync()
    {
        using var client = Client("operator");
        using var started = await client.PostAsJsonAsync(
            "/api/rotations", new { secret = "bank-feed", reason = "it was in a chat", trigger = "emergency", incident = "INC-12" });
        await UntilAsync((string)(await ReadAsync(started))["rotationId"]!, "waiting-for-value");
    }

    private async Task TwiceAsync(string secret, string state, string reason)
    {
        await StartAsync(secret, "succeeded", reason);
        await StartAsync(secret, state, reason);
    }

    private async Task AskedAsync()
    {
        await ApproveAsync(await StartAsync("orders-jwt", "waiting-for-approval", "first value"));
        await UntilAsync("orders-jwt-1", "succeeded");
        await StartAsync("orders-jwt", "waiting-for-approval", "The contractor who set it up has left");
    }

    private async Task SignAllInAsync()
    {
        foreach (var role in Roles)
        {
            using var holder = Client(role);
            using var made = await holder.PostAsync("/api/session/link", null);
            await using var window = await OpenStrangerAsync();
            await window.Page.GotoAsync((string)(await ReadAsync(made))["path"]!);
            await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await window.ReadyAsync();
            _signedIn[role] = await window.Page.Context.StorageStateAsync();
        }
    }
}
