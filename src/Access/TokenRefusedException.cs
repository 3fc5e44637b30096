namespace Rotunda.Access;

/// <summary>A token cannot be made or changed like this; the message is for the person who asked.</summary>
/// <param name="field">What is malformed; null if something else is in the way.</param>
public sealed class TokenRefusedException(string message, string? field = null) : Exception(message)
{
    public string? Field { get; } = field;
}
