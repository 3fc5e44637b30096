using Rotunda.EnvFiles;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.EnvFiles;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.DotEnv;

internal sealed class DotEnvProvider(FileWrites? writes) : IProvider, IDeliverValues, IConfirmSync, IValidateSetup
{
    public DotEnvProvider()
        : this(null)
    {
    }

    public ProviderDescriptor Descriptor => DotEnvDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var keys = TemplatesOf(call);
            var file = FileOf(call);
            var told = file.Check();
            var text = EnvFileText.Parse(await file.ReadWholeAsync(cancellationToken) ?? [], DialectsOf(call));
            text.RequireClosedQuotes();
            text.RequireHeads(keys.Keys);
            return StepOutcome.Done([.. told, ("keys", string.Join(", ", keys.Keys))]);
        });

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => DeliveryFailures.LookAsync(async () =>
    {
        if (await FileOf(call).ReadWholeAsync(cancellationToken) is not { } bytes)
        {
            return null;
        }

        var text = EnvFileText.Parse(bytes, DialectsOf(call));
        return new DotEnvSnapshot(TemplatesOf(call).Keys.ToDictionary(key => key, text.Lines, StringComparer.Ordinal)).ToValue();
    });

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var rendered = Rendered(call, values);
            return await ChangeAsync(call, bytes => With(bytes, rendered, DialectsOf(call)), cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var keys = TemplatesOf(call).Keys.ToDictionary(key => key, _ => (IReadOnlyList<string>)[], StringComparer.Ordinal);
            foreach (var (key, lines) in captured is null ? new DotEnvSnapshot(keys).Keys : DotEnvSnapshot.Of(captured).Keys)
            {
                keys[key] = lines;
            }

            var dialects = DialectsOf(call);
            return await ChangeAsync(call, bytes => Without(bytes, keys, dialects, fileWasThere: captured is not null), cancellationToken);
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var file = FileOf(call);
            if (await file.ReadAsync(cancellationToken) is not { } bytes)
            {
                return StepOutcome.Missing($"{file.Location} does not exist.");
            }

            var templates = TemplatesOf(call);
            foreach (var one in Rendered(call, expected))
            {
                // Until something was delivered an adopted secret stands there alone: what belongs beside it is not missing.
                var isMissing = EnvFileText.Parse(bytes, DialectsOf(call)).Lines(one.Key).Count == 0;
                if (isMissing && call.Delivery.Count == 0 && !templates[one.Key].HoldsValue)
                {
                    continue;
                }

                if (!With(bytes, [one], DialectsOf(call)).AsSpan().SequenceEqual(bytes))
                {
                    return isMissing
                        ? StepOutcome.Missing($"{file.Location} has no {one.Key}.")
                        : StepOutcome.Differs(
                            $"{file.Location} holds something other than what was delivered at {one.Key}: did someone edit it?");
                }
            }

            return FileStanding.Difference(call, file, call.Settings.RequiredText(DotEnvDescriptor.Path))
                ?? StepOutcome.Done(("file", file.Location));
        });

    private async Task<StepOutcome> ChangeAsync(
        ProviderCall call,
        Func<byte[]?, byte[]?> change,
        CancellationToken cancellationToken)
    {
        var file = FileOf(call);
        return await file.ChangeAsync(change, cancellationToken)
            ? StepOutcome.Done(FileStanding.Facts(file))
            : StepOutcome.AlreadyDone(FileStanding.Facts(file));
    }

    private static byte[] With(byte[]? bytes, IEnumerable<KeyValuePair<string, string>> values, EnvDialects dialects)
    {
        var text = EnvFileText.Parse(bytes ?? [], dialects);
        foreach (var (key, value) in values)
        {
            text.Set(key, value);
        }

        return text.ToBytes();
    }

    /// <summary>Null (no file) if there was none before us and nobody else has written anything since.</summary>
    private static byte[]? Without(
        byte[]? bytes, Dictionary<string, IReadOnlyList<string>> keys, EnvDialects dialects, bool fileWasThere)
    {
        if (bytes is null && keys.Values.All(lines => lines.Count == 0))
        {
            return null;
        }

        var text = EnvFileText.Parse(bytes ?? [], dialects);
        foreach (var (key, lines) in keys)
        {
            text.Restore(key, lines);
        }

        var restored = text.ToBytes();
        return restored.Length == 0 && !fileWasThere ? null : restored;
    }

    private static Dictionary<string, string> Rendered(ProviderCall call, DeliveredValues values) =>
        TemplatesOf(call).ToDictionary(pair => pair.Key, pair => pair.Value.Render(values), StringComparer.Ordinal);

    private static Dictionary<string, DeliveryTemplate> TemplatesOf(ProviderCall call)
    {
        var keys = call.Settings.TextMap(DotEnvDescriptor.Keys);
        if (keys.Count == 0)
        {
            throw new DeliveryException("'keys' is empty. Name at least one key with its template, such as API_KEY: \"{value}\".");
        }

        if (keys.Keys.FirstOrDefault(key => !EnvFileText.IsKey(key)) is { } wrong)
        {
            throw new DeliveryException($"'{wrong}' cannot be a key. Use letters, digits and underscores, no digit first.");
        }

        return keys.ToDictionary(pair => pair.Key, pair => DeliveryTemplate.Parse(pair.Value), StringComparer.Ordinal);
    }

    private static EnvDialects DialectsOf(ProviderCall call) => EnvDialects.Of(call.Settings.TextList(EnvDialects.Setting));

    private TargetFile FileOf(ProviderCall call) => new(
        call.Settings.RequiredText(DotEnvDescriptor.Path),
        call.Settings.Text(DotEnvDescriptor.Mode) ?? "0600",
        FileWriting.Of(call, ownsAll: false),
        writes);
}
