using System.Globalization;
using Rotunda.Orchestration;
using Rotunda.Rotation.Words;
using Rotunda.Interpreter;

namespace Rotunda.Functions.Tests.Storage;

public sealed class KillOverlapTests(ITestOutputHelper output) : KillCases(Strategy.Overlap, output);

public sealed class KillAlternateTests(ITestOutputHelper output) : KillCases(Strategy.Alternate, output);

public sealed class KillInPlaceTests(ITestOutputHelper output) : KillCases(Strategy.InPlace, output);

public sealed class KillDualKeyTests(ITestOutputHelper output) : KillCases(Strategy.DualKey, output);

public sealed class KillReEncryptTests(ITestOutputHelper output) : KillCases(Strategy.ReEncrypt, output);

/// <summary>
/// Rotations in a host that dies at a random request, again and again, and is started again over the same hub. Every rotation ends
/// right: one live credential, none orphaned, and no promise broken on the way.
/// </summary>
/// <remarks>ROTUNDA_KILL_SEED plays a seed again as far as it goes: the order of requests is the machine's.</remarks>
public abstract class KillCases(Strategy strategy, ITestOutputHelper output)
{
    private const int Rotations = 2;
    private const int KillsEach = 4;

    /// <summary>A rotation takes a few hundred.</summary>
    private const int FarthestRequest = 120;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Every_rotation_ends_right_wherever_its_host_dies()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var given = Environment.GetEnvironmentVariable("ROTUNDA_KILL_SEED");
        var seed = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"{strategy}: seed {seed}");
        var random = new Random(seed);
        var scene = new KillScene(strategy);
        await using var hosts = new KillHosts(scene);
        for (var number = 1; number <= Rotations; number++)
        {
            var plan = scene.Begin(number);
            var (state, kills) = await RunAsync(hosts, random, new RotationInput(plan), limit.Token);
            output.WriteLine($"{strategy}: rotation {number} ended {state.Status} after {kills} kills: {scene.World}");
            scene.Check(plan, state);
        }
    }

    private static async Task<(OrchestrationState State, int Kills)> RunAsync(
        KillHosts hosts, Random random, RotationInput input, CancellationToken cancellationToken)
    {
        for (var kills = 0; ; kills++)
        {
            var host = await hosts.StartAsync();
            if (kills < KillsEach)
            {
                host.Wire.CutAt(random.Next(1, FarthestRequest), losesReply: random.Next(2) == 0);
            }

            var end = SeeThroughAsync(host.Client, input, cancellationToken);
            if (await Task.WhenAny(end, host.Wire.WhenCut.WaitAsync(cancellationToken)) == end && !host.Wire.IsCut)
            {
                return (await end, kills);
            }

            cancellationToken.ThrowIfCancellationRequested();
            _ = end.ContinueWith(dead => dead.Exception, TaskScheduler.Default);
        }
    }

    /// <summary>Who asks again after a crash finds the rotation there, or starts it.</summary>
    private static async Task<OrchestrationState> SeeThroughAsync(
        DurableClient client, RotationInput input, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewAsync(RotationNames.Orchestration, input, new StartOptions(input.Plan.RotationId), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It was started before the host died.
        }

        return await client.WaitForCompletionAsync(input.Plan.RotationId, cancellationToken);
    }
}
