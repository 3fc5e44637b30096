using System.Text.RegularExpressions;
using MySqlConnector;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>Reads the ways to write a connection: MySqlConnector's keywords, and an address. What goes wrong is told without any part of
/// the text, since any part of it may be the password.</summary>
internal static partial class MySqlConnectionText
{
    private static readonly Dictionary<string, MySqlSslMode> Modes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["disabled"] = MySqlSslMode.Disabled,
        ["preferred"] = MySqlSslMode.Preferred,
        ["required"] = MySqlSslMode.Required,
        ["verify-ca"] = MySqlSslMode.VerifyCA,
        ["verify_ca"] = MySqlSslMode.VerifyCA,
        ["verify-full"] = MySqlSslMode.VerifyFull,
        ["verify_identity"] = MySqlSslMode.VerifyFull,
    };

    /// <summary>What is in no name of a server, nor in a socket's path: where it is, more than the host was taken for it.</summary>
    [GeneratedRegex(@"[\s=;@?#'""]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoHost();

    /// <exception cref="MySqlSetupException">It is none of them.</exception>
    public static MySqlConnectionStringBuilder Read(string text)
    {
        try
        {
            var builder = text.StartsWith("mysql://", StringComparison.Ordinal) || text.StartsWith("mariadb://", StringComparison.Ordinal)
                ? ReadAddress(new Uri(text))
                : new MySqlConnectionStringBuilder(text);
            return NoHost().IsMatch(builder.Server) ? throw new FormatException() : builder;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or KeyNotFoundException
            or InvalidOperationException or NotSupportedException or RegexMatchTimeoutException or InvalidCastException)
        {
            throw new MySqlSetupException(
                "The connection string behind 'connection' cannot be read. Write Server=…;User ID=…;Password=…, or "
                    + "mysql://user:password@host:port with special characters percent-encoded.");
        }
    }

    /// <exception cref="KeyNotFoundException">There is no such mode.</exception>
    public static MySqlSslMode Mode(string text) => Modes[text];

    private static MySqlConnectionStringBuilder ReadAddress(Uri address)
    {
        var login = address.UserInfo.Split(':', 2);
        var builder = new MySqlConnectionStringBuilder
        {
            Server = address.Host.Trim('[', ']'),
            Port = address.Port > 0 ? (uint)address.Port : 3306,
            UserID = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : "",
        };
        foreach (var part in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.Split('=', 2) is [var one, var other]
                ? (one, Uri.UnescapeDataString(other)) : throw new FormatException();
            builder.SslMode = name.Replace("-", "") is "sslmode" ? Modes[value] : throw new FormatException();
        }

        return builder;
    }
}
