using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>What a rotation needs of the nodes and the Sentinels, asked of each. Changes nothing.</summary>
internal static class RedisValidation
{
    private const int OldestVersion = 6;

    public static async Task<StepOutcome> RunAsync(RedisSetup setup, IReadOnlyList<RedisNode> nodes)
    {
        var problems = new List<string>();
        var warnings = new List<string>();
        var infos = new List<IReadOnlyDictionary<string, string>>();
        foreach (var node in nodes)
        {
            var info = await node.InfoAsync();
            infos.Add(info);
            if (!int.TryParse(info.GetValueOrDefault("redis_version", "").Split('.')[0], out var version) || version < OldestVersion)
            {
                problems.Add($"{node.Address} runs Redis {version}, which has no users. Upgrade it to {OldestVersion} or newer.");
                continue;
            }

            await AddUserAsync(setup, node, problems, warnings);
            await AddRightsAsync(setup, node, problems);
            await AddOthersAsync(setup, node, problems);
            if (setup.Saves && info.GetValueOrDefault("config_file", "").Length == 0 && (await node.SettingAsync("aclfile")).Length == 0)
            {
                problems.Add(
                    $"{node.Address} has neither a redis.conf nor an aclfile, so a restart would forget the new password. Start it with "
                        + "one, or set persist: none if something else sets its users.");
            }
        }

        AddMissing(setup, nodes, infos, problems);
        for (var i = 0; i < nodes.Count && problems.Count == 0; i++)
        {
            if (infos[i].GetValueOrDefault("cluster_enabled") == "1" && await nodes[i].ClusterNodesAsync() is var known
                && known > nodes.Count)
            {
                problems.Add(
                    $"The cluster has {known} nodes, and 'nodes' names {nodes.Count}. Name all of them: users are not replicated.");
            }
        }

        return problems.Count > 0
            ? StepOutcome.Rejected(string.Join(' ', problems.Distinct(StringComparer.Ordinal)))
            : StepOutcome.Done(
                ("server", $"Redis {infos[0].GetValueOrDefault("redis_version")}"),
                ("nodes", string.Join(", ", nodes.Zip(infos, (node, info) => $"{node.Address} ({Role(info)})"))),
                ("administrator", setup.Admin),
                ("warning", warnings.Count > 0 ? string.Join(' ', warnings) : null));
    }

    /// <summary>Where nobody could log in without the value; null if that is nowhere.</summary>
    public static async Task<RedisAddress?> OnlyAsync(RedisSetup setup, IReadOnlyList<RedisNode> nodes, SecretValue value)
    {
        foreach (var node in nodes)
        {
            if (await node.UserAsync(setup.User) is { TakesAnything: false, Hashes: [var only] } && only == RedisNode.HashOf(value))
            {
                return node.Address;
            }
        }

        return null;
    }

    private static async Task AddUserAsync(RedisSetup setup, RedisNode node, List<string> problems, List<string> warnings)
    {
        if (await node.UserAsync(setup.User) is not { } user)
        {
            problems.Add(
                $"{node.Address} has no user {setup.User}. Users are not replicated: make it there, with the rights that it has "
                    + "elsewhere, and save it.");
        }
        else if (!user.IsOn)
        {
            problems.Add($"The user {setup.User} is off at {node.Address}. Run there: ACL SETUSER {setup.User} on");
        }
        else if (user.TakesAnything)
        {
            problems.Add(
                $"{node.Address} lets {setup.User} in with any password (nopass), so verification would prove nothing. Set one first: "
                    + (setup.IsDefault ? "CONFIG SET requirepass …" : $"ACL SETUSER {setup.User} resetpass >…"));
        }
        else if (!setup.InPlace && user.Hashes.Count > 1)
        {
            warnings.Add(
                $"The user {setup.User} has {user.Hashes.Count} passwords at {node.Address}. A rotation adds one and takes away the one "
                    + "on record; the others stay.");
        }
    }

    private static async Task AddRightsAsync(RedisSetup setup, RedisNode node, List<string> problems)
    {
        List<string[]> needed = [["CLIENT", "LIST"], ["INFO"]];
        needed.Add(setup is { InPlace: true, IsDefault: true } ? ["CONFIG", "SET", "requirepass", "x"] : ["ACL", "SETUSER", setup.User]);
        if (setup.Saves)
        {
            needed.AddRange([["CONFIG", "REWRITE"], ["ACL", "SAVE"]]);
        }

        if (setup.EndsConnections)
        {
            needed.Add(["CLIENT", "KILL", "USER", setup.User]);
        }

        foreach (var command in needed)
        {
            if (!await node.MayRunAsync(setup.Admin, command))
            {
                problems.Add(
                    $"The user {setup.Admin} may not run {string.Join(' ', command.Take(2))} at {node.Address}. Run there: ACL SETUSER "
                        + $"{setup.Admin} {RedisDescriptor.Rights}");
                return;
            }
        }
    }

    /// <summary>Others than clients that log in as the user: they would be out, or never get the new password.</summary>
    private static async Task AddOthersAsync(RedisSetup setup, RedisNode node, List<string> problems)
    {
        var clients = (await node.ClientsAsync()).Where(client => client.User == setup.User).ToList();
        var isMasterUser = setup.Saves && !setup.IsDefault && await node.SettingAsync("masteruser") == setup.User;
        if (!setup.IsDefault && (isMasterUser || clients.Any(client => client.IsReplica)))
        {
            problems.Add(
                $"Replicas log in as {setup.User} (masteruser, seen at {node.Address}), and are not told of the new password. Give them a "
                    + "user of their own.");
        }

        if (clients.Any(client => client.IsSentinel) && !(setup is { IsDefault: true, InPlace: true, Sentinels: not null }))
        {
            problems.Add(
                setup.IsDefault
                    ? $"Sentinels log in to {node.Address} as {setup.User}, and would be out. Name them in 'sentinels'."
                    : $"Sentinels log in to {node.Address} as {setup.User}, and are not told of the new password. Give them a user of "
                        + "their own (auth-user).");
        }
    }

    /// <summary>Users are not replicated, so a replica that is not named would keep the old password until it is the primary.</summary>
    private static void AddMissing(
        RedisSetup setup,
        IReadOnlyList<RedisNode> nodes,
        List<IReadOnlyDictionary<string, string>> infos,
        List<string> problems)
    {
        var named = infos.Count(info => Role(info) == "slave");
        var known = infos.SelectMany(info => info).Where(field => field.Value.StartsWith("ip=", StringComparison.Ordinal)
            && field.Key.StartsWith("slave", StringComparison.Ordinal)).Select(field => field.Value).ToList();
        if (known.Count > named)
        {
            problems.Add(
                $"The nodes have {known.Count} replicas ({string.Join("; ", known.Select(AddressIn))}), and 'nodes' names {named} of them. "
                    + "Name all of them: users are not replicated.");
        }

        if (named == nodes.Count)
        {
            problems.Add($"All of 'nodes' are replicas, of {infos[0].GetValueOrDefault("master_host")}. Name their primary too.");
        }
    }

    public static async Task<IReadOnlyList<string>> SentinelsAsync(RedisSetup setup, RedisSentinels sentinels)
    {
        var problems = new List<string>();
        foreach (var address in sentinels.Addresses)
        {
            await using var sentinel = await RedisNode.WatchAsync(setup, sentinels, address);
            var (replicas, others) = await sentinel.WatchesAsync(sentinels.Master);
            if (replicas + 1 > setup.Nodes.Count)
            {
                problems.Add(
                    $"The Sentinel at {address} knows a primary and {replicas} replicas, and 'nodes' names {setup.Nodes.Count}. Name "
                        + "all of "
                        + "them: users are not replicated.");
            }

            if (others + 1 > sentinels.Addresses.Count)
            {
                problems.Add(
                    $"The Sentinel at {address} knows {others} others, and 'sentinels' names {sentinels.Addresses.Count}. Name all.");
            }
        }

        return problems;
    }

    private static string Role(IReadOnlyDictionary<string, string> info) => info.GetValueOrDefault("role", "");

    private static string AddressIn(string replica)
    {
        var fields = replica.Split(',').Select(field => field.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return $"{fields.GetValueOrDefault("ip")}:{fields.GetValueOrDefault("port")}";
    }
}
