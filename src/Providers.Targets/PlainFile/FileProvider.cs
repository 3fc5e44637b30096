using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.PlainFile;

internal sealed class FileProvider : IProvider, IDeliverValues, IConfirmSync, IValidateSetup
{
    public ProviderDescriptor Descriptor => FileDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => DeliveryFailures.GuardAsync(() =>
    {
        _ = TemplateOf(call);
        var file = FileOf(call);
        file.Check();
        return Task.FromResult(StepOutcome.Done(("file", file.Location)));
    });

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => DeliveryFailures.LookAsync(async () =>
        await FileOf(call).ReadAsync(cancellationToken) is { } contents ? SecretValue.FromBytes(contents) : null);

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var contents = Contents(call, values);
            return await PutAsync(call, contents, cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(() => PutAsync(call, captured?.RevealBytes().ToArray(), cancellationToken));

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        DeliveryFailures.GuardAsync(async () =>
        {
            var file = FileOf(call);
            var contents = await file.ReadAsync(cancellationToken);
            return contents is null
                ? StepOutcome.Missing($"{file.Location} does not exist.")
                : contents.AsSpan().SequenceEqual(Contents(call, expected))
                    ? FileStanding.Difference(call, file, call.Settings.RequiredText(FileDescriptor.Path))
                        ?? StepOutcome.Done(("file", file.Location))
                    : StepOutcome.Differs($"{file.Location} holds something other than what was delivered: did someone edit it?");
        });

    private static async Task<StepOutcome> PutAsync(ProviderCall call, byte[]? contents, CancellationToken cancellationToken)
    {
        var file = FileOf(call);
        return await file.ChangeAsync(_ => contents, cancellationToken)
            ? StepOutcome.Done(FileStanding.Facts(file))
            : StepOutcome.AlreadyDone(FileStanding.Facts(file));
    }

    private static byte[] Contents(ProviderCall call, DeliveredValues values) =>
        Encoding.UTF8.GetBytes(TemplateOf(call).Render(values) + (call.Settings.Flag(FileDescriptor.TrailingNewline) ? "\n" : ""));

    private static DeliveryTemplate TemplateOf(ProviderCall call) =>
        DeliveryTemplate.Parse(call.Settings.Text(FileDescriptor.Template) ?? "{value}");

    private static AtomicFile FileOf(ProviderCall call) =>
        new(call.Settings.RequiredText(FileDescriptor.Path), call.Settings.Text(FileDescriptor.Mode) ?? "0600");
}
