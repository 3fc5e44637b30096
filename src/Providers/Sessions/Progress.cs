namespace Rotunda.Providers.Sessions;

/// <summary>How far the work of one session came, which decides what a failure means.</summary>
internal sealed class Progress
{
    /// <summary>A change is on its way; what, for people. Null before one is.</summary>
    public string? Sending { get; set; }

    /// <summary>A change is in force, and more was to follow; what, for people.</summary>
    public string? Happened { get; set; }

    /// <summary>The work ends a credential: no way back undoes it.</summary>
    public bool Ends { get; set; }
}
