using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Rotunda.Access;
using Rotunda.Api.Http;
using Rotunda.Providers.Contract;

namespace Rotunda.Server.SignIn;

/// <summary>What Rotunda does at the turns of a sign-in: the framework checks the answer's state, nonce, signature, issuer, audience and
/// time.</summary>
internal sealed partial class ProviderEvents(
    ProviderOptions options,
    SessionDesk sessions,
    RefusalAudit refusals,
    IReferenceResolver references,
    TimeProvider time,
    ILogger<ProviderEvents> logger) : OpenIdConnectEvents
{
    /// <summary>When a fresh sign-in was asked for.</summary>
    public const string AskedAt = "asked-at";

    /// <summary>How far the provider's clock may be behind.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly string[] Names = ["name", "preferred_username", "email"];

    /// <summary>The secret is looked up each time: it may be rotated beside a running server.</summary>
    public override async Task AuthorizationCodeReceived(AuthorizationCodeReceivedContext context)
    {
        if (options.Secret is { } reference)
        {
            using var secret = await references.ResolveAsync(reference, context.HttpContext.RequestAborted);
            context.TokenEndpointRequest!.ClientSecret = secret.RevealText();
        }
    }

    /// <summary>What the framework leaves open. A provider may leave out what it was asked for: then the sign-in is not the fresh
    /// one that was wanted.</summary>
    public override Task TokenValidated(TokenValidatedContext context)
    {
        // The framework takes an unsigned token that came straight from the provider, as the specification allows.
        if (context.SecurityToken.SignatureAlgorithm is null or "" or "none")
        {
            context.Fail("The identity provider's token is not signed.");
        }
        else if (string.IsNullOrEmpty(context.Principal?.FindFirstValue("sub")))
        {
            context.Fail("The identity provider names nobody (no 'sub').");
        }
        else if (context.Properties?.Items.TryGetValue(AskedAt, out var asked) == true
            && !(SignedInAt(context.Principal) is { } at && at >= DateTimeOffset.Parse(asked!, CultureInfo.InvariantCulture) - Skew))
        {
            context.Fail("The identity provider did not ask anew who this is (no 'auth_time' after the request).");
        }

        return Task.CompletedTask;
    }

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        var person = context.Principal!;
        var id = person.FindFirstValue("sub")!;
        var name = Names.Select(person.FindFirstValue).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? id;
        var claims = person.FindAll(options.RolesClaim).Select(claim => claim.Value).ToList();
        var cookie = await sessions.EnterAsync(
            PersonName.Of(name, id), claims, SignedInAt(person), context.HttpContext.RequestAborted);
        SessionCallers.Give(context.Response, cookie);
        await SignInPage.GoOnAsync(context.HttpContext, context.ReturnUri ?? "/");
        context.HandleResponse();
    }

    public override async Task RemoteFailure(RemoteFailureContext context)
    {
        LogRefused(logger, context.Failure);
        var address = context.HttpContext.Features.Get<ClientAddress>() is { } client ? $" from {client.Address}" : "";
        await refusals.WriteAsync(
            null, $"GET {ProviderSignIn.Callback}{address}", null, null, StatusCodes.Status403Forbidden, "sign-in-refused",
            context.HttpContext.RequestAborted);
        await SignInPage.RefuseAsync(
            context.HttpContext,
            StatusCodes.Status403Forbidden,
            "The answer of the identity provider was refused. The server's log says why. Begin again at the start page.");
        context.HandleResponse();
    }

    private static DateTimeOffset? SignedInAt(ClaimsPrincipal? person) =>
        long.TryParse(person?.FindFirstValue("auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Asks the provider to see the person again, whoever is signed in there.</summary>
    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        if (context.Properties.Items.ContainsKey(AskedAt))
        {
            context.Properties.Items[AskedAt] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
            context.ProtocolMessage.Prompt = "login";
            context.ProtocolMessage.MaxAge = "0";
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 7041, Level = LogLevel.Warning, Message = "A sign-in by the identity provider was refused")]
    private static partial void LogRefused(ILogger logger, Exception? problem);
}
