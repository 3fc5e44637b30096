using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Interpreter;
using Rotunda.Leaks.Reading;
using Rotunda.Leaks.Views;

namespace Rotunda.Api.Http;

/// <summary>Leaked values: reported by people and scanners, and by GitHub's webhook. No answer repeats one.</summary>
internal static class LeakHandlers
{
    /// <summary>The largest report of a scanner that is read.</summary>
    private const int LargestReport = 1024 * 1024;

    private const int LongestIncident = 200;
    private static readonly SemaphoreSlim s_webhooks = new(8);

    public static async Task<IResult> ReportAsync(ApiCall call)
    {
        call.OnlyQueries("incident");
        var incident = call.Query("incident");
        if (incident is { Length: 0 or > LongestIncident } || incident?.Any(char.IsControl) == true)
        {
            throw RefusedException.BadField("incident", $"has to be a short text, at most {LongestIncident} characters");
        }

        if (!SameOrigin.IsJson(call.Http.Request))
        {
            throw new RefusedException(
                StatusCodes.Status415UnsupportedMediaType, "not-json", "Send JSON with Content-Type: application/json.");
        }

        var body = await BodyAsync(call.Http, LargestReport);
        IReadOnlyList<Finding> findings = [];
        try
        {
            findings = FindingsReader.Read(body);
            Limit(call, findings.Sum(finding => finding.Values.Count));
            var answers = await call.Services.Leaks.Desk.ReportAsync(findings, call.Caller.Subject, incident, call.Cancelled);
            return Answers.Json(new LeakReport(answers), ApiJson.Default.LeakReport);
        }
        catch (FindingsException problem)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, "no-findings", problem.Message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
            foreach (var finding in findings)
            {
                finding.Dispose();
            }
        }
    }

    public static async Task<IResult> ListAsync(ApiCall call)
    {
        call.OnlyQueries();
        var sight = call.Sight;
        var leaks = await call.Services.Leaks.Desk.ListAsync(call.Cancelled);
        return Answers.Json(new LeakList([.. leaks.Where(leak => sight.Sees(leak.Secret))]), ApiJson.Default.LeakList);
    }

    public static async Task<IResult> GetAsync(ApiCall call)
    {
        call.OnlyQueries();
        var known = long.TryParse(call.Part("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        return known && await call.Services.Leaks.Desk.GetAsync(id, call.Cancelled) is { } leak && call.Sight.Sees(leak.Secret)
            ? Answers.Json(leak, ApiJson.Default.LeakView)
            : throw RefusedException.NotFound("There is no such leak, or it ended long ago. See all with: rotunda leak --list");
    }

    /// <summary>Anyone may come here; who has no right signature is told what holds of any address that is not there.</summary>
    public static async Task<IResult> GitHubAsync(ApiCall call)
    {
        if (!s_webhooks.Wait(0, CancellationToken.None))
        {
            throw new TooManyRequestsException(5, "Too many webhooks at once. Send it again.");
        }

        try
        {
            var (body, headers) = (await BodyAsync(call.Http, JsonBody.Limit), call.Http.Request.Headers);
            return await call.Services.Leaks.Alerts.TakeAsync(
                body, headers["X-GitHub-Event"], headers["X-Hub-Signature-256"], call.Cancelled) is { } taken
                    ? Answers.Json(taken, ApiJson.Default.AlertView, StatusCodes.Status202Accepted)
                    : throw new RefusedException(StatusCodes.Status404NotFound, "no-route", "There is nothing at this address.");
        }
        finally
        {
            s_webhooks.Release();
        }
    }

    /// <summary>Whoever may ask could try values out: so each may ask about few.</summary>
    private static void Limit(ApiCall call, int values)
    {
        if (call.Services.Leaks.Limit.Take(Actors.PersonOf(call.Caller.Subject), values) is { } seconds)
        {
            throw new TooManyRequestsException(
                seconds, $"You have asked about many values lately. Wait {seconds} s, and send the rest of them then.");
        }
    }

    private static async Task<byte[]> BodyAsync(HttpContext http, int most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit && limit.MaxRequestBodySize < most)
        {
            limit.MaxRequestBodySize = most;
        }

        if (http.Request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        using var buffer = new MemoryStream();
        var part = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(part, http.RequestAborted)) > 0)
            {
                if (buffer.Length + read > most)
                {
                    throw TooLarge(most);
                }

                buffer.Write(part, 0, read);
            }

            return buffer.ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer.GetBuffer());
            CryptographicOperations.ZeroMemory(part);
        }
    }

    private static RefusedException TooLarge(int most) =>
        new(StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The body may have {most} bytes at most. Send it in parts.");
}
