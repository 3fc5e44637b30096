using System.Text.Json.Nodes;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>
/// How the External Secrets Operator marks the Secrets that it fills. Where an ExternalSecret merges into a Secret that it has not made
/// (<c>creationPolicy: Merge</c> or <c>Orphan</c>), there is no owner reference: only these tell.
/// </summary>
/// <remarks>
/// https://external-secrets.io/latest/guides/ownership-deletion-policy/ and the constants in
/// apis/externalsecrets/v1/externalsecret_types.go of https://github.com/external-secrets/external-secrets; who wrote a field
/// last: https://kubernetes.io/docs/reference/using-api/server-side-apply/#managedfields
/// </remarks>
internal static class ExternalSecretsMarks
{
    private const string Prefix = "reconcile.external-secrets.io/";
    private const string Manager = "externalsecrets.external-secrets.io/";

    /// <summary>The ExternalSecret that wrote one of the keys last, and the key; null if none did.</summary>
    public static (string ExternalSecret, string Key)? WriterOf(JsonObject secret, IEnumerable<string> keys)
    {
        foreach (var entry in secret.Items("metadata", "managedFields")
            .Where(entry => entry.Text("manager")?.StartsWith(Manager, StringComparison.Ordinal) == true))
        {
            if (keys.FirstOrDefault(key => entry.At("fieldsV1", "f:data", "f:" + key) is not null) is { } key)
            {
                return (entry.Text("manager")![Manager.Length..], key);
            }
        }

        return null;
    }

    /// <summary>True if an ExternalSecret fills the Secret, or some keys of it.</summary>
    public static bool IsFilled(JsonObject secret) =>
        secret.Text("metadata", "labels", Prefix + "managed") == "true" || secret.Annotation(Prefix + "data-hash") is not null;

    /// <summary>True for the name of a label or annotation that makes the operator take a Secret for its own, and delete it
    /// perhaps.</summary>
    public static bool IsMark(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
