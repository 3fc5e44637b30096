using System.Text;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>
/// Reads a kubeconfig as kubectl does, apart from what would run programs or weaken TLS: that is refused with what to do instead.
/// Nothing of its text is quoted, apart from the names of contexts, clusters and users.
/// </summary>
/// <remarks>https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/</remarks>
/// <param name="folder">What relative paths are relative to; null where there is no file: they are refused then.</param>
internal sealed class Kubeconfig(YamlMappingNode root, string? folder)
{
    private static readonly (string Key, string Why)[] RefusedOfUsers =
    [
        (
            "exec",
            "is a login by a program ('exec'), which Rotunda does not run. Make a service account with a token for it (kubectl create "
                + "token, or a Secret of the type kubernetes.io/service-account-token), give its 'tokenFile', or run Rotunda in the "
                + "cluster"),
        ("auth-provider", "is a login by an 'auth-provider', which Kubernetes itself has dropped. Use a service account's token"),
        ("username", "logs in with a user name and password, which Kubernetes has dropped. Use a service account's token"),
        ("as", "impersonates somebody ('as'). Give Rotunda a service account with the rights that it needs"),
    ];

    private static readonly (string Key, string Why)[] RefusedOfClusters =
    [
        ("proxy-url", "is reached through a 'proxy-url', which is not supported. Use a 'server' address that Rotunda reaches itself"),
        ("tls-server-name", "has a 'tls-server-name', which is not supported. Use a 'server' address that is in the certificate"),
    ];

    /// <exception cref="WebFailureException">It is no kubeconfig, or cannot be used; the reason says what to do.</exception>
    public static Kubeconfig Parse(string text, string? folder)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode root
                ? new Kubeconfig(root, folder)
                : throw Refused("The kubeconfig is empty. Give one with a cluster and a user.");
        }
        catch (YamlException problem)
        {
            throw Refused($"The kubeconfig is no YAML (line {problem.Start.Line}). Correct it there.");
        }
    }

    /// <param name="wanted">The context's name; null for the current one.</param>
    /// <exception cref="WebFailureException">It cannot be used; the reason says what to do.</exception>
    public KubernetesPlace Place(string? wanted)
    {
        var name = wanted ?? Text(root, "current-context");
        if (string.IsNullOrEmpty(name))
        {
            throw Refused("The kubeconfig has no current-context. Set 'context'.");
        }

        var context = Named("contexts", "context", name);
        var cluster = Named("clusters", "cluster", Text(context, "cluster") ?? "");
        var user = Text(context, "user") is { Length: > 0 } who ? Named("users", "user", who) : new YamlMappingNode();
        Refuse(cluster, RefusedOfClusters, "cluster", Text(context, "cluster"));
        Refuse(user, RefusedOfUsers, "user", Text(context, "user"));
        if (string.Equals(Text(cluster, "insecure-skip-tls-verify"), "true", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(
                $"The cluster '{Text(context, "cluster")}' of the kubeconfig has insecure-skip-tls-verify: anybody on the way could read "
                    + "the secrets. Give its certificate-authority instead.");
        }

        var server = WebAddress.Base(Text(cluster, "server") ?? "", "server of the kubeconfig's cluster");
        return new KubernetesPlace(
            server,
            Material(cluster, "certificate-authority"),
            Text(user, "token"),
            TokenFile(user),
            ClientPem(user),
            Text(context, "namespace"));
    }

    private static string? Text(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var node) && node is YamlScalarNode { Value: { Length: > 0 } text }
            ? text
            : null;

    private static void Refuse(YamlMappingNode map, (string Key, string Why)[] refused, string what, string? name)
    {
        foreach (var (key, why) in refused)
        {
            if (map.Children.TryGetValue(new YamlScalarNode(key), out var node)
                && node is not YamlScalarNode { Value: null or "" or "null" })
            {
                throw Refused($"The {what} '{name}' of the kubeconfig {why}.");
            }
        }
    }

    private YamlMappingNode Named(string list, string member, string name)
    {
        if (root.Children.TryGetValue(new YamlScalarNode(list), out var node) && node is YamlSequenceNode entries)
        {
            foreach (var entry in entries.OfType<YamlMappingNode>())
            {
                if (Text(entry, "name") == name
                    && entry.Children.TryGetValue(new YamlScalarNode(member), out var found)
                    && found is YamlMappingNode map)
                {
                    return map;
                }
            }
        }

        throw Refused($"The kubeconfig has no {member} '{name}'. Add it, or set 'context' to one that is complete.");
    }

    private string? TokenFile(YamlMappingNode user) => Text(user, "tokenFile") is { } path ? Located(path, "tokenFile") : null;

    private string? ClientPem(YamlMappingNode user)
    {
        var (certificate, key) = (Material(user, "client-certificate"), Material(user, "client-key"));
        if ((certificate is null) != (key is null))
        {
            throw Refused(
                "The kubeconfig's user has a client certificate without its key, or a key without its certificate. Add the "
                    + "other one.");
        }

        return certificate is null ? null : $"{certificate}\n{key}";
    }

    /// <summary>PEM, from the member with -data (base64) or from the file that the member names.</summary>
    private string? Material(YamlMappingNode map, string key)
    {
        try
        {
            if (Text(map, key + "-data") is { } data)
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }

            return Text(map, key) is { } path ? File.ReadAllText(Located(path, key)) : null;
        }
        catch (FormatException)
        {
            throw Refused($"The kubeconfig's {key}-data is no base64. Fetch the kubeconfig again.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refused(
                $"The file of the kubeconfig's {key} cannot be read ({problem.GetType().Name}). Check the path, and that "
                    + "Rotunda's user may read it.");
        }
    }

    private string Located(string path, string key) => Path.IsPathRooted(path) ? path
        : folder is not null ? Path.Combine(folder, path)
        : throw Refused(
            $"The kubeconfig's {key} is a relative path, and the kubeconfig was given by a reference. Set 'kubeconfigFile', use an "
                + $"absolute path, or {key}-data.");

    private static WebFailureException Refused(string reason) => new(StepOutcome.Rejected(reason));
}
