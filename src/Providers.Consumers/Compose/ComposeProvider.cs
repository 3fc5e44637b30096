using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Compose;

internal sealed class ComposeProvider : IProvider, IRestartConsumers, ICheckConsumers, IValidateSetup
{
    /// <summary>Containers are dated to the second: in the first one, nothing can be told apart.</summary>
    private static readonly TimeSpan JustBegun = TimeSpan.FromSeconds(1);

    public ProviderDescriptor Descriptor => ComposeDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var setup = ComposeSetup.Read(call.Settings);
        var version = await ComposeClient.VersionAsync(setup, call.Time, cancellationToken);
        var known = await ComposeClient.ServicesAsync(setup, call.Time, cancellationToken);
        if (setup.Services.FirstOrDefault(service => !known.Contains(service, StringComparer.Ordinal)) is { } missing)
        {
            return StepOutcome.Rejected(
                $"The project in {setup.Folder} has no service '{missing}'. Correct 'services'; it has: "
                    + $"{string.Join(", ", known)}.");
        }

        // Reaches the daemon, and finds what the check could not judge.
        var containers = await ComposeClient.ContainersAsync(setup, call.Time, cancellationToken);
        if (setup.NeedsHealth && containers.FirstOrDefault(c => c is { State: "running", Health: "" }) is { } blind)
        {
            return StepOutcome.Rejected(
                $"The container {blind.Name} has no healthcheck. Give its service one, or set withoutHealth: running.");
        }

        var down = setup.Services.Select(service => WhyDown(service, containers, setup.NeedsHealth)).OfType<string>().ToList();
        return down.Count == 0
            ? StepOutcome.Done(("docker compose", version), ("services", string.Join(", ", setup.Services)))
            : ConsumerDown.Of(down);
    });

    public Task<StepOutcome> RestartAsync(ProviderCall call, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var setup = ComposeSetup.Read(call.Settings);
        var (made, standing) = (new List<string>(), await MadeAnewAsync(setup, call, cancellationToken));
        foreach (var service in setup.Services.Where(service => !standing.Contains(service)))
        {
            try
            {
                await ComposeClient.RecreateAsync(setup, service, call.Time, cancellationToken);
                made.Add(service);
            }
            catch (OutcomeException failure) when (made.Count + standing.Count > 0)
            {
                throw new OutcomeException(
                    failure.Outcome with { Reason = $"{failure.Outcome.Reason} Made anew before it: {Names([.. standing, .. made])}." });
            }
        }

        return StepOutcome.Done(
            ("made anew", made.Count == 0 ? null : Names(made)),
            ("made anew before", standing.Count == 0 ? null : Names([.. standing])))
            with { Kind = made.Count == 0 ? StepOutcomeKind.AlreadyDone : StepOutcomeKind.Done };
    });

    public Task<StepOutcome> CheckAsync(ProviderCall call, ExpectedFingerprints expected, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var setup = ComposeSetup.Read(call.Settings);
            var containers = await ComposeClient.ContainersAsync(setup, call.Time, cancellationToken);
            foreach (var service in setup.Services)
            {
                var own = containers.Where(container => container.Service == service).ToList();
                if (own.Count == 0)
                {
                    return StepOutcome.RetryLater($"The service '{service}' has no container.");
                }

                if (own.Select(container => WhyNotWell(container, setup.NeedsHealth)).FirstOrDefault(why => why is not null) is { } problem)
                {
                    return StepOutcome.RetryLater(problem);
                }
            }

            var states = containers.Select(one => $"{one.Name} {(one.Health.Length > 0 ? one.Health : one.State)}");
            return StepOutcome.Done(("containers", string.Join(", ", states)));
        });

    /// <summary>The services whose containers all run and were made since the step was begun first: an attempt before this one
    /// did that.</summary>
    private static async Task<IReadOnlySet<string>> MadeAnewAsync(
        ComposeSetup setup,
        ProviderCall call,
        CancellationToken cancellationToken)
    {
        // Before our own clock is compared with the daemon's: so an error makes a service anew once too often, never once too few.
        var ago = call.Time.GetUtcNow() - (call.Began ?? call.Time.GetUtcNow());
        if (ago < JustBegun)
        {
            return new HashSet<string>();
        }

        var since = await ComposeClient.ClockAsync(setup, call.Time, cancellationToken) - ago;
        var containers = await ComposeClient.ContainersAsync(setup, call.Time, cancellationToken);
        return containers.GroupBy(container => container.Service, StringComparer.Ordinal)
            .Where(service => setup.Services.Contains(service.Key, StringComparer.Ordinal)
                && service.All(container => container.State is "running" or "restarting" && container.CreatedAt >= since))
            .Select(service => service.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>One that is just starting is not down.</summary>
    private static string? WhyDown(string service, IReadOnlyList<ComposeContainer> containers, bool needsHealth)
    {
        var own = containers.Where(container => container.Service == service).ToList();
        return own.Count == 0
            ? $"The service '{service}' has no container."
            : own.Where(container => container is not { State: "running", Health: "starting" })
                .Select(container => WhyNotWell(container, needsHealth))
                .FirstOrDefault(why => why is not null);
    }

    private static string Names(IEnumerable<string> services) => string.Join(", ", services);

    private static string? WhyNotWell(ComposeContainer container, bool needsHealth) => container switch
    {
        { State: not "running" } =>
            $"The container {container.Name} is {container.State}{(container.ExitCode != 0 ? $" (code {container.ExitCode})" : "")}.",
        { Health: "healthy" } => null,
        { Health: "" } when !needsHealth => null,
        { Health: "" } => $"The container {container.Name} has no healthcheck.",
        _ => $"The container {container.Name} is {container.Health}.",
    };

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
    }
}
