using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Delivery;

/// <summary>What is told of a file beside its contents: where it is and who may read it. A delivery records both, and a later look
/// compares.</summary>
internal static class FileStanding
{
    private const string Place = "file";
    private const string Mode = "mode";

    /// <summary>The facts of a delivery.</summary>
    public static (string Name, string? Value)[] Facts(AtomicFile file) => [(Place, file.Location), (Mode, ModeOf(file.Location))];

    /// <summary>What has changed since the last delivery, apart from the contents; null if nothing has.</summary>
    /// <param name="path">As the catalog has it.</param>
    public static StepOutcome? Difference(ProviderCall call, AtomicFile file, string path)
    {
        var full = Path.GetFullPath(path);
        if (call.Delivery.GetValueOrDefault(Place) == full && file.Location != full)
        {
            return StepOutcome.Differs(
                $"{full} is a link to {file.Location} now, and was a file when it was delivered to. Put the file back, or deliver once "
                    + "more, which writes where the link leads.");
        }

        return call.Delivery.GetValueOrDefault(Mode) is { } before && ModeOf(file.Location) is { } now && IsWider(now, before)
            ? StepOutcome.Differs(
                $"{file.Location} has mode {now}, and had {before} when it was delivered to: others may read it now. Run: chmod {before} "
                    + $"{file.Location}, or deliver once more, which takes the mode as it is.")
            : null;
    }

    private static bool IsWider(string now, string before) => (Number(now) & ~Number(before)) != 0;

    private static int Number(string mode) => Convert.ToInt32(mode, 8);

    private static string? ModeOf(string path) => OperatingSystem.IsWindows() || !File.Exists(path)
        ? null
        : Convert.ToString((int)File.GetUnixFileMode(path), 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture);
}
