using System.Collections.Concurrent;

namespace Rotunda.Api.Head;

/// <summary>When each of the head's jobs was done last in this process, and how often it failed. One that was never done counts from the
/// start of the process: a job that stands still from the first moment on is seen too.</summary>
public sealed class JobTimes(TimeProvider time)
{
    /// <summary>The job without which nothing starts: it is told of before its first run.</summary>
    public const string Sweep = "sweep";

    private readonly ConcurrentDictionary<string, JobTime> _jobs = new(StringComparer.Ordinal)
    {
        [Sweep] = new JobTime(time.GetUtcNow(), 0),
    };

    private readonly DateTimeOffset _began = time.GetUtcNow();

    public IReadOnlyDictionary<string, JobTime> All => _jobs;

    internal void Done(string job) =>
        _jobs.AddOrUpdate(job, _ => new JobTime(time.GetUtcNow(), 0), (_, known) => known with { DoneAt = time.GetUtcNow() });

    internal void Failed(string job) =>
        _jobs.AddOrUpdate(job, _ => new JobTime(_began, 1), (_, known) => known with { Failures = known.Failures + 1 });
}

/// <param name="DoneAt">When it went through last; the start of the process if it never did.</param>
/// <param name="Failures">Runs that failed, in this process.</param>
public sealed record JobTime(DateTimeOffset DoneAt, long Failures);
