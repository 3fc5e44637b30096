using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Rotunda.Access;
using Rotunda.Api.Page;

namespace Rotunda.Server.SignIn;

/// <summary>Signing in by an identity provider: the way there, and the way back into a session of our own.</summary>
internal static partial class ProviderSignIn
{
    public const string Start = "/sign-in";
    public const string Callback = "/sign-in/callback";
    private const string Scheme = "oidc";
    private static readonly TimeSpan ForTheWay = TimeSpan.FromMinutes(10);

    public static SignInWays Ways(ProviderOptions? provider) =>
        new(provider is null ? [SignInWays.Link] : [new("oidc", Start), SignInWays.Link], Live: true);

    public static void AddTo(IServiceCollection services, ProviderOptions? provider)
    {
        if (provider is null)
        {
            return;
        }

        services.AddSingleton(provider);
        services.AddSingleton<ProviderEvents>();
        // What is under way is lost with the process, as its keys are: nothing of it is on disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(NobodyHandler.Scheme).AddOpenIdConnect(Scheme, options => Configure(options, provider));
        services.AddTransient<NobodyHandler>();
        services.Configure<AuthenticationOptions>(options =>
            options.AddScheme<NobodyHandler>(NobodyHandler.Scheme, displayName: null));
    }

    /// <summary>Answers what comes back from the provider; nothing, where there is none.</summary>
    public static void Use(WebApplication app)
    {
        if (app.Services.GetService<ProviderOptions>() is not null)
        {
            app.UseAuthentication();
        }
    }

    /// <summary>The way to the provider; nothing, where there is none.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<ProviderOptions>() is not null)
        {
            app.MapGet(Start, (HttpContext http) => BeginAsync(http));
        }
    }

    private static void Configure(OpenIdConnectOptions options, ProviderOptions provider)
    {
        options.Authority = provider.Authority.ToString();
        options.RequireHttpsMetadata = !provider.Authority.IsLoopback;
        options.ClientId = provider.ClientId;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.DisableTelemetry = true;
        options.CallbackPath = Callback;
        options.SignInScheme = NobodyHandler.Scheme;
        options.RemoteAuthenticationTimeout = ForTheWay;
        options.ProtocolValidator.NonceLifetime = ForTheWay;
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        options.EventsType = typeof(ProviderEvents);
        options.Scope.Clear();
        foreach (var scope in provider.Scopes)
        {
            options.Scope.Add(scope);
        }

        // The provider sends the browser back by a link, which brings Lax cookies with it.
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.Always;
            cookie.HttpOnly = true;
        }

        options.BackchannelHttpHandler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }

    private static async Task BeginAsync(HttpContext http)
    {
        var properties = new AuthenticationProperties { RedirectUri = Local(http.Request.Query["return"].FirstOrDefault()) };
        if (http.Request.Query["again"] == "true")
        {
            properties.Items[ProviderEvents.AskedAt] = "";
        }

        try
        {
            http.Response.Headers.CacheControl = "no-store";
            await http.ChallengeAsync(Scheme, properties);
        }
        catch (Exception problem) when (problem is InvalidOperationException or IOException or HttpRequestException)
        {
            LogUnreachable(http.RequestServices.GetRequiredService<ILogger<ProviderEvents>>(), problem);
            await SignInPage.RefuseAsync(
                http,
                StatusCodes.Status503ServiceUnavailable,
                "The identity provider does not answer now. Try again; on the server's machine 'rotunda login' makes a link.");
        }
    }

    /// <summary>An address of our own page; the start page for anything else, so that nobody is sent elsewhere after signing in.</summary>
    internal static string Local(string? path)
    {
        var address = path?.Split('?')[0] ?? "";
        return address.StartsWith('/')
            && !address.StartsWith("//", StringComparison.Ordinal)
            && path!.All(c => c is > ' ' and < (char)127 and not '\\')
            && PageRoutes.Has(address)
            ? path!
            : "/";
    }

    [LoggerMessage(EventId = 7042, Level = LogLevel.Warning, Message = "The identity provider cannot be asked")]
    private static partial void LogUnreachable(ILogger logger, Exception problem);
}
