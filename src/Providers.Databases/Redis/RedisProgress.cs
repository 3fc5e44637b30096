using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>How far the work on the nodes came, which decides what a failure means.</summary>
internal sealed class RedisProgress
{
    private RedisAddress? _at;
    private string? _sending;

    /// <summary>A change is in force somewhere, and more was to follow; what, for people.</summary>
    public string? Happened { get; set; }

    /// <summary>A change is on its way; what, for people.</summary>
    public void Begin(RedisNode node, string what) => (_at, _sending) = (node.Address, what);

    public StepOutcome Means(Exception exception, RedisSetup? setup)
    {
        var (at, admin) = (_at?.ToString() ?? "the nodes", setup?.Admin ?? RedisSetup.DefaultUser);
        return (Happened, _sending) switch
        {
            // Neither Rejected nor RetryLater from here on: something did happen. Doing it again is harmless.
            ({ } happened, _) => StepOutcome.Unknown($"{happened} {RedisFailures.BeforeAnything(exception, at, admin).Reason}"),
            (_, { } what) => RedisFailures.AfterSending(exception, at, admin, what),
            _ => RedisFailures.BeforeAnything(exception, at, admin),
        };
    }
}
