using System.Diagnostics.Metrics;
using System.Globalization;
using Rotunda.Calendar.Due;
using Rotunda.Api.Desk;
using Rotunda.Ledger;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Telemetry.Metrics;

/// <summary>
/// The gauges that are read from the newest numbers. They are facts of the ledger, the same whichever process tells them: over several
/// processes the largest is right, never the sum.
/// </summary>
internal sealed class SightMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly SightNumbers _numbers;
    private readonly TimeProvider _time;
    private readonly bool _sends;

    /// <param name="name">The meter's name.</param>
    /// <param name="sends">Numbers are sent, and not only fetched: each collection has them brought up to date for the next.</param>
    public SightMeter(string name, SightNumbers numbers, TimeProvider time, bool sends)
    {
        (_meter, _numbers, _time, _sends) = (new Meter(name), numbers, time, sends);
        Secrets();
        Named();
        Rotations();
        CampaignGauges();
        House();
    }

    public void Dispose() => _meter.Dispose();

    private DateTimeOffset Now => _time.GetUtcNow();

    private void Secrets()
    {
        Gauge("rotunda.secrets", "{secret}", "Secrets by group of the status.", board => BoardNumbers.Groups.Select(group =>
            One(board.Board.Groups.GetValueOrDefault(group), ("group", Words.Of(group)))));
        Gauge("rotunda.secrets.past_due", "{secret}", "Secrets that are due and not rotated yet, whatever they wait for.", board =>
            [One(board.PastDue)]);
        Gauge("rotunda.secrets.with_interval", "{secret}", "Secrets that rotate by an interval.", board => [One(board.OfInterval.All)]);
        Gauge("rotunda.secrets.within_interval", "{secret}", "Of those, the ones that are not older than it.", board =>
            [One(board.OfInterval.Within)]);
        Gauge("rotunda.secrets.by_age", "{secret}", "Secrets by age, as a part of their interval.", board =>
            board.Board.Ages.Select((secrets, bucket) => One(secrets, ("age", BoardNumbers.AgeWord(bucket)))));
        Gauge("rotunda.secrets.coming", "{secret}", "Scheduled runs by days from now.", board => board.Coming.Select((secrets, day) =>
            One(secrets, ("day", day.ToString("00", CultureInfo.InvariantCulture)))));
        Gauge("rotunda.secrets.ending", "{secret}", "Secrets whose credential ends by itself within so many days.", board =>
            board.Soonest.Select(one => One(one.Secrets, ("days", one.Days.ToString("00", CultureInfo.InvariantCulture)))));
        Gauge("rotunda.secrets.drifted", "{secret}", "Secrets of which a target, or the provider, does not hold the value in use.", board =>
            [One(board.Drifted)]);
        Gauge("rotunda.secrets.failing", "{secret}", "Secrets whose last rotation did not succeed.", board => [One(board.Board.Failing)]);
        Gauge("rotunda.orphans", "{credential}", "Credentials that only a person can settle.", board => [One(board.Board.Orphans)]);
        Gauge("rotunda.secrets.named", "{secret}", "Secrets that are told by name.", board => [One(board.Named.Count)]);
        Gauge("rotunda.secrets.not_named", "{secret}", "Secrets that would be told by name, and are more than there may be.", board =>
            [One(board.LeftOut)]);
        Gauge("rotunda.board.timestamp", "s", "When the secrets were counted (Unix time).", board => [At(board.Board.At)]);
        Gauge("rotunda.board.duration", "s", "How long it took to count them.", board => [new(board.Board.Took.TotalSeconds)]);
    }

    private void Named()
    {
        Gauge("secret.rotation.age", "d", "Days since the secret's credential in use is known.", board =>
            OfNamed(board, row => BoardNumbers.AgeDays(row, Now)));
        Gauge("secret.expiry", "d", "Days until the secret is due or its credential ends; below 0 if that is over.", board =>
            OfNamed(board, row => BoardNumbers.ExpiryDays(row, Now)));
        Gauge("secret.credential.end", "d", "Days until the secret's credential in use ends by itself.", board =>
            OfNamed(board, row => BoardNumbers.EndDays(row, Now)));
    }

    private void Rotations()
    {
        Gauge("rotunda.rotations.open", "{rotation}", "Open rotations by state.", board => BoardNumbers.OpenStates.Select(state =>
            One(board.Board.Open.GetValueOrDefault(state)?.Rotations ?? 0, ("state", LedgerWords.Of(state)))));
        Gauge("rotunda.rotations.open.oldest", "s", "How long ago the oldest open rotation of a state was started.", board =>
            board.Board.Open.Select(one => Tagged(
                Math.Max(0, (Now - one.Value.Oldest).TotalSeconds), ("state", LedgerWords.Of(one.Key)))));
    }

    private void CampaignGauges()
    {
        _meter.CreateObservableGauge(
            "rotunda.campaign.members",
            () => _numbers.Campaigns.SelectMany(campaign => campaign.Members.Select(one =>
                One(one.Value, ("campaign", campaign.Id), ("kind", campaign.Kind), ("phase", one.Key)))),
            "{secret}",
            "Members of open campaigns by phase.");
        _meter.CreateObservableGauge(
            "rotunda.campaign.exposed",
            () => _numbers.Campaigns.SelectMany(campaign => campaign.Exposed.Select(one =>
                One(one.Value, ("campaign", campaign.Id), ("kind", campaign.Kind), ("risk", one.Key)))),
            "{secret}",
            "Members of open campaigns whose old credential still works, by risk.");
    }

    private void House()
    {
        OfHouse("rotunda.ready", "", "1 if the part works.", house => house.Parts.Select(part =>
            One(part.Value == "ok" ? 1 : 0, ("part", part.Key))));
        _meter.CreateObservableGauge(
            "rotunda.clock.believed",
            () =>
            {
                if (_sends)
                {
                    _numbers.RefreshBeside();
                }

                return _numbers.House is { } house ? (Measurement<double>[])[One(house.ClockBelieved ? 1 : 0)] : [];
            },
            "",
            "0 while the clock is not believed, and nothing is revoked.");
        OfHouse("rotunda.catalog.in_force", "", "0 where what stands at the catalog's place is not in force.", house =>
            [One(house.CatalogInForce ? 1 : 0)]);
        OfHouse("rotunda.job.last_success.timestamp", "s", "When a job was done last (Unix time); the process's start if never.", house =>
            house.Jobs.Select(job => At(job.Value.DoneAt, ("head_job", job.Key))));
        _meter.CreateObservableCounter(
            "rotunda.job.failures",
            () => (_numbers.House?.Jobs ?? new Dictionary<string, Api.Head.JobTime>()).Select(job =>
                One(job.Value.Failures, ("head_job", job.Key))),
            "{run}",
            "Runs of a job that failed.");
    }

    private void Gauge(string name, string unit, string description, Func<BoardNumbers, IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, () => _numbers.Board is { } board ? read(board) : [], unit, description);

    private void OfHouse(string name, string unit, string description, Func<HouseNumbers, IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, () => _numbers.House is { } house ? read(house) : [], unit, description);

    private static IEnumerable<Measurement<double>> OfNamed(BoardNumbers board, Func<BoardRow, double?> read)
    {
        foreach (var row in board.Named)
        {
            if (read(row) is { } value)
            {
                yield return Tagged(value, ("secret", row.Name), ("owner", row.Owner ?? "none"));
            }
        }
    }

    private static Measurement<double> One(double value, params ReadOnlySpan<(string Name, string Word)> tags) => Tagged(value, tags);

    private static Measurement<double> At(DateTimeOffset at, params ReadOnlySpan<(string Name, string Word)> tags) =>
        Tagged(at.ToUnixTimeMilliseconds() / 1000.0, tags);

    private static Measurement<double> Tagged(double value, params ReadOnlySpan<(string Name, string Word)> tags)
    {
        var list = new KeyValuePair<string, object?>[tags.Length];
        for (var at = 0; at < tags.Length; at++)
        {
            list[at] = new(tags[at].Name, tags[at].Word);
        }

        return new Measurement<double>(value, list);
    }
}
