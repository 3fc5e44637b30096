using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Ssh;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.AuthorizedKeys;

internal sealed class AuthorizedKeysProvider : IProvider, IDeliverValues, IConfirmSync, IValidateSetup
{
    public ProviderDescriptor Descriptor => AuthorizedKeysDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
    {
        var file = FileOf(call);
        var told = file.Check();
        var (options, mark) = (OptionsOf(call), MarkOf(call));
        var folder = Path.GetDirectoryName(file.Location)!;
        if (new[] { file.Location, folder }.FirstOrDefault(MayOthersWrite) is { } open)
        {
            throw new DeliveryException(
                $"Others than its owner may write {open}, so sshd ignores {(open == folder ? "what is in it" : "it")}. Run: "
                    + $"chmod go-w {open}");
        }

        var text = AuthorizedKeysText.Parse(await file.ReadAsync(cancellationToken) ?? [], mark);
        return StepOutcome.Done([.. told, .. AuthorizedOptions.Told(options, text.OptionsInUse([]), isDelivered: false)]);
    });

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => DeliveryFailures.LookAsync(async () =>
        await FileOf(call).ReadAsync(cancellationToken) is { } bytes
            ? new AuthorizedKeysSnapshot(AuthorizedKeysText.Parse(bytes, MarkOf(call)).KeyLines).ToValue()
            : null);

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var (keys, options, mark) = (KeysOf(values), OptionsOf(call), MarkOf(call));
            string? inUse = null;
            return await ChangeAsync(
                call,
                keys,
                bytes =>
                {
                    var text = AuthorizedKeysText.Parse(bytes ?? [], mark);
                    inUse = text.OptionsInUse(keys);
                    text.Set(keys, options);
                    return text.ToBytes();
                },
                () => AuthorizedOptions.Told(options, inUse, isDelivered: true),
                cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var (before, mark) = (captured is null ? [] : AuthorizedKeysSnapshot.Of(captured).Lines, MarkOf(call));
            return await ChangeAsync(call, [], bytes =>
            {
                var text = AuthorizedKeysText.Parse(bytes ?? [], mark);
                text.Restore(before);
                var restored = text.ToBytes();
                return restored.Length == 0 && (captured is null || bytes is null) ? null : restored;
            }, () => [], cancellationToken);
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var (file, keys) = (FileOf(call), KeysOf(expected));
            if (await file.ReadAsync(cancellationToken) is not { } bytes)
            {
                return StepOutcome.Missing($"{file.Location} does not exist.");
            }

            var standing = AuthorizedKeysText.Parse(bytes, MarkOf(call)).OurBlobs;
            return standing.Order(StringComparer.Ordinal).SequenceEqual(keys.Select(key => key.Blob).Order(StringComparer.Ordinal))
                ? FileStanding.Difference(call, file, call.Settings.RequiredText(AuthorizedKeysDescriptor.Path))
                    ?? StepOutcome.Done(("file", file.Location), ("keys", string.Join(", ", keys.Select(key => key.Fingerprint))))
                : StepOutcome.Differs($"{file.Location} has other keys marked {MarkOf(call)} than were delivered: did someone edit it?");
        });

    private static async Task<StepOutcome> ChangeAsync(
        ProviderCall call,
        List<SshPublicKey> keys,
        Func<byte[]?, byte[]?> change,
        Func<(string, string?)[]> told,
        CancellationToken cancellationToken)
    {
        var file = FileOf(call);
        var isChanged = await file.ChangeAsync(change, cancellationToken);
        (string, string?)[] facts =
        [
            .. FileStanding.Facts(file),
            ("keys", keys.Count == 0 ? null : string.Join(", ", keys.Select(key => key.Fingerprint))),
            .. told(),
        ];
        return isChanged ? StepOutcome.Done(facts) : StepOutcome.AlreadyDone(facts);
    }

    private static List<SshPublicKey> KeysOf(DeliveredValues values) =>
    [
        .. new[] { values.Primary, values.Secondary }.OfType<DeliveredCredential>()
            .Select(credential => OpenSshKey.PublicOf(credential.Value)
                ?? throw new DeliveryException(
                    "The value is no SSH private key that can be read. Let Rotunda make it with value: { format: ssh-ecdsa }, or give one "
                        + "in OpenSSH's form."))
            .DistinctBy(key => key.Blob),
    ];

    private static string MarkOf(ProviderCall call)
    {
        var mark = call.Settings.Text(AuthorizedKeysDescriptor.Marker) ?? "rotunda:" + call.Secret;
        return mark.Length > 0 && mark.All(c => c is > ' ' and <= '~')
            ? mark
            : throw new DeliveryException("'marker' is not one word. Write printable ASCII characters without blanks.");
    }

    private static string? OptionsOf(ProviderCall call)
    {
        var options = call.Settings.Text(AuthorizedKeysDescriptor.Options);
        const string key = "ssh-ed25519 AAAA";
        if (AuthorizedOptions.WhyIgnored(options) is { } why && !(options ?? "").Any(c => c is ' ' or '\t' || char.IsControl(c)))
        {
            throw new DeliveryException(why);
        }

        return options is null
            || (!options.Any(char.IsControl)
                && AuthorizedLine.Parse($"{options} {key}") is { Type: "ssh-ed25519" } line
                && line.Options == options)
            ? options
                : throw new DeliveryException(
                    "'options' are none that authorized_keys takes. Write them without blanks outside of quotes, such as "
                        + "from=\"10.0.0.0/8\",restrict.");
    }

    private static bool MayOthersWrite(string path) => !OperatingSystem.IsWindows() && Path.Exists(path)
        && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None;

    private static TargetFile FileOf(ProviderCall call) =>
        new(call.Settings.RequiredText(AuthorizedKeysDescriptor.Path), call.Settings.Text(AuthorizedKeysDescriptor.Mode) ?? "0600");
}
