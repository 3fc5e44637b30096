using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Activities.Clocks;
using Rotunda.Activities.Drift;
using Rotunda.Activities.Leases;
using Rotunda.Activities.Listing;
using Rotunda.Activities.Notices;
using Rotunda.Activities.Orphans;
using Rotunda.Activities.Steps;
using Rotunda.Activities.Supplied;
using Rotunda.Activities.Steps.Data;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Orchestration;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Stores;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities;

/// <summary>Wires the activities into a head. The providers register themselves beside it, and the head gives the catalog in force
/// (<see cref="InForce.ICatalogInForce"/>).</summary>
public static class ActivitiesRegistration
{
    public static IServiceCollection AddRotundaActivities(this IServiceCollection services, ActivitiesOptions options)
    {
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CrashPoints>();
        services.AddSingleton(options);
        services.AddLedger(options);
        services.AddHeadStores(options.HeadStores);
        services.TryAddSingleton<StoreRegistry>();
        services.TryAddSingleton<ProviderRegistry>();
        services.TryAddSingleton<IReferenceResolver>(provider => new ReferenceResolver(
            provider.GetRequiredService<StoreRegistry>(),
            Path.GetFullPath(options.CatalogFolder ?? "."),
            options.Environment,
            provider.GetService<IReadKeyVault>(),
            options.DataDirectory));
        services.AddSingleton<OutsideCall>();
        services.AddSingleton<StepServices>();
        services.AddSingleton<Revoker>();
        services.AddSingleton<GivenValues>();
        services.AddSingleton<DeliveryValues>();
        services.AddSingleton<LostLeases>();
        services.AddSingleton<LeaseSweep>();
        services.AddSingleton<DriftGuard>();
        services.TryAddSingleton<ISystemSynchronisation, SystemSynchronisation>();
        services.AddSingleton<IOutsideClock, DatabaseClock>();
        services.AddSingleton<IOutsideClock, StoreClocks>();
        services.AddSingleton<ClockWatch>();
        services.AddSingleton<GraceLeft>();
        services.AddSingleton<UnplannedTargets>();
        services.AddSingleton<TargetsWithoutValue>();
        services.AddSingleton<ForwardGuard>();
        services.AddSingleton<WayBackHold>();
        services.AddSingleton<RevokeHold>();
        services.AddSingleton<DriftLook>();
        services.AddSingleton<ProviderList>();
        services.AddSingleton<OrphanLook>();
        services.AddSingleton<CurrentFinder>();
        services.AddSingleton<AbsentConsumers>();
        services.AddSingleton<ValueIntake>();
        services.AddSingleton<StepActivity>();
        services.AddSingleton<PersonalNotices>();
        services.AddSingleton<NoticeActivity>();
        services.AddSingleton<OrphanActivity>();
        return services.AddSteps();
    }

    /// <summary>Registers an activity for each of <see cref="StepKinds.Activities"/>, the one that sends notices, and what revokes
    /// orphans.</summary>
    public static TaskRegistry AddTo(TaskRegistry registry, IServiceProvider provider)
    {
        var runner = provider.GetRequiredService<StepActivity>();
        foreach (var kind in runner.Kinds)
        {
            registry.AddActivity<StepInput, StepOutcome>(
                kind,
                (_, input, cancellationToken) => runner.RunAsync(kind, input!, cancellationToken));
        }

        var notices = provider.GetRequiredService<NoticeActivity>();
        registry.AddActivity<NoticeAttempt, StepOutcome>(
            NoticeNames.Activity,
            (_, input, cancellationToken) => notices.RunAsync(input!, cancellationToken));
        var orphans = provider.GetRequiredService<OrphanActivity>();
        registry.AddOrchestration<OrphanSettling, StepOutcome>(OrphanOrchestration.Name, OrphanOrchestration.RunAsync)
            .AddActivity<OrphanSettling, StepOutcome>(
                OrphanOrchestration.Activity,
                (_, input, cancellationToken) => orphans.RunAsync(input!, cancellationToken));
        return registry.AddActivity<RecordInput, StepOutcome>(
            StepKinds.Record,
            (_, input, cancellationToken) => runner.RecordAsync(input!, cancellationToken));
    }

    /// <summary>The ledger, on PostgreSQL or on disk.</summary>
    private static void AddLedger(this IServiceCollection services, ActivitiesOptions options)
    {
        if (options.Ledger is { } postgres)
        {
            services.TryAddSingleton<ILedger>(provider => new PostgresLedger(
                postgres,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<CrashPoints>()));
        }
        else if (options.DataDirectory is { } folder)
        {
            services.TryAddSingleton<ILedger>(provider => new SqliteLedger(
                Path.Combine(folder, "ledger.db"),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<CrashPoints>()));
        }
    }

    private static IServiceCollection AddSteps(this IServiceCollection services) => services
        .AddSingleton<IStep, ValidateStep>()
        .AddSingleton<IStep, TakeOverStep>()
        .AddSingleton<IStep, GenerateStep>()
        .AddSingleton<IStep, IssueStep>()
        .AddSingleton<IStep, ApplyStep>()
        .AddSingleton<IStep, VerifyStep>()
        .AddSingleton<IStep, DeliverStep>()
        .AddSingleton<IStep, ConfirmSyncStep>()
        .AddSingleton<IStep, RestartConsumersStep>()
        .AddSingleton<IStep, VerifyConsumersStep>()
        .AddSingleton<IStep, PromoteStep>()
        .AddSingleton<IStep, EvidenceStep>()
        .AddSingleton<IStep, HoldStep>()
        .AddSingleton<IStep, RevokeStep>()
        .AddSingleton<IStep, AskStep>()
        .AddSingleton<IStep, ConfirmRevokedStep>()
        .AddSingleton<IStep, DisableStep>()
        .AddSingleton<IStep, EnableStep>()
        .AddSingleton<IStep, FinishStep>()
        .AddSingleton<IStep, DiscardPendingStep>()
        .AddSingleton<IStep, RevokeNewStep>()
        .AddSingleton<IStep, ReapplyOldStep>()
        .AddSingleton<IStep, RedeliverStep>()
        .AddSingleton<IStep, UnpromoteStep>()
        .AddSingleton<DataWork>()
        .AddSingleton<IStep, PreflightStep>()
        .AddSingleton<IStep, RehearseStep>()
        .AddSingleton<IStep, BackupStep>()
        .AddSingleton<IStep, MigrateStep>()
        .AddSingleton<IStep, VerifyRowsStep>()
        .AddSingleton<IStep, ScaleConsumersStep>()
        .AddSingleton<IStep, DropBackupStep>()
        .AddSingleton<IStep, RestoreRowsStep>();
}
