using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;

namespace Rotunda.Providers.Targets.ExternalSecrets;

/// <summary>What an ExternalSecret says of itself, as read.</summary>
/// <remarks>https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.ExternalSecret</remarks>
internal sealed class ExternalSecretState(JsonObject read)
{
    /// <summary>The Secret that the operator makes.</summary>
    public string Target => read.Text("spec", "target", "name") ?? read.Name();

    /// <summary>
    /// Changes with every sync that the operator has done. The version that it has synced is made from generation, labels and
    /// annotations, so it also differs from the one before an annotation was changed.
    /// </summary>
    public string Synced => $"{read.Text("status", "syncedResourceVersion")}@{read.Text("status", "refreshTime")}";

    public string? SyncedVersion => read.Text("status", "syncedResourceVersion");

    public string? RefreshTime => read.Text("status", "refreshTime");

    /// <summary>Why the operator would not bring a new value; null if it would.</summary>
    public string? Obstacle
    {
        get
        {
            if (read.Text("spec", "refreshPolicy") == "CreatedOnce")
            {
                return "has refreshPolicy: CreatedOnce, so the operator never reads the store again. Set it to Periodic or OnChange.";
            }

            if (read.Text("spec", "target", "creationPolicy") == "None")
            {
                return "has target.creationPolicy: None, so the operator makes no Secret. Set it to Owner or Merge.";
            }

            return read.Flag("spec", "target", "immutable")
                ? "has target.immutable: true, so the operator never changes its Secret. Take that away, or give its Secret a new name."
                    : null;
        }
    }

    /// <summary>Null while it is Ready; else what the operator says.</summary>
    public string? NotReady
    {
        get
        {
            var ready = read.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready");
            if (ready is null)
            {
                return "the operator has not told whether it is ready";
            }

            return ready.Text("status") == "True" && ready.Text("reason") == "SecretSynced"
                ? null
                : $"{ready.Text("reason") ?? "not ready"}: {ready.Text("message")}".TrimEnd(' ', ':');
        }
    }

    /// <summary>The entries of the store that it reads.</summary>
    public IEnumerable<string> RemoteKeys =>
        read.Items("spec", "data").Select(item => item.Text("remoteRef", "key")).Concat(
            read.Items("spec", "dataFrom").Select(item => item.Text("extract", "key"))).OfType<string>();

    public JsonObject Object => read;
}
