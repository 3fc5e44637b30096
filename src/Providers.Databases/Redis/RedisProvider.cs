using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Redis;

internal sealed class RedisProvider : IProvider, IApplyValues, IVerifyCredentials, IRevokeByValue, IReportUse, IValidateSetup
{
    /// <summary>Of requirepass and masterauth.</summary>
    private const int LongestSetting = 512;

    public ProviderDescriptor Descriptor => RedisDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WithNodesAsync(
            call,
            [],
            async (setup, nodes, _) =>
            {
                var outcome = await RedisValidation.RunAsync(setup, nodes);
                return outcome.Succeeded && setup.Sentinels is { } sentinels
                    && await RedisValidation.SentinelsAsync(setup, sentinels) is { Count: > 0 } problems
                    ? StepOutcome.Rejected(string.Join(' ', problems))
                    : outcome;
            },
            cancellationToken);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken)
    {
        if (value.Length is 0 or > LongestSetting)
        {
            return Task.FromResult(StepOutcome.NewValueNeeded($"Redis takes passwords of 1 to {LongestSetting} bytes. Make another."));
        }

        return WithNodesAsync(
            call,
            [value, currentValue],
            async (setup, nodes, progress) =>
            {
                if (await MissingAsync(setup, nodes) is { } missing)
                {
                    return StepOutcome.Rejected($"{missing} has no user {setup.User}. Make it there first: users are not replicated.");
                }

                var isWatched = false;
                foreach (var node in nodes)
                {
                    isWatched |= setup.IsDefault
                        && (await node.ClientsAsync()).Any(client => client.IsSentinel && client.User == setup.User);
                    progress.Begin(node, $"the password of {setup.User} was being set there");
                    await SetAsync(setup, node, value, progress);
                    if (setup.Saves)
                    {
                        progress.Happened = $"The new password of {setup.User} is set at {node.Address}, but is not saved there.";
                        await node.SaveAsync(settings: setup.IsDefault);
                    }

                    progress.Happened = $"The new password of {setup.User} is set at {node.Address}, but not at all nodes and Sentinels.";
                }

                var sentinels = isWatched && setup.Sentinels is { } watching
                    ? await TellSentinelsAsync(setup, watching, value, progress) : 0;
                return StepOutcome.Done(
                    ("user", setup.User),
                    ("nodes set", Text(nodes.Count)),
                    ("sentinels set", sentinels > 0 ? Text(sentinels) : null),
                    ("saved", setup.Saves ? "true" : "false"));
            },
            cancellationToken);
    }

    /// <summary>Valid only if every node takes it: each may be the primary next.</summary>
    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        try
        {
            var setup = await RedisSetup.ReadAsync(call, [], cancellationToken);
            var tried = new List<Verification>();
            foreach (var node in setup.Nodes)
            {
                var one = await RedisLogin.TryAsync(setup, node, setup.User, value, cancellationToken);
                tried.Add(
                    one.Validity == Validity.Valid && await RedisLogin.AcceptsAnythingAsync(setup, node, cancellationToken)
                        ? new(Validity.CannotTell, $"{node} lets {setup.User} in with any password (nopass), so a login proves nothing.")
                        : one);
            }

            return tried.Find(one => one.Validity == Validity.CannotTell) ?? tried.Find(one => one.Validity == Validity.Invalid)
                ?? tried[0];
        }
        catch (Exception exception) when (RedisFailures.Explains(exception))
        {
            return new(Validity.CannotTell, RedisFailures.BeforeAnything(exception, "the nodes", "the administrator").Reason);
        }
    }

    public Task<StepOutcome> RevokeAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken) =>
        WithNodesAsync(
            call,
            [],
            async (setup, nodes, progress) =>
            {
                if (setup.InPlace)
                {
                    // The one password is what everyone uses, and the new one has replaced the old one.
                    return StepOutcome.AlreadyDone(("user", setup.User), ("revoked", "by the new password, which replaced the old one"));
                }

                if (call.IsUndo && await RedisValidation.OnlyAsync(setup, nodes, value) is { } last)
                {
                    return StepOutcome.Rejected(
                        $"The new password is the only one of {setup.User} at {last}: the one in use before was taken away there, by hand "
                            + "perhaps. Without it nobody could log in, so it stays. Give the user the one that is in use again (ACL "
                            + $"SETUSER {setup.User} >…), and let the rotation go on.");
                }

                var (removed, ended) = (0, 0L);
                foreach (var node in nodes)
                {
                    var user = await node.UserAsync(setup.User);
                    progress.Begin(node, $"a password of {setup.User} was being taken away there");
                    if (user?.Hashes.Contains(RedisNode.HashOf(value), StringComparer.Ordinal) == true)
                    {
                        await node.RemovePasswordAsync(setup.User, value);
                        removed++;
                    }

                    progress.Happened =
                        $"The password of {setup.User} is taken away at {node.Address}, but not saved, or not at all nodes.";
                    if (setup.Saves && user is not null)
                    {
                        // Also when it was gone before: a first try may have come this far and no further.
                        await node.SaveAsync(settings: false);
                    }

                    ended += setup.EndsConnections ? await node.EndConnectionsAsync(setup.User) : 0;
                }

                (string, string?)[] facts =
                    [("user", setup.User), ("nodes changed", Text(removed)),
                        ("connections ended", setup.EndsConnections ? Text(ended) : null)];
                return removed == 0 ? StepOutcome.AlreadyDone(facts) : StepOutcome.Done(facts);
            },
            cancellationToken);

    public async Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        try
        {
            var setup = await RedisSetup.ReadAsync(call, [], cancellationToken);
            var nodes = await RedisNode.OpenAllAsync(setup, cancellationToken);
            try
            {
                return await UseAsync(call, setup, nodes);
            }
            finally
            {
                await RedisNode.CloseAllAsync(nodes);
            }
        }
        catch (Exception exception) when (RedisFailures.Explains(exception))
        {
            return new(
                Use.CannotTell,
                RedisFailures.BeforeAnything(exception, "the nodes", "the administrator").Reason ?? "Redis cannot be asked.");
        }
    }

    private static async Task<UseReport> UseAsync(ProviderCall call, RedisSetup setup, IReadOnlyList<RedisNode> nodes)
    {
        var all = new List<RedisClientLine>();
        foreach (var node in nodes)
        {
            all.AddRange((await node.ClientsAsync()).Where(client => client.User == setup.User && !client.IsReplica));
        }

        // Ages are whole seconds, rounded down: who may be older counts as older.
        var now = call.Time.GetUtcNow();
        var old = all.Where(client => call.Promoted is not { } since || now - client.Age - TimeSpan.FromSeconds(1) <= since).ToList();
        const string Honest = " Redis does not tell by which password a client logged in.";
        if (old.Count == 0)
        {
            return new(
                Use.NotUsed,
                (all.Count == 0 ? $"Nobody is connected as {setup.User}."
                    : $"All {Text(all.Count)} connections as {setup.User} were opened since the new password is in use.") + Honest);
        }

        var names = old.Select(client => client.Name).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order().ToList();
        var hosts = old.Select(client => client.Address[..Math.Max(0, client.Address.LastIndexOf(':'))])
            .Distinct(StringComparer.Ordinal).Order();
        return new(
            Use.InUse,
            $"{Text(old.Count)} connection(s) as {setup.User}{(call.Promoted is null ? "" : ", opened before the new password was in use")}"
                + (names.Count > 0 ? $", by {string.Join(", ", names)}" : "") + $", from {string.Join(", ", hosts)}.{Honest}",
            now);
    }

    private static async Task<RedisAddress?> MissingAsync(RedisSetup setup, IReadOnlyList<RedisNode> nodes)
    {
        foreach (var node in nodes)
        {
            if (await node.UserAsync(setup.User) is null)
            {
                return node.Address;
            }
        }

        return null;
    }

    private static async Task SetAsync(RedisSetup setup, RedisNode node, SecretValue value, RedisProgress progress)
    {
        if (!setup.InPlace)
        {
            await node.AddPasswordAsync(setup.User, value);
        }
        else if (!setup.IsDefault)
        {
            await node.SetPasswordAsync(setup.User, value);
        }
        else
        {
            // By what a replica shows its primary, once that asks for the new one.
            if ((await node.SettingAsync("masterauth")).Length > 0 && await node.SettingAsync("masteruser") is "" or RedisSetup.DefaultUser)
            {
                await node.SetAsync("masterauth", value);
                progress.Happened = $"masterauth is set at {node.Address}, and requirepass is not yet.";
            }

            await node.SetAsync("requirepass", value);
        }
    }

    private static async Task<int> TellSentinelsAsync(RedisSetup setup, RedisSentinels sentinels, SecretValue value, RedisProgress progress)
    {
        foreach (var address in sentinels.Addresses)
        {
            await using var sentinel = await RedisNode.WatchAsync(setup, sentinels, address);
            progress.Begin(sentinel, "its auth-pass was being set");
            await sentinel.SetWatchPasswordAsync(sentinels.Master, value);
        }

        return sentinels.Addresses.Count;
    }

    /// <summary>Runs the work on connections to all nodes. What fails before the work says that it is sending has changed
    /// nothing.</summary>
    private static async Task<StepOutcome> WithNodesAsync(
        ProviderCall call,
        IReadOnlyList<SecretValue?> known,
        Func<RedisSetup, IReadOnlyList<RedisNode>, RedisProgress, Task<StepOutcome>> work,
        CancellationToken cancellationToken)
    {
        var progress = new RedisProgress();
        RedisSetup? setup = null;
        IReadOnlyList<RedisNode> nodes = [];
        try
        {
            setup = await RedisSetup.ReadAsync(call, known, cancellationToken);
            nodes = await RedisNode.OpenAllAsync(setup, cancellationToken);
            return await work(setup, nodes, progress);
        }
        catch (Exception exception) when (RedisFailures.Explains(exception))
        {
            return progress.Means(exception, setup);
        }
        finally
        {
            await RedisNode.CloseAllAsync(nodes);
        }
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
