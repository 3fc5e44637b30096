using System.Globalization;

namespace Rotunda.Engine.Tests.Generated;

/// <summary>
/// Random orchestrations, run once undisturbed and once dying around its commits: both must return what the plan says,
/// call the same operations and run the same activities under the same number of idempotency keys (one).
/// More seeds: ROTUNDA_ENGINE_SEEDS=500. One seed again: ROTUNDA_ENGINE_SEEDS=1 ROTUNDA_ENGINE_FIRST_SEED=1234.
/// </summary>
public sealed class GeneratedTests
{
    private static readonly int Seeds = Number("ROTUNDA_ENGINE_SEEDS", 40);
    private static readonly int First = Number("ROTUNDA_ENGINE_FIRST_SEED", 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Crashes_change_neither_results_nor_calls()
    {
        var commits = 0;
        for (var seed = First; seed < First + Seeds; seed++)
        {
            try
            {
                commits += await CheckAsync(seed);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    $"Seed {seed} (run it alone: ROTUNDA_ENGINE_SEEDS=1 ROTUNDA_ENGINE_FIRST_SEED={seed}): {exception.Message}",
                    exception);
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{Seeds} generated orchestrations, {commits} commits");
        Assert.True(commits > Seeds * 3, $"{commits} commits for {Seeds} plans: the plans have become too small to prove anything.");
    }

    private static async Task<int> CheckAsync(int seed)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        // A run that hangs is a failure of its seed, not of the whole test run.
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        var plan = Plan.Generate(seed);
        var calm = await RunAsync(plan, seed, cacheSize: 100, crashes: false, limit.Token);
        var rough = await RunAsync(plan, seed, cacheSize: seed % 2 == 0 ? 100 : 0, crashes: true, limit.Token);

        Assert.Equal(
            plan.Instances().Select(p => $"{p.InstanceId} = Completed \"{p.Expected()}\"").ToList(),
            calm.Outputs.Select(Unescape).ToList());
        Assert.Equal(calm.Outputs, rough.Outputs);
        Assert.Equal(calm.Called, rough.Called);
        Assert.Equal(
            plan.Instances()
                .SelectMany(p => p.Steps())
                .OfType<Call>()
                .Select(c => $"{c.Label} under 1")
                .Order(StringComparer.Ordinal)
                .ToList(),
            calm.Ran);
        Assert.Equal(calm.Ran, rough.Ran);
        return rough.Commits;
    }

    private static string Unescape(string json) =>
        json.Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal);

    private static async Task<PlanOutcome> RunAsync(Plan plan, int seed, int cacheSize, bool crashes, CancellationToken cancellationToken)
    {
        await using var run = new PlanRun(plan, seed, cacheSize, crashes);
        return await run.ToEndAsync(cancellationToken);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
