using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>What every vendor promises, before each table.</summary>
public sealed class VendorTests(ITestOutputHelper output)
{
    public static TheoryData<string> Tables => [.. Bench.Names];

    public static TheoryData<string> Issuing => [.. Bench.Issuing];

    [Fact]
    public void Every_vendor_has_a_table() => Assert.Empty(
        Bench.Providers().OfType<Vendor>().Select(vendor => vendor.Descriptor.Id)
            .Except(Bench.All.Select(name => Bench.Table(name).Provider)));

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Conforms_and_what_it_sends_fits_the_vendor_s_document(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        environment.Vendor.Exchanges = [];
        await ProviderConformanceSuite.RunAsync(environment);
        environment.Vendor.AssertClean();
        var documents = environment.Table.Documents;
        if (ContractCheck.Folder is null || documents.Length == 0)
        {
            var why = documents.Length == 0 ? "the vendor has no document" : "the documents are not here";
            output.WriteLine($"The contract check is left out: {why}.");
            return;
        }

        Assert.Empty(await ContractCheck.RunAsync(environment.Table, environment.Vendor.Exchanges));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Survives_every_fault_of_every_call(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        output.WriteLine($"{await VendorFaultSuite.RunAsync(environment)} faults");
    }

    [Theory]
    [MemberData(nameof(Issuing))]
    public async Task Finds_a_label_as_long_as_one_can_get_behind_the_keys_of_others_on_every_page(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        if (environment.Provider.Can<IListCredentials>() is not { } listing)
        {
            return;
        }

        var crowd = ((environment.Table.PageSize ?? 2) * 2) - 1;
        environment.Table.Crowd(crowd);
        string[] labels = [Label("1-a1b2c3"), Label("1-a1b2c3-g2"), Label("2-a1b2c3")];
        foreach (var label in labels)
        {
            (await IssueAsync(environment, label)).Value!.Dispose();
        }

        var listed = await listing.ListAsync(environment.Call(), default);

        var rule = environment.Provider.Descriptor.Labels;
        Assert.Equal(crowd + 1 + labels.Length, listed.Select(one => one.Handle.Id).Distinct().Count());
        Assert.All(labels, label => Assert.Single(listed, one => rule.IsOf(label, one.Handle.Label)));
        Assert.True(environment.Table.PageSize is null
            || environment.Vendor.Requests.Count(r => r.StartsWith("GET", StringComparison.Ordinal)) >= 3);
        environment.Vendor.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Issuing))]
    public async Task Tells_when_a_key_was_last_used_if_it_says_so(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        if (environment.Provider.Can<IReportUse>() is not { } reporting)
        {
            return;
        }

        var used = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
        environment.Table.Keys[0].Used = used;

        var report = await reporting.ReportUseAsync(environment.Call(), environment.Credential, default);

        Assert.True(Use.NotUsed == report.Use && report.LastUsedAt?.Date == used.Date, report.ToString());
    }

    [Theory]
    [MemberData(nameof(Issuing))]
    public async Task What_cannot_be_found_is_gone_only_for_who_sees_the_others(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        if (environment.Provider.Can<IRevokeCredentials>() is not { } revoking)
        {
            return;
        }

        var id = environment.Table.Keys[0].Id;
        environment.Table.Keys.Clear();

        Assert.Equal(StepOutcomeKind.AlreadyDone, (await revoking.RevokeAsync(environment.Call(), new(id, null, null), default)).Kind);
        var blind = await revoking.RevokeAsync(
            environment.Call(settings: environment.With(new() { [environment.Table.OwnSetting] = "env:WRONG" })),
            new(id, null, null),
            default);
        Assert.Equal(StepOutcomeKind.Rejected, blind.Kind);
        Assert.Equal(
            StepOutcomeKind.Rejected,
            (await revoking.RevokeAsync(environment.Call(), new(null, null, "rotunda-lost-1"), default)).Kind);
    }

    [Theory]
    [MemberData(nameof(Issuing))]
    public async Task Carries_over_what_its_descriptor_says(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        Assert.Equal(environment.Provider.Descriptor.Carries.Count > 0, environment.Table.Carried is not null);
        if (environment.Table.Carried is not { } carried)
        {
            return;
        }

        var settings = environment.Settings;
        environment.Table.CarriedSettings.ToList().ForEach(setting => settings.Remove(setting));
        var issued = await environment.Provider.Can<IIssueCredentials>()!.IssueAsync(
            environment.Call(settings: settings),
            environment.Request("rotunda-conformance-1", environment.Credential),
            default);

        Assert.True(issued.Outcome.Succeeded, issued.Outcome.Reason);
        Assert.True(
            JsonNode.DeepEquals(carried, environment.Table.Keys[^1].More),
            $"{carried.ToJsonString()} became {environment.Table.Keys[^1].More.ToJsonString()}");
        environment.Vendor.AssertClean();
        environment.Table.Keys.Clear();
        var refused = await environment.Provider.Can<IIssueCredentials>()!.IssueAsync(
            environment.Call(settings: settings),
            environment.Request("rotunda-conformance-2", new("id-that-is-gone", null, null)),
            default);
        Assert.True(refused.Outcome.Kind == StepOutcomeKind.Rejected || carried.Count == 0, refused.Outcome.ToString());
    }

    [Theory]
    [MemberData(nameof(Issuing))]
    public async Task Waits_for_all_rotations_of_an_account_when_the_vendor_asks_one_to(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        environment.Vendor.FailAt(0, FakeFault.Refuse(429, 20));
        await ValidateAsync(environment);
        environment.Vendor.Forget();

        var told = await ValidateAsync(environment);

        Assert.Equal(StepOutcomeKind.RetryLater, told.Kind);
        Assert.InRange(told.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Empty(environment.Vendor.Requests);
        environment.Held.Advance(TimeSpan.FromSeconds(20));
        Assert.True((await ValidateAsync(environment)).Succeeded);
    }

    [Theory]
    [MemberData(nameof(Issuing))]
    public async Task Tries_of_a_key_keep_the_account_s_pace_too_and_another_account_has_its_own(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        environment.Vendor.FailAt(0, FakeFault.Refuse(429, 20));
        await ValidateAsync(environment);
        environment.Vendor.Forget();

        using var value = SecretValue.FromText(environment.Table.Keys[0].Value);
        var tried = await environment.Provider.Can<IVerifyCredentials>()!
            .VerifyAsync(environment.Call(), environment.Credential, value, default);
        Assert.Empty(environment.Vendor.Requests);
        if (tried.Validity == Validity.CannotTell)
        {
            Assert.InRange(tried.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        }

        var other = environment.Call(settings: environment.With(new() { [environment.Table.OwnSetting] = "env:WRONG" }));
        Assert.NotEqual(StepOutcomeKind.RetryLater, (await ((IValidateSetup)environment.Provider).ValidateAsync(other, default)).Kind);
    }

    [Theory]
    [MemberData(nameof(Issuing))]
    public async Task Tells_when_what_it_has_made_ends_by_itself(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        if (environment.Provider.Descriptor.Settings.All(setting => setting.Name != "lifetime")
            || environment.Table.Lifetime is not { } lifetime)
        {
            return;
        }

        Assert.True(DurationText.TryParse(lifetime, out var time));
        var call = environment.Call(settings: environment.With(new() { ["lifetime"] = lifetime }));
        var issued = await environment.Provider.Can<IIssueCredentials>()!
            .IssueAsync(call, environment.Request("rotunda-conformance-1", environment.Credential), default);

        var end = environment.Held.GetUtcNow() + time;
        Assert.True(issued.Outcome.Succeeded, issued.Outcome.Reason);
        // Some end on a day, at midnight.
        Assert.InRange(issued.ExpiresAt!.Value, end.AddDays(-1), end.AddMinutes(1));
        if (environment.Provider.Can<IListCredentials>() is { } listing)
        {
            var listed = (await listing.ListAsync(call, default)).Single(one => one.Handle.Id == issued.Credential!.Id);
            Assert.InRange(listed.ExpiresAt ?? end, end.AddDays(-1), end.AddMinutes(1));
        }

        issued.Value!.Dispose();
    }

    private static Task<StepOutcome> ValidateAsync(TableEnvironment environment) =>
        ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);

    private static string Label(string end) => $"rotunda-{new string('s', 63)}-{end}";

    private static async Task<IssueResult> IssueAsync(TableEnvironment environment, string label)
    {
        var issued =
            await environment.Provider.Can<IIssueCredentials>()!.IssueAsync(environment.Call(), environment.Request(label), default);
        Assert.True(issued.Outcome.Succeeded, issued.Outcome.Reason);
        return issued;
    }
}
