using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Aws;

/// <summary>Credentials that no setting names: the variables of this process lead the SDK to them. No other test looks there.</summary>
public sealed class AwsSurroundingsTests : IClassFixture<AwsSurroundingsTests.Profiles>, IDisposable
{
    private static readonly string[] Names =
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    ];

    private readonly Dictionary<string, string?> _before =
        Names.ToDictionary(name => name, Environment.GetEnvironmentVariable, StringComparer.Ordinal);
    private readonly Profiles _profiles;

    public AwsSurroundingsTests(Profiles profiles)
    {
        _profiles = profiles;
        File.WriteAllText(profiles.CredentialsFile, "");
        foreach (var name in Names)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        // Nothing is asked for outside of this machine, and nothing of its owner's is read.
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", profiles.CredentialsFile);
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", Path.Combine(profiles.Folder, "config"));
    }

    [Fact]
    public async Task The_role_of_a_container_signs_the_requests_and_is_asked_for_anew_after_a_refusal()
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);
        var given = 0;
        environment.Vendor.On("GET", "/role", _ => FakeReply.Json(200, Role($"session-{++given}")));
        Environment.SetEnvironmentVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{environment.Vendor.Address}/role");
        environment.Fake.Expected = new AwsCredentials("ASIACONTAINER", "container-key", "session-1");

        Assert.True((await ValidateAsync(environment)).Succeeded);
        Assert.True((await ValidateAsync(environment)).Succeeded);
        Assert.Equal(1, given);

        environment.Fake.Refusals.Enqueue((null, "ExpiredTokenException"));
        Assert.Equal(StepOutcomeKind.RetryLater, (await ValidateAsync(environment)).Kind);
        environment.Fake.Expected = new AwsCredentials("ASIACONTAINER", "container-key", "session-2");
        Assert.True((await ValidateAsync(environment)).Succeeded);
        Assert.Equal(2, given);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task A_profile_signs_the_requests()
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);
        await File.WriteAllTextAsync(
            _profiles.CredentialsFile,
            "[default]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = profile-key\n");
        environment.Fake.Expected = new AwsCredentials("AKIDPROFILE", "profile-key", null);

        Assert.True((await ValidateAsync(environment)).Succeeded);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task Where_there_are_none_it_is_told_what_to_do()
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);

        var outcome = await ValidateAsync(environment);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("this machine has no credentials", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(environment.Vendor.Requests);
    }

    [Fact]
    public async Task What_a_program_of_a_profile_says_is_not_told_on()
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);
        var program = Path.Combine(_profiles.Folder, "program");
        await File.WriteAllTextAsync(program, $"echo canary-value >&2\ntouch {program}.ran\nexit 1\n");
        await File.WriteAllTextAsync(_profiles.CredentialsFile, $"[default]\ncredential_process = sh {program}\n");

        var outcome = await ValidateAsync(environment);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.True(File.Exists(program + ".ran"));
        Assert.DoesNotContain("canary-value", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_given_credentials_are_a_mistake_and_not_the_machines()
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIDMACHINE");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "machine-key");
        var settings = environment.Settings;
        settings.Remove("accessKeyId");

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(settings: settings), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("accessKeyId", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(environment.Vendor.Requests);
    }

    [Fact]
    public async Task Who_stops_the_step_does_not_wait_for_the_search()
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);
        using var stopped = new CancellationTokenSource();
        environment.Vendor.On("GET", "/role", _ => FakeReply.Json(200, Role("session-1")));
        environment.Vendor.FailAt(0, new FakeFault(FakeFaultKind.Hang));
        environment.Vendor.Hanging = stopped.Cancel;
        Environment.SetEnvironmentVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{environment.Vendor.Address}/role");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ValidateAsync(environment, stopped.Token));
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>The files of all the tests together: the SDK takes their path once in a process, and only if one is there.</summary>
    public sealed class Profiles : IDisposable
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("rotunda-aws-").FullName;

        public string CredentialsFile => Path.Combine(Folder, "credentials");

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    private static JsonObject Role(string session) => new()
    {
        ["AccessKeyId"] = "ASIACONTAINER",
        ["SecretAccessKey"] = "container-key",
        ["Token"] = session,
        ["Expiration"] = TimeProvider.System.GetUtcNow().AddHours(6).ToString("O"),
    };

    private static Task<StepOutcome> ValidateAsync(AwsEnvironment environment, CancellationToken cancellationToken = default)
    {
        var settings = environment.Settings;
        settings.Remove("accessKeyId");
        settings.Remove("secretAccessKey");
        return ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(settings: settings), cancellationToken);
    }
}
