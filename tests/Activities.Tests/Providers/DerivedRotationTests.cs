using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities.InForce;
using Rotunda.Activities.Steps;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>A rotation of two database accounts whose targets get derived values, with everything real: catalog, planner, steps, ledger,
/// store, files, PostgreSQL and its clients.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class DerivedRotationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string OldPassword = "o/l:d@%'w+#";
    private static readonly string[] Waiting = [StepKinds.Approval, StepKinds.Grace, StepKinds.Evidence, StepKinds.Hold];
    private readonly TempFolder _folder = new();
    private ServiceProvider _services = null!;
    private RotationPlan _plan = null!;
    private string _a = "";
    private string _b = "";

    public async ValueTask InitializeAsync()
    {
        (_a, _b) = (postgres.NewName("derived_a"), postgres.NewName("derived_b"));
        var escaped = OldPassword.Replace("'", "''", StringComparison.Ordinal);
        await postgres.Cluster.ExecuteAsync($"CREATE ROLE {_a} LOGIN PASSWORD '{escaped}'; CREATE ROLE {_b} NOLOGIN");
        await File.WriteAllTextAsync(_folder.File("values.yaml"),
            $"# shop\ndb:\n  url: '{Address(_a, OldPassword)}' # derived\n  pool: 5\n");
        await File.WriteAllTextAsync(_folder.File("app.env"), $"MODE=prod\nDATABASE_URL='{Address(_a, OldPassword)}'\n");
        await File.WriteAllTextAsync(_folder.File("header"), Header(_a, OldPassword));
        _services = new ServiceCollection().AddLogging().AddSingleton(
            TimeProvider.System).AddSingleton(new CrashPoints()).AddSingleton<ICatalogInForce>(new InForceCatalog())
            .AddRotundaProviders()
            .AddRotundaActivities(new ActivitiesOptions
            {
                DataDirectory = _folder.Path, CatalogFolder = _folder.Path, Environment = name => name == "DB"
                    ? postgres.Cluster.AdminConnectionString
                    : null,
            }).BuildServiceProvider();
        await PlanAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task All_forms_change_with_the_secret_and_go_back_with_it()
    {
        var before = State();
        Assert.Equal([_a, _a, _a], await LoginsAsync());
        var done = _plan.Steps.TakeWhile(step => step.Kind != StepKinds.Promote).Where(step => !Waiting.Contains(step.Kind)).ToList();
        foreach (var step in done)
        {
            await ThroughAsync(step);
        }

        Assert.Equal([_b, _b, _b], await LoginsAsync());
        Assert.Contains("# shop", State(), StringComparison.Ordinal);
        Assert.Contains(" # derived\n  pool: 5\n", State(), StringComparison.Ordinal);
        Assert.DoesNotContain(OldPassword, _plan.ToString(), StringComparison.Ordinal);

        foreach (var (step, undo) in Enumerable.Reverse(done).SelectMany(step => step.Undo.Select(undo => (step, undo))))
        {
            await ThroughAsync(step, undo);
            // Once more, as after a crash.
            await ThroughAsync(step, undo);
        }

        Assert.Equal(before, State());
        Assert.Equal([_a, _a, _a], await LoginsAsync());
    }

    private string State() =>
        string.Concat(new[] { "values.yaml", "app.env", "header" }.Select(file => File.ReadAllText(_folder.File(file))));

    private string Address(string user, string password) =>
        $"postgresql://{user}:{Uri.EscapeDataString(password)}@{postgres.Cluster.Host}:{postgres.Cluster.Port}/postgres";

    private static string Header(string user, string password) =>
        $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";

    /// <summary>Who logs in by what each target holds.</summary>
    private async Task<IReadOnlyList<string?>> LoginsAsync()
    {
        const string ask = "psql -wAtc 'SELECT current_user' \"$1\"";
        var fromEnv = await Commands.OutputAsync("bash", "-c", $"set -a; . {_folder.File("app.env")}; set -- \"$DATABASE_URL\"; {ask}");
        var url = await Commands.OutputAsync(
            "/usr/bin/python3", "-c", "import sys, yaml; print(yaml.safe_load(open(sys.argv[1]))['db']['url'], end='')", _folder.File(
                "values.yaml"));
        var fromYaml = await Commands.OutputAsync("bash", "-c", ask, "psql", url!);
        var header = (await File.ReadAllTextAsync(_folder.File("header"))).Split("Basic ")[1];
        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header)).Split(':', 2);
        var fromHeader = await Commands.OutputAsync("bash", "-c", ask, "psql", Address(pair[0], pair[1]));
        return [fromEnv?.Trim(), fromYaml?.Trim(), fromHeader?.Trim()];
    }

    private async Task PlanAsync()
    {
        var yaml = $$"""
            version: 1
            secrets:
              shop-db:
                provider: { type: postgres, connection: env:DB, accounts: [{{_a}}, {{_b}}] }
                strategy: alternate
                value: { alphabet: "abcdefghijklmnopqrstuvwxyz0123456789@/:%#?&=+'", length: 60 }
                derived:
                  database-url: "postgresql://{username}:{password:uri}@{{postgres.Cluster.Host}}:{{postgres.Cluster.Port}}/postgres"
                  login: "{username}:{password}"
                  authorization: "Basic {derived.login:base64}"
                targets:
                  env: { type: dotenv, path: ./app.env, keys: { DATABASE_URL: "{derived.database-url}" } }
                  values: { type: config-file, path: ./values.yaml, keys: { db.url: "{derived.database-url}" } }
                  header: { type: file, path: ./header, template: "Authorization: {derived.authorization}" }
            """;
        var descriptors = _services.GetRequiredService<ProviderRegistry>().Descriptors;
        var read = CatalogReader.Read(yaml, "catalog.yaml", _folder.Path, descriptors);
        Assert.Empty(read.Problems);
        var (ledger, store) = (_services.GetRequiredService<ILedger>(), _services.GetRequiredService<EmbeddedStore>());
        using var value = SecretValue.FromText(OldPassword);
        var stored = await store.PutPendingAsync("shop-db", "adopted", value, default);
        await store.PromoteAsync(stored, default);
        await ledger.AdoptAsync(
            new AdoptSecret("shop-db", "tester", new AdoptedCredential(_a, _a, Fingerprint.Of(value, "salt"), stored, "salt")), default);
        _plan = RotationPlanner.Plan(
            read.Catalog!.Policies["shop-db"],
            (await ledger.GetSnapshotAsync("shop-db", default))!,
            new PlanRequest(RotationTrigger.Manual, "a test", "tester", TimeProvider.System.GetUtcNow()),
            descriptors,
            read.Catalog.Hash);
        Assert.Equal(StartKind.Started, (await ledger.TryStartAsync(_plan, null, false, default)).Kind);
    }

    /// <summary>As the interpreter does: again while it says Continue, from where it says.</summary>
    private async Task ThroughAsync(PlannedStep step, PlannedUndo? undo = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await _services.GetRequiredService<StepActivity>()
                .RunAsync(undo?.Kind ?? step.Kind, Plans.Input(_plan, step, attempt, undo), default);
            if (outcome.Kind != StepOutcomeKind.Continue)
            {
                Assert.True(outcome.Succeeded, $"{undo?.Id ?? step.Id}: {outcome.Kind}: {outcome.Reason}");
                return;
            }
        }
    }
}
