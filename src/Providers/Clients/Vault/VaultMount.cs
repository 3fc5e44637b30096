namespace Rotunda.Providers.Clients.Vault;

/// <summary>What is mounted at a path.</summary>
/// <param name="Type">kv, pki, transit, …</param>
/// <param name="Version">Of a KV engine: 1 or 2.</param>
/// <param name="Path">Where the mount begins, without slashes at its ends.</param>
internal sealed record VaultMount(string Type, string Version, string Path);
