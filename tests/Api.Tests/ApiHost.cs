using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rotunda.Activities;
using Rotunda.Activities.Clocks;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Http;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;
using Rotunda.Telemetry;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Api.Tests;

/// <summary>The HTTP surface on a free port over the real ledger, store and providers; only the engine is a small fake.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;
    private Identity _identity;
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    private ApiHost(WebApplication app, DirectoryInfo folder) => (_app, _folder) = (app, folder);

    public FakeOrchestrationClient Engine => (FakeOrchestrationClient)Get<IOrchestrationClient>();

    public ILedger Ledger => Get<ILedger>();

    public TokenFile Tokens => Get<TokenFile>();

    public string Folder => _folder.FullName;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static Task<ApiHost> StartAsync(params Policy[] policies) => StartAsync(Identity.Token, policies);

    public static Task<ApiHost> StartAsync(RequestLimits limits, params Policy[] policies) =>
        StartAsync(Identity.Token, app => Map(app, Identity.Token), limits, policies);

    /// <param name="identity">How callers are known: as in the server, or as in the Functions head.</param>
    public static Task<ApiHost> StartAsync(Identity identity, params Policy[] policies) =>
        StartAsync(identity, app => Map(app, identity), policies);

    /// <param name="identity">How callers are known: as in the server, or as in the Functions head.</param>
    /// <param name="map">Lets requests in to the surface.</param>
    public static Task<ApiHost> StartAsync(Identity identity, Action<WebApplication> map, params Policy[] policies) =>
        StartAsync(identity, map, limits: null, policies);

    private static async Task<ApiHost> StartAsync(
        Identity identity,
        Action<WebApplication> map,
        RequestLimits? limits,
        Policy[] policies)
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-api-");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        // The slim builder leaves out constraints by regular expression; the Functions host has them.
        builder.Services.AddRouting();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ISystemSynchronisation, SilentSystem>();
        builder.Services.AddRotundaProviders();
        builder.Services.AddRotundaActivities(new ActivitiesOptions { DataDirectory = folder.FullName, CatalogFolder = folder.FullName });
        builder.Services.AddSingleton<IOrchestrationClient, FakeOrchestrationClient>();
        builder.Services.AddSingleton<ICatalogSource>(new FixedCatalog(new RotationCatalog(
            policies.ToDictionary(p => p.Name, StringComparer.Ordinal), "hash", folder.FullName)));
        if (identity == Identity.Token)
        {
            builder.Services.AddRotundaCallers(
                Path.Combine(folder.FullName, "tokens.json"), Path.Combine(folder.FullName, "sessions.json"));
        }
        else
        {
            builder.Services.AddSingleton(SignInWays.Platform);
            builder.Services.AddSingleton<ICallers>(new PlatformCallers(platformChecks: identity == Identity.Platform, Role.Operator));
        }

        builder.Services.AddSingleton<IReadiness, AlwaysReady>();
        builder.Services.AddRotundaApi(limits);
        builder.Services.AddRotundaTelemetry(TelemetryOptions.Usual with { Meter = folder.Name, Tags = ["watched"] });
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new ApiHost(app, folder) { _identity = identity };
    }

    public static Policy Policy(string name) => new()
    {
        Name = name,
        Strategy = Strategy.DualKey,
        Provider = new ProviderBinding("generated", new JsonObject()),
        Interval = TimeSpan.FromDays(30),
    };

    /// <summary>Puts another catalog in force.</summary>
    public void SetCatalog(params Policy[] policies) => ((FixedCatalog)Get<ICatalogSource>()).Current =
        new RotationCatalog(policies.ToDictionary(p => p.Name, StringComparer.Ordinal), Guid.NewGuid().ToString(), Folder);

    /// <summary>What stands at the catalog's place cannot be used any more.</summary>
    public void BreakCatalog(string problem) => ((FixedCatalog)Get<ICatalogSource>()).Problem = problem;

    public RotationCatalog Catalog => Get<ICatalogSource>().Current!;

    /// <summary>A client of that name and role, known in the host's way; anonymous for null.</summary>
    public HttpClient Client(Role? role, string? name = null, string? owner = null)
    {
        var server = _app.Services.GetRequiredService<IServer>();
        var client = new HttpClient { BaseAddress = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        if (role is { } given)
        {
            name ??= $"test-{given}";
            if (_identity != Identity.Token)
            {
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-platform-has-checked-it");
                client.DefaultRequestHeaders.Add(PlatformCallers.PrincipalHeader, Principal(name, given.ToString().ToLowerInvariant()));
                return client;
            }

            if (!_tokens.TryGetValue(name, out var token))
            {
                token = _tokens[name] = Tokens.Create(name, given, null, owner);
            }

            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A client principal as App Service Authentication sends it for a user of Microsoft Entra ID.</summary>
    public static string Principal(string name, params string[] roles)
    {
        var claims = new JsonArray(
            Claim("http://schemas.microsoft.com/identity/claims/objectidentifier", $"id-of-{name}"),
            Claim("preferred_username", name),
            Claim("iss", "https://login.microsoftonline.com/tenant/v2.0"));
        foreach (var role in roles)
        {
            claims.Add(Claim("roles", role));
        }

        var principal = new JsonObject { ["auth_typ"] = "aad", ["name_typ"] = "name", ["role_typ"] = "roles", ["claims"] = claims };
        return Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(principal.ToJsonString()));

        static JsonObject Claim(string type, string value) => new() { ["typ"] = type, ["val"] = value };
    }

    /// <summary>The server maps route by route; the Functions head has two entries for all.</summary>
    private static void Map(WebApplication app, Identity identity)
    {
        if (identity == Identity.Token)
        {
            app.MapRotundaApi();
            return;
        }

        var entry = app.Services.GetRequiredService<ApiEntry>();
        app.Map("/machine/{**path}", (Microsoft.AspNetCore.Http.HttpContext http) => entry.ServeMachineAsync(http));
        app.MapFallback("/{**path}", (Microsoft.AspNetCore.Http.HttpContext http) => entry.ServeAsync(http));
    }

    internal sealed class FixedCatalog(RotationCatalog? current) : ICatalogSource
    {
        public RotationCatalog? Current { get; set; } = current;

        public string? Problem { get; set; }
    }

    /// <summary>A system that does not tell whether its clock is kept right.</summary>
    private sealed class SilentSystem : ISystemSynchronisation
    {
        public bool? IsSynchronised() => null;
    }

    private sealed class AlwaysReady : IReadiness
    {
        public Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.Ordinal) { ["all"] = "ok" });
    }
}

/// <summary>The ways in which callers are known.</summary>
public enum Identity
{
    Token,
    Platform,
    /// <summary>As Platform, with App Service Authentication turned off.</summary>
    PlatformOff,
}
