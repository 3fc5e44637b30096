using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>
/// The mark of a delivery, which the workflow shows as its run's name: <c>ROTATION-TARGET-DELIVERY</c>. The middle part is the same for all
/// deliveries of a secret to a target, and nobody else's; the last is another one each time.
/// </summary>
internal static partial class GitHubMark
{
    private const int TargetBytes = 5;
    private const int DeliveryBytes = 6;

    /// <summary>What the marks of all deliveries of this secret to this target have in common.</summary>
    public static string OfTarget(ProviderCall call)
    {
        // With the salt, which another installation with the same names does not have.
        var who = SHA256.HashData(Encoding.UTF8.GetBytes($"{call.Secret}\n{call.Target}\n{call.SecretSalt}"));
        return $"-{Convert.ToHexStringLower(who.AsSpan(0, TargetBytes))}-";
    }

    public static string New(ProviderCall call) =>
        $"{call.RotationId}{OfTarget(call)}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(DeliveryBytes))}";

    /// <summary>True for a run's name that shows a mark, whoever's.</summary>
    public static bool IsIn(string title) => Shape().IsMatch(title);

    [GeneratedRegex("-[0-9a-f]{10}-[0-9a-f]{12}(?![0-9a-f])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
