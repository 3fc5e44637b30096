using System.Text;

namespace Rotunda.Postgres;

/// <summary>Quoting for statements that take no parameters (everything about roles).</summary>
public static class SqlText
{
    /// <summary>The server cuts longer names off, which could name another role.</summary>
    private const int MaxIdentifierBytes = 63;

    /// <exception cref="ArgumentException">No role can have this name.</exception>
    public static string Identifier(string name)
    {
        if (name.Length == 0 || name.Contains('\0') || Encoding.UTF8.GetByteCount(name) > MaxIdentifierBytes)
        {
            throw new ArgumentException($"A PostgreSQL name has 1 to {MaxIdentifierBytes} bytes and no NUL.", nameof(name));
        }

        return "\"" + name.Replace("\"", "\"\"") + "\"";
    }

    public static bool IsIdentifier(string name) =>
        name.Length > 0 && !name.Contains('\0') && Encoding.UTF8.GetByteCount(name) <= MaxIdentifierBytes;

    /// <summary>As the server's quote_literal: right whatever standard_conforming_strings says.</summary>
    public static string Literal(string text)
    {
        var quoted = "'" + text.Replace("'", "''") + "'";
        return text.Contains('\\') ? "E" + quoted.Replace("\\", "\\\\") : quoted;
    }
}
