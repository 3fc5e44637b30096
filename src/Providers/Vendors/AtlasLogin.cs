using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>The Admin API of MongoDB Atlas, and its login: a service account's id and secret for a token.</summary>
internal static class AtlasLogin
{
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    private const string Address = "https://cloud.mongodb.com";

    /// <summary>Who Rotunda is there, and where that is; for descriptors.</summary>
    /// <param name="what">What the account makes.</param>
    public static IReadOnlyList<SettingDescriptor> Settings(string what) =>
    [
        new(ClientId, SettingType.Text, $"The client id of the service account by which Rotunda {what}.", Required: true),
        new(ClientSecret, SettingType.Text, "That account's secret.", Required: true, IsSecret: true),
        VendorApi.UrlSetting(Address),
    ];

    /// <param name="version">Of the API, as a media type.</param>
    public static VendorApi Api(string version) =>
        new("MongoDB Atlas", Address, VendorAuth.Exchanged(LogInAsync, ("Accept", version)), "detail")
        {
            Headers = [],
            ContentType = version,
        };

    private static Task<SecretValue> LogInAsync(VendorCall call) =>
        call.TokenAsync($"api/oauth/token", ClientId, ClientSecret, inHeader: true);
}
