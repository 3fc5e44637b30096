using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>The settings of one binding, read.</summary>
/// <param name="Nodes">Every primary and replica: users are not replicated.</param>
/// <param name="User">The user whose password is rotated.</param>
/// <param name="InPlace">One password that replaces the one before; else two that work beside each other.</param>
/// <param name="Logins">Logins of the administrator, tried in this order: the one of the settings, and where Rotunda comes in as the user
/// itself those values that it may have.</param>
/// <param name="Saves">Whether each node is told to keep the change over a restart.</param>
internal sealed record RedisSetup(
    IReadOnlyList<RedisAddress> Nodes,
    string User,
    bool InPlace,
    string Admin,
    IReadOnlyList<string?> Logins,
    bool Tls,
    string? RootCertificate,
    TimeSpan Timeout,
    bool Saves,
    bool EndsConnections,
    RedisSentinels? Sentinels)
{
    /// <summary>The user that clients are who name none. Its password is what redis.conf calls requirepass.</summary>
    public const string DefaultUser = "default";

    public bool IsDefault => User == DefaultUser;

    /// <param name="known">In place, values that the user may have now.</param>
    /// <exception cref="OutcomeException">The settings contradict each other, or lack something.</exception>
    public static async Task<RedisSetup> ReadAsync(
        ProviderCall call,
        IEnumerable<SecretValue?> known,
        CancellationToken cancellationToken)
    {
        var settings = call.Settings;
        var nodes = Addresses(settings, RedisDescriptor.Nodes);
        if (nodes.Count == 0)
        {
            throw new SettingMissingException(RedisDescriptor.Nodes);
        }

        var user = NameOf(settings, RedisDescriptor.Username) ?? throw new SettingMissingException(RedisDescriptor.Username);
        var admin = NameOf(settings, RedisDescriptor.AdminUser) ?? DefaultUser;
        var inPlace = call.Strategy == Strategy.InPlace;
        if (user == DefaultUser && !inPlace)
        {
            throw new SettingInvalidException(
                RedisDescriptor.Username,
                "is default, whose one password is requirepass: take strategy in-place, or give the clients a user of their own.");
        }

        if (admin == user && !inPlace)
        {
            throw new SettingInvalidException(
                RedisDescriptor.AdminUser,
                $"is {admin}, the very user whose password is rotated: once the old one is taken away, Rotunda is out. Give it a user of "
                    + "its own.");
        }

        using var password = await settings.SecretAsync(RedisDescriptor.AdminPassword, cancellationToken);
        List<string?> logins = [password?.RevealText()];
        if (admin == user)
        {
            logins.AddRange(known.OfType<SecretValue>().Select(value => value.RevealText()));
        }

        return new(
            nodes,
            user,
            inPlace,
            admin,
            [.. logins.Distinct()],
            settings.Flag(RedisDescriptor.Tls),
            settings.Text(RedisDescriptor.RootCertificate),
            settings.Duration(RedisDescriptor.ConnectTimeout, TimeSpan.FromSeconds(10)),
            settings.Text(RedisDescriptor.Persist) != RedisDescriptor.PersistNone,
            settings.Flag(RedisDescriptor.EndConnections),
            await SentinelsAsync(settings, cancellationToken));
    }

    private static async Task<RedisSentinels?> SentinelsAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        var addresses = Addresses(settings, RedisDescriptor.Sentinels);
        if (addresses.Count == 0)
        {
            return null;
        }

        using var password = await settings.SecretAsync(RedisDescriptor.SentinelPassword, cancellationToken);
        return new(
            addresses,
            settings.Text(RedisDescriptor.SentinelMaster) ?? throw new SettingMissingException(RedisDescriptor.SentinelMaster),
            NameOf(settings, RedisDescriptor.SentinelUser) ?? DefaultUser,
            password?.RevealText());
    }

    private static List<RedisAddress> Addresses(ProviderSettings settings, string name)
    {
        var addresses = settings.TextList(name).Select(text => RedisAddress.Parse(name, text)).ToList();
        return addresses.Distinct().Count() == addresses.Count
            ? addresses
            : throw new SettingInvalidException(name, "names an address twice. Name each once.");
    }

    private static string? NameOf(ProviderSettings settings, string name) =>
        settings.Text(name) is not { } text ? null
        : text.Length > 0 && !text.Any(c => char.IsWhiteSpace(c) || c == '\0') ? text
        : throw new SettingInvalidException(name, "is no user of Redis. Write a name without spaces.");
}
