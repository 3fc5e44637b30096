using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>What a look found, for people, with what to do.</summary>
internal static class DriftWords
{
    /// <param name="provider">The type of the secret's own provider.</param>
    public static string Of(string provider, SecretRecord secret)
    {
        var drifted = secret.Drift?.Drifted ?? [];
        var what = string.Join(" ", drifted.Select(finding => Of(provider, finding)));
        return drifted.Any(finding => finding.Place == DriftFinding.AtProvider)
            ? $"{what} Look who set another value there; rotate the secret once it is known that nobody needs it."
            : $"{what} To bring the value in use there again: rotunda deliver {secret.Name}";
    }

    public static string Of(string provider, DriftFinding finding)
    {
        var detail = finding.Detail is { Length: > 0 } text ? text.EndsWith('.') || text.EndsWith('?') ? text : $"{text}." : "";
        return finding.Place == DriftFinding.AtProvider
            ? $"{provider} no longer takes the value in use. {detail}".TrimEnd()
            : $"{finding.Place}: {detail}".TrimEnd();
    }
}
