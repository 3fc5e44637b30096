namespace Rotunda.Activities.Notices;

/// <summary>
/// Makes the links by which a person answers what a notice asks. One is made as its message goes out and is in nothing that is kept; the
/// next one for the same person and rotation ends it, so that a message sent twice leaves one link that works.
/// </summary>
public interface IAnswerLinks
{
    /// <param name="stepId">What is asked: the plan's step.</param>
    /// <returns>Null if that is not asked of them any more.</returns>
    Task<AnswerLink?> MakeAsync(string rotationId, string stepId, string person, CancellationToken cancellationToken);

    /// <summary>False where the rotation asks for something else by now, or for nothing.</summary>
    Task<bool> IsAskedAsync(string rotationId, string stepId, CancellationToken cancellationToken);

    /// <summary>Ends what was made for that person and rotation: nobody knows whether it arrived.</summary>
    Task EndAsync(string rotationId, string person, CancellationToken cancellationToken);
}

/// <summary>A link that was made for one person; or none, where they may not answer by link.</summary>
/// <param name="Path">On the server; it holds the code. Null for none.</param>
/// <param name="Code">A secret.</param>
/// <param name="Mark">Tells this link from others, and nothing else.</param>
/// <param name="Words">What it is for, as the beginning of a sentence.</param>
public sealed record AnswerLink(string? Path, string? Code, string? Mark, string Words, DateTimeOffset ExpiresAt)
{
    /// <summary>What is logged of it.</summary>
    public override string ToString() => $"{Words} ({Mark})";
}
