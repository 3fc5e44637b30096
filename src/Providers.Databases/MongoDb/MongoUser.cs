using MongoDB.Bson;

namespace Rotunda.Providers.Databases.MongoDb;

/// <summary>One user, as the server tells it.</summary>
/// <param name="Roles">Each as ROLE@DATABASE, in order.</param>
/// <param name="Restrictions">From where it may log in, as JSON; "none" without any.</param>
/// <param name="Mechanisms">How it may log in, in order.</param>
internal sealed record MongoUser(string Name, IReadOnlyList<string> Roles, string Restrictions, IReadOnlyList<string> Mechanisms)
{
    public const string Scram = "SCRAM-SHA-256";

    public static MongoUser Read(BsonDocument user) => new(
        user["user"].AsString,
        [.. List(user, "roles").Select(role => $"{role["role"].AsString}@{role["db"].AsString}").Order(StringComparer.Ordinal)],
        List(user, "authenticationRestrictions") is { Count: > 0 } some ? Told(some) : "none",
        [.. List(user, "mechanisms").Select(mechanism => mechanism.AsString).Order(StringComparer.Ordinal)]);

    /// <summary>What keeps the two from being taken in turn, each with what to do.</summary>
    public static IEnumerable<string> Differences(MongoUser one, MongoUser other)
    {
        foreach (var (has, lacks) in new[] { (one, other), (other, one) })
        {
            if (has.Roles.Except(lacks.Roles).ToList() is { Count: > 0 } roles)
            {
                yield return $"{has.Name} has the roles {string.Join(", ", roles)}, and {lacks.Name} has not. Grant them "
                    + "(db.grantRolesToUser), or revoke them from the other.";
            }

            if (!has.Mechanisms.Contains(Scram))
            {
                yield return $"{has.Name} cannot log in by {Scram}. Set its password with that mechanism (db.updateUser).";
            }
        }

        if (!one.Mechanisms.SequenceEqual(other.Mechanisms))
        {
            yield return $"{one.Name} logs in by {string.Join(", ", one.Mechanisms)}, {other.Name} by "
                + $"{string.Join(", ", other.Mechanisms)}. Make them equal (db.updateUser with mechanisms).";
        }

        if (one.Restrictions != other.Restrictions)
        {
            yield return $"The authenticationRestrictions of {one.Name} are {one.Restrictions}, those of {other.Name} "
                + $"{other.Restrictions}. Make them equal (db.updateUser).";
        }
    }

    private static BsonArray List(BsonDocument user, string name) => user.GetValue(name, new BsonArray()).AsBsonArray;

    /// <summary>The order of restrictions, and of addresses in one, says nothing.</summary>
    private static string Told(BsonArray restrictions) => string.Join("; ", restrictions
        .Select(one => string.Join(", ", one.AsBsonDocument
            .OrderBy(element => element.Name, StringComparer.Ordinal)
            .Select(element => $"{element.Name} {string.Join(" ", Texts(element.Value).Order(StringComparer.Ordinal))}")))
        .Order(StringComparer.Ordinal));

    private static IEnumerable<string> Texts(BsonValue value) =>
        value is BsonArray many ? many.Select(one => one.ToString()!) : [value.ToString()!];
}
