using Rotunda.Files;

namespace Rotunda.Providers.References;

/// <summary>What holds Rotunda's own keys and tokens: a line of the catalog must not hand them to a provider.</summary>
/// <param name="dataDirectory">The head's; null if it has none.</param>
internal sealed class OwnSecrets(string? dataDirectory)
{
    private static readonly HashSet<string> Variables = new(StringComparer.Ordinal)
    {
        "ROTUNDA_MASTER_KEY", "ROTUNDA_MASTER_KEY_PREVIOUS", "ROTUNDA_TOKEN",
    };
    private static readonly string[] Files = ["master.key", "cli-token", "tokens.json", "ledger.db", "hub.db", "secrets.db"];

    public static bool IsVariable(string name) => Variables.Contains(name);

    /// <summary>True if the path leads, by links too, to one of our files or to what lies beside it (a journal, the next key).</summary>
    /// <remarks>What the kernel shows of processes holds their environment, and so may hold the master key.</remarks>
    /// <exception cref="IOException">The path's links run in a circle.</exception>
    public bool IsFile(string path)
    {
        if (RealPath.IsIn(path, "/proc"))
        {
            return true;
        }

        if (dataDirectory is null || !RealPath.IsIn(path, dataDirectory))
        {
            return false;
        }

        var name = Path.GetFileName(RealPath.Of(path));
        return Array.Exists(Files, file => name == file || name.StartsWith(file + ".", StringComparison.Ordinal)
            || name.StartsWith(file + "-", StringComparison.Ordinal));
    }
}
