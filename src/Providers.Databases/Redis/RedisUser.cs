namespace Rotunda.Providers.Databases.Redis;

/// <summary>A user of one node, as it lists it.</summary>
/// <param name="TakesAnything">Any password logs in (nopass).</param>
/// <param name="Hashes">SHA-256 of each password, in lowercase hexadecimal.</param>
internal sealed record RedisUser(bool IsOn, bool TakesAnything, IReadOnlyList<string> Hashes);
