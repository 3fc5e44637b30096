using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>What a pod is given to reach its own cluster: two variables and the files of its service account.</summary>
/// <remarks>https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/</remarks>
internal sealed record KubernetesSurroundings(Func<string, string?> Variable, string Folder)
{
    public static KubernetesSurroundings OfThisProcess { get; } =
        new(Environment.GetEnvironmentVariable, "/var/run/secrets/kubernetes.io/serviceaccount");

    /// <exception cref="WebFailureException">This is no pod, or it has no service account.</exception>
    public KubernetesPlace Place()
    {
        var (host, port) = (Variable("KUBERNETES_SERVICE_HOST"), Variable("KUBERNETES_SERVICE_PORT"));
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw Refused(
                "Rotunda runs in no pod here (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set). Set 'kubeconfigFile' or "
                    + "'kubeconfig'.");
        }

        var token = Path.Combine(Folder, "token");
        var authority = Path.Combine(Folder, "ca.crt");
        if (!File.Exists(token) || !File.Exists(authority))
        {
            throw Refused(
                $"The pod has no service account token in {Folder}. Give the pod a service account and leave "
                    + "automountServiceAccountToken on, or set 'kubeconfigFile' or 'kubeconfig'.");
        }

        var server = new UriBuilder(
            Uri.UriSchemeHttps,
            host.Contains(':', StringComparison.Ordinal) ? $"[{host.Trim('[', ']')}]" : host,
            int.Parse(port)).Uri;
        var names = Path.Combine(Folder, "namespace");
        return new KubernetesPlace(
            server,
            File.ReadAllText(authority),
            null,
            token,
            null,
            File.Exists(names) ? File.ReadAllText(names).Trim() : null);
    }

    private static WebFailureException Refused(string reason) => new(StepOutcome.Rejected(reason));
}
