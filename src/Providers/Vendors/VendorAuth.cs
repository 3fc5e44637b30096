using System.Text;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>How a credential shows itself to a vendor: a header, and what stands in it.</summary>
internal sealed record VendorAuth
{
    /// <summary>In no header: the call's body has it.</summary>
    public static readonly VendorAuth None = new("", "", "");

    private const string Authorization = "Authorization";
    private readonly string _before;
    private readonly string _setting;
    private readonly string? _userSetting;
    private readonly Func<VendorCall, Task<SecretValue>>? _exchange;

    private VendorAuth(
        string name,
        string before,
        string setting,
        string? userSetting = null,
        Func<VendorCall, Task<SecretValue>>? exchange = null) =>
        (Name, _before, _setting, _userSetting, _exchange) = (name, before, setting, userSetting, exchange);

    /// <summary>The header.</summary>
    public string Name { get; }

    public static VendorAuth Bearer(string setting) => new(Authorization, "Bearer ", setting);

    /// <summary>As <c>Authorization: scheme value</c>.</summary>
    public static VendorAuth Scheme(string scheme, string setting) => new(Authorization, scheme + " ", setting);

    /// <summary>Bare, in a header of its own.</summary>
    public static VendorAuth Header(string name, string setting) => new(name, "", setting);

    /// <summary>As user and password.</summary>
    public static VendorAuth Basic(string userSetting, string setting) => new(Authorization, "Basic ", setting, userSetting);

    /// <summary>As bearer token that a call of the vendor gives for what the settings hold.</summary>
    public static VendorAuth Exchanged(Func<VendorCall, Task<SecretValue>> exchange) =>
        new(Authorization, "Bearer ", "", exchange: exchange);

    /// <summary>What stands in the header for Rotunda's own credential.</summary>
    /// <exception cref="WebFailureException">The setting holds nothing that can be sent.</exception>
    public async Task<string> OwnAsync(VendorCall call)
    {
        using var value = _exchange is not null ? await _exchange(call) : await call.SecretAsync(_setting);
        return Shown(call, value)
            ?? throw call.Failure(
                StepOutcome.Rejected($"'{_setting}' is empty or has spaces or line breaks inside, so it is no credential. Set it anew."));
    }

    /// <summary>What stands in the header for this value; null if it cannot be a credential.</summary>
    public string? Shown(VendorCall call, SecretValue value)
    {
        var text = value.RevealText().Trim();
        return text.Length == 0 || text.Any(symbol => symbol is <= ' ' or >= '\x7f') ? null
            : _before
                + (_userSetting is null
                    ? text
                    : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{call.Text(_userSetting)}:{text}")));
    }
}
