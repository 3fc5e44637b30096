using System.Diagnostics.CodeAnalysis;

namespace Rotunda.Rotation.Catalog;

/// <summary>Where a secret can be read: env:NAME, file:PATH, file:PATH#KEY, store:NAME, key-vault:NAME or key-vault:VAULT/NAME.</summary>
/// <param name="Scheme">One of the constants.</param>
/// <param name="Name">The variable, path or name.</param>
/// <param name="Key">With file: the key in a file of NAME=value lines; null for the whole file.</param>
public sealed record SecretReference(string Scheme, string Name, string? Key = null)
{
    public const string Env = "env";
    public const string File = "file";
    public const string Store = "store";
    public const string KeyVault = "key-vault";

    public const string Forms = "env:NAME, file:PATH, file:PATH#KEY, store:NAME, key-vault:NAME or key-vault:VAULT/NAME";

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SecretReference? reference)
    {
        reference = null;
        var colon = text?.IndexOf(':') ?? -1;
        if (colon < 0)
        {
            return false;
        }
        var name = text![(colon + 1)..];
        reference = text[..colon] switch
        {
            Env when IsVariable(name) => new SecretReference(Env, name),
            File => ParseFile(name),
            Store when IsName(name, "-._/") => new SecretReference(Store, name),
            KeyVault when IsKeyVault(name) => new SecretReference(KeyVault, name),
            _ => null,
        };
        return reference is not null;
    }

    /// <summary>The same with an absolute path, relative ones being relative to <paramref name="folder"/>.</summary>
    public SecretReference In(string folder) => Scheme == File ? this with { Name = Path.GetFullPath(Name, folder) } : this;

    public override string ToString() => Key is null ? $"{Scheme}:{Name}" : $"{Scheme}:{Name}#{Key}";

    private static SecretReference? ParseFile(string rest)
    {
        var hash = rest.LastIndexOf('#');
        var (path, key) = hash < 0 ? (rest, null) : (rest[..hash], rest[(hash + 1)..]);
        var plain = path.Length > 0 && path.Trim().Length == path.Length && !path.Any(char.IsControl) && path[^1] is not ('/' or '\\');
        return plain && (key is null || IsName(key, "-._")) ? new SecretReference(File, path, key) : null;
    }

    /// <summary>The secret's name, or the vault's name in front of it.</summary>
    private static bool IsKeyVault(string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 || (slash <= 24 && IsHyphened(rest[..slash])))
            && rest.Length - slash - 1 <= 127
            && IsHyphened(rest[(slash + 1)..]);
    }

    private static bool IsHyphened(string name) => IsName(name, "-") && !name.Contains('_', StringComparison.Ordinal);

    private static bool IsVariable(string name) => IsName(name, "_") && !char.IsAsciiDigit(name[0]);

    private static bool IsName(string name, string others) =>
        name.Length is > 0 and <= 255 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || others.Contains(c));
}
