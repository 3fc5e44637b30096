using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>The settings that all providers of this folder share: which cluster, and how to log in.</summary>
internal static class KubernetesSettings
{
    public const string KubeconfigFile = "kubeconfigFile";
    public const string Kubeconfig = "kubeconfig";
    public const string Context = "context";
    public const string Namespace = "namespace";

    public static IReadOnlyList<SettingDescriptor> Access { get; } =
    [
        new(
            KubeconfigFile,
            SettingType.Path,
            "A kubeconfig file. With neither this nor `kubeconfig`, Rotunda uses the service account of the pod that it runs in."),
        new(
            Kubeconfig,
            SettingType.Text,
            "The text of a kubeconfig, instead of `kubeconfigFile`. Files that it names must have absolute paths.",
            IsSecret: true),
        new(Context, SettingType.Text, "The kubeconfig's context. Left out: its current one."),
        new(Namespace, SettingType.Text, "The namespace. Left out: the context's, or the pod's own; else `default`."),
    ];

    public static IReadOnlyList<string> AccessLimits { get; } =
    [
        "Login is by the pod's service account (its token is read anew for each call, as it is rotated), or by a kubeconfig's `token`, "
            + "`tokenFile` or client certificate. Programs (`exec`), `auth-provider`, impersonation, `proxy-url` and "
            + "`insecure-skip-tls-verify` are refused: make a service account for Rotunda. Where the cluster's certificate authority is "
            + "given, no other is trusted.",
    ];
}
