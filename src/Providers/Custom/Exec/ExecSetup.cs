using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Processes;

namespace Rotunda.Providers.Custom.Exec;

/// <summary>The settings of one binding, read and checked.</summary>
internal sealed record ExecSetup(
    string Program,
    IReadOnlyList<string> Arguments,
    string Folder,
    IReadOnlyDictionary<string, string> Environment,
    TimeSpan Timeout)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="DeliveryException">It cannot be run.</exception>
    public static ExecSetup Read(ProviderSettings settings)
    {
        var program = settings.RequiredText(ExecDescriptor.Program);
        Check(program);
        var folder = settings.Text(ExecDescriptor.WorkingFolder) ?? Path.GetDirectoryName(program)!;
        if (!Directory.Exists(folder))
        {
            throw new DeliveryException($"The folder {folder} does not exist. Create it, or correct 'workingFolder'.");
        }

        var environment = ChildEnvironment.Of(settings.TextList(ExecDescriptor.Inherit));
        foreach (var (name, value) in settings.TextMap(ExecDescriptor.Environment))
        {
            environment[name] = value;
        }

        return new(
            program,
            settings.TextList(ExecDescriptor.Arguments),
            folder,
            environment,
            settings.Duration(ExecDescriptor.Timeout, TimeSpan.FromMinutes(1)));
    }

    private static void Check(string program)
    {
        if (!File.Exists(program))
        {
            throw new DeliveryException(
                $"There is no program {program}. Correct 'program': a path relative to the catalog's folder, or an absolute one.");
        }

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var mode = File.GetUnixFileMode(program);
        if ((mode & Executable) == UnixFileMode.None)
        {
            throw new DeliveryException($"{program} may not be executed. Run: chmod +x {program}");
        }

        if (mode.HasFlag(UnixFileMode.OtherWrite))
        {
            throw new DeliveryException($"Everyone may change {program}, and would be told values. Run: chmod o-w {program}");
        }

        CheckFolders(RealPath.Of(program));
    }

    /// <summary>Who may write to a folder on the way can put another program in its place; not so above, where a sticky bit is.</summary>
    private static void CheckFolders(string program)
    {
        var own = Path.GetDirectoryName(program);
        for (var folder = own; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(folder);
            if (mode.HasFlag(UnixFileMode.OtherWrite) && (folder == own || !mode.HasFlag(UnixFileMode.StickyBit)))
            {
                throw new DeliveryException(
                    $"Everyone may write to {folder}, and could put another program in the place of {program}, which is told values. "
                        + $"Run: chmod o-w {folder}, or keep the program elsewhere.");
            }
        }
    }
}
