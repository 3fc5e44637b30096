using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.HashiCorpVault;

public sealed class VaultTargetTests : IAsyncLifetime
{
    private VaultEnvironment _environment = null!;

    private VaultFake Fake => _environment.Fake;

    private IDeliverValues Target => (IDeliverValues)_environment.Provider;

    public async ValueTask InitializeAsync() => _environment = await VaultEnvironment.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _environment.Vendor.AssertClean();
        await _environment.DisposeAsync();
    }

    [Fact]
    public async Task Others_keys_stay_also_those_that_came_in_between()
    {
        Fake.BeforeWrite = path =>
        {
            Fake.BeforeWrite = _ => { };
            Fake.Put(path, new JsonObject { ["OTHER"] = "theirs", ["LATE"] = "too" });
        };
        var outcome = await DeliverAsync("one");
        Assert.Equal("3", outcome.Facts!["version"]);
        Assert.Equal("""{"OTHER":"theirs","LATE":"too","KEY":"one","PAIR":"app:one/"}""", Fake.Reader("apps/orders")!.ToJsonString());
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await DeliverAsync("one")).Kind);
        Assert.Equal(3, Fake.Secrets["apps/orders"].Last);
    }

    [Fact]
    public async Task The_way_back_brings_values_that_were_no_text_too_and_keeps_what_others_wrote()
    {
        Fake.Put("apps/orders", new JsonObject { ["KEY"] = new JsonObject { ["nested"] = 1 }, ["OTHER"] = "theirs" });
        using var captured = await Target.CaptureAsync(_environment.Call(), default);
        await DeliverAsync("one");
        Fake.Reader("apps/orders")!["OTHER"] = "newer";
        Assert.Equal(StepOutcomeKind.Done, (await Target.RestoreAsync(_environment.Call(), captured, default)).Kind);
        Assert.Equal("""{"KEY":{"nested":1},"OTHER":"newer"}""", Fake.Reader("apps/orders")!.ToJsonString());
    }

    [Fact]
    public async Task A_secret_that_was_not_there_is_deleted_again_unless_others_use_it_by_then()
    {
        Fake.Secrets.Clear();
        Assert.Null(await Target.CaptureAsync(_environment.Call(), default));
        await DeliverAsync("one");
        Assert.True((await Target.RestoreAsync(_environment.Call(), null, default)).Succeeded);
        Assert.Null(Fake.Reader("apps/orders"));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await Target.RestoreAsync(_environment.Call(), null, default)).Kind);
        await DeliverAsync("two");
        Fake.Reader("apps/orders")!["OTHER"] = "theirs";
        Assert.True((await Target.RestoreAsync(_environment.Call(), null, default)).Succeeded);
        Assert.Equal("""{"OTHER":"theirs"}""", Fake.Reader("apps/orders")!.ToJsonString());
    }

    [Fact]
    public async Task A_check_says_which_rights_are_missing()
    {
        Fake.Forbidden.Add("update team/kv/data/apps/orders");
        var outcome = await ((IValidateSetup)_environment.Provider).ValidateAsync(_environment.Call(), default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("update on team/kv/data/apps/orders", outcome.Reason);
    }

    [Fact]
    public async Task Arrival_is_denied_with_what_was_seen()
    {
        await DeliverAsync("one");
        Fake.Reader("apps/orders")!["KEY"] = "edited";
        using var value = SecretValue.FromText("one");
        var outcome = await ((IConfirmSync)_environment.Provider).ConfirmAsync(
            _environment.Call(),
            new(new(value, "app", "f"), null, "salt"),
            default);
        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("team/kv/apps/orders (version 2) holds something other than what was delivered at KEY:", outcome.Reason);
    }

    private async Task<StepOutcome> DeliverAsync(string text)
    {
        using var value = SecretValue.FromText(text);
        return await Target.DeliverAsync(_environment.Call(), new(new(value, "app", "f"), null, "salt"), default);
    }
}
