using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Targets.PulumiEsc;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorFakes.Pulumi;

namespace Rotunda.Activities.Tests.Providers.Pulumi;

public sealed class PulumiEscTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(null)]
    [InlineData("stable")]
    public async Task Conforms_and_survives_every_fault_of_every_call(string? tag)
    {
        await using var environment = await EscEnvironment.StartAsync(tag);
        await ProviderConformanceSuite.RunAsync(environment);
        output.WriteLine($"{await VendorFaultSuite.RunAsync(environment)} faults");
    }

    [Fact]
    public async Task A_value_is_written_and_given_out_by_the_tag_and_the_way_back_is_the_revision_from_before()
    {
        await using var environment = await EscEnvironment.StartAsync("stable");
        var (esc, target) = (environment.Esc, (IDeliverValues)environment.Provider);
        var before = esc.Text;
        using var captured = await target.CaptureAsync(environment.Call(), default);
        var delivered = await WithAsync("new", values => target.DeliverAsync(environment.Call(), values, default));

        Assert.Equal(StepOutcomeKind.Done, delivered.Kind);
        Assert.Equal("2", delivered.Facts!["revision"]);
        Assert.Equal("new", esc.Value(esc.Tags["stable"], "environmentVariables", "API_KEY"));
        Assert.Equal(
            before.Replace("ciphertext: ZXNjeHN0YW5kaW5n", "X", StringComparison.Ordinal).Split('\n').Where(line => line.Contains('#')),
            esc.Text.Split('\n').Where(line => line.Contains('#')));

        Assert.Equal(StepOutcomeKind.Done, (await target.RestoreAsync(environment.Call().After(delivered.Facts), captured, default)).Kind);
        Assert.Equal(before, esc.Text);
        Assert.Equal(1, esc.Tags["stable"]);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await target.RestoreAsync(environment.Call(), captured, default)).Kind);
    }

    [Fact]
    public async Task An_environment_that_is_edited_or_has_lost_our_path_has_drifted()
    {
        await using var environment = await EscEnvironment.StartAsync(null);
        var (esc, target) = (environment.Esc, (IDeliverValues)environment.Provider);
        await WithAsync("new", values => target.DeliverAsync(environment.Call(), values, default));
        async Task<Standing> LookAsync() => (await WithAsync(
            "new", values => ((IConfirmSync)environment.Provider).ConfirmAsync(environment.Call(), values, default))).Standing;
        Assert.Equal(Standing.Same, await LookAsync());

        esc.Write(EscEnvironment.Definition);
        Assert.Equal(Standing.Differs, await LookAsync());
        esc.Write("values: {}\n");
        Assert.Equal(Standing.Missing, await LookAsync());
    }

    [Fact]
    public async Task What_others_changed_meanwhile_stays_on_the_way_back()
    {
        await using var environment = await EscEnvironment.StartAsync("stable");
        var (esc, target) = (environment.Esc, (IDeliverValues)environment.Provider);
        using var captured = await target.CaptureAsync(environment.Call(), default);
        await WithAsync("new", values => target.DeliverAsync(environment.Call(), values, default));
        esc.Write(esc.Text + "# another\n");
        esc.Tags["stable"] = esc.Revision;

        Assert.Equal(StepOutcomeKind.Done, (await target.RestoreAsync(environment.Call(), captured, default)).Kind);

        Assert.EndsWith("# another\n", esc.Text, StringComparison.Ordinal);
        Assert.Equal("standing", esc.Value(null, "environmentVariables", "API_KEY"));
        Assert.Null(esc.Value(null, "pulumiConfig", "app:next"));
        Assert.Equal(esc.Revision, esc.Tags["stable"]);
    }

    [Fact]
    public async Task A_tag_that_a_colleague_moved_while_our_delivery_never_happened_stays()
    {
        await using var environment = await EscEnvironment.StartAsync("stable");
        var (esc, target) = (environment.Esc, (IDeliverValues)environment.Provider);
        using var captured = await target.CaptureAsync(environment.Call(), default);
        esc.Write(EscEnvironment.Definition + "# another\n");
        esc.Tags["stable"] = 2;

        Assert.Equal(StepOutcomeKind.AlreadyDone, (await target.RestoreAsync(environment.Call(), captured, default)).Kind);

        Assert.Equal((2, 2), (esc.Revision, esc.Tags["stable"]));
        environment.Vendor.AssertClean();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tag_that_we_moved_goes_back_to_where_it_pointed_whatever_others_wrote_since(bool isOnRecord)
    {
        await using var environment = await EscEnvironment.StartAsync("stable");
        var (esc, target) = (environment.Esc, (IDeliverValues)environment.Provider);
        using var captured = await target.CaptureAsync(environment.Call(), default);
        var delivered = await WithAsync("new", values => target.DeliverAsync(environment.Call(), values, default));
        esc.Write(esc.Text + "# another\n");

        Assert.Equal(
            StepOutcomeKind.Done,
            (await target.RestoreAsync(environment.Call().After(isOnRecord ? delivered.Facts : null), captured, default)).Kind);

        Assert.Equal((4, 1), (esc.Revision, esc.Tags["stable"]));
        Assert.EndsWith("# another\n", esc.Text, StringComparison.Ordinal);
        Assert.Equal("standing", esc.Value(null, "environmentVariables", "API_KEY"));
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task What_a_colleague_wrote_beside_our_path_stays_where_our_delivery_is_not_on_record()
    {
        await using var environment = await EscEnvironment.StartAsync(null);
        var (esc, target) = (environment.Esc, (IDeliverValues)environment.Provider);
        using var captured = await target.CaptureAsync(environment.Call(), default);
        esc.Write(EscEnvironment.Definition.Replace("standing", "theirs", StringComparison.Ordinal) + "# another\n");

        Assert.Equal(StepOutcomeKind.Done, (await target.RestoreAsync(environment.Call(), captured, default)).Kind);

        Assert.EndsWith("# another\n", esc.Text, StringComparison.Ordinal);
        Assert.Equal("standing", esc.Value(null, "environmentVariables", "API_KEY"));
    }

    [Theory]
    [InlineData(2, StepOutcomeKind.Done)]
    [InlineData(4, StepOutcomeKind.RetryLater)]
    public async Task A_change_of_someone_else_is_taken_in_before_writing(int others, StepOutcomeKind expected)
    {
        await using var environment = await EscEnvironment.StartAsync(null);
        var esc = environment.Esc;
        for (var other = 0; other < others; other++)
        {
            esc.Meanwhile.Enqueue(() => esc.Write(esc.Text + "# another\n"));
        }

        var outcome =
            await WithAsync("new", values => ((IDeliverValues)environment.Provider).DeliverAsync(environment.Call(), values, default));

        Assert.Equal(expected, outcome.Kind);
        Assert.Equal(others, esc.Text.Split("# another").Length - 1);
        Assert.Equal(expected == StepOutcomeKind.Done ? "new" : "standing", esc.Value(null, "environmentVariables", "API_KEY"));
    }

    [Fact]
    public async Task In_mode_confirm_nothing_is_written_and_the_tag_s_revision_counts()
    {
        await using var environment = await EscEnvironment.StartAsync("stable", confirm: true);
        var (esc, target) = (environment.Esc, (IDeliverValues)environment.Provider);

        Assert.Equal(StepOutcomeKind.Done, (await ((IValidateSetup)target).ValidateAsync(environment.Call(), default)).Kind);
        Assert.Null(await target.CaptureAsync(environment.Call(), default));
        Assert.Equal(
            StepOutcomeKind.AlreadyDone,
            (await WithAsync("new", values => target.DeliverAsync(environment.Call(), values, default))).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await target.RestoreAsync(environment.Call(), null, default)).Kind);
        Assert.Equal(1, esc.Revision);

        esc.Write(
            EscEnvironment.Definition.Replace("standing", "new", StringComparison.Ordinal)
                .Replace("  app:name", "  app:next: {fn::secret: n=}\n    app:name", StringComparison.Ordinal));
        var waiting = await WithAsync("new", values => ((IConfirmSync)target).ConfirmAsync(environment.Call(), values, default));
        Assert.Equal(StepOutcomeKind.RetryLater, waiting.Kind);
        Assert.Matches("Revision 1 .* has the value [0-9a-f]{12} at environmentVariables.API_KEY, not [0-9a-f]{12}", waiting.Reason);
        esc.Tags["stable"] = 2;
        var there = await WithAsync("new", values => ((IConfirmSync)target).ConfirmAsync(environment.Call(), values, default));
        Assert.Equal(StepOutcomeKind.Done, there.Kind);
        Assert.Equal(("2", "stable"), (there.Facts!["revision"], there.Facts["tag"]));
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task In_mode_confirm_every_fault_is_survived()
    {
        await using var environment = await EscEnvironment.StartAsync(null, confirm: true);
        output.WriteLine($"{await VendorFaultSuite.RunAsync(environment)} faults");
    }

    private static async Task<StepOutcome> WithAsync(string value, Func<DeliveredValues, Task<StepOutcome>> work)
    {
        using var secret = SecretValue.FromText(value);
        return await work(new(new(secret, null, Fingerprint.Of(secret, "00ff")), null, "00ff"));
    }

    private sealed class EscEnvironment : VendorEnvironment
    {
        public const string Definition =
            "# the shop's\nimports:\n- base # first\nvalues:\n  # what the app reads\n  environmentVariables:\n    OTHER: 1 # theirs\n    "
                + "API_KEY: # ours\n      fn::secret: standing\n  pulumiConfig:\n    app:name: shop # named\n";
        private readonly bool _confirm;
        private readonly string? _tag;

        private EscEnvironment(FakeVendor vendor, string? tag, bool confirm)
            : base(vendor)
        {
            (_tag, _confirm, Esc) = (tag, confirm, new FakeEsc(vendor));
            Reset();
        }

        public FakeEsc Esc { get; }

        public override IProvider Provider { get; } = new PulumiEscProvider();

        public override JsonObject Settings => With([]);

        public override IReadOnlyDictionary<string, string> References { get; } =
            new Dictionary<string, string> { ["env:TOKEN"] = FakeEsc.Token, ["env:WRONG"] = "pul-wrong-0123456789" };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            ("a wrong token", With(new() { ["token"] = "env:WRONG" })),
            ("a reference to nothing", With(new() { ["token"] = "env:MISSING" })),
            ("a server that is not there", With(new() { ["url"] = "http://127.0.0.1:1" })),
            ("a path that is none", With(new() { ["keys"] = new JsonObject { ["a..b"] = "{value}" } })),
            ("a path through a text", With(new() { ["keys"] = new JsonObject { ["environmentVariables.OTHER.x"] = "{value}" } })),
        ];

        public static async Task<EscEnvironment> StartAsync(string? tag, bool confirm = false) =>
            new(await FakeVendor.StartAsync(), tag, confirm);

        public override void Reset()
        {
            Esc.Reset(Definition);
            if (_tag is not null)
            {
                Esc.Tags[_tag] = 1;
            }
        }

        /// <summary>As the workflow would bring it there.</summary>
        public override void Arrive()
        {
            if (_confirm)
            {
                Esc.Write(
                    Definition.Replace("standing", NewFaultValue(1), StringComparison.Ordinal)
                        .Replace(
                            "app:name",
                            $"app:next: {{fn::secret: \"n={NewFaultValue(2)}\"}}\n    app:name",
                            StringComparison.Ordinal));
            }
        }

        public override Task<string> StateAsync() => Task.FromResult(Esc.State());

        private JsonObject With(JsonObject others)
        {
            var settings = new JsonObject
            {
                ["organization"] = "acme",
                ["project"] = "shop",
                ["environment"] = "production",
                ["mode"] = _confirm ? "confirm" : "write",
                ["keys"] = new JsonObject
                {
                    ["environmentVariables.API_KEY"] = "{value}",
                    ["pulumiConfig[\"app:next\"]"] = "n={secondary}",
                },
                ["token"] = "env:TOKEN",
                ["url"] = Vendor.Address,
            };
            if (_tag is not null)
            {
                settings["tag"] = _tag;
            }

            foreach (var (name, value) in others)
            {
                settings[name] = value?.DeepClone();
            }

            return settings;
        }
    }
}
