using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>The kit itself: it must catch what it is there for.</summary>
public sealed class ConformanceKitTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("base64")]
    [InlineData("hex")]
    [InlineData("percent-encoded")]
    public void Finds_a_value_in_every_form(string form)
    {
        const string value = "s3cret/with+more&";
        var canaries = new Canaries();
        canaries.Add(value);
        Assert.Equal(form, canaries.FoundIn("x " + form switch
        {
            "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + value)),
            "hex" => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)),
            "percent-encoded" => Uri.EscapeDataString(value),
            _ => value,
        }));
        Assert.Null(canaries.FoundIn("nothing of that kind"));
    }

    [Fact]
    public async Task Finds_everything_that_a_bad_provider_does()
    {
        var exception =
            await Assert.ThrowsAsync<ProviderConformanceException>(() => ProviderConformanceSuite.RunAsync(new BadEnvironment()));
        Assert.Contains("the interfaces say ApplyValues, RevokeCredentials", exception.Message);
        Assert.Contains("Apply tells a secret value (plain)", exception.Message);
        Assert.Contains("Apply: the second call left another state", exception.Message);
        Assert.Contains("Revoke after a lost reply: Rejected", exception.Message);
        Assert.Contains("no description", exception.Message);
        Assert.Contains("does not look beforehand whether it can", exception.Message);
        Assert.Contains("Apply with a broken setting threw", exception.Message);
    }

    [Fact]
    public async Task Finds_a_target_that_loses_what_hangs_on_a_place_and_writes_what_readers_read_otherwise()
    {
        var exception =
            await Assert.ThrowsAsync<ProviderConformanceException>(() => ProviderConformanceSuite.RunAsync(new BadPlace("0640")));
        Assert.Contains("Deliver changed what hangs on the place: it had 0640, and has 0600.", exception.Message);
        Assert.Contains("sh does not read the value that was taken", exception.Message);
        exception = await Assert.ThrowsAsync<ProviderConformanceException>(() => ProviderConformanceSuite.RunAsync(new BadPlace(null)));
        Assert.Contains("the environment does not tell what hangs on it", exception.Message);
    }

    private sealed class BadPlace(string? kept) : ProviderEnvironment
    {
        private readonly BadTarget _target = new();

        public override IProvider Provider => _target;

        public override JsonObject Settings => [];

        public override IReadOnlyList<TargetReader> Readers =>
            [new("sh", () => Task.FromResult(_target.Text?.Replace("'", "", StringComparison.Ordinal))), new("zsh", () => Task.FromResult<string?>(null))];

        public override Task<string?> KeptAsync() => Task.FromResult(kept is null ? null : _target.Text is null ? kept : "0600");

        public override Task<string> StateAsync() => Task.FromResult(_target.Text ?? "");
    }

    private sealed class BadTarget : IProvider, IDeliverValues
    {
        public string? Text { get; private set; }

        public ProviderDescriptor Descriptor => new(
            "bad-target", "Bad", "Writes a file anyhow.", Abilities.DeliverValues, [new("path", SettingType.Path, "The file.")], [], []);

        public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) =>
            Task.FromResult(Text is null ? null : SecretValue.FromText(Text));

        public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken)
        {
            Text = values.Primary.Value.RevealText();
            return Task.FromResult(StepOutcome.Done());
        }

        public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken)
        {
            Text = captured?.RevealText();
            return Task.FromResult(StepOutcome.Done());
        }
    }

    private sealed class BadEnvironment : ProviderEnvironment
    {
        private readonly BadProvider _provider = new();

        public override IProvider Provider => _provider;

        public override JsonObject Settings => [];

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
            [("a broken setting", new() { ["broken"] = true })];

        public override Task<string> StateAsync() => Task.FromResult(_provider.Count.ToString());
    }

    private sealed class BadProvider : IProvider, IApplyValues, IRevokeCredentials
    {
        private bool _revoked;

        public int Count { get; private set; }

        public ProviderDescriptor Descriptor =>
            new(
                "bad",
                "Bad",
                "Does everything wrong.",
                Abilities.ApplyValues | Abilities.VerifyCredentials,
                [new("x", SettingType.Text, "")],
                [],
                [Strategy.InPlace]);

        public Task<StepOutcome> ApplyAsync(
            ProviderCall call,
            CredentialHandle credential,
            SecretValue value,
            SecretValue? currentValue,
            CancellationToken cancellationToken)
        {
            if (call.Settings.Flag("broken"))
            {
                throw new InvalidOperationException("broken");
            }

            Count++;
            return Task.FromResult(StepOutcome.Done(("value", value.RevealText())));
        }

        public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
        {
            var outcome = _revoked ? StepOutcome.Rejected("It is gone.") : StepOutcome.Done();
            _revoked = true;
            return Task.FromResult(outcome);
        }
    }
}
