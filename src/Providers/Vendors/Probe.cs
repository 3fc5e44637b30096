using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Vendors;

/// <summary>A call that a credential makes by itself, and what its answers tell of the credential.</summary>
/// <param name="Body">Null for none.</param>
/// <param name="IsForm">Its members are a form's fields.</param>
internal sealed record Probe(HttpMethod Method, VendorPath Path, JsonObject? Body = null, bool IsForm = false)
{
    private IReadOnlyList<int> _valid = [200];
    private IReadOnlyList<int> _invalid = [401];
    private Func<VendorReply, Validity?> _read = _ => null;

    public static Probe Get(VendorPath path) => new(HttpMethod.Get, path);

    public static Probe Post(VendorPath path, JsonObject body) => new(HttpMethod.Post, path, body);

    public static Probe Form(VendorPath path, JsonObject fields) => new(HttpMethod.Post, path, fields, IsForm: true);

    /// <summary>A client's secret that asks for a token, as OAuth has it: "invalid_client" is the one answer about the secret.</summary>
    /// <param name="after">What is refused only once the secret was found right.</param>
    public static Probe ForToken(VendorPath path, JsonObject fields, params string[] after)
    {
        fields["grant_type"] = "client_credentials";
        return Form(path, fields).Means(
            valid: [200],
            invalid: [],
            reply => reply.Status is not (400 or 401) || reply.Maybe("error") is not { } error ? null
                : error == "invalid_client" ? Validity.Invalid
                : after.Contains(error) ? Validity.Valid
                : null);
    }

    /// <param name="valid">The statuses that only a credential that works is answered with.</param>
    /// <param name="invalid">Those that tell that it does not.</param>
    /// <param name="read">For what the status does not tell: reads the answer first; null leaves it to the status.</param>
    public Probe Means(int[] valid, int[] invalid, Func<VendorReply, Validity?>? read = null) =>
        this with { _valid = valid, _invalid = invalid, _read = read ?? _read };

    /// <summary>Null: it does not tell.</summary>
    public Validity? Judge(VendorReply reply) =>
        _read(reply) ?? (_valid.Contains(reply.Status) ? Validity.Valid : _invalid.Contains(reply.Status) ? Validity.Invalid : null);
}
