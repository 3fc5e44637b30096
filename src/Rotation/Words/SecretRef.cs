namespace Rotunda.Rotation.Words;

/// <summary>The handle of one stored value. This travels; the value does not.</summary>
/// <param name="Store">The store's name in the catalog, for example "embedded".</param>
/// <param name="Name">The secret's name in that store.</param>
/// <param name="Version">The store's own version id.</param>
public sealed record SecretRef(string Store, string Name, string Version)
{
    public override string ToString() => $"{Store}:{Name}@{Version}";
}
