using System.Text;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>How a credential shows itself to a vendor: a header, and what stands in it.</summary>
internal sealed record VendorAuth
{
    /// <summary>In no header: the call's body has it.</summary>
    public static readonly VendorAuth None = new("", "", "") { TakesAnyText = true };

    /// <summary>There is no credential of Rotunda's own, and none is sent.</summary>
    public static readonly VendorAuth Nothing = new("", "", "") { IsNothing = true };

    private const string Authorization = "Authorization";
    private readonly string _name;
    private readonly string _before;
    private readonly string _setting;
    private readonly Func<VendorCall, string, string?>? _user;
    private readonly Func<VendorCall, Task<SecretValue>>? _exchange;
    private readonly Writer? _write;
    private readonly IReadOnlyList<(string Name, string Value)> _beside;

    private VendorAuth(
        string name,
        string before,
        string setting,
        Func<VendorCall, string, string?>? user = null,
        Func<VendorCall, Task<SecretValue>>? exchange = null,
        Writer? write = null,
        params IReadOnlyList<(string Name, string Value)> beside) =>
        (_name, _before, _setting, _user, _exchange, _write, _beside) = (name, before, setting, user, exchange, write, beside);

    /// <summary>True where a value itself stands in no header: one in PEM, say.</summary>
    public bool TakesAnyText { get; init; }

    public bool IsNothing { get; private init; }

    /// <summary>Of a value in several parts, as JSON: the member that is shown. Null: the value is shown as it is.</summary>
    private string? Member { get; init; }

    /// <summary>The headers in which a value shows itself on a request.</summary>
    internal delegate Task<IReadOnlyList<(string Name, string Value)>> Writer(VendorCall call, WebRequest request, string value);

    /// <summary>A value and the id of what it is of, as user and password.</summary>
    public static VendorAuth Pair { get; } = new(Authorization, "Basic ", "", (call, _) => call.Tried?.Id ?? "");

    /// <summary>A value and the account that it is of, as user and password.</summary>
    public static VendorAuth AccountPair { get; } = new(Authorization, "Basic ", "", (call, _) => call.Tried?.Account);

    public static VendorAuth Bearer(string setting) => new(Authorization, "Bearer ", setting);

    /// <summary>A member of a value in several parts, as JSON.</summary>
    public static VendorAuth BearerOf(string member) => new(Authorization, "Bearer ", "") { Member = member };

    /// <summary>Two members of a value in several parts, as JSON, as user and password.</summary>
    public static VendorAuth PairOf(string userMember, string member) =>
        new(Authorization, "Basic ", "", (_, value) => JsonParts.Member(value, userMember)) { Member = member };

    /// <summary>As <c>Authorization: scheme value</c>.</summary>
    public static VendorAuth Scheme(string scheme, string setting) => new(Authorization, scheme + " ", setting);

    /// <summary>Bare, in a header of its own.</summary>
    public static VendorAuth Header(string name, string setting) => new(name, "", setting);

    /// <summary>As user and password.</summary>
    public static VendorAuth Basic(string userSetting, string setting) =>
        new(Authorization, "Basic ", setting, (call, _) => call.Text(userSetting));

    /// <summary>In several headers, or in a signature of each request.</summary>
    public static VendorAuth Written(string setting, Writer write) => new("", "", setting, write: write);

    /// <summary>As bearer token that a call of the vendor gives for what the settings hold.</summary>
    /// <param name="beside">What goes along in other headers, but not with the call that exchanges.</param>
    public static VendorAuth Exchanged(
        Func<VendorCall, Task<SecretValue>> exchange,
        params IReadOnlyList<(string Name, string Value)> beside) => new(Authorization, "Bearer ", "", exchange: exchange, beside: beside);

    /// <summary>What stands in the header for Rotunda's own credential.</summary>
    /// <exception cref="WebFailureException">The setting holds nothing that can be sent.</exception>
    public async Task<string> OwnAsync(VendorCall call)
    {
        if (IsNothing)
        {
            return "";
        }

        using var value = _exchange is not null ? await _exchange(call) : await call.SecretAsync(_setting);
        return Shown(call, value)
            ?? throw call.Failure(
                StepOutcome.Rejected($"'{_setting}' is empty or has spaces or line breaks inside, so it is no credential. Set it anew."));
    }

    /// <summary>What stands in the header for this value; null if it cannot be a credential.</summary>
    public string? Shown(VendorCall call, SecretValue value)
    {
        var whole = value.RevealText().Trim();
        var text = Member is null ? whole : JsonParts.Member(whole, Member) ?? "";
        if (text.Length == 0 || (!TakesAnyText && text.Any(symbol => symbol is <= ' ' or >= '\x7f')))
        {
            return null;
        }

        if (Member is not null)
        {
            call.Register(SecretValue.FromText(text));
        }

        return _user is null ? _before + text
            : _user(call, whole) is { } user ? _before + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{text}"))
            : null;
    }

    /// <summary>The headers of a request, with what <see cref="Shown"/> gave.</summary>
    public async Task<IReadOnlyList<(string Name, string Value)>> HeadersAsync(VendorCall call, WebRequest request, string shown) =>
        _write is not null ? await _write(call, request, shown)
        : _name.Length == 0 ? []
        : [(_name, shown), .. _beside];
}
