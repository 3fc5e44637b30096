using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Rotunda.Activities.Orphans;
using Rotunda.Api.Head;
using Rotunda.Api.Page;
using Rotunda.Campaigns.Run;
using Rotunda.Leaks.Run;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;

namespace Rotunda.Functions.Tests;

/// <summary>Every step kind has its activity, every orchestration its trigger, every timer its setting; and nothing is anonymous
/// but health.</summary>
public sealed class WiringTests
{
    private static readonly IReadOnlyList<(string Name, MethodInfo Method)> All =
    [
        .. from type in typeof(StepFunctions).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
           where method.GetCustomAttribute<FunctionAttribute>() is not null
           select (method.GetCustomAttribute<FunctionAttribute>()!.Name, method),
    ];

    [Fact]
    public void Every_activity_has_its_function() =>
        Assert.Equal(
            StepKinds.Activities.Append(NoticeNames.Activity).Append(CampaignNames.Activity).Append(OrphanOrchestration.Activity)
                .Append(LeakNames.Activity).Append(LeakNames.AlertActivity)
                .Order(StringComparer.Ordinal),
            NamesWith<ActivityTriggerAttribute>());

    [Fact]
    public void Every_orchestration_has_its_trigger() =>
        Assert.Equal(
            RotationOrchestrations.AddTo(new TaskRegistry()).Orchestrations.Keys.Append(CampaignNames.Orchestration)
                .Append(OrphanOrchestration.Name).Append(LeakNames.Orchestration).Append(LeakNames.AlertOrchestration)
                .Order(StringComparer.Ordinal),
            NamesWith<OrchestrationTriggerAttribute>());

    [Fact]
    public void Every_timer_takes_its_schedule_from_a_setting()
    {
        var schedules = All.SelectMany(f => f.Method.GetParameters())
            .Select(p => p.GetCustomAttribute<TimerTriggerAttribute>())
            .OfType<TimerTriggerAttribute>()
            .Select(t => t.Schedule);

        Assert.Equal(
            new[]
            {
                HeadSettings.NoticeSchedule,
                HeadSettings.ReportSchedule,
                HeadSettings.SweepSchedule,
                HeadSettings.WatchdogSchedule,
            }.Select(name => $"%{name}%"),
            schedules.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Http_without_a_function_key_is_health_and_what_the_surface_checks_itself()
    {
        var http = All.SelectMany(f => f.Method.GetParameters()
            .Select(p => (f.Name, Trigger: p.GetCustomAttribute<HttpTriggerAttribute>())))
            .Where(f => f.Trigger is not null)
            .Select(f => $"{f.Name} {f.Trigger!.AuthLevel} {f.Trigger.Route}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "Api Anonymous api/{*path}", "Health Anonymous healthz", "Home Anonymous /", "MachineApi Function machine/api/{*path}",
                "MachineMetrics Function machine/metrics", "MachineSecretsHealth Function machine/health/secrets",
                "Metrics Anonymous metrics",
                $"Page Anonymous {{part:regex({PageRoutes.FirstPart})}}/{{*path}}", "Ready Anonymous readyz",
                "SecretsHealth Anonymous health/secrets",
            ],
            http);
    }

    [Fact]
    public async Task The_generated_metadata_has_every_function()
    {
        var provider = typeof(StepFunctions).Assembly.GetTypes().Single(t => t.Name == "GeneratedFunctionMetadataProvider");
        var generated = (Microsoft.Azure.Functions.Worker.Core.FunctionMetadata.IFunctionMetadataProvider)Activator.CreateInstance(
            provider,
            nonPublic: true)!;

        var names = (await generated.GetFunctionMetadataAsync("")).Select(f => f.Name!);

        Assert.Equal(All.Select(f => f.Name).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// How long what a dead instance had taken stays hidden. Durable Task looks every 5 seconds whether a running step is to be renewed,
    /// so much less would run steps twice; much more would let rotations stand still for minutes.
    /// </summary>
    [Theory]
    [InlineData("controlQueueVisibilityTimeout")]
    [InlineData("workItemQueueVisibilityTimeout")]
    public void What_a_dead_instance_had_taken_is_taken_up_within_a_minute(string setting)
    {
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "host.json")))!;
        var timeout = TimeSpan.Parse((string)host["extensions"]!["durableTask"]!["storageProvider"]![setting]!);

        Assert.InRange(timeout, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
    }

    /// <summary>What a zip brings along: on its plan nothing can be installed.</summary>
    [Fact]
    public void The_output_has_the_native_library_that_seals_github_secrets()
    {
        var natives =
            Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes"), "libsodium.so", SearchOption.AllDirectories);

        Assert.Contains(natives, path => path.Contains(Path.Combine("linux-x64", "native"), StringComparison.Ordinal));
    }

    private static IEnumerable<string> NamesWith<TTrigger>()
        where TTrigger : Attribute => All
            .Where(f => f.Method.GetParameters().Any(p => p.GetCustomAttribute<TTrigger>() is not null))
            .Select(f => f.Name)
            .Order(StringComparer.Ordinal);
}
