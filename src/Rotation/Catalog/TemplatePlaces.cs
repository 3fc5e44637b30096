using System.Text.RegularExpressions;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Finds where in a template a placeholder stands: in an address, a connection string, JSON, SQL, a shell script, YAML.</summary>
internal static partial class TemplatePlaces
{
    public const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>What may stand in the user part of a URI as it is: unreserved characters and sub-delimiters (RFC 3986).</summary>
    private const string PlainInUri = Letters + "-._~!$&'()*+,;=";

    private const string PlainInQuery = Letters + "-._~!$'()*,;:@/?";
    private const string PlainInShell = Letters + "-._/:@%+,=";
    private const string Yaml = "#:{}[],&*?|<>'\"%@`!~\n";

    /// <summary>Stands for a placeholder; nobody writes it.</summary>
    private const char Mark = '\ue000';

    /// <summary>The place of each placeholder by its index; null where nothing is known of it.</summary>
    public static IReadOnlyList<TemplatePlace?> Of(TemplateText template, TemplateForm form)
    {
        var whole = string.Concat(template.Parts.Select(part => part.Name is null ? part.Literal : Mark.ToString()));
        var (places, at) = (new List<TemplatePlace?>(), 0);
        foreach (var part in template.Parts)
        {
            places.Add(part.Name is null ? null : At(whole, at, form));
            at += part.Name is null ? part.Literal.Length : 1;
        }
        return places;
    }

    private static TemplatePlace? At(string whole, int at, TemplateForm form)
    {
        var before = whole[..at];
        var line = before[(before.LastIndexOf('\n') + 1)..];
        return InAddress(before)
            ?? InJson(whole, before)
            ?? InSql(whole, before)
            ?? (form == TemplateForm.EnvValue ? null : InShell(whole, before, line))
            ?? InKeywords(whole[(at - line.Length)..].Split('\n')[0], line)
            ?? InYaml(whole, line);
    }

    private static TemplatePlace? InAddress(string before)
    {
        if (Address().Match(before) is not { Success: true } match)
        {
            return null;
        }
        var isJdbc = match.Groups["jdbc"].Success;
        if (isJdbc && match.Groups["scheme"].Value == "sqlserver")
        {
            return new("JDBC address of SQL Server", null, null, ";{}\n");
        }
        var rest = match.Groups["rest"].Value;
        return rest.Contains('?', StringComparison.Ordinal) ? new("address", isJdbc ? "jdbc" : "url", PlainInQuery)
            : rest.Contains('/', StringComparison.Ordinal) ? new("address", "url", PlainInUri + ":@")
            : new("address", "url", PlainInUri);
    }

    private static TemplatePlace? InJson(string whole, string before)
    {
        if (!Json().IsMatch(whole))
        {
            return null;
        }
        var isInside = false;
        for (var i = 0; i < before.Length; i++)
        {
            i += isInside && before[i] == '\\' ? 1 : 0;
            isInside ^= i < before.Length && before[i] == '"';
        }
        return isInside ? new("JSON string", "json", null, "\"\\\n\t", IsQuoted: true) : new("JSON", "json", "") { IsBare = true };
    }

    private static TemplatePlace? InSql(string whole, string before) =>
        !Sql().IsMatch(whole) ? null
        : before.Count(symbol => symbol == '\'') % 2 == 1 ? new("SQL text", "sql", null, "'\\", IsQuoted: true)
        : before.Count(symbol => symbol == '"') % 2 == 1 ? new("quoted name in SQL", null, null, "\"", IsQuoted: true)
        : new("SQL", "sql", "") { IsBare = true };

    private static TemplatePlace? InShell(string whole, string before, string line)
    {
        if (!whole.StartsWith("#!", StringComparison.Ordinal) && !Export().IsMatch(line))
        {
            return null;
        }
        if (whole.StartsWith("#!", StringComparison.Ordinal) && !ShellScript().IsMatch(whole))
        {
            return null;
        }
        var quote = '\0';
        foreach (var symbol in Export().IsMatch(line) ? line : before)
        {
            quote = quote == '\0' && symbol is '\'' or '"' ? symbol : symbol == quote ? '\0' : quote;
        }
        return quote switch
        {
            '\'' => new("shell script", "shell", null, "'", IsQuoted: true),
            '"' => new("shell script", "shell", null, "\"\\$`", IsQuoted: true),
            _ => new("shell script", "shell", PlainInShell),
        };
    }

    /// <summary>Connection strings of names and values.</summary>
    private static TemplatePlace? InKeywords(string whole, string line)
    {
        if (Keyword().Match(line) is not { Success: true } match)
        {
            return null;
        }
        var quote = match.Groups["quote"].Value;
        if (Driver().IsMatch(whole))
        {
            return new("ODBC connection string", null, null, ";{}[]()?*=!@\n");
        }
        return Pairs().Count(whole) > 1 && whole.Contains(';', StringComparison.Ordinal)
                ? new("connection string", "ado", null, quote.Length > 0 ? quote : ";='\"\n ", quote.Length > 0)
            : Libpq().IsMatch(whole) ? new("connection string", "libpq", null, quote.Length > 0 ? "'\\" : "'\\ \t\n", quote.Length > 0)
            : null;
    }

    private static TemplatePlace? InYaml(string whole, string line)
    {
        if (YamlLine().Match(line) is not { Success: true } match || (!whole.Contains('\n', StringComparison.Ordinal)
            && whole.Count(symbol => symbol == ':') > 1))
        {
            return null;
        }
        return match.Groups["quote"].Value switch
        {
            "'" => new("YAML", "yaml", null, "'\n", IsQuoted: true),
            "\"" => new("YAML", "yaml", null, "\"\\\n", IsQuoted: true),
            _ => new("YAML", "yaml", null, Yaml),
        };
    }

    [GeneratedRegex(
        @"(?<jdbc>jdbc:)?(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?<rest>[^\s""'<>]*)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Address();

    [GeneratedRegex("^\\s*(?:\\{\\s*\"|\\[\\s*[\"\\[{\ue000\\d])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Json();

    [GeneratedRegex(
        @"^\s*(?:ALTER|CREATE)\s+(?:ROLE|USER|LOGIN|SERVER|SECRET)\b|^\s*(?:SET\s+PASSWORD|INSERT\s+INTO|UPDATE\s+\S+\s+SET|SELECT\s)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Sql();

    [GeneratedRegex(@"^\s*export\s+[A-Za-z_][A-Za-z0-9_]*=", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Export();

    [GeneratedRegex(@"^#!.*\b(?:sh|bash|dash|ksh|zsh|ash)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ShellScript();

    [GeneratedRegex(
        @"(?:^|[;\s])(?:password|pwd|user\ id|uid|username|user)[ \t]*=[ \t]*(?<quote>['""]?)\z",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Keyword();

    [GeneratedRegex(@"(?:^|;)[ \t]*[A-Za-z][A-Za-z ]*=", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pairs();

    [GeneratedRegex(@"(?:^|;)[ \t]*driver[ \t]*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Driver();

    [GeneratedRegex(
        @"(?:^|[ \t])(?:host|hostaddr|dbname|port|sslmode)[ \t]*=",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Libpq();

    [GeneratedRegex(
        @"^[ \t]*(?:- )?[ \t]*[A-Za-z_][\w.\-/]*:[ \t]+(?:(?<quote>['""])|[^'""\s].*|)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex YamlLine();
}
