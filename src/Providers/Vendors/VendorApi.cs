using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>What is only data about a vendor's API.</summary>
/// <param name="System">For people: "Resend".</param>
/// <param name="DefaultUrl">Where the setting <see cref="Url"/> does not say otherwise; may name settings, as {account}.</param>
/// <param name="Own">How the credential shows itself by which Rotunda issues the others.</param>
/// <param name="Explains">The members of a refusal that hold its explanation, the best first.</param>
internal sealed record VendorApi(string System, string DefaultUrl, VendorAuth Own, params string[] Explains)
{
    /// <summary>The setting with the API's address, which every vendor has.</summary>
    public const string Url = "url";

    /// <summary>On every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [("Accept", "application/json")];

    /// <summary>Of bodies that are no forms.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Whether a refusal asks to come later, where its status does not tell.</summary>
    public Func<VendorReply, bool> IsBusy { get; init; } = _ => false;

    /// <summary>How what is issued shows itself; null: as <see cref="Own"/>.</summary>
    public VendorAuth? Minted { get; init; }

    /// <summary>What some statuses mean here and what to do about them, for people.</summary>
    public IReadOnlyDictionary<int, string> Meanings { get; init; } = new Dictionary<int, string>();

    /// <summary>The most calls of one account in a minute, by all rotations together; 0: the vendor does not say.</summary>
    public int PerMinute { get; init; }

    /// <summary>The most credentials that may live at once; 0: the vendor does not say.</summary>
    public int Most { get; init; }

    public WebHints Hints => new(Meanings, [.. Explains]);

    /// <summary>The setting <see cref="Url"/>, for descriptors.</summary>
    public static SettingDescriptor UrlSetting(string address) => address.Contains('{', StringComparison.Ordinal)
        ? new(Url, SettingType.Url, $"Of the API, where it is not the vendor's own (`{address}`): a proxy's.")
        : new(Url, SettingType.Url, "Of the API, where it is not the vendor's own: a proxy's.", Default: address);
}
