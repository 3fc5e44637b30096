using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Http;

internal sealed class HttpProvider : IProvider, IRestartConsumers, ICheckConsumers, IValidateSetup, IDisposable
{
    private const int CannotWork = 422;
    private readonly HttpConsumerClient _client = new();

    public ProviderDescriptor Descriptor => HttpDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var setup = HttpSetup.Read(call.Settings);
        using var token = await call.Settings.SecretAsync(HttpDescriptor.Token, cancellationToken);
        var down = new List<string>();
        foreach (var instance in setup.Instances)
        {
            var answer = await LookAsync(setup, instance, token?.RevealText(), call.Time, cancellationToken);
            if (answer.Problem is not { } problem)
            {
                continue;
            }

            // Words of the paths and the token can be put right here; an instance that is ill or away cannot.
            if (problem.Kind == StepOutcomeKind.Rejected && answer.Status != CannotWork)
            {
                return problem;
            }

            down.Add(
                answer.Status == CannotWork
                    ? $"{instance} says that it cannot work with the value that is in use (HTTP {CannotWork})."
                    : problem.Reason!);
        }

        return down.Count == 0 ? StepOutcome.Done(("instances", Count(setup))) : ConsumerDown.Of(down);
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

    /// <summary>Asks at the paths that are set; without one, whether anything answers. Nothing is posted.</summary>
    private async Task<HttpAnswer> LookAsync(
        HttpSetup setup,
        Uri instance,
        string? token,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var answer = new HttpAnswer(null);
        foreach (var path in new[] { setup.HealthPath, setup.FingerprintPath }.OfType<string>().DefaultIfEmpty(""))
        {
            var method = path.Length > 0 ? HttpMethod.Get : HttpMethod.Head;
            answer =
                await _client.SendAsync(method, HttpSetup.Address(instance, path), token, setup.Timeout, time, cancellationToken);
            if (answer.Problem is not null)
            {
                break;
            }
        }

        var isUp = setup is { HealthPath: null, FingerprintPath: null } && answer.Status > 0;
        return isUp ? answer with { Problem = null } : answer;
    }

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
                "'token' has characters that cannot be sent in a header (a line break?), or 'timeout' is no duration. Give a token of "
                    + "one line, and a time such as 10s.");
        }
    }
}
