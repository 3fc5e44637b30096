using Rotunda.Providers.Contract;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Listing;

/// <summary>
/// Finds the credential in use of a secret that is adopted, among those that its provider lists: by the name that the catalog tells, or
/// by the characters of the value that the provider shows.
/// </summary>
public sealed class CurrentFinder(ProviderList list)
{
    /// <summary>Fewer characters fit by chance.</summary>
    private const int Fewest = 4;

    /// <param name="value">The value in use; null if it is not known.</param>
    /// <returns>Null if nothing tells.</returns>
    /// <exception cref="ArgumentException">The name that the catalog tells is not there, or more than once; or cannot be looked
    /// for.</exception>
    public async Task<ListedCredential?> FindAsync(Policy policy, SecretValue? value, CancellationToken cancellationToken)
    {
        var name = policy.Current?.Name;
        if ((name is null && value is null) || !list.Can(policy.Provider))
        {
            return null;
        }

        IReadOnlyList<ListedCredential> listed;
        try
        {
            listed = await list.ListAsync(policy.Provider, policy.Name, 0, cancellationToken);
        }
        catch (OutcomeException problem)
        {
            return name is null
                ? null
                : throw new ArgumentException($"'{name}' cannot be looked for at the provider: {problem.Message}", problem);
        }

        return name is null ? ByValue(listed, value!) : ByName(listed, name, value);
    }

    /// <summary>The only one whose shown characters are the value's.</summary>
    public static ListedCredential? ByValue(IEnumerable<ListedCredential> listed, SecretValue value)
    {
        var text = value.RevealText();
        var fitting = listed.Where(one => Fits(one.Hint, text) == true).ToList();
        return fitting.Count == 1 ? fitting[0] : null;
    }

    private static ListedCredential ByName(IReadOnlyList<ListedCredential> listed, string name, SecretValue? value)
    {
        var named = listed.Where(one => one.Handle.Label == name).ToList();
        if (named.Count > 1 && value is not null && ByValue(named, value) is { } one)
        {
            return one;
        }

        return named switch
        {
            [var only] when value is not null && Fits(only.Hint, value.RevealText()) == false => throw new ArgumentException(
                $"The provider lists '{name}', but shows other characters of its value than those that \"current:\" leads to."),
            [var only] => only,
            [] => throw new ArgumentException(
                $"The provider lists no credential with the name '{name}' ({listed.Count} others). Correct \"current:\", or give its id."),
            _ => throw new ArgumentException(
                $"The provider lists {named.Count} credentials with the name '{name}'. Give the id of the one in use under \"current:\"."),
        };
    }

    /// <summary>Null if too little is shown to tell.</summary>
    private static bool? Fits(string? hint, string value)
    {
        var shown = hint?.Split(['.', '…', '*', '•'], StringSplitOptions.None);
        return shown is not { Length: > 1 } || shown[0].Length + shown[^1].Length < Fewest ? null
            : value.Length > shown[0].Length + shown[^1].Length
                && value.StartsWith(shown[0], StringComparison.Ordinal)
                && value.EndsWith(shown[^1], StringComparison.Ordinal);
    }
}
