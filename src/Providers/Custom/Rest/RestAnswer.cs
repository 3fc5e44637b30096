using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Rest;

/// <summary>Reads an answer by the pointers that a map of the settings holds.</summary>
/// <param name="at">The map's name, for people.</param>
internal sealed class RestAnswer(ProviderSettings map, string at)
{
    /// <exception cref="OutcomeException">The setting is not there, or is no pointer.</exception>
    public RestPointer Pointer(string setting) => new(map.Text(setting) ?? throw new SettingMissingException($"{at}.{setting}"));

    public string Text(VendorReply reply, string setting) => Holder(reply, setting).Text(Pointer(setting).Last ?? "");

    public SecretValue Secret(VendorReply reply, string setting) => Holder(reply, setting).Secret(Pointer(setting).Last ?? "");

    /// <summary>Null if the settings do not say where it is, or it is not there.</summary>
    public string? Maybe(VendorReply reply, string setting) =>
        map.Text(setting) is null || Pointer(setting) is not { Last: { } last } pointer ? null : pointer.Parent(reply)?.Maybe(last);

    /// <summary>As <see cref="Maybe"/>.</summary>
    public DateTimeOffset? Time(VendorReply reply, string setting) =>
        map.Text(setting) is null || Pointer(setting) is not { Last: { } last } pointer ? null : pointer.Parent(reply)?.Time(last);

    /// <summary>The entries of a list; the answer itself is the list where the setting says nothing.</summary>
    public IReadOnlyList<VendorReply> Items(VendorReply reply, string setting)
    {
        var pointer = new RestPointer(map.Text(setting) ?? "");
        return pointer.Last is { } last ? (pointer.Parent(reply) ?? reply).Items(last) : reply.Items();
    }

    /// <summary>Where the whole is missing, the answer says that the member is.</summary>
    private VendorReply Holder(VendorReply reply, string setting) => Pointer(setting).Parent(reply) ?? reply;
}
