using System.Net;
using System.Text.RegularExpressions;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>Where an instance of SQL Server listens, over TCP.</summary>
internal static partial class SqlServerAddress
{
    private const string Forms = "Write HOST, HOST,PORT or HOST\\INSTANCE.";

    /// <returns>What is wrong with it, or null. The text is not repeated: a login may stand in it.</returns>
    public static string? Problem(string text, string setting) =>
        Form().Match(text) is { Success: true } match && (match.Groups["port"].Length == 0 || IsPort(match.Groups["port"].Value))
            ? null
            : $"'{setting}' is no address of SQL Server. {Forms}";

    /// <summary>As the driver takes it.</summary>
    public static string DataSource(string text) => $"tcp:{Bare(text)}";

    /// <summary>Whether it leads to this machine and over no network.</summary>
    public static bool IsHere(string text)
    {
        var host = Form().Match(text).Groups["host"].Value;
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>For people, and to compare by.</summary>
    public static string Bare(string text) => text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;

    private static bool IsPort(string text) => int.TryParse(text, out var port) && port is > 0 and <= 65535;

    [GeneratedRegex(
        @"^(tcp:)?(?<host>[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\]?)(\\(?<instance>[A-Za-z0-9_$#]{1,16}))?"
            + @"(,(?<port>[0-9]{1,5}))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Form();
}
