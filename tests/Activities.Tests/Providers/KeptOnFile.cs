using System.Text;
using Rotunda.Providers.Delivery;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>What hangs on a file: hung there by a test, and looked at again.</summary>
internal static class KeptOnFile
{
    /// <summary>A mode that nobody chooses, an attribute, and an access list where the disk has them.</summary>
    public static async Task HangAsync(string path)
    {
        if (!File.Exists(path) || OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        _ = ExtendedAttributes.TrySet(path, "user.note", "kept"u8.ToArray());
        await Commands.RunAsync("setfacl", "-m", "u:1234:r", path);
    }

    public static string Of(string path) => !File.Exists(path) ? "" : OperatingSystem.IsWindows() ? "a file"
        : $"{File.GetUnixFileMode(path)} {UnixFiles.OwnerOf(path)} " + string.Join(' ', ExtendedAttributes.Of(path)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={Convert.ToHexString(pair.Value)}"));
}
