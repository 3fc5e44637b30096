namespace Rotunda.World.Tests;

/// <summary>One credential as it is at its vendor. Times are true ones.</summary>
/// <param name="Number">The rotation that made it; 0 for one that was there before or that a person made.</param>
internal sealed record WorldCredential(string Id, string? Account, string? Label, string Value, int Number, DateTimeOffset MadeAt)
{
    /// <summary>Revoked, or another value took its place.</summary>
    public bool Ended { get; set; }

    public bool Disabled { get; set; }

    /// <summary>When it ends by itself; null if it does not.</summary>
    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>A place had it as what is used, or signed with.</summary>
    public bool Published { get; set; }

    /// <summary>When a place last had it so.</summary>
    public DateTimeOffset LastHeld { get; set; }

    /// <summary>False for one that a person has made and not given to Rotunda.</summary>
    public bool IsOurs { get; set; } = true;

    public bool Works(DateTimeOffset now) => !Ended && !Disabled && !(EndsAt <= now);
}
