namespace Rotunda.Rotation.Words;

/// <summary>A notice as it is sent. Kept in histories: it never holds a secret value.</summary>
/// <param name="Id">The same each time this notice is sent, so that whoever gets it twice can tell.</param>
/// <param name="Title">One line.</param>
/// <param name="Text">What happened and what to do, in plain text; may have several lines.</param>
/// <param name="At">When it was found.</param>
public sealed record NoticeMessage(string Id, NoticeKind Kind, NoticeSeverity Severity, string Title, string Text, DateTimeOffset At)
{
    public string? Secret { get; init; }

    public string? RotationId { get; init; }

    public string? Owner { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where a person reads more; null where the catalog tells no address.</summary>
    public string? Link { get; init; }

    /// <summary>The one person who gets it, by name: it carries a link by which they answer. Null: whoever the channel reaches.</summary>
    public string? Person { get; init; }

    /// <summary>What it asks for, as the plan's step; null where it asks for nothing.</summary>
    public string? StepId { get; init; }

    /// <summary>Those who get one of their own, and not this one too; null for nobody.</summary>
    public IReadOnlyList<string>? ButNot { get; init; }

    /// <summary>What it is about, for channels that keep alerts open: the same for a condition's beginning and its end.</summary>
    public string? Condition { get; init; }

    /// <summary>It tells that the condition has ended.</summary>
    public bool Ends { get; init; }
}
