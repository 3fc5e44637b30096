using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Upstash;

internal sealed class UpstashPasswordProvider(VendorAccess access) : KeyVendor(UpstashPasswordDescriptor.Instance, access)
{
    private const string Password = "password";
    private const string RestToken = "rest_token";
    private static readonly string[] Secrets = [Password, RestToken, "read_only_rest_token"];

    protected override VendorApi Api { get; } = new(
        "Upstash",
        UpstashPasswordDescriptor.Address,
        VendorAuth.Basic(UpstashPasswordDescriptor.Email, UpstashPasswordDescriptor.ApiKey),
        "error",
        "message")
    {
        Minted = VendorAuth.BearerOf(RestToken),
    };

    protected override void Check(VendorCall call) =>
        _ = (Database(call), call.Text(UpstashPasswordDescriptor.Email), Ping(call));

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        // What stands there until now tells whether what is read afterwards is new; and a reset whose values nobody sees is none.
        var before = (await ReadAsync(call)).Text(Password);
        var made = await call.PostAsync($"redis/reset-password/{call.Text(UpstashPasswordDescriptor.Database)}");
        var database = Shows(made) ? made : await call.GetAsync(Database(call));
        return !Shows(database) ? throw call.Failure(StepOutcome.Unknown(
                "Upstash has reset 'database', but shows nobody the password. Look there."))
            : database.Text(Password) == before ? throw call.Failure(StepOutcome.Unknown(
                "Upstash still shows the password of 'database' from before. Look there."))
            : new(database.Text("database_id"), ValueOf(call, database));
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get(Ping(call));

    protected override Task TryOwnAsync(VendorCall call) => ReadAsync(call);

    private static async Task<VendorReply> ReadAsync(VendorCall call)
    {
        var database = await call.GetAsync(Database(call));
        if (!Shows(database))
        {
            throw call.Rejected(
                $"Upstash shows no password of the database {call.Text(UpstashPasswordDescriptor.Database)} (Credential Protection, "
                    + "perhaps): a reset would end the values in use and show nobody the new ones. Take upstash-redis-user.");
        }

        ValueOf(call, database).Dispose();
        return database;
    }

    private static bool Shows(VendorReply database) =>
        database.Maybe(Password) is { Length: > 0 } password && !password.All(symbol => symbol == '*')
        && database.Maybe(RestToken) is { Length: > 0 } token && !token.All(symbol => symbol == '*');

    private static SecretValue ValueOf(VendorCall call, VendorReply database)
    {
        var value = new JsonObject();
        foreach (var name in Secrets.Where(database.Has))
        {
            using var part = database.Secret(name);
            value[name] = part.RevealText();
        }

        value["endpoint"] = database.Maybe("endpoint");
        value["port"] = database.Maybe("port");
        return call.Register(SecretValue.FromText(value.ToJsonString()));
    }

    private static VendorPath Database(VendorCall call) => VendorPath.Of($"redis/database/{call.Text(UpstashPasswordDescriptor.Database)}");

    private static VendorPath Ping(VendorCall call) =>
        call.Elsewhere(UpstashPasswordDescriptor.RestUrl, call.Text(UpstashPasswordDescriptor.RestUrl), $"ping");
}
