using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>The statements that change an account, as text: they take no parameters. Each names how the account logs in, so that
/// nothing but its password changes. Right in a session of Rotunda alone (see <see cref="MySqlText"/>).</summary>
internal static class MySqlStatements
{
    private static readonly Version TakesHex = new(8, 0, 17);

    /// <summary>Sets the password and lets the account log in.</summary>
    public static string Open(MySqlServer server, MySqlAccount account, SecretValue value) =>
        $"{SetPassword(server, account, value)} ACCOUNT UNLOCK";

    /// <summary>Sets a password that nobody knows, and locks the account.</summary>
    public static string Lock(MySqlServer server, MySqlAccount account)
    {
        using var nobodys = OfNobody();
        return $"{SetPassword(server, account, nobodys)} ACCOUNT LOCK";
    }

    public static string LockOnly(MySqlAccount account) => $"ALTER USER {Of(account)} ACCOUNT LOCK";

    public static string Scramble(MySqlServer server, MySqlAccount account)
    {
        using var nobodys = OfNobody();
        return SetPassword(server, account, nobodys);
    }

    /// <summary>The password that was the first one becomes the second, and the second ends.</summary>
    public static string SetBeside(MySqlServer server, MySqlAccount account, SecretValue value) =>
        $"{SetPassword(server, account, value)} RETAIN CURRENT PASSWORD";

    /// <summary>The first password becomes the one that is kept so; the second stays.</summary>
    public static string SetKept(MySqlServer server, MySqlAccount account, string kept) =>
        $"ALTER USER {Of(account)} IDENTIFIED WITH {MySqlText.Name(account.Plugin)} AS "
            + (server.Version >= TakesHex ? $"0x{Convert.ToHexString(Encoding.UTF8.GetBytes(kept))}" : MySqlText.Literal(kept));

    public static string DiscardSecond(MySqlAccount account) => $"ALTER USER {Of(account)} DISCARD OLD PASSWORD";

    private static string SetPassword(MySqlServer server, MySqlAccount account, SecretValue value) =>
        $"ALTER USER {Of(account)} IDENTIFIED " + (!server.IsMariaDb
            ? $"WITH {MySqlText.Name(account.Plugin)} BY {MySqlText.Literal(value.RevealText())}"
            : server.IsToldPasswords
                ? $"VIA {MySqlAccount.Native} USING PASSWORD({MySqlText.Literal(value.RevealText())})"
                : $"VIA {MySqlAccount.Native} USING '{MySqlHashes.Native(value)}'");

    private static string Of(MySqlAccount account) => MySqlText.Account(account.User, account.Host);

    /// <summary>Of every kind of character, for servers that ask for that.</summary>
    private static SecretValue OfNobody() => SecretValue.FromText($"N0body-{RandomNumberGenerator.GetHexString(56)}");
}
