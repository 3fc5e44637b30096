using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.PlainFile;

internal static class FileDescriptor
{
    public const string Path = "path";
    public const string Template = "template";
    public const string Mode = "mode";
    public const string TrailingNewline = "trailingNewline";

    public static ProviderDescriptor Instance { get; } = new(
        "file",
        "Whole file",
        "A target that is one file: a mounted secret, a key file, a configuration file written whole from a template.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Path, SettingType.Path, "The file. Its folder exists and is writable; a symbolic link is followed.", Required: true),
            new(Template, SettingType.Text, "The file's contents. " + DeliveryTemplate.Help, Default: "{value}") { Template = TemplateForm.Text },
            new(Mode, SettingType.Text, "The permissions of a file that is not there yet, as octal digits. An existing file keeps its own, and its owner.", Default: "0600"),
            new(TrailingNewline, SettingType.Boolean, "Ends the file with a newline.", Default: "false"),
            FileWriting.Setting,
        ],
        [
            "https://docs.docker.com/compose/how-tos/use-secrets/",
            "https://man7.org/linux/man-pages/man2/rename.2.html",
        ],
        [],
        Limits:
        [
            "The file is replaced by a rename, so that readers see the old or the new. A single file mounted into a container cannot be replaced that way, nor would the container see it: mount the folder, or set `write: in-place`.",
            "With `write: in-place` mode, owner, access lists and hard links stay, as it is the same file, and its folder need not be writable; a reader may see half of it. A half that a crash left is written as a whole when the step is tried again, or gets what was there before when it is undone.",
            "Mode, owner, access control lists, labels of SELinux and other extended attributes are carried over to the new file. Where this process may not set one, the check refuses and says which. Of several hard links only this name gets the value: the check tells them.",
            "A file on an account of another user is refused unless Rotunda may give files to that user.",
        ],
        Permissions: ["To write the file and its folder, and, where the file is another user's, to give files to that user."],
        Arrival: "The file is read again and compared.",
        RollBack: "The file gets its contents back; one that was not there goes away.",
        Example: """
            version: 1
            secrets:
              jwt-key:
                provider: { type: generated, purpose: jwt }
                value: { format: base64, length: 32 }
                tokenLifetime: 1h
                grace: 2h
                targets:
                  keys: { type: file, path: ./keys.json, template: '{{"sign":"{value}","verify":["{values:json:join:","}"]}}', mode: "0640" }
            """)
    {
        Costs = [FileWriting.Cost],
        Check = settings => TargetFile.CheckMode(settings, Mode),
    };
}
