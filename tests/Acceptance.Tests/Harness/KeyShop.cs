using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>A vendor with many accounts, each with keys of its own: makes, lists, tries and ends them, and remembers every one.</summary>
internal sealed class KeyShop : IAsyncDisposable
{
    public const string AdminToken = "shop-admin-token";
    private readonly ConcurrentDictionary<string, List<Key>> _accounts = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private int _made;

    private KeyShop(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public static async Task<KeyShop> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var shop = new KeyShop(app);
        app.MapPost("/accounts/{account}/keys", shop.Make);
        app.MapGet("/accounts/{account}/keys", (string account, HttpContext http) => IsAdmin(http) ? shop.List(account) : Refused);
        app.MapDelete("/accounts/{account}/keys/{id}", (string account, string id, HttpContext http) =>
            IsAdmin(http) ? shop.End(account, id) : Refused);
        app.MapGet("/accounts/{account}/me", (string account, HttpContext http) =>
            shop.Keys(account).Any(key => key.Live && TokenOf(http) == key.Value) ? Results.Json(new { ok = true }) : Refused);
        await app.StartAsync();
        var server = app.Services.GetRequiredService<IServer>();
        shop.Address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return shop;
    }

    /// <summary>A key that somebody made by hand.</summary>
    public string Stand(string account) => Add(account, "made by hand").Id;

    public IReadOnlyList<Key> Keys(string account)
    {
        var keys = _accounts.GetOrAdd(account, _ => []);
        lock (keys)
        {
            return [.. keys];
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IResult Refused => Results.Json(new { error = "no such key" }, statusCode: StatusCodes.Status401Unauthorized);

    private IResult Make(string account, string name, HttpContext http)
    {
        if (!IsAdmin(http))
        {
            return Refused;
        }

        var key = Add(account, name);
        return Results.Json(new { id = key.Id, secret = key.Value });
    }

    private IResult List(string account) =>
        Results.Json(Keys(account).Where(key => key.Live).Select(key => new { id = key.Id, name = key.Label }));

    private IResult End(string account, string id)
    {
        var key = Keys(account).FirstOrDefault(key => key.Id == id && key.Live);
        if (key is null)
        {
            return Results.NotFound();
        }

        key.Live = false;
        return Results.NoContent();
    }

    private Key Add(string account, string label)
    {
        var number = Interlocked.Increment(ref _made);
        var key = new Key(
            string.Create(CultureInfo.InvariantCulture, $"key-{number}"), label,
            string.Create(CultureInfo.InvariantCulture, $"value-of-{number}-{Guid.NewGuid():N}"));
        var keys = _accounts.GetOrAdd(account, _ => []);
        lock (keys)
        {
            keys.Add(key);
        }

        return key;
    }

    private static bool IsAdmin(HttpContext http) => TokenOf(http) == AdminToken;

    private static string TokenOf(HttpContext http) =>
        http.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);

    internal sealed record Key(string Id, string Label, string Value)
    {
        public bool Live { get; set; } = true;
    }
}
