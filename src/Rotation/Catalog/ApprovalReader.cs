namespace Rotunda.Rotation.Catalog;

/// <summary>Reads who is asked, of a secret, of the defaults, and of the defaults of a risk class.</summary>
/// <param name="teams">The catalog's teams, by name: who is in them.</param>
internal sealed class ApprovalReader(IReadOnlyDictionary<string, IReadOnlyList<string>> teams)
{
    private const int Most = 10;
    private static readonly string[] s_roles = ["approver", "admin"];

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Teams(CatalogMap root)
    {
        var teams = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var map = root.Map("teams", known: null);
        foreach (var key in map?.Keys ?? [])
        {
            teams[key.Text] = People(map!, key.Text) ?? [];
        }
        return teams;
    }

    public ApprovalPolicy? Read(CatalogMap parent) => PolicyParts.Part(parent, "approval", CatalogWords.Approval, ReadOne);

    /// <summary>Of each risk class that has one of its own.</summary>
    /// <param name="above">Those that hold where the map says nothing.</param>
    public IReadOnlyDictionary<RiskClass, ApprovalPolicy> ReadByRisk(
        CatalogMap parent, IReadOnlyDictionary<RiskClass, ApprovalPolicy> above)
    {
        var found = new Dictionary<RiskClass, ApprovalPolicy>(above);
        var map = parent.Map("approvals", [.. CatalogWords.Risks.Keys]);
        foreach (var (word, risk) in CatalogWords.Risks)
        {
            if (map is not null && PolicyParts.Part(map, word, CatalogWords.Approval, ReadOne) is { } approval)
            {
                found[risk] = approval;
            }
        }
        return found;
    }

    private ApprovalPolicy ReadOne(CatalogMap map)
    {
        var (roles, people) = map.Map("from", CatalogWords.ApprovalFrom) is { } from ? From(from) : (null, null);
        var need = map.Integer("need", 1, Most) ?? 1;
        if (map.IsGood("from") && roles is null && people is { } named && named.Count < need)
        {
            map.Problem("need", $"is {need}, and \"from\" has {named.Count} people. Name more of them, or a role.");
        }
        var timeout = map.Duration("timeout");
        return new ApprovalPolicy(map.Choice("before", CatalogWords.Moments, required: true) ?? ApprovalMoment.Start, timeout)
        {
            Escalate = EscalationReader.Read(map, timeout),
            Need = need,
            Roles = roles,
            People = people,
            Remind = map.Duration("remind"),
        };
    }

    private (IReadOnlyList<string>? Roles, IReadOnlyList<string>? People) From(CatalogMap map)
    {
        var roles = map.Texts("roles");
        foreach (var role in (roles ?? []).Where(role => !s_roles.Contains(role, StringComparer.Ordinal)))
        {
            map.Problem("roles", $"\"{role}\" cannot approve. {Suggestion.For(role, s_roles)}");
        }
        var people = new List<string>(People(map, "people") ?? []);
        foreach (var team in map.Texts("teams") ?? [])
        {
            if (teams.TryGetValue(team, out var members))
            {
                people.AddRange(members);
            }
            else
            {
                map.Problem("teams", $"there is no team \"{team}\". {Suggestion.For(team, teams.Keys)} Teams are under \"teams\".");
            }
        }
        if (roles is not { Count: > 0 } && people.Count == 0 && !map.Has("people") && !map.Has("teams"))
        {
            map.Problem("roles", "nobody is named. Give roles, people or teams.");
        }
        return (roles is { Count: > 0 } ? roles : null, people.Count > 0 ? [.. people.Distinct(StringComparer.OrdinalIgnoreCase)] : null);
    }

    public static IReadOnlyList<string>? People(CatalogMap map, string key)
    {
        var people = map.Texts(key);
        if (people is { Count: 0 } && map.IsGood(key))
        {
            map.Problem(key, "is empty: name somebody, or leave it out.");
        }
        foreach (var person in (people ?? []).Where(person => person.AsSpan().IndexOfAny(",[]") >= 0))
        {
            map.Problem(key, $"\"{person}\" is no name of a person: give the owner of their token, or their id in the directory.");
        }
        return people;
    }
}
