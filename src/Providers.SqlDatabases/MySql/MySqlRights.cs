using System.Text.RegularExpressions;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>The rights on the whole server that lines of SHOW GRANTS give.</summary>
internal sealed partial class MySqlRights
{
    private const string All = "ALL PRIVILEGES";
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    private MySqlRights()
    {
    }

    [GeneratedRegex(@"^GRANT (?<names>.+?) ON \*\.\* TO ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OnAll();

    public static MySqlRights Read(IEnumerable<string> lines)
    {
        var rights = new MySqlRights();
        foreach (var line in lines)
        {
            rights._names.UnionWith(OnAll().Match(line).Groups["names"].Value
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        return rights;
    }

    /// <param name="anyOf">MariaDB writes some with a space where MySQL has an underscore: give both.</param>
    public bool Has(params string[] anyOf) => _names.Contains(All) || anyOf.Any(_names.Contains);

    /// <summary>By its own name: MySQL's ALL PRIVILEGES of old times knows it not.</summary>
    public bool HasNamed(string name) => _names.Contains(name);
}
