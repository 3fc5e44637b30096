using Rotunda.Campaigns.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Campaigns.Selection;

/// <summary>Reads what was asked for, and says which part of it cannot be meant.</summary>
public static class WishReader
{
    private const int LongestText = 500;
    private const int MostSideBySide = 1_000;

    /// <param name="by">Who asks.</param>
    /// <param name="right">What that one may do with a secret.</param>
    /// <exception cref="WishFieldException">A field cannot be meant as it is.</exception>
    public static CampaignWish Read(CampaignBody body, string by, Func<Policy, MemberRight> right)
    {
        if (body.All == body.Select is not null)
        {
            throw new WishFieldException("select", "or 'all' says which secrets: give one of the two");
        }

        var incident = body.Incident is null ? null : Text(body.Incident, "incident");
        if (body.RevokeFirst && incident is null)
        {
            throw new WishFieldException("revokeFirst", "is for emergencies only: give the incident's reference");
        }

        var pace = new CampaignPace(
            SideBySide(body.AtOnce, CampaignPace.Usual.AtOnce, "atOnce"),
            SideBySide(body.PerProvider, CampaignPace.Usual.PerProvider, "perProvider"));
        return new CampaignWish(Select(body.Select), Text(body.Reason, "reason"), by, incident, body.RevokeFirst, pace, right);
    }

    private static CampaignSelector? Select(string? text)
    {
        string? problem = null;
        return text is null ? null
            : CampaignSelector.TryParse(Text(text, "select"), out problem)
                ?? throw new WishFieldException("select", $"cannot be read: {problem}");
    }

    private static string Text(string? text, string field) =>
        string.IsNullOrWhiteSpace(text) ? throw new WishFieldException(field, "is required, and may not be empty")
        : text.Length > LongestText ? throw new WishFieldException(field, $"may have {LongestText} characters at most")
        : text.Trim();

    private static int SideBySide(int? given, int usual, string field) => given switch
    {
        null => usual,
        >= 1 and <= MostSideBySide => given.Value,
        _ => throw new WishFieldException(field, $"has to be a whole number from 1 to {MostSideBySide}"),
    };
}

/// <summary>A field of what was asked for cannot be meant as it is.</summary>
/// <param name="field">Its name.</param>
/// <param name="problem">What is wrong with it, to be read after its name.</param>
public sealed class WishFieldException(string field, string problem) : Exception($"'{field}' {problem}.")
{
    public string Field { get; } = field;

    public string Problem { get; } = problem;
}
