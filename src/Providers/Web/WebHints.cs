namespace Rotunda.Providers.Web;

/// <summary>What a vendor's refusals mean and what to do about them.</summary>
/// <param name="ByStatus">A sentence by HTTP status.</param>
/// <param name="Members">The members of a JSON answer that hold its explanation, the best first.</param>
internal sealed record WebHints(IReadOnlyDictionary<int, string> ByStatus, params string[] Members)
{
    public static WebHints None { get; } = new(new Dictionary<int, string>());

    public string For(int status) => ByStatus.GetValueOrDefault(status) ?? status switch
    {
        401 => "Check the credential that Rotunda uses there: it is unknown, expired or revoked.",
        403 => "The credential that Rotunda uses there may not do this: see the permissions in the provider's page.",
        404 => "Check the names in the settings; some systems say this for a missing permission, too.",
        429 => "That was one call too many for now: the next is made later.",
        500 or 502 or 503 or 504 => "Something is wrong on its side, or in between: see its status page or its log.",
        >= 300 and < 400 => "Redirects are not followed: give the address that it leads to.",
        _ => "",
    };

    /// <summary>These, with others for some statuses.</summary>
    public WebHints With(params (int Status, string Hint)[] more)
    {
        var all = new Dictionary<int, string>(ByStatus);
        foreach (var (status, hint) in more)
        {
            all[status] = hint;
        }

        return this with { ByStatus = all };
    }
}
