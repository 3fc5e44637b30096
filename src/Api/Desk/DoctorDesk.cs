using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>
/// The doctor: the whole catalog's preflight, now. Secrets are looked at side by side. What it found last is kept for the status, and
/// looked at again when the catalog changes, once a day, and where something was found every few minutes.
/// </summary>
public sealed partial class DoctorDesk(
    ICatalogSource catalog,
    CatalogAdoption adoption,
    SecretExamination secrets,
    HouseExamination house,
    ILedger ledger,
    TimeProvider time,
    ILogger<DoctorDesk> logger) : IDisposable
{
    private const int SideBySide = 8;
    private static readonly TimeSpan AllAgain = TimeSpan.FromHours(24);
    private static readonly TimeSpan FoundAgain = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim _one = new(1);
    private readonly ConcurrentDictionary<string, IReadOnlyList<DoctorFinding>> _bySecret = new(StringComparer.Ordinal);
    private readonly HashSet<(string? Secret, string Message)> _told = [];
    private DateTimeOffset _allAt = DateTimeOffset.MinValue;
    private volatile DoctorReport? _last;

    /// <summary>What the last look found; null before the first.</summary>
    public DoctorReport? Last => _last;

    /// <summary>The worst that was found about the secret; null if nothing was.</summary>
    public DoctorFinding? WorstOf(string secret) =>
        _bySecret.GetValueOrDefault(secret) is { } found ? found.OrderBy(finding => finding.Level).FirstOrDefault() : null;

    /// <summary>Looks at everything. Whoever asks while a look is under way waits for the next one, which all share.</summary>
    public async Task<DoctorReport> RunAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _last is { } last && _allAt > asked ? last : await LookAsync(all: true, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Looks at what is to be looked at by now; at nothing, as long as all is well and known.</summary>
    public async Task RunIfDueAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_last is not { } last || last.CatalogHash != catalog.Current?.Hash || now - _allAt >= AllAgain)
            {
                await LookAsync(all: true, cancellationToken);
            }
            else if (last.Findings.Count > 0 && now - last.At >= FoundAgain)
            {
                await LookAsync(all: false, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<DoctorReport> LookAsync(bool all, CancellationToken cancellationToken)
    {
        var (current, began) = (catalog.Current, time.GetUtcNow());
        var policies = current?.Policies ?? new Dictionary<string, Policy>();
        foreach (var gone in _bySecret.Keys.Where(name => !policies.ContainsKey(name)))
        {
            _bySecret.TryRemove(gone, out _);
        }

        await Parallel.ForEachAsync(
            policies.Values.Where(policy => all || _bySecret.GetValueOrDefault(policy.Name) is not { Count: 0 }),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
            async (policy, stop) => _bySecret[policy.Name] = await OneAsync(current!, policy, stop));
        var findings = (await house.LookAsync(cancellationToken))
            .Concat(_bySecret.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value))
            .OrderBy(finding => finding.Level)
            .ToList();
        _allAt = all ? began : _allAt;
        var healthy = findings.TrueForAll(finding => finding.Level != FindingLevel.Problem);
        var report = new DoctorReport(time.GetUtcNow(), policies.Count, healthy, current?.Hash ?? "", findings);
        Tell(findings);
        return _last = report;
    }

    private async Task<IReadOnlyList<DoctorFinding>> OneAsync(RotationCatalog current, Policy policy, CancellationToken cancellationToken)
    {
        try
        {
            if (await IsMovingAsync(policy.Name, cancellationToken))
            {
                return [];
            }

            var live = await ledger.ListCredentialsAsync(policy.Name, cancellationToken);
            var found = await secrets.LookAsync(current, policy, live, cancellationToken);
            return adoption.Problems.TryGetValue(policy.Name, out var why)
                ? [new DoctorFinding(FindingLevel.Problem, "adoption", policy.Name, null, $"It cannot be adopted: {why}"), .. found]
                : found;
        }
        catch (LedgerUnavailableException problem)
        {
            return [new DoctorFinding(FindingLevel.Problem, "ledger", policy.Name, null, problem.Message)];
        }
    }

    /// <summary>While a rotation acts, things are meant to be half done, and it looks by itself. While one waits (its grace, an approval)
    /// they stand still.</summary>
    private async Task<bool> IsMovingAsync(string name, CancellationToken cancellationToken) =>
        (await ledger.GetSecretAsync(name, cancellationToken))?.ActiveRotationId is { } id
        && await ledger.GetRotationAsync(id, cancellationToken) is
        {
            State: RotationState.Planned or RotationState.Running or RotationState.RollingBack,
        };

    /// <summary>Once for each finding, as long as it lasts.</summary>
    private void Tell(IReadOnlyList<DoctorFinding> findings)
    {
        foreach (var finding in findings.Where(finding => _told.Add((finding.Secret, finding.Message))))
        {
            var where = string.Join(' ', new[] { finding.Secret, finding.Area, finding.Part }.OfType<string>());
            LogFound(finding.Level == FindingLevel.Problem ? LogLevel.Warning : LogLevel.Information, where, finding.Message);
        }

        _told.IntersectWith(findings.Select(finding => (finding.Secret, finding.Message)));
    }

    [LoggerMessage(EventId = 4061, Message = "The doctor found at {Where}: {Finding}")]
    private partial void LogFound(LogLevel level, string where, string finding);
}
