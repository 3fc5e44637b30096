using System.Text.Json.Nodes;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.AuthorizedKeys;

internal static class AuthorizedKeysDescriptor
{
    public const string Path = "path";
    public const string Options = "options";
    public const string Marker = "marker";
    public const string Mode = "mode";

    public static ProviderDescriptor Instance { get; } = new(
        "authorized-keys",
        "SSH authorized_keys file",
        "A target that is some lines of an `authorized_keys` file on this machine: the public keys of the SSH private keys that are rotated. While two keys are in use, both stand there. No other line is touched.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Path, SettingType.Path, "The file. Its folder exists and is writable; a symbolic link is followed; the file is made if it is missing.", Required: true),
            new(Options, SettingType.Text, "The options in front of a key that is new in the file, such as `from=\"10.0.0.0/8\",restrict`. Left out: those of the line of the key in use, also when it has no mark yet (at adoption). A key that stands there already keeps its own."),
            new(Marker, SettingType.Text, "The word in a line's comment by which this secret's lines are known. Left out: `rotunda:` and the secret's name."),
            new(Mode, SettingType.Text, "The permissions of a file that is not there yet, as octal digits. An existing file keeps its own, and its owner.", Default: "0600"),
        ],
        [
            "https://man.openbsd.org/sshd.8#AUTHORIZED_KEYS_FILE_FORMAT",
            "https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key",
            "https://www.rfc-editor.org/rfc/rfc5656#section-3.1",
            "https://www.rfc-editor.org/rfc/rfc4253#section-6.6",
        ],
        [],
        Limits:
        [
            "The secret's value is the private key. `value: { format: ssh-ecdsa }` makes one (ECDSA on P-256, OpenSSH's form, no passphrase); keys that come otherwise may be of any type in OpenSSH's form, or RSA and ECDSA P-256 in PEM.",
            "Only for secrets with strategy dual-key: both keys are let in before clients change, and the old one until the grace is over. With another strategy the new key would take the old one's place before clients have it, so the catalog is refused.",
            "Deliver the private key to the clients with the target `file` (mode 0600), in this order of groups or beside it.",
            "A key that stands in the file without the mark (the one in use at adoption) is marked when it is delivered, keeps its options, and goes when its turn is over.",
            "Mode, owner, access control lists, labels of SELinux and other extended attributes are carried over when the file is replaced. Where this process may not set one, the check refuses and says which. Of several hard links only this name gets the value: the check tells them.",
            "Sessions that are open when a key goes stay open.",
            "The file is on this machine. For remote machines write a program for `exec`, or mount the file.",
            "Where anyone but the owner may write the file or its folder, sshd ignores it (StrictModes): it is refused. So are options that sshd does not know: it ignores the whole line.",
        ],
        Permissions: ["To write the file and its folder, and, where the file is another user's, to give files to that user."],
        Arrival: "The file is read again: this secret's lines are exactly the delivered keys. sshd reads it at each login, so nothing has to be restarted.",
        RollBack: "This secret's lines get back what they were; other lines stay as they are by then.",
        Example: """
            version: 1
            secrets:
              deploy-key:
                provider: { type: generated }
                strategy: dual-key
                value: { format: ssh-ecdsa }
                interval: 90d
                grace: 1d
                targets:
                  server: { type: authorized-keys, path: /home/deploy/.ssh/authorized_keys, options: "restrict,pty" }
                  client: { type: file, path: ./deploy_key, mode: "0600" }
            """)
    {
        TakesOnly = [Strategy.DualKey],
        Check = CheckMode,
        Costs =
        [
            new(Options, null, "A new key gets the options (from=, command=, …) of the line of the key in use. The check and the delivery show them."),
            new(Options, SettingCost.Any, "A new key gets these options. Where the line of the key in use has others, they are not taken over; the check and the delivery say which."),
        ],
    };

    private static IEnumerable<SettingProblem> CheckMode(JsonObject settings)
    {
        var wrong = false;
        foreach (var problem in TargetFile.CheckMode(settings, Mode))
        {
            wrong = true;
            yield return problem;
        }

        if (!wrong && (string?)settings[Mode] is { } mode && mode[^2..].AsSpan().ContainsAny("2367"))
        {
            yield return new(Mode, null, "lets others than the owner write the file, and sshd ignores such a file. Write 0600 or 0644.");
        }
    }
}
