namespace Rotunda.Calendar.Simulation;

/// <summary>Who started a rotation.</summary>
internal enum StartedBy
{
    Schedule,
    Person,
    Emergency,
}

/// <summary>One rotation under way.</summary>
internal sealed class SimulatedRun(SimulatedSecret secret, int number, StartedBy by, DateTimeOffset startedAt)
{
    public SimulatedSecret Secret { get; } = secret;

    public int Number { get; } = number;

    public string Id => $"{Secret.Name}-{Number}";

    public StartedBy By { get; } = by;

    /// <summary>By the server's clock.</summary>
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>When the credential was made that was in use before.</summary>
    public DateTimeOffset MintedBefore { get; init; }

    public RunFate Fate { get; set; } = RunFate.Smooth;

    /// <summary>The new credential is in use.</summary>
    public bool IsPromoted { get; set; }
}
