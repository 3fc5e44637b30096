using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;

namespace Rotunda.Api.Http;

/// <summary>What changes: told as it happens (Server-Sent Events), or to who asks.</summary>
internal static class EventHandlers
{
    /// <summary>Listeners at once, of all people; each person has the limit of requests that are worked on besides.</summary>
    private const int MostListeners = 200;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static int s_listeners;

    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries("after");
        var changes = await call.Services.Changes.ReadAsync(After(call.Query("after"), "after"), call.Cancelled);
        return Answers.Json(Seen(changes, call.Sight), ApiJson.Default.ChangeList);
    }

    /// <summary>Goes on after the row in Last-Event-ID. Ends with the session, after an hour, and with the server; a browser comes back by
    /// itself.</summary>
    public static async Task<IResult> ListenAsync(ApiCall call)
    {
        call.OnlyQueries();
        if (!call.Services.Sessions.Ways.Live)
        {
            throw new RefusedException(
                StatusCodes.Status404NotFound,
                "no-events",
                "This head tells no events as they happen. Ask for them with GET /api/changes.");
        }

        var from = After(call.Http.Request.Headers["Last-Event-ID"].FirstOrDefault(), "Last-Event-ID");
        try
        {
            if (Interlocked.Increment(ref s_listeners) > MostListeners)
            {
                throw new TooManyRequestsException(60, $"{MostListeners} pages listen already. Ask instead: GET /api/changes");
            }

            await TellAsync(call, from);
        }
        finally
        {
            Interlocked.Decrement(ref s_listeners);
        }

        return Results.Empty;
    }

    private static async Task TellAsync(ApiCall call, long? from)
    {
        var time = call.Http.RequestServices.GetRequiredService<TimeProvider>();
        var stopping = call.Http.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Cancelled, stopping);
        // The first look is a refusal like any other if it fails; after it the answer has begun.
        var known = await call.Services.Changes.ReadAsync(from, end.Token);
        call.Http.Response.ContentType = "text/event-stream";
        call.Http.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await WriteAsync(call, known, isFirst: true, end.Token);
            await LoopAsync(call, known.Next, time, end.Token);
        }
        catch (Exception problem) when (problem is OperationCanceledException or RefusedException or LedgerUnavailableException
            or IOException or InvalidOperationException)
        {
            // The stream ends, and who comes back is told why: the answer's headers, where a refusal says it, are gone.
        }
    }

    private static async Task LoopAsync(ApiCall call, long after, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        var began = time.GetTimestamp();
        var looked = began;
        while (time.GetElapsedTime(began) < Longest && await timer.WaitForNextTickAsync(cancellationToken))
        {
            var changes = await call.Services.Changes.ReadAsync(after, cancellationToken);
            after = changes.Next;
            if (time.GetElapsedTime(looked) >= Heartbeat)
            {
                // The session may have ended, or the token.
                await call.Services.Callers.AuthenticateAsync(call.Http);
                looked = time.GetTimestamp();
                await call.Http.Response.WriteAsync(": still here\n\n", cancellationToken);
            }

            await WriteAsync(call, changes, isFirst: false, cancellationToken);
        }
    }

    private static async Task WriteAsync(ApiCall call, ChangeList list, bool isFirst, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        if (isFirst || list.Reset)
        {
            text.Append(CultureInfo.InvariantCulture, $"id: {list.Next}\nevent: {(list.Reset ? "reset" : "ready")}\ndata: {{}}\n\n");
        }

        foreach (var change in Seen(list, call.Sight).Changes)
        {
            var data = JsonSerializer.Serialize(change, ApiJson.Default.ChangeView);
            text.Append(CultureInfo.InvariantCulture, $"id: {change.Sequence}\nevent: change\ndata: {data}\n\n");
        }

        await call.Http.Response.WriteAsync(text.ToString(), cancellationToken);
        await call.Http.Response.Body.FlushAsync(cancellationToken);
    }

    private static ChangeList Seen(ChangeList list, Sight sight) =>
        sight.IsWhole ? list : list with { Changes = [.. list.Changes.Where(change => sight.Sees(change.Secret))] };

    private static long? After(string? text, string name) => text switch
    {
        null or "" => null,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) => after,
        _ => throw RefusedException.BadField(name, "has to be the sequence number of a row"),
    };
}
