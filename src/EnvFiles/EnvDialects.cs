namespace Rotunda.EnvFiles;

/// <summary>The readers that an env file has: what is written there is read alike by all of them.</summary>
public sealed class EnvDialects
{
    /// <summary>The setting of a target that names them.</summary>
    public const string Setting = "dialect";

    private static readonly Dictionary<string, EnvReader[]> Known = new(StringComparer.Ordinal)
    {
        ["compose"] = [new ComposeReader()],
        ["shell"] = [new ShellReader()],
        ["docker-env"] = [new DockerEnvReader()],
        ["systemd"] = [new SystemdReader()],
        ["dotenv"] = [new NodeDotenvReader(), new NodeReader()],
        ["dotenv-expand"] = [new DotenvExpandReader()],
        ["python-dotenv"] = [new PythonDotenvReader()],
    };

    private EnvDialects(IEnumerable<string> names, bool isChosen)
    {
        Readers = [.. names.SelectMany(name => Known[name])];
        IsChosen = isChosen;
    }

    /// <summary>What stands for each, as in the catalog.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    /// <summary>Where nobody says who reads the file: those that read quotes and comments nearly alike.</summary>
    public static EnvDialects Default { get; } = new(["compose", "shell", "dotenv", "python-dotenv"], isChosen: false);

    /// <summary>For people: "docker compose, a shell and systemd".</summary>
    public string Described => Readers.Count == 1
        ? Readers[0].Name
        : $"{string.Join(", ", Readers.SkipLast(1).Select(reader => reader.Name))} and {Readers[^1].Name}";

    /// <summary>Each line stands alone, and quotes mean nothing.</summary>
    public bool IsVerbatim => Readers.All(reader => reader.IsVerbatim);

    /// <summary>One of the readers takes each line alone.</summary>
    public bool ReadLinesAlone => Readers.Any(reader => reader.IsVerbatim);

    /// <summary>Somebody said who reads the file.</summary>
    internal bool IsChosen { get; }

    internal IReadOnlyList<EnvReader> Readers { get; }

    /// <param name="names">Some of <see cref="Names"/>; none for <see cref="Default"/>.</param>
    public static EnvDialects Of(IReadOnlyCollection<string> names) =>
        names.Where(Known.ContainsKey).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } known
            ? new(known, isChosen: true)
            : Default;
}
