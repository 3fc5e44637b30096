using System.Globalization;
using Rotunda.Leaks.Desk;
using Rotunda.Leaks.Reading;
using Rotunda.Leaks.Run;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.GitHub;

/// <summary>
/// The activity that takes one turn for an alert of GitHub. First it reads the alert's value, compares and forgets it; then it waits for
/// the end of every credential that has it; at last it closes the alert. The value stays in this activity.
/// </summary>
public sealed class AlertTurn(GitHubAlerts alerts, LeakDesk leaks, ILedger ledger, ILeakDesk desk)
{
    public async Task<AlertTurnResult> RunAsync(AlertTurnInput input, CancellationToken cancellationToken)
    {
        var (alert, last) = (input.Alert, input.Last ?? new AlertTurnResult("looking", "", []));
        if (desk.Catalog?.Leaks?.GitHub is not { } github)
        {
            return await FailedAsync(alert, last, "The catalog has no 'leaks.github' any more.", cancellationToken);
        }

        try
        {
            var next = last.State == "looking"
                ? await LookAsync(github, alert, cancellationToken)
                : await WaitAsync(github, alert, last, cancellationToken);
            return next.Failures > 0 ? next : await WellAsync(alert, last, next, cancellationToken);
        }
        catch (OutcomeException failed)
        {
            return await FailedAsync(alert, last, failed.Message, cancellationToken);
        }
    }

    private async Task<AlertTurnResult> LookAsync(GitHubAlertPolicy github, AlertInput alert, CancellationToken cancellationToken)
    {
        if (await alerts.ReadAsync(github, alert.Repository, alert.Number, cancellationToken) is not { } value)
        {
            return new AlertTurnResult("closed", "The alert was closed already.", []);
        }

        using var finding = new Finding([value], PlaceOf(alert));
        var incident = string.Create(CultureInfo.InvariantCulture, $"LEAK-{alert.Repository.Replace('/', '-')}-{alert.Number}");
        var answers = await leaks.ReportAsync([finding], "github", incident, cancellationToken);
        List<AlertCredential> known =
            [.. answers.Where(answer => answer.Leak is not null).Select(answer => new AlertCredential(answer.Secret!, answer.Leak!.Value))];
        return answers.All(answer => answer.Answer == "unknown")
            ? new AlertTurnResult("unknown", "No secret here has, or had, this value. The alert stays open.", [])
            : await WaitAsync(github, alert, new AlertTurnResult("waiting", "", known), cancellationToken);
    }

    private async Task<AlertTurnResult> WaitAsync(
        GitHubAlertPolicy github, AlertInput alert, AlertTurnResult last, CancellationToken cancellationToken)
    {
        var alive = new List<string>();
        foreach (var one in last.Credentials)
        {
            if (await leaks.IsAliveAsync(one.Secret, one.Credential, cancellationToken))
            {
                alive.Add(one.Secret);
            }
        }

        if (alive.Count > 0)
        {
            var message = $"It is closed once the value is dead at: {string.Join(", ", alive)}.";
            return last with { State = "waiting", Message = message, Failures = 0, IsTold = false };
        }

        try
        {
            await alerts.CloseAsync(
                github, alert.Repository, alert.Number, "Revoked. Rotunda has the record of when and how.", cancellationToken);
        }
        catch (OutcomeException failed)
        {
            return await FailedAsync(alert, last with { State = "closing" }, failed.Message, cancellationToken);
        }

        foreach (var secret in last.Credentials.Select(one => one.Secret).DefaultIfEmpty(null!).Distinct())
        {
            await ledger.AuditAsync(
                new AuditEntry(AuditActions.System, AuditActions.LeakAlertClosed, secret, null, null, PlaceOf(alert)), cancellationToken);
        }

        const string Closed = "The value is dead, and the alert is closed as revoked.";
        return last with { State = "closed", Message = Closed, Failures = 0, IsTold = false };
    }

    /// <summary>Who was told that it cannot be looked after is told that it is.</summary>
    private async Task<AlertTurnResult> WellAsync(
        AlertInput alert, AlertTurnResult last, AlertTurnResult next, CancellationToken cancellationToken)
    {
        if (!last.IsTold)
        {
            return next with { Mended = last.Mended };
        }

        var place = PlaceOf(alert);
        await desk.SendAsync(
            new LeakNotice(
                NoticeKind.LeakFound, "", null, place, $"{place} is looked after again",
                $"{place}: it could not be looked after, and now it is. {next.Message}")
            {
                Episode = EpisodeOf(alert, last), Ends = true,
            },
            cancellationToken);
        return next with { Mended = last.Mended + 1 };
    }

    /// <summary>People are told when it fails first, and when it is given up: nobody looks after the alert then.</summary>
    private async Task<AlertTurnResult> FailedAsync(AlertInput alert, AlertTurnResult last, string why, CancellationToken cancellationToken)
    {
        var failed = last.Failed(why);
        if (!failed.IsTold || failed.HasEnded)
        {
            var place = PlaceOf(alert);
            var state = failed.HasEnded ? "it is given up" : "it cannot be looked after, and is tried again";
            var message = $"{place}: {state}. {why} A value that works may have been found there: look at the alert, or report the value "
                + "by hand (rotunda leak).";
            await desk.SendAsync(
                new LeakNotice(NoticeKind.LeakFound, "", null, place, $"{place} cannot be looked after", message)
                {
                    Episode = EpisodeOf(alert, last),
                },
                cancellationToken);
            await ledger.AuditAsync(
                new AuditEntry(AuditActions.System, AuditActions.LeakAsked, null, null, null, message), cancellationToken);
            failed = failed with { IsTold = true };
        }

        return failed;
    }

    /// <summary>What happens again to an alert, or to one that was reopened, is told again.</summary>
    private static string? EpisodeOf(AlertInput alert, AlertTurnResult last) => alert.At is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks} {last.Mended}")
        : last.Mended == 0 ? null : last.Mended.ToString(CultureInfo.InvariantCulture);

    private static string PlaceOf(AlertInput alert) =>
        string.Create(CultureInfo.InvariantCulture, $"GitHub secret scanning, {alert.Repository} alert {alert.Number}");
}
