namespace Rotunda.Access;

/// <summary>How people come in by a browser; one for the head.</summary>
/// <param name="Ways">In the order in which they are offered.</param>
/// <param name="SignOut">Where the browser goes to sign out; null: by <c>POST /api/session/end</c>.</param>
/// <param name="Live">True if <c>GET /api/events</c> tells what changes; false if the page has to ask.</param>
public sealed record SignInWays(IReadOnlyList<SignInWay> Ways, string? SignOut = null, bool Live = false)
{
    /// <summary>A link that the command line makes for one browser.</summary>
    public static SignInWay Link { get; } = new("link", null);

    /// <summary>As App Service Authentication has it.</summary>
    public static SignInWays Platform { get; } = new([new("platform", "/.auth/login/aad")], "/.auth/logout");
}

/// <param name="Kind">link, oidc or platform.</param>
/// <param name="Start">Where the browser goes to begin; null for a link.</param>
public sealed record SignInWay(string Kind, string? Start);
