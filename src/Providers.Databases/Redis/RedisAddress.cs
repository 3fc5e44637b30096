using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>Where a node or a Sentinel listens.</summary>
internal sealed record RedisAddress(string Host, int Port)
{
    /// <exception cref="SettingInvalidException">It is none.</exception>
    public static RedisAddress Parse(string setting, string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        var isPlain = host.Length > 0
            && (!host.Contains(':') || host is ['[', .., ']'])
            && !host.Any(c => char.IsControl(c) || c is '@' or ' ' or ',' or ';' or '/');

        // The entry is not repeated: somebody may have written a whole address with a password.
        return isPlain && int.TryParse(text[(colon + 1)..], out var port) && port is > 0 and <= 65535
            ? new(host.Trim('[', ']'), port)
            : throw new SettingInvalidException(setting, "has an entry that is no address. Write host:port, or [IPv6]:port.");
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
