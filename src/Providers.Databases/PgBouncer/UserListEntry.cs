using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What stands for a user's password in a userlist.</summary>
internal static class UserListEntry
{
    /// <summary>True if a login with the value is good by this entry already: plain, md5 or SCRAM.</summary>
    [SuppressMessage(
        "Security",
        "CA5351:Do Not Use Broken Cryptographic Algorithms",
        Justification = "An entry of PgBouncer's own md5 form is read, none is made.")]
    public static bool IsGoodFor(string entry, string user, SecretValue value)
    {
        if (entry.StartsWith("SCRAM-SHA-256$", StringComparison.Ordinal))
        {
            return ScramVerifier.IsOf(entry, value);
        }

        var text = entry.StartsWith("md5", StringComparison.Ordinal) && entry.Length == 35
            ? "md5" + Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(value.RevealText() + user)))
            : value.RevealText();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(entry), Encoding.UTF8.GetBytes(text));
    }
}
