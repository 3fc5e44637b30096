using System.Runtime.InteropServices;

namespace Rotunda.Api.Desk;

/// <summary>What the system says of its own clock.</summary>
internal static class SystemClock
{
    private const int NotSynchronised = 5;

    /// <summary>More than the kernel's structure takes on any system.</summary>
    private const int StructureSize = 512;

    /// <summary>False if nothing keeps it right; null where the system does not tell (not Linux).</summary>
    public static bool? IsSynchronised()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // All zeros: nothing is set, all is told.
        var state = AdjustTime(new byte[StructureSize]);
        return state < 0 ? null : state != NotSynchronised;
    }

    [DllImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AdjustTime(byte[] what);
}
