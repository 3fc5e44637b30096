using Rotunda.Rotation.Scheduling;

namespace Rotunda.Api.Views;

/// <summary>All secrets, counted.</summary>
/// <param name="At">As of when; with very many secrets some time ago.</param>
/// <param name="Groups">Each group, most urgent first; also those that have none.</param>
/// <param name="Ages">How many secrets are how old: ten tenths of the policy's interval, then up to half an interval over it, then
/// beyond.</param>
/// <param name="OnRequest">How many have no interval.</param>
/// <param name="Orphans">Credentials that exist, or may exist, and that only a person can settle.</param>
/// <param name="Needs">How many need a person.</param>
public sealed record HomeCounts(
    DateTimeOffset At,
    int Secrets,
    IReadOnlyList<GroupCount> Groups,
    IReadOnlyList<int> Ages,
    int OnRequest,
    int Orphans,
    int Needs);

/// <summary>How many secrets are in a group.</summary>
public sealed record GroupCount(ScheduleGroup Group, int Secrets);
