using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Activities.Clocks;
using Rotunda.Activities.InForce;
using Rotunda.Activities.Leases;
using Rotunda.Activities.Notices;
using Rotunda.Activities.Steps;
using Rotunda.Activities.Tests.Steps;
using Rotunda.Files;
using Rotunda.Interpreter;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Leases;

/// <summary>
/// A head without its web: the real ledger, store, steps, plans, interpreter, schedule and sweep, on a clock that goes where the next thing
/// is due. It can be killed at any call, and starts again.
/// </summary>
internal sealed class LeaseRig : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    private readonly TempFolder _folder = new();
    private readonly IReadOnlyList<Func<IProvider>> _providers;
    private readonly Func<string, string?> _environment;
    private ServiceProvider _services;
    private SimulatedOrchestrator? _running;

    public LeaseRig(Policy policy, Func<string, string?>? environment = null, params IReadOnlyList<Func<IProvider>> providers)
    {
        (Policy, _providers, _environment) = (policy, providers, environment ?? (_ => null));
        InForce.Catalog = new(new Dictionary<string, Policy> { [policy.Name] = policy }, "hash", _folder.Path);
        _services = Start();
    }

    public Policy Policy { get; }

    public ManualTimeProvider Time { get; } = new();

    public DateTimeOffset Now => Time.GetUtcNow();

    public FakeWorld World { get; } = new();

    public InForceCatalog InForce { get; } = new();

    public CrashPoints Crashes { get; } = new();

    public ILedger Ledger => _services.GetRequiredService<ILedger>();

    public LeaseSweep Sweep => _services.GetRequiredService<LeaseSweep>();

    public int Restarts { get; private set; }

    /// <summary>How the rotations ended, in order.</summary>
    public List<(string Id, RotationState State, string? Reason)> Ended { get; } = [];

    public List<RotationPlan> Plans { get; } = [];

    public bool IsRotating => _running is { HasEnded: false };

    public string FolderPath => _folder.Path;

    /// <summary>Called after each thing that happened.</summary>
    public Action After { get; set; } = () => { };

    public Task AdoptAsync() => Ledger.AdoptAsync(new AdoptSecret(Policy.Name, "tester", null), default);

    /// <summary>Starts a rotation, by the schedule or not.</summary>
    public async Task RotateAsync(RotationTrigger trigger = RotationTrigger.Manual, string reason = "a test", string? key = null)
    {
        var snapshot = (await Ledger.GetSnapshotAsync(Policy.Name, default))!;
        var descriptors = _services.GetServices<IProvider>().ToDictionary(p => p.Descriptor.Id, p => p.Descriptor, StringComparer.Ordinal);
        var request = new PlanRequest(trigger, reason, "tester", Now, trigger == RotationTrigger.Emergency ? "INC-1" : null);
        var plan = RotationPlanner.Plan(Policy, snapshot, request, descriptors, "hash");
        if ((await Ledger.TryStartAsync(plan, key, supersede: false, default)).Kind == StartKind.Started)
        {
            Plans.Add(plan);
            _running = new SimulatedOrchestrator(
                RotationRig.Registered, plan.RotationId, new RotationInput(plan), RotationRig.Serializer, Call,
                new SimulationOptions { Start = Now, ReplayEvery = int.MaxValue, MaxSteps = 1_000_000 });
        }
    }

    /// <summary>Does whatever is due until then.</summary>
    public async Task RunUntilAsync(DateTimeOffset end, Func<DateTimeOffset?>? alsoAt = null)
    {
        while (Now < end)
        {
            await TickAsync();
            var next = await NextAsync();
            next = alsoAt?.Invoke() is { } other && other < next ? other : next;
            Go(next < end ? next : end);
        }
    }

    public Task RunForAsync(TimeSpan time) => RunUntilAsync(Now + time);

    /// <summary>One round of a head's jobs.</summary>
    public async Task TickAsync()
    {
        await SurviveAsync(async () => await _services.GetRequiredService<ClockWatch>().LookAsync(default));
        await SurviveAsync(async () => await Sweep.RunAsync(default));
        After();
        if (!IsRotating && await DecideAsync() is { Rotate: true } decision)
        {
            await SurviveAsync(() => RotateAsync(RotationTrigger.Schedule, decision.Message, decision.StartKey));
        }
    }

    public async Task<RotationDecision> DecideAsync() =>
        RotationSchedule.Decide(Policy, Of((await Ledger.GetSecretAsync(Policy.Name, default))!), Now);

    public async Task<SecretSchedule> ScheduleAsync() => Of((await Ledger.GetSecretAsync(Policy.Name, default))!);

    public async Task<IReadOnlyList<string>> ActionsAsync() =>
        [.. (await Ledger.ReadAuditAsync(new AuditFilter(Limit: 1_000_000), default)).Select(row => row.Action)];

    public void Restart()
    {
        Restarts++;
        _services.Dispose();
        _services = Start();
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    /// <summary>As the API makes it of the ledger's row.</summary>
    private static SecretSchedule Of(SecretRecord secret) => new(
        secret.AdoptedAt, secret.LastRotatedAt, secret.ActiveRotationId, null, secret.LastFailedAt, secret.FailuresInARow,
        secret.DueAgainAt)
    {
        EndsAt = secret.EndsAt, EndsFrom = secret.EndsFrom, Lease = secret.Lease,
    };

    /// <summary>While a rotation moves, every five minutes; or when a lease is to be renewed, or the schedule has to look.</summary>
    private async Task<DateTimeOffset> NextAsync()
    {
        var step = IsRotating ? TimeSpan.FromMinutes(5) : Idle;
        var next = Now + step;
        foreach (var lease in (await Ledger.GetSnapshotAsync(Policy.Name, default))!.Credentials)
        {
            var at = lease.State == CredentialState.Orphan ? lease.ExpiresAt
                : Policy.Strategy != Strategy.Leased || lease.ProviderCredentialId is null || lease.State == CredentialState.Revoking ? null
                : LeaseCourse.NextAt(lease);
            next = at < next ? at.Value : next;
        }

        if (!IsRotating && await DecideAsync() is { DueAt: { } due } decision)
        {
            next = due > Now && due < next ? due : decision.NextAt is { } later && later > Now && later < next ? later : next;
        }

        // A head looks every so often, and not in between.
        var soonest = Now + TimeSpan.FromSeconds(15);
        return next > soonest ? next : soonest;
    }

    private void Go(DateTimeOffset to)
    {
        if (_running is { } running)
        {
            running.RunUntil(to);
            if (running.HasEnded)
            {
                var result = (RotationResult)running.Output!;
                Ended.Add((Plans[^1].RotationId, result.State, result.Reason));
                _running = null;
            }
        }

        if (to > Now)
        {
            Time.Advance(to - Now);
        }

        After();
    }

    /// <summary>An activity, as the engine runs it: the same once more after the process has died in it.</summary>
    private StepOutcome? Call(SimulatedCall call)
    {
        if (call.At > Now)
        {
            Time.Advance(call.At - Now);
        }

        while (true)
        {
            try
            {
                var runner = _services.GetRequiredService<StepActivity>();
                // Beside the test's own context, which this thread keeps waiting.
                return Task.Run(() => call.Name == StepKinds.Record
                    ? runner.RecordAsync(call.Input<RecordInput>(), default)
                    : runner.RunAsync(call.Name, call.Input<StepInput>(), default)).GetAwaiter().GetResult();
            }
            catch (SimulatedCrashException)
            {
                Restart();
            }
            finally
            {
                After();
            }
        }
    }

    private async Task SurviveAsync(Func<Task> job)
    {
        try
        {
            await job();
        }
        catch (SimulatedCrashException)
        {
            Restart();
        }
    }

    private ServiceProvider Start()
    {
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(Crashes)
            .AddSingleton<ICatalogInForce>(InForce)
            .AddSingleton<IAnswerLinks, NoAnswerLinks>()
            .AddSingleton<ISystemSynchronisation>(new FakeSystemClock())
            .AddSingleton<IProvider>(new FakeTarget(World))
            .AddSingleton<IProvider>(new DotEnvProvider());
        foreach (var provider in _providers)
        {
            services.AddSingleton(_ => provider());
        }

        return services
            .AddRotundaActivities(new ActivitiesOptions
            {
                DataDirectory = _folder.Path, CatalogFolder = _folder.Path, Environment = _environment,
            })
            .RemoveAll<IOutsideClock>()
            .BuildServiceProvider();
    }
}
