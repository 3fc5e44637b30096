using System.Text.RegularExpressions;
using Npgsql;

namespace Rotunda.Postgres;

/// <summary>
/// Reads the three ways to write a connection: Npgsql's keywords, libpq's keywords, and a libpq URI. What goes wrong is told
/// without any part of the text, since any part of it may be the password.
/// </summary>
public static partial class PostgresConnectionText
{
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["application_name"] = "Application Name",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["dbname"] = "Database",
        ["host"] = "Host",
        ["options"] = "Options",
        ["passfile"] = "Passfile",
        ["password"] = "Password",
        ["port"] = "Port",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslmode"] = "SSL Mode",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["target_session_attrs"] = "Target Session Attributes",
        ["user"] = "Username",
    };

    [GeneratedRegex(
        @"^\s*(?:(?<name>[a-z_]+)\s*=\s*(?<value>'(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)(?:\s+|$))+$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex LibpqWords();

    /// <summary>What is in no name of a server: where it is, more than the host was taken for it.</summary>
    [GeneratedRegex(@"[\s=;@?#'""]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoHost();

    /// <exception cref="PostgresSetupException">It is none of them.</exception>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        try
        {
            var builder = text.StartsWith("postgresql://", StringComparison.Ordinal)
                || text.StartsWith("postgres://", StringComparison.Ordinal)
                ? ReadUri(text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..])
                : ReadWords(text) ?? new NpgsqlConnectionStringBuilder(text);
            // The host is shown to people. What else came into it may be the password.
            return builder.Host is { } host && NoHost().IsMatch(host) ? throw new FormatException() : builder;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or KeyNotFoundException
            or InvalidOperationException or NotSupportedException or RegexMatchTimeoutException)
        {
            throw new PostgresSetupException(
                "The connection string behind 'connection' cannot be read. Write Host=…;Username=…;Password=…, or host=… user=… "
                    + "password=…, or postgresql://user:password@host:port/database with special characters percent-encoded.");
        }
    }

    /// <summary>Null if they are not libpq's keywords: Npgsql's have a semicolon after each value.</summary>
    private static NpgsqlConnectionStringBuilder? ReadWords(string text)
    {
        var words = LibpqWords().Match(text);
        var (names, values) = (words.Groups["name"].Captures, words.Groups["value"].Captures);
        if (names.Count < 2 || values[0].Value.Contains(';'))
        {
            return null;
        }

        var builder = new NpgsqlConnectionStringBuilder();
        foreach (var (name, value) in names.Zip(values, (name, value) => (name.Value, value.Value)))
        {
            Set(builder, name, Escaped().Replace(value.StartsWith('\'') ? value[1..^1] : value, "${character}"));
        }

        return builder;
    }

    [GeneratedRegex(@"\\(?<character>.)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escaped();

    private static NpgsqlConnectionStringBuilder ReadUri(string rest)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, path) = Cut(beforeQuery, '/');
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Cut(authority[..at], ':');
            builder.Username = Uri.UnescapeDataString(user);
            builder.Password = password is null ? null : Uri.UnescapeDataString(password);
        }

        ReadHosts(builder, authority[(at + 1)..]);
        if (path?.Contains('@') == true)
        {
            // A slash of the password was not percent-encoded: what stands before it is not the host.
            throw new FormatException();
        }

        if (!string.IsNullOrEmpty(path))
        {
            builder.Database = Uri.UnescapeDataString(path);
        }

        foreach (var parameter in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(parameter, '=');
            Set(builder, name, Uri.UnescapeDataString(value ?? ""));
        }

        return builder;
    }

    private static void ReadHosts(NpgsqlConnectionStringBuilder builder, string hosts)
    {
        if (hosts.Contains(','))
        {
            builder.Host = Uri.UnescapeDataString(hosts);
            return;
        }

        var colon = hosts.LastIndexOf(':');
        var hasPort = colon > hosts.LastIndexOf(']');
        var host = Uri.UnescapeDataString(hasPort ? hosts[..colon] : hosts);
        if (host.Length > 0)
        {
            builder.Host = host.Trim('[', ']');
        }

        if (hasPort && colon + 1 < hosts.Length)
        {
            builder.Port = int.Parse(hosts[(colon + 1)..]);
        }
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        if (!Parameters.TryGetValue(name, out var keyword))
        {
            throw new PostgresSetupException(
                "The connection string behind 'connection' has a parameter that is not supported. Take it away; supported are: "
                    + string.Join(", ", Parameters.Keys)
                    + ".");
        }

        builder[keyword] = name is "sslmode" ? value.Replace("-", "") : value;
    }

    private static (string Before, string? After) Cut(string text, char at)
    {
        var index = text.IndexOf(at);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }
}
