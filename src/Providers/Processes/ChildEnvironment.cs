using System.Diagnostics;

namespace Rotunda.Providers.Processes;

/// <summary>What programs that Rotunda starts get of its own environment: the rest may hold its secrets.</summary>
internal static class ChildEnvironment
{
    private static readonly string[] Always = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    /// <param name="more">Names of further variables.</param>
    public static Dictionary<string, string> Of(IEnumerable<string> more)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Always.Concat(more))
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                environment[name] = value;
            }
        }

        return environment;
    }

    /// <summary>Takes everything else from the program's environment.</summary>
    public static void Limit(ProcessStartInfo info, params IEnumerable<string> more)
    {
        info.Environment.Clear();
        foreach (var (name, value) in Of(more))
        {
            info.Environment[name] = value;
        }
    }
}
