using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Redis;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.Redis;

public sealed class RedisTests
{
    private readonly RedisProvider _provider = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redis_conforms(bool aclFile)
    {
        await using var environment = await RedisEnvironment.StartAsync(aclFile: aclFile);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_passwords_work_beside_each_other_on_every_node_and_after_a_restart(bool aclFile)
    {
        await using var world = await RedisEnvironment.StartAsync(aclFile: aclFile);
        await ApplyAsync(world, "the-new-one");
        await world.Primary.RestartAsync();
        await world.Replica.RestartAsync();
        Assert.Equal(Validity.Valid, await ValidityAsync(world, "the-new-one"));
        Assert.Equal(Validity.Valid, await ValidityAsync(world, RedisEnvironment.FirstPassword));

        await EndAsync(world, RedisEnvironment.FirstPassword);
        await world.Primary.RestartAsync();
        await world.Replica.RestartAsync();
        Assert.Equal(Validity.Invalid, await ValidityAsync(world, RedisEnvironment.FirstPassword));
        Assert.Equal(Validity.Valid, await ValidityAsync(world, "the-new-one"));
    }

    [Fact]
    public async Task The_way_back_takes_the_new_password_away_and_leaves_the_one_in_use()
    {
        await using var world = await RedisEnvironment.StartAsync();
        await ApplyAsync(world, "the-new-one");
        await EndAsync(world, "the-new-one");
        Assert.Equal(Validity.Invalid, await ValidityAsync(world, "the-new-one"));
        Assert.Equal(Validity.Valid, await ValidityAsync(world, RedisEnvironment.FirstPassword));
    }

    /// <summary>Somebody took the old one away at one node meanwhile: what is left is all that anybody can log in with there.</summary>
    [Fact]
    public async Task The_way_back_leaves_the_only_password()
    {
        await using var world = await RedisEnvironment.StartAsync();
        await ApplyAsync(world, "the-new-one");
        await world.Replica.RunAsync("ACL", "SETUSER", RedisEnvironment.User, $"<{RedisEnvironment.FirstPassword}");
        using var value = SecretValue.FromText("the-new-one");
        var undo = world.Call() with { Step = "undo-apply" };

        var refused = await _provider.RevokeAsync(undo, world.Credential, value, default);

        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains($"only one of {RedisEnvironment.User} at {world.Replica.Address}", refused.Reason);
        Assert.Equal(Validity.Valid, await ValidityAsync(world, "the-new-one"));
        await world.Replica.RunAsync("ACL", "SETUSER", RedisEnvironment.User, $">{RedisEnvironment.FirstPassword}");
        Assert.Equal(StepOutcomeKind.Done, (await _provider.RevokeAsync(undo, world.Credential, value, default)).Kind);
        Assert.Equal(Validity.Valid, await ValidityAsync(world, RedisEnvironment.FirstPassword));
    }

    [Fact]
    public async Task A_node_that_lacks_the_password_makes_it_invalid_and_one_that_is_down_is_not_known()
    {
        await using var world = await RedisEnvironment.StartAsync();
        await world.Primary.RunAsync("ACL", "SETUSER", RedisEnvironment.User, ">half-set");
        Assert.Equal(Validity.Invalid, await ValidityAsync(world, "half-set"));
        await world.Replica.StopAsync();
        Assert.Equal(Validity.CannotTell, await ValidityAsync(world, "half-set"));
        Assert.Equal(StepOutcomeKind.RetryLater, (await TryApplyAsync(world, "half-set-2", world.Call())).Kind);
        await world.Replica.LaunchAsync();
        await ApplyAsync(world, "half-set");
        Assert.Equal(Validity.Valid, await ValidityAsync(world, "half-set"));
    }

    /// <summary>The server takes the whole command, or nothing of it.</summary>
    [Fact]
    public async Task The_rights_that_the_page_names_can_be_given_and_are_enough()
    {
        await using var world = await RedisEnvironment.StartAsync();
        foreach (var node in new[] { world.Primary, world.Replica })
        {
            await node.RunAsync(
                "ACL", ["SETUSER", "documented", "on", $">{RedisServer.AdminPassword}", .. RedisDescriptor.Rights.Split(' ')]);
        }

        var call = world.Call(settings: world.With(new() { ["adminUser"] = "documented", ["endConnections"] = true }));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await _provider.ValidateAsync(call, default)));
        Assert.Equal(StepOutcomeKind.Done, (await TryApplyAsync(world, "by-documented-rights", call)).Kind);
    }

    /// <summary>It is in force and not saved: nobody may say that nothing happened.</summary>
    [Fact]
    public async Task A_password_that_cannot_be_saved_is_neither_set_for_good_nor_undone_by_silence()
    {
        await using var world = await RedisEnvironment.StartAsync();
        await world.Replica.RunAsync("ACL", "SETUSER", RedisServer.AdminUser, "-acl|save");
        var outcome = await TryApplyAsync(world, "not-saved", world.Call());
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Contains("is not saved", outcome.Reason);
        await world.Replica.RunAsync("ACL", "SETUSER", RedisServer.AdminUser, "+acl|save");
        await EndAsync(world, "not-saved");
        Assert.Equal(Validity.Invalid, await ValidityAsync(world, "not-saved"));
    }

    [Fact]
    public async Task A_replica_that_is_not_named_is_found_before_anything_is_changed()
    {
        await using var world = await RedisEnvironment.StartAsync();
        var outcome = await ValidateAsync(world, new() { ["nodes"] = new JsonArray(world.Primary.Address) });
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(world.Replica.Address, outcome.Reason);
        outcome = await ValidateAsync(world, new() { ["nodes"] = new JsonArray(world.Replica.Address) });
        Assert.Contains("Name their primary", outcome.Reason);
        outcome = await ValidateAsync(world, new() { ["username"] = "nobody" });
        Assert.Contains($"{world.Replica.Address} has no user nobody", outcome.Reason);
    }

    [Fact]
    public async Task The_user_that_replicas_or_Sentinels_log_in_as_is_not_rotated_beside_them()
    {
        await using var world = await RedisEnvironment.StartAsync();
        var outcome = await ValidateAsync(world, new() { ["username"] = RedisServer.ReplicaUser });
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("masteruser", outcome.Reason);
    }

    [Fact]
    public async Task Sentinels_are_asked_which_nodes_they_know()
    {
        await using var world = await RedisEnvironment.StartAsync();
        await world.Primary.RunAsync("ACL", "SETUSER", "guard", "on", ">guards-password", "+@all", "&*");
        await world.Replica.RunAsync("ACL", "SETUSER", "guard", "on", ">guards-password", "+@all", "&*");
        await using var sentinel = await RedisServer.StartSentinelAsync(
            world.Primary,
            "sentinel auth-user mymaster guard\nsentinel auth-pass mymaster guards-password");
        await sentinel.UntilAsync("num-slaves 1", "SENTINEL", "MASTER", "mymaster");

        JsonObject watched = new() { ["sentinels"] = new JsonArray(sentinel.Address), ["sentinelMaster"] = "mymaster" };
        Assert.Equal((StepOutcomeKind.Done, null), Told(await ValidateAsync(world, watched)));
        watched["username"] = "guard";
        var outcome = await ValidateAsync(world, watched);
        Assert.Contains("Give them a user of their own", outcome.Reason);
    }

    /// <summary>requirepass, masterauth and the Sentinel's auth-pass are one value, and Rotunda comes in by it.</summary>
    [Fact]
    public async Task In_place_the_password_of_default_is_replaced_for_clients_replicas_and_Sentinels()
    {
        const string first = "the-first-requirepass";
        await using var primary = await RedisServer.StartAsync([], aclFile: false, more: $"requirepass {first}\nmasterauth {first}");
        await using var replica = await RedisServer.StartAsync(
            [], aclFile: false, more: $"requirepass {first}\nreplicaof 127.0.0.1 {primary.Port}\nmasterauth {first}");
        await using var sentinel = await RedisServer.StartSentinelAsync(primary, $"sentinel auth-pass mymaster {first}");
        await primary.UntilAsync("name=sentinel-", "CLIENT", "LIST");
        await primary.UntilAsync("state=online", "INFO", "replication");

        var settings = new JsonObject
        {
            ["nodes"] = new JsonArray(primary.Address, replica.Address),
            ["username"] = "default",
            ["adminPassword"] = "env:IN_USE",
        };
        ProviderCall Call(string inUse) => new(
            new ProviderSettings(settings, new FixedReferences(new Dictionary<string, string> { ["env:IN_USE"] = inUse })),
            "r", "r-1", 1, 1, TimeProvider.System) { Strategy = Strategy.InPlace };
        Assert.Contains("Name them in 'sentinels'", (await _provider.ValidateAsync(Call(first), default)).Reason);
        settings["sentinels"] = new JsonArray(sentinel.Address);
        settings["sentinelMaster"] = "mymaster";
        Assert.Equal((StepOutcomeKind.Done, null), Told(await _provider.ValidateAsync(Call(first), default)));

        using var old = SecretValue.FromText(first);
        using var value = SecretValue.FromText("the new \"one\" #'$\\");
        var applied = await _provider.ApplyAsync(Call(first), new(null, "default", null), value, old, default);
        Assert.Equal((StepOutcomeKind.Done, null), Told(applied));
        Assert.Equal("1", applied.Facts!["sentinels set"]);

        // A repeated step finds the value in use to be the new one already.
        Assert.Equal((StepOutcomeKind.Done, null),
            Told(await _provider.ApplyAsync(Call(first), new(null, null, null), value, old, default)));
        Assert.Equal(Validity.Valid, (await _provider.VerifyAsync(Call(first), new(null, null, null), value, default)).Validity);
        Assert.Equal(Validity.Invalid, (await _provider.VerifyAsync(Call(first), new(null, null, null), old, default)).Validity);
        await primary.RestartAsync();
        await replica.RestartAsync();
        await primary.UntilAsync("state=online", "INFO", "replication");
        await primary.UntilAsync("name=sentinel-", "CLIENT", "LIST");

        // The way back: the old value is set again, everywhere.
        Assert.Equal((StepOutcomeKind.Done, null),
            Told(await _provider.ApplyAsync(Call(first), new(null, null, null), old, value, default)));
        Assert.Equal(Validity.Valid, (await _provider.VerifyAsync(Call(first), new(null, null, null), old, default)).Validity);
    }

    [Fact]
    public async Task Evidence_is_who_was_connected_before_the_new_password_came_into_use()
    {
        await using var world = await RedisEnvironment.StartAsync();
        await world.Primary.RunAsync("ACL", "SETUSER", RedisEnvironment.User, "+@all");
        Assert.Equal(Use.NotUsed, (await _provider.ReportUseAsync(world.Call(), world.Credential, default)).Use);
        await using var client = await world.Primary.ConnectAsync(RedisEnvironment.User, RedisEnvironment.FirstPassword, "billing");

        var since = DateTimeOffset.UtcNow;
        var before = await _provider.ReportUseAsync(world.Call() with { Promoted = since.AddMinutes(1) }, world.Credential, default);
        Assert.Equal(Use.InUse, before.Use);
        Assert.Contains("billing", before.Detail);
        var after = await _provider.ReportUseAsync(world.Call() with { Promoted = since.AddMinutes(-1) }, world.Credential, default);
        Assert.Equal(Use.NotUsed, after.Use);
        Assert.Contains("does not tell by which password", after.Detail);
        Assert.Equal(Use.InUse, (await _provider.ReportUseAsync(world.Call(), world.Credential, default)).Use);

        using var value = SecretValue.FromText(RedisEnvironment.FirstPassword);
        var ended = await _provider.RevokeAsync(
            world.Call(settings: world.With(new() { ["endConnections"] = true })), world.Credential, value, default);
        Assert.NotEqual("0", ended.Facts!["connections ended"]);
    }

    [Theory]
    [InlineData("a b'\"\\$`{}#%\n\té")]
    [InlineData("<!#>resetpass")]
    public async Task Any_password_is_only_a_password(string text)
    {
        await using var world = await RedisEnvironment.StartAsync();
        await ApplyAsync(world, text);
        Assert.Equal(Validity.Valid, await ValidityAsync(world, text));
        Assert.Equal(Validity.Invalid, await ValidityAsync(world, text + "x"));
        await EndAsync(world, text);
        Assert.Equal(Validity.Invalid, await ValidityAsync(world, text));
    }

    [Fact]
    public async Task No_log_of_the_server_holds_a_password()
    {
        await using var world = await RedisEnvironment.StartAsync();
        await world.Primary.RunAsync("CONFIG", "SET", "slowlog-log-slower-than", "0");
        await ApplyAsync(world, "cAnary-of-redis");
        var slow = RedisServer.Flat(await world.Primary.RunAsync("SLOWLOG", "GET", "128"));
        Assert.Contains("SETUSER", slow);
        Assert.DoesNotContain("cAnary-of-redis", slow + world.Primary.Log);
    }

    [Fact]
    public async Task Default_has_one_password_and_overlap_needs_a_user_with_two()
    {
        await using var world = await RedisEnvironment.StartAsync();
        var outcome = await ValidateAsync(world, new() { ["username"] = "default" });
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("strategy in-place", outcome.Reason);
    }

    private static (StepOutcomeKind, string?) Told(StepOutcome outcome) => (outcome.Kind, outcome.Reason);

    private Task<StepOutcome> ValidateAsync(RedisEnvironment world, JsonObject changes) =>
        _provider.ValidateAsync(world.Call(settings: world.With(changes)), default);

    private async Task<StepOutcome> TryApplyAsync(RedisEnvironment world, string text, ProviderCall call)
    {
        using var value = SecretValue.FromText(text);
        return await _provider.ApplyAsync(call, world.Credential, value, null, default);
    }

    private async Task ApplyAsync(RedisEnvironment world, string text) =>
        Assert.Equal((StepOutcomeKind.Done, null), Told(await TryApplyAsync(world, text, world.Call())));

    private async Task EndAsync(RedisEnvironment world, string text)
    {
        using var value = SecretValue.FromText(text);
        var outcome = await _provider.RevokeAsync(world.Call(), world.Credential, value, default);
        Assert.Equal((StepOutcomeKind.Done, null), Told(outcome));
    }

    private async Task<Validity> ValidityAsync(RedisEnvironment world, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await _provider.VerifyAsync(world.Call(), world.Credential, value, default)).Validity;
    }
}
