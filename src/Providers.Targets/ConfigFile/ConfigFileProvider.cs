using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.ConfigFile;

internal sealed class ConfigFileProvider(FileWrites? writes) : IProvider, IDeliverValues, IConfirmSync, IValidateSetup
{
    /// <summary>Stands for a value in the check, which writes nothing.</summary>
    private const string Sample = "rotunda";

    public ConfigFileProvider()
        : this(null)
    {
    }

    public ProviderDescriptor Descriptor => ConfigFileDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var keys = TemplatesOf(call);
            var file = FileOf(call);
            var told = file.Check();
            var bytes = await file.ReadWholeAsync(cancellationToken);
            _ = With(call, file, bytes, keys.Keys.Select(key => KeyValuePair.Create(key, Sample)));
            return StepOutcome.Done([.. told, ("keys", string.Join(", ", keys.Keys))]);
        });

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => DeliveryFailures.LookAsync(async () =>
    {
        if (await FileOf(call).ReadWholeAsync(cancellationToken) is not { } bytes)
        {
            return null;
        }

        var text = ConfigText.Parse(bytes, LanguageOf(call));
        return new ConfigFileSnapshot(TemplatesOf(call).Keys.ToDictionary(key => key, text.Keep, StringComparer.Ordinal)).ToValue();
    });

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var rendered = Rendered(call, values);
            var file = FileOf(call);
            return await ChangeAsync(file, bytes => With(call, file, bytes, rendered), cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var keys = TemplatesOf(call).Keys.ToDictionary(key => key, _ => new KeptValue(null, null, 0), StringComparer.Ordinal);
            foreach (var (key, kept) in captured is null ? new Dictionary<string, KeptValue>() : ConfigFileSnapshot.Of(captured).Keys)
            {
                keys[key] = kept;
            }

            return await ChangeAsync(FileOf(call), bytes => Without(call, bytes, keys, captured is not null), cancellationToken);
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var file = FileOf(call);
            if (await file.ReadAsync(cancellationToken) is not { } bytes)
            {
                return StepOutcome.Missing($"{file.Location} does not exist.");
            }

            var (text, templates) = (ConfigText.Parse(bytes, LanguageOf(call)), TemplatesOf(call));
            foreach (var (path, value) in Rendered(call, expected))
            {
                var node = text.Find(path);
                // Until something was delivered an adopted secret stands there alone: what belongs beside it is not missing.
                if (node is null && call.Delivery.Count == 0 && !templates[path].HoldsValue)
                {
                    continue;
                }

                if (node?.Text != value)
                {
                    return node is null
                        ? StepOutcome.Missing($"{file.Location} has no {path}.")
                        : StepOutcome.Differs(
                            $"{file.Location} holds something other than what was delivered at {path}: did someone edit it?");
                }
            }

            return FileStanding.Difference(call, file, call.Settings.RequiredText(ConfigFileDescriptor.Path))
                ?? StepOutcome.Done(("file", file.Location));
        });

    private static async Task<StepOutcome> ChangeAsync(
        TargetFile file,
        Func<byte[]?, byte[]?> change,
        CancellationToken cancellationToken) =>
        await file.ChangeAsync(change, cancellationToken)
            ? StepOutcome.Done(FileStanding.Facts(file))
            : StepOutcome.AlreadyDone(FileStanding.Facts(file));

    private static byte[] With(ProviderCall call, TargetFile file, byte[]? bytes, IEnumerable<KeyValuePair<string, string>> values)
    {
        var adds = call.Settings.Flag(ConfigFileDescriptor.AddMissing);
        if (bytes is null && !adds)
        {
            throw new DeliveryException(
                $"{file.Location} does not exist. Create it with the keys, correct 'path', or set addMissing: true, which makes it.");
        }

        var text = ConfigText.Parse(bytes ?? [], LanguageOf(call));
        // All that is wrong is told at once; nothing is written then.
        var problems = new List<string>();
        foreach (var (path, value) in values)
        {
            try
            {
                text.Set(path, value, adds);
            }
            catch (DeliveryException problem)
            {
                problems.Add(problem.Message);
            }
        }

        return problems.Count == 0 ? text.ToBytes()
            : throw new DeliveryException(string.Join(' ', problems.Distinct(StringComparer.Ordinal)));
    }

    /// <summary>Null (no file) if there was none before us and nobody else has written anything since.</summary>
    private static byte[]? Without(ProviderCall call, byte[]? bytes, Dictionary<string, KeptValue> keys, bool fileWasThere)
    {
        if (bytes is null && keys.Values.All(kept => kept.Raw is null))
        {
            return null;
        }

        var text = ConfigText.Parse(bytes ?? [], LanguageOf(call));
        foreach (var (path, kept) in keys)
        {
            text.Restore(path, kept);
        }

        return text.IsEmpty && !fileWasThere ? null : text.ToBytes();
    }

    private static Dictionary<string, string> Rendered(ProviderCall call, DeliveredValues values) =>
        TemplatesOf(call).ToDictionary(pair => pair.Key, pair => pair.Value.Render(values), StringComparer.Ordinal);

    private static Dictionary<string, DeliveryTemplate> TemplatesOf(ProviderCall call)
    {
        var keys = call.Settings.TextMap(ConfigFileDescriptor.Keys);
        if (keys.Count == 0)
        {
            throw new DeliveryException("'keys' is empty. Name at least one path with its template, such as db.password: \"{value}\".");
        }

        var language = LanguageOf(call);
        return keys.ToDictionary(
            pair => language.PathOf(pair.Key).Text, pair => DeliveryTemplate.Parse(pair.Value), StringComparer.Ordinal);
    }

    /// <summary>As the catalog says, or as the file's name does.</summary>
    private static ConfigLanguage LanguageOf(ProviderCall call)
    {
        var path = call.Settings.RequiredText(ConfigFileDescriptor.Path);
        return ConfigFileSettings.LanguageOf(path, call.Settings.Text(ConfigFileDescriptor.Format))
            ?? throw new DeliveryException(ConfigFileSettings.WithoutFormat(path));
    }

    private TargetFile FileOf(ProviderCall call) => new(
        call.Settings.RequiredText(ConfigFileDescriptor.Path),
        call.Settings.Text(ConfigFileDescriptor.Mode) ?? "0600",
        FileWriting.Of(call, ownsAll: false),
        writes);
}
