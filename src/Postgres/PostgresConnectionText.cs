using Npgsql;

namespace Rotunda.Postgres;

/// <summary>
/// Reads both ways to write a connection: Npgsql's keywords, and a libpq URI. What goes wrong is told without any part of
/// the text, since any part of it may be the password.
/// </summary>
public static class PostgresConnectionText
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

    /// <exception cref="PostgresSetupException">It is neither.</exception>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        try
        {
            return text.StartsWith("postgresql://", StringComparison.Ordinal) || text.StartsWith("postgres://", StringComparison.Ordinal)
                ? ReadUri(text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..])
                : new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or KeyNotFoundException
            or InvalidOperationException or NotSupportedException)
        {
            throw new PostgresSetupException(
                "The connection string behind 'connection' cannot be read. Write Host=…;Username=…;Password=…, or "
                    + "postgresql://user:password@host:port/database with special characters percent-encoded.");
        }
    }

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
                "The connection URI behind 'connection' has a parameter that is not supported. Take it away; supported are: "
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
