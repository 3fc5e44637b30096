namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>A kind of object and where the API has it.</summary>
/// <param name="Group">Empty for the core group.</param>
internal sealed record KubernetesResource(string Kind, string Group, string Version, string Plural)
{
    public static readonly KubernetesResource Secrets = new("Secret", "", "v1", "secrets");
    public static readonly KubernetesResource Pods = new("Pod", "", "v1", "pods");
    public static readonly KubernetesResource Deployments = new("Deployment", "apps", "v1", "deployments");
    public static readonly KubernetesResource StatefulSets = new("StatefulSet", "apps", "v1", "statefulsets");
    public static readonly KubernetesResource DaemonSets = new("DaemonSet", "apps", "v1", "daemonsets");
    public static readonly KubernetesResource ReplicaSets = new("ReplicaSet", "apps", "v1", "replicasets");
    public static readonly KubernetesResource ReplicationControllers = new("ReplicationController", "", "v1", "replicationcontrollers");
    public static readonly KubernetesResource Rollouts = new("Rollout", "argoproj.io", "v1alpha1", "rollouts");
    public static readonly KubernetesResource DeploymentConfigs = new("DeploymentConfig", "apps.openshift.io", "v1", "deploymentconfigs");
    public static readonly KubernetesResource Jobs = new("Job", "batch", "v1", "jobs");
    public static readonly KubernetesResource CronJobs = new("CronJob", "batch", "v1", "cronjobs");
}
