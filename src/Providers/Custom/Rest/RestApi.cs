using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Rest;

/// <summary>How credentials show themselves to the system that a binding describes.</summary>
internal static class RestApi
{
    /// <summary>What the kit writes itself, or must not be written.</summary>
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Proxy-Authorization", "Cookie", "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection",
        "Expect",
    };

    public static VendorApi Of(ProviderSettings settings)
    {
        var verify = settings.Map(RestDescriptor.Verify);
        return new VendorApi(
            settings.Text("system") ?? RestDescriptor.Unnamed,
            "",
            AuthOf(settings.Text("auth"), settings.Text("header"), isOwn: true),
            "message",
            "detail",
            "title",
            "error")
        {
            Headers = [("Accept", settings.TextMap("headers").GetValueOrDefault("Accept") ?? "application/json"),
                .. settings.TextMap("headers").Where(header => header.Key != "Accept").Select(header => (header.Key, header.Value))],
            Minted = verify?.Text("auth") is { } auth ? AuthOf(auth, verify.Text("header"), isOwn: false) : null,
            PerMinute = settings.Number("perMinute", 0),
        };
    }

    /// <exception cref="OutcomeException">One cannot be sent.</exception>
    public static void CheckHeaders(ProviderSettings settings)
    {
        var names = settings.TextMap("headers").Keys
            .Concat(new[] { settings.Text("header"), settings.Map(RestDescriptor.Verify)?.Text("header") }.OfType<string>());
        var wrong = names.FirstOrDefault(name => Kept.Contains(name) || name.Length == 0 || !name.All(IsOfName))
            ?? settings.TextMap("headers").FirstOrDefault(header => header.Value.Any(char.IsControl)).Key;
        if (wrong is not null)
        {
            throw new OutcomeException(StepOutcome.Rejected(
                $"The header '{wrong}' cannot be set: it is written by Rotunda, or is none. Take it out."));
        }
    }

    private static VendorAuth AuthOf(string? auth, string? header, bool isOwn) => auth switch
    {
        "header" => VendorAuth.Header(header ?? throw new SettingMissingException("header"), RestDescriptor.Token),
        "basic" => isOwn ? VendorAuth.Basic("user", RestDescriptor.Token) : VendorAuth.Pair,
        "none" => VendorAuth.None,
        _ => VendorAuth.Bearer(RestDescriptor.Token),
    };

    private static bool IsOfName(char symbol) => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_' or '.';
}
