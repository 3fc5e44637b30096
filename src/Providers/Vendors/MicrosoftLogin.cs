using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>The login of Microsoft's clouds: an application's id and secret for a token.</summary>
internal static class MicrosoftLogin
{
    public const string Tenant = "tenant";
    private const string ClientId = "clientId";
    private const string ClientSecret = "clientSecret";
    private const string Url = "loginUrl";
    private const string Address = "https://login.microsoftonline.com";

    public static SettingDescriptor TenantSetting { get; } = new(Tenant, SettingType.Text, "The tenant's id or domain.", Required: true);

    /// <summary>Who Rotunda is there, and where it logs in; for descriptors.</summary>
    public static IReadOnlyList<SettingDescriptor> Settings { get; } =
    [
        new(ClientId, SettingType.Text, "The client id of the application as which Rotunda logs in.", Required: true),
        new(ClientSecret, SettingType.Text, "That application's secret.", Required: true, IsSecret: true),
        new(Url, SettingType.Url, "Of the login, where it is a national cloud's or a proxy's.", Default: Address),
    ];

    /// <summary>Rotunda's own login.</summary>
    /// <param name="scope">What the token is for.</param>
    public static VendorAuth For(string scope) =>
        VendorAuth.Exchanged(call => call.TokenAsync(Token(call), ClientId, ClientSecret, scope));

    /// <summary>Where tokens are given.</summary>
    public static VendorPath Token(VendorCall call) => call.Elsewhere(Url, Address, $"{call.Text(Tenant)}/oauth2/v2.0/token");
}
