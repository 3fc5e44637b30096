using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

/// <summary>A real pooler before a real server, whose accounts get each value before it is delivered, as in a rotation.</summary>
internal sealed class PgBouncerEnvironment : ProviderEnvironment
{
    private readonly PgBouncerServer _pooler;
    private readonly string _mode;
    private readonly JsonObject _more;

    private PgBouncerEnvironment(PostgresCluster cluster, PgBouncerServer pooler, string mode, JsonObject more)
    {
        (_pooler, _mode, _more) = (pooler, mode, more);
        Provider = new ServerFirst(cluster);
    }

    public static async Task<PgBouncerEnvironment> StartAsync(
        PostgresCluster cluster,
        string mode,
        string users = "",
        JsonObject? more = null) =>
        new(
            cluster,
            mode == "userlist"
                ? await PgBouncerServer.StartAsync(cluster, users)
                : await PgBouncerServer.StartAsync(
                    cluster,
                    $"\"pooler\" \"{PgBouncerFixture.LookupPassword}\"\n",
                    PgBouncerOptions.AskingTheServer),
            mode,
            more ?? []);

    public override IProvider Provider { get; }

    public PgBouncerServer Pooler => _pooler;

    public override JsonObject Settings => With([]);

    public override IReadOnlyDictionary<string, string> References =>
        new Dictionary<string, string> { ["env:ADMIN"] = _pooler.AdminPassword, ["env:WRONG"] = "a-wrong-console-password" };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a pooler that is not there", With(new() { ["poolers"] = new JsonArray("127.0.0.1:1") })),
        ("a console that refuses", With(new() { ["adminPassword"] = "env:WRONG", ["reconnect"] = true })),
        ("TLS that the pooler does not have", With(new() { ["sslMode"] = "require", ["reconnect"] = true })),
        ("an address that is none", With(new() { ["poolers"] = new JsonArray("127.0.0.1") })),
        ("a reference to nothing", With(new() { ["adminPassword"] = "env:MISSING", ["reconnect"] = true })),
    ];

    public override Task<string?> KeptAsync() => Task.FromResult<string?>(KeptOnFile.Of(_pooler.UserList));

    public override Task<string> StateAsync() => File.ReadAllTextAsync(_pooler.UserList);

    public JsonObject With(JsonObject changes)
    {
        var settings = new JsonObject
        {
            ["mode"] = _mode,
            ["path"] = _pooler.UserList,
            ["users"] = new JsonArray("app_a", "app_b"),
            ["poolers"] = new JsonArray(_pooler.Address),
            ["adminUser"] = _pooler.AdminUser,
            ["adminPassword"] = "env:ADMIN",
            ["database"] = "postgres",
        };
        foreach (var (name, value) in _more.Concat(changes))
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    public override async ValueTask DisposeAsync()
    {
        await _pooler.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Sets each value at the server before it is delivered, with the verifier of the provider for PostgreSQL.</summary>
    private sealed class ServerFirst(PostgresCluster cluster) : IProvider, IDeliverValues, IConfirmSync, IValidateSetup
    {
        private readonly PgBouncerProvider _inner = new();

        public ProviderDescriptor Descriptor => _inner.Descriptor;

        public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) =>
            _inner.CaptureAsync(call, cancellationToken);

        public async Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken)
        {
            foreach (var credential in new[] { values.Primary, values.Secondary }.OfType<DeliveredCredential>()
                .Where(c => c.Username is "app_a" or "app_b"))
            {
                await cluster.ExecuteAsync(
                    PostgresStatements.OpenWithPassword(
                        credential.Username!,
                        ScramVerifier.Of(credential.Value, credential.Username!, values.Salt)));
            }

            return await _inner.DeliverAsync(call, values, cancellationToken);
        }

        public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
            _inner.RestoreAsync(call, captured, cancellationToken);

        public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
            _inner.ConfirmAsync(call, expected, cancellationToken);

        public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
            _inner.ValidateAsync(call, cancellationToken);
    }
}
