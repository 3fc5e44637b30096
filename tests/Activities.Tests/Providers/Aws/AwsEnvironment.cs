using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Stores.Aws;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Aws;

internal sealed class AwsEnvironment(FakeVendor vendor, string? before, bool keys, bool role = false) : VendorEnvironment(vendor)
{
    private AwsProvider _provider = new();

    public FakeSecretsManager Fake { get; } = new(vendor);

    public override IProvider Provider => _provider;

    public override JsonObject Settings
    {
        get
        {
            var settings = new JsonObject
            {
                ["region"] = "eu-central-1",
                ["accessKeyId"] = FakeSecretsManager.KeyId,
                ["secretAccessKey"] = "env:KEY",
                ["address"] = Vendor.Address,
                ["prefix"] = "rotunda/",
                ["secret"] = "prod/app",
            };
            if (role)
            {
                settings.Remove("accessKeyId");
                (
                    settings["roleArn"],
                    settings["webIdentityToken"],
                    settings["stsAddress"]) = ("arn:aws:iam::1:role/r", "env:WEB", Vendor.Address + "/sts/");
            }

            if (keys)
            {
                settings["keys"] = new JsonObject
                {
                    ["PASSWORD"] = "{value}",
                    ["URL"] = "pg://{username}:{value:url}@h",
                    ["NEXT"] = "{secondary}",
                };
            }

            return settings;
        }
    }

    public override IReadOnlyDictionary<string, string> References =>
        new Dictionary<string, string> { ["env:KEY"] = FakeSecretsManager.Key, ["env:WEB"] = "web-token-77" };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings
    {
        get
        {
            var nobody = Settings;
            nobody["address"] = "http://127.0.0.1:9";
            yield return ("an address where nobody listens", nobody);
            var clear = Settings;
            clear["address"] = "http://secrets.example.com";
            yield return ("an address in the clear", clear);
        }
    }

    public static async Task<AwsEnvironment> StartAsync(string? before, bool keys, bool role = false)
    {
        var environment = new AwsEnvironment(await FakeVendor.StartAsync(), before, keys, role);
        if (role)
        {
            environment.Fake.Expected = new AwsCredentials("ASIATEMP", "temporary-key", "session-1");
            environment.Vendor.On("POST", "/sts/", _ => Session(1, TimeProvider.System.GetUtcNow().AddHours(1)));
        }

        environment.Reset();
        return environment;
    }

    public ISecretStore Store() => ((IOpenStore)Provider).Open("main", Call().Settings, Time);

    public static FakeReply Session(int number, DateTimeOffset until) => FakeReply.Text(
        200,
        $"""
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
        <AccessKeyId>ASIATEMP</AccessKeyId><SecretAccessKey>temporary-key</SecretAccessKey><SessionToken>session-{number}</SessionToken>
        <Expiration>{until:O}</Expiration>
        </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
        """,
        "text/xml");

    public override void Reset()
    {
        // Forgets its sessions.
        _provider.Dispose();
        _provider = new AwsProvider();
        Fake.Secrets.Clear();
        if (before is not null)
        {
            var version = new FakeVersion(new string('b', 32), before, false);
            var secret = Fake.Secrets["prod/app"] = new FakeSecret();
            secret.Versions.Add(version);
            secret.Attach("AWSCURRENT", version);
        }
    }

    /// <summary>What readers of AWSCURRENT get, and for the store's secrets every label.</summary>
    public override Task<string> StateAsync() =>
        Task.FromResult(string.Join('\n', Fake.Secrets.Where(s => !s.Value.Deleted).OrderBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => s.Key == "prod/app"
                ? $"{s.Key}: {Canonical(s.Value.Versions.Find(v => v.Labels.Contains("AWSCURRENT"))?.Value)}"
                : $"{s.Key}: {s.Value}")));

    private static string? Canonical(string? text) => text?.StartsWith('{') == true
        ? new JsonObject(
            JsonNode.Parse(text)!.AsObject()
                .OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString() : text;
}

/// <summary>Leads to the key so many times, and then nowhere.</summary>
internal sealed class FailingReferences(int times) : IReferenceResolver
{
    private int _left = times;

    public Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken) =>
        _left-- > 0
            ? Task.FromResult(SecretValue.FromText(FakeSecretsManager.Key))
            : throw new ReferenceUnresolvedException(reference, "it is gone.");
}
