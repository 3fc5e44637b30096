using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Interpreter;
using Rotunda.Leaks.Desk;
using Rotunda.Leaks.GitHub;
using Rotunda.Leaks.Matching;
using Rotunda.Leaks.Reading;
using Rotunda.Leaks.Views;

namespace Rotunda.Leaks.Http;

/// <summary>What comes in by HTTP about leaks: reports of people and scanners, and GitHub's webhook. No answer repeats a value.</summary>
public sealed class LeakRequests(LeakDesk desk, AlertDesk alerts, LeakLimit limit) : IDisposable
{
    /// <summary>The largest report of a scanner that is read, in bytes.</summary>
    private const int LargestReport = 1024 * 1024;

    private const int LargestWebhook = 64 * 1024;
    private const int LongestIncident = 200;
    private readonly SemaphoreSlim _webhooks = new(8);

    public LeakDesk Desk => desk;

    /// <param name="incident">What rotations are started under; null for what is made of the credential's number.</param>
    /// <exception cref="RefusedException">It is no report, or too much.</exception>
    public async Task<LeakReport> ReportAsync(HttpContext http, Caller caller, string? incident)
    {
        if (incident is { Length: 0 or > LongestIncident } || incident?.Any(char.IsControl) == true)
        {
            throw RefusedException.BadField("incident", $"has to be a short text, at most {LongestIncident} characters");
        }

        if (!SameOrigin.IsJson(http.Request))
        {
            throw new RefusedException(
                StatusCodes.Status415UnsupportedMediaType, "not-json",
                "The body of a report has to be JSON. Send it with Content-Type: application/json.");
        }

        var body = await BoundedBody.ReadAsync(http, LargestReport);
        IReadOnlyList<Finding> findings = [];
        try
        {
            findings = FindingsReader.Read(body);
            Limit(caller, findings.Sum(finding => finding.Values.Sum(ValueForms.CountOf)));
            return new LeakReport(await desk.ReportAsync(findings, caller.Subject, incident, http.RequestAborted));
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

    /// <exception cref="RefusedException">There is none of that number that the caller is told of.</exception>
    public async Task<LeakView> GetAsync(string id, Func<string, bool> sees, CancellationToken cancellationToken) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && await desk.GetAsync(number, cancellationToken) is { } leak && sees(leak.Secret)
            ? leak
            : throw RefusedException.NotFound("There is no such leak, or it ended long ago. See all with: rotunda leak --list");

    /// <summary>Anyone may come here; who has no right signature is told what holds of any address that is not there.</summary>
    /// <exception cref="RefusedException">It is not signed right.</exception>
    public async Task<AlertView> TakeAsync(HttpContext http)
    {
        // Read first: a stranger who sends slowly keeps nobody waiting.
        var (body, headers) = (await BoundedBody.ReadAsync(http, LargestWebhook), http.Request.Headers);
        if (!_webhooks.Wait(0, CancellationToken.None))
        {
            throw new TooManyRequestsException(5, "Too many webhooks at once. Send it again.");
        }

        try
        {
            return await alerts.TakeAsync(body, headers["X-GitHub-Event"], headers["X-Hub-Signature-256"], http.RequestAborted)
                ?? throw new RefusedException(StatusCodes.Status404NotFound, "no-route", RefusedException.NothingThere);
        }
        finally
        {
            _webhooks.Release();
        }
    }

    public void Dispose() => _webhooks.Dispose();

    /// <summary>Whoever may ask could try values out: so each may ask about few.</summary>
    private void Limit(Caller caller, int forms)
    {
        if (limit.Take(Actors.PersonOf(caller.Subject), forms) is { } seconds)
        {
            throw new TooManyRequestsException(
                seconds, $"You have asked about many values lately. Wait {seconds} s, and send the rest of them then.");
        }
    }
}
