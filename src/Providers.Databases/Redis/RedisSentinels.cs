namespace Rotunda.Providers.Databases.Redis;

/// <summary>The Sentinels that watch the nodes, and how Rotunda logs in to them.</summary>
/// <param name="Master">The name by which they know the primary.</param>
internal sealed record RedisSentinels(IReadOnlyList<RedisAddress> Addresses, string Master, string User, string? Password);
