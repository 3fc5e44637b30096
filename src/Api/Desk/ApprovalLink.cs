namespace Rotunda.Api.Desk;

/// <summary>A link that was made, or why none was.</summary>
/// <param name="Code">What belongs behind the # of the address; null if none was made.</param>
public sealed record ApprovalLink(string? Code, DateTimeOffset ExpiresAt, string? WhyNot)
{
    /// <summary>The address on the server. Browsers do not send what stands behind the #.</summary>
    public static string PathOf(string rotationId, string code) => $"/decide/{rotationId}#{code}";
}
