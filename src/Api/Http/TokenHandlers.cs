using System.Net;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Selection;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

internal static class TokenHandlers
{
    public static async Task<IResult> ListAsync(ApiCall call)
    {
        var desk = Desk(call);
        var tokens = await desk.ListAsync(call.Caller.Subject, call.Cancelled);
        return Answers.Json(new TokenList([.. tokens.Select(TokenView.Of)]), ApiJson.Default.TokenList);
    }

    public static async Task<IResult> CreateAsync(ApiCall call)
    {
        var desk = Desk(call);
        MustBePrivate(call.Http, "a new token");
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.TokenBody);
        var asked = new NewToken(RotationHandlers.Required(body.Name, "name"), RoleOf(body.Role), Lifetime(body.Expires), body.Owner)
        {
            On = On(body.On),
        };
        var (record, text) = await RefusedAsync(() => desk.CreateAsync(call.Caller.Subject, asked, call.Cancelled));
        return Answers.Json(
            new NewTokenView(record.Name, record.Role, text), ApiJson.Default.NewTokenView, StatusCodes.Status201Created);
    }

    public static async Task<IResult> RevokeAsync(ApiCall call)
    {
        var (desk, name) = (Desk(call), call.Part("name"));
        return await RefusedAsync(() => desk.RevokeAsync(call.Caller.Subject, name, call.Cancelled)) is { } revoked
            ? Answers.Json(TokenView.Of(revoked), ApiJson.Default.TokenView)
            : throw RefusedException.NotFound(
                $"There is no token named '{RefusedException.Shown(name)}' that could be revoked. See all with: rotunda token list");
    }

    public static async Task<IResult> RenewAsync(ApiCall call)
    {
        var (desk, name) = (Desk(call), call.Part("name"));
        var body = await JsonBody.ReadAsync(call.Http, BodyJson.Default.RenewBody);
        var lifetime = Lifetime(body.Expires);
        return await RefusedAsync(() => desk.RenewAsync(call.Caller.Subject, name, lifetime, call.Cancelled)) is { } renewed
            ? Answers.Json(TokenView.Of(renewed), ApiJson.Default.TokenView)
            : throw RefusedException.NotFound(
                $"There is no token named '{RefusedException.Shown(name)}' that could be renewed. See all with: rotunda token list");
    }

    private static TokenDesk Desk(ApiCall call)
    {
        call.OnlyQueries();
        return call.Services.Tokens.HasTokens
            ? call.Services.Tokens
            : throw new RefusedException(
                StatusCodes.Status404NotFound,
                "no-tokens",
                "This head has no tokens of its own: people sign in with Microsoft Entra ID, and machines come with a function key. Give "
                    + "and take roles there (docs/azure-operations.md).");
    }

    /// <summary>Who may read the answer on its way could come in with it.</summary>
    internal static void MustBePrivate(HttpContext http, string what)
    {
        if (!http.Request.IsHttps && http.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
        {
            throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "not-private",
                $"This connection comes from another machine by plain HTTP, where {what} could be read on its way. Come by https:// (a "
                    + "proxy has to say so with X-Forwarded-Proto), or make it on the server's machine.");
        }
    }

    private static Role RoleOf(string? text) => text switch
    {
        "viewer" => Role.Viewer,
        "operator" => Role.Operator,
        "approver" => Role.Approver,
        "admin" => Role.Admin,
        _ => throw RefusedException.BadField("role", "has to be viewer, operator, approver or admin"),
    };

    private static IReadOnlyList<Selector>? On(IReadOnlyList<string>? given) => given is not { Count: > 0 } ? null
        : [.. given.Select(text => Selector.TryParse(text) ?? throw RefusedException.BadField(
            "on", "has to be selectors such as owner=platform, tag=payments or name=pay-*"))];

    private static TimeSpan? Lifetime(string? text) =>
        text is null ? NewToken.UsualLifetime
        : text == NewToken.Never ? null
        : DurationText.TryParse(text, out var duration) ? duration
        : throw RefusedException.BadField("expires", "has to be a duration such as 12h or 90d, or never");

    private static async Task<T> RefusedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (TokenRefusedException refused)
        {
            throw refused.Field is { } field
                ? new RefusedException(StatusCodes.Status400BadRequest, "invalid-field", refused.Message, field)
                : new RefusedException(StatusCodes.Status409Conflict, "token-refused", refused.Message);
        }
    }
}
