using System.Runtime.InteropServices;

namespace Rotunda.Activities.Clocks;

/// <summary>Asks the kernel, which a time daemon tells that it keeps the clock right, and which forgets that when the clock is set.</summary>
internal sealed class SystemSynchronisation : ISystemSynchronisation
{
    private const int NotSynchronised = 5;

    /// <summary>More than the kernel's structure takes on any system.</summary>
    private const int StructureSize = 512;

    public bool? IsSynchronised()
    {
        // All zeros: nothing is set, all is told.
        var state = OperatingSystem.IsLinux() ? AdjustTime(new byte[StructureSize])
            : OperatingSystem.IsMacOS() ? AdjustTimeOnMac(new byte[StructureSize]) : -1;
        return state < 0 ? null : state != NotSynchronised;
    }

    [DllImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AdjustTime(byte[] what);

    [DllImport("libc", EntryPoint = "ntp_adjtime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AdjustTimeOnMac(byte[] what);
}
