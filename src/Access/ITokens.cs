namespace Rotunda.Access;

/// <summary>Finds the holder of a bearer token.</summary>
public interface ITokens
{
    /// <summary>Null for a token that is unknown, expired or revoked.</summary>
    Task<Caller?> FindAsync(string token, CancellationToken cancellationToken);
}
