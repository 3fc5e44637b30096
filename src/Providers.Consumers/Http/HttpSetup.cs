using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Http;

internal sealed record HttpSetup(
    IReadOnlyList<Uri> Instances,
    string? ReloadPath,
    string? HealthPath,
    string? FingerprintPath,
    TimeSpan Timeout)
{
    /// <exception cref="HttpSetupException">An address is none.</exception>
    public static HttpSetup Read(ProviderSettings settings)
    {
        var instances = settings.TextList(HttpDescriptor.Instances).Select(Instance).ToList();
        return instances.Count == 0
            ? throw new HttpSetupException("'instances' is empty. Give the base address of each instance, such as http://app-1:8080.")
            : new(
                instances,
                settings.Text(HttpDescriptor.ReloadPath),
                settings.Text(HttpDescriptor.HealthPath),
                settings.Text(HttpDescriptor.FingerprintPath),
                settings.Duration(HttpDescriptor.Timeout, TimeSpan.FromSeconds(10)));
    }

    /// <summary>Paths are below the base address, with or without a slash in front.</summary>
    public static Uri Address(Uri instance, string path) => new(instance, path.TrimStart('/'));

    private static Uri Instance(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
            ? address
            : throw new HttpSetupException(
                "'instances' has an entry that is no plain http or https address such as http://app-1:8080 (user names and queries do not "
                    + "belong there: use 'token').");
}

/// <summary>The settings cannot work as they are. The message says what to do and holds no value.</summary>
internal sealed class HttpSetupException(string message) : OutcomeException(StepOutcome.Rejected(message));
