using System.Net.Http.Headers;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>Opens the API of the cluster that a binding's settings name. One for each provider, for many threads.</summary>
internal sealed class KubernetesAccess(KubernetesSurroundings surroundings) : IDisposable
{
    private readonly WebClients _clients = new();

    /// <summary>Reads what is needed to log in; nothing is sent yet.</summary>
    /// <exception cref="WebFailureException">It cannot be used; the reason says what to do.</exception>
    public async Task<KubernetesClient> OpenAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var place = await PlaceAsync(call.Settings, cancellationToken);
        var token = await TokenAsync(place, cancellationToken);
        if (token?.Any(symbol => symbol is <= ' ' or > '~') == true)
        {
            throw new WebFailureException(
                StepOutcome.Rejected("The token for the cluster has characters that no token has. Check for a line break."));
        }

        var session = new WebSession(_clients.With(place.AuthorityPem, place.ClientPem), call.Time, "Kubernetes");
        return new KubernetesClient(
            session,
            place.Server,
            call.Settings.Text(KubernetesSettings.Namespace) ?? place.Namespace ?? "default",
            token is null ? null : new AuthenticationHeaderValue("Bearer", token));
    }

    public void Dispose() => _clients.Dispose();

    private async Task<KubernetesPlace> PlaceAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Text(KubernetesSettings.KubeconfigFile) is { } path)
        {
            try
            {
                var text = await File.ReadAllTextAsync(path, cancellationToken);
                return Kubeconfig.Parse(text, Path.GetDirectoryName(Path.GetFullPath(path)))
                    .Place(settings.Text(KubernetesSettings.Context));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new WebFailureException(StepOutcome.Rejected(
                    $"The kubeconfig '{path}' cannot be read ({problem.GetType().Name}). "
                        + "Check the path, and that Rotunda's user may read it."));
            }
        }

        using var given = await settings.SecretAsync(KubernetesSettings.Kubeconfig, cancellationToken);
        return given is null
            ? surroundings.Place()
            : Kubeconfig.Parse(given.RevealText(), null).Place(settings.Text(KubernetesSettings.Context));
    }

    private static async Task<string?> TokenAsync(KubernetesPlace place, CancellationToken cancellationToken)
    {
        if (place.TokenFile is not { } file)
        {
            return place.Token;
        }

        try
        {
            return (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new WebFailureException(StepOutcome.Rejected(
                $"The token file '{file}' cannot be read ({problem.GetType().Name}). "
                    + "Check the path, and that Rotunda's user may read it."));
        }
    }
}
