using System.Globalization;

namespace Rotunda.Providers.Targets.KubernetesSecrets;

/// <summary>The names that one Secret goes through: jwt-secret, jwt-secret-v2, jwt-secret-v3 …</summary>
internal sealed record SecretFamily(string First)
{
    private const string Mark = "-v";

    public string NameOf(int number) => number == 1 ? First : string.Create(CultureInfo.InvariantCulture, $"{First}{Mark}{number}");

    /// <summary>1 for the first name; null for a name of something else.</summary>
    public int? NumberOf(string name)
    {
        if (name == First)
        {
            return 1;
        }

        return name.StartsWith(
            First + Mark,
            StringComparison.Ordinal) && int.TryParse(
                name[(First.Length + Mark.Length)..],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number)
            && number > 1 && NameOf(number) == name ? number : null;
    }

    /// <summary>The family that a name belongs to, if it has a number itself.</summary>
    public static string? FirstOf(string name)
    {
        var mark = name.LastIndexOf(Mark, StringComparison.Ordinal);
        return mark > 0 && new SecretFamily(name[..mark]).NumberOf(name) is > 1 ? name[..mark] : null;
    }
}
