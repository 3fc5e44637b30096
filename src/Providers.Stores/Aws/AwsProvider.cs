using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

internal sealed class AwsProvider : IProvider, IOpenStore, IDeliverValues, IConfirmSync, IValidateSetup, IDisposable
{
    private readonly WebClients _clients = new();
    private readonly AwsCredentialSource _source = new();

    public ProviderDescriptor Descriptor => AwsDescriptor.Instance;

    public ISecretStore Open(string name, ProviderSettings settings, TimeProvider time) =>
        new AwsStore(name, () => Client(time, settings), settings.Text(AwsDescriptor.Prefix) ?? "");

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        RunAsync(call, async (client, target) =>
        {
            var described = await client.DescribeAsync(target.Secret, cancellationToken);
            if (described?.IsDeleted == true)
            {
                return StepOutcome.Rejected(AwsTarget.DeletionOf(target.Secret));
            }

            if (described?.IsRotatedByAws == true)
            {
                return StepOutcome.Rejected(AwsTarget.RotatedByAws(target.Secret));
            }

            var current = described is null ? null : await client.GetAsync(target.Secret, null, cancellationToken);
            if (current is not null)
            {
                target.Check(current);
            }

            return StepOutcome.Done(
                ("secret", target.Secret),
                ("exists", described is null ? "not yet" : current is null ? "without a value" : "yes"));
        });

    public async Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var client = Client(call.Time, call.Settings);
        try
        {
            var target = AwsTarget.Of(call.Settings);
            var described = await client.DescribeAsync(target.Secret, cancellationToken);
            return described is null or { IsDeleted: true }
                ? null
                : target.Capture(await client.GetAsync(target.Secret, null, cancellationToken));
        }
        catch (AwsRefusal refusal)
        {
            throw refusal.Failure;
        }
    }

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        RunAsync(call, async (client, target) =>
            await PutAsync(
                client,
                target,
                current => target.With(current, values),
                $"{call.RotationId} {values.Primary.Fingerprint} {values.Secondary?.Fingerprint}",
                cancellationToken));

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        RunAsync(call, async (client, target) =>
        {
            if (captured is not null)
            {
                return await PutAsync(
                    client,
                    target,
                    current => target.Restored(current, captured),
                    $"{call.RotationId} back",
                    cancellationToken);
            }

            var described = await client.DescribeAsync(target.Secret, cancellationToken);
            if (described is null or { IsDeleted: true })
            {
                return StepOutcome.AlreadyDone();
            }

            if (!described.IsOurs)
            {
                // It was not there when this rotation looked, and someone else made it since.
                return await PutAsync(client, target, target.Emptied, $"{call.RotationId} back", cancellationToken);
            }

            await client.DeleteAsync(target.Secret, cancellationToken);
            return StepOutcome.Done(("secret", target.Secret), ("deleted", "in 7 days"));
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        RunAsync(call, async (client, target) =>
        {
            var current = await client.GetAsync(target.Secret, null, cancellationToken);
            if (current is null || !target.Holds(current, expected))
            {
                return current is null
                    ? StepOutcome.Missing($"{target.Secret} at AWS has no current version.")
                    : StepOutcome.Differs($"{target.Secret} at AWS holds something other than what was delivered.");
            }

            var behind = (await client.DescribeAsync(target.Secret, cancellationToken))?.Behind ?? [];
            return behind.Count == 0
                ? StepOutcome.Done(("secret", target.Secret), ("version", current.Version))
                : StepOutcome.RetryLater($"{target.Secret}: {string.Join(", ", behind)}.");
        });

    public void Dispose()
    {
        _clients.Dispose();
        _source.Dispose();
    }

    /// <summary>Puts what the change makes of the current text; the same text, and null for no text at all, are left alone.</summary>
    private static async Task<StepOutcome> PutAsync(
        AwsClient client,
        AwsTarget target,
        Func<string?, string?> change,
        string intent,
        CancellationToken cancellationToken)
    {
        var described = await client.DescribeAsync(target.Secret, cancellationToken);
        if (described is { IsDeleted: true })
        {
            await client.RestoreAsync(target.Secret, cancellationToken);
        }

        if (described is null)
        {
            await client.CreateAsync(target.Secret, cancellationToken);
        }

        var current = await client.GetAsync(target.Secret, null, cancellationToken);
        if (current is not null)
        {
            target.Check(current);
        }

        if (change(current?.Text) is not { } text)
        {
            return StepOutcome.AlreadyDone(("secret", target.Secret), ("value", "none"));
        }

        using var next = SecretValue.FromText(text);
        if (current?.Text == next.RevealText())
        {
            return described is { IsDeleted: true }
                ? StepOutcome.Done(("secret", target.Secret))
                : StepOutcome.AlreadyDone(("secret", target.Secret), ("version", current.Version));
        }

        return StepOutcome.Done(
            ("secret", target.Secret),
            ("version", await target.PutCurrentAsync(client, next, intent, current?.Version, cancellationToken)));
    }

    private Task<StepOutcome> RunAsync(ProviderCall call, Func<AwsClient, AwsTarget, Task<StepOutcome>> work) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var client = Client(call.Time, call.Settings);
            try
            {
                return await work(client, AwsTarget.Of(call.Settings));
            }
            catch (AwsRefusal refusal)
            {
                return refusal.Failure.Outcome;
            }
            catch (OutcomeException problem) when (problem is not WebFailureException)
            {
                // Credentials are read for each call, so it may be another call than the first that lacks them.
                return client.Session.Failure(problem.Outcome).Outcome;
            }
        });

    private AwsClient Client(TimeProvider time, ProviderSettings settings) =>
        new(_clients.Begin(time, "AWS Secrets Manager"), settings, _source);
}
