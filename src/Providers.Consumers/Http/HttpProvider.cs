using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Http;

internal sealed class HttpProvider : IProvider, IRestartConsumers, ICheckConsumers, IValidateSetup, IDisposable
{
    private readonly HttpConsumerClient _client = new();

    public ProviderDescriptor Descriptor => HttpDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var setup = HttpSetup.Read(call.Settings);
        using var token = await call.Settings.SecretAsync(HttpDescriptor.Token, cancellationToken);
        foreach (var instance in setup.Instances)
        {
            // Nothing is posted. Whether an instance is healthy now is not asked for: it may be ill because of the old value.
            if (setup.FingerprintPath is { } path
                && await _client.SendAsync(
                    HttpMethod.Get,
                    HttpSetup.Address(instance, path),
                    token?.RevealText(),
                    setup.Timeout,
                    call.Time,
                    cancellationToken) is { Problem: { } problem })
            {
                return problem;
            }
        }

        return StepOutcome.Done(("instances", Count(setup)));
    });

    public Task<StepOutcome> RestartAsync(ProviderCall call, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var setup = HttpSetup.Read(call.Settings);
        if (setup.ReloadPath is null)
        {
            return StepOutcome.AlreadyDone(("reloaded", "nothing: no reloadPath is set"));
        }

        using var token = await call.Settings.SecretAsync(HttpDescriptor.Token, cancellationToken);
        foreach (var instance in setup.Instances)
        {
            var answer = await _client.SendAsync(
                HttpMethod.Post,
                HttpSetup.Address(instance, setup.ReloadPath),
                token?.RevealText(),
                setup.Timeout,
                call.Time,
                cancellationToken);
            if (answer.Problem is { } problem)
            {
                return problem;
            }
        }

        return StepOutcome.Done(("instances reloaded", Count(setup)));
    });

    public Task<StepOutcome> CheckAsync(ProviderCall call, ExpectedFingerprints expected, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var setup = HttpSetup.Read(call.Settings);
            using var token = await call.Settings.SecretAsync(HttpDescriptor.Token, cancellationToken);
            foreach (var instance in setup.Instances)
            {
                if (setup.HealthPath is { } health
                    && await _client.SendAsync(
                        HttpMethod.Get,
                        HttpSetup.Address(instance, health),
                        token?.RevealText(),
                        setup.Timeout,
                        call.Time,
                        cancellationToken) is { Problem: { } ill })
                {
                    return ill;
                }

                if (setup.FingerprintPath is { } path)
                {
                    var answer = await _client.SendAsync(
                        HttpMethod.Get,
                        HttpSetup.Address(instance, path),
                        token?.RevealText(),
                        setup.Timeout,
                        call.Time,
                        cancellationToken);
                    if (answer.Problem is { } problem)
                    {
                        return problem;
                    }

                    if (ReportedFingerprints.Read(answer.Body).Mismatch(expected) is { } mismatch)
                    {
                        return StepOutcome.RetryLater($"{instance} {mismatch}.");
                    }
                }
            }

            return StepOutcome.Done(
                ("instances", Count(setup)),
                ("healthy", setup.HealthPath is null ? "not asked" : "all"),
                ("fingerprint", setup.FingerprintPath is null ? "not asked" : expected.Primary));
        });

    public void Dispose() => _client.Dispose();

    private static string Count(HttpSetup setup) => setup.Instances.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<StepOutcome> GuardAsync(Func<Task<StepOutcome>> work)
    {
        try
        {
            return await work();
        }
        catch (OutcomeException failure)
        {
            return failure.Outcome;
        }
        catch (FormatException)
        {
            return StepOutcome.Rejected(
                "'token' has characters that cannot be sent in a header (a line break?), or 'timeout' is no duration such as 10s.");
        }
    }
}
