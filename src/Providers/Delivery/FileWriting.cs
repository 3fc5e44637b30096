using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Delivery;

/// <summary>How a file is written: replaced in one step, or in place.</summary>
/// <param name="InPlace">The same file gets other bytes, for those who hold it open or mounted.</param>
/// <param name="IsChoice">The catalog may say so.</param>
/// <param name="OwnsAll">Nothing in the file is anybody else's: one that is half written is written once more as a whole.</param>
internal sealed record FileWriting(bool InPlace, bool IsChoice, bool OwnsAll)
{
    private const string Name = "write";
    private const string ByReplacing = "replace";
    private const string InPlaceName = "in-place";

    /// <summary>For files of which readers must never see a half.</summary>
    public static FileWriting Replacing { get; } = new(false, false, false);

    public static SettingDescriptor Setting { get; } = new(
        Name,
        SettingType.Choice,
        "`replace` writes beside the file and renames, so that readers see the old or the new, never a mixture. `in-place` writes into "
            + "the file that is there: only for files that others hold by their inode (a single file mounted into a container, a process "
            + "that keeps it open). Its cost: a reader may see half a file, and a crash leaves half a file until the step is tried again "
            + "or taken back.",
        Default: ByReplacing,
        Choices: [ByReplacing, InPlaceName]);

    /// <summary>What the plan says of it.</summary>
    public static SettingCost Cost { get; } = new(
        Name,
        InPlaceName,
        "The file is written in place: a reader may see half of it, and a crash leaves half of it until the step is tried again or taken "
            + "back.");

    public static FileWriting Of(ProviderCall call, bool ownsAll) => new(call.Settings.Text(Name) == InPlaceName, true, ownsAll);
}
