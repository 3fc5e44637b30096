using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Campaigns.Selection;

namespace Rotunda.Access;

/// <summary>
/// The client principal of App Service Authentication: base64 of JSON with the claims.
/// See https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
/// </summary>
internal static class ClientPrincipal
{
    private const string ObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private const string RolePrefix = "Rotunda.";

    private static readonly string[] Names =
        ["preferred_username", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "upn", "name", "appid", "azp"];

    /// <summary>Null if it cannot be read, is not of Microsoft Entra ID, or has no object id.</summary>
    public static Caller? TryRead(string header)
    {
        try
        {
            var principal =
                JsonSerializer.Deserialize(Convert.FromBase64String(header), ClientPrincipalJson.Default.ClientPrincipalDocument);
            return principal is { AuthenticationType: "aad", Claims: { } claims } ? CallerOf(principal.RoleType, claims) : null;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The roles that the app roles stand for: admin first, unknown ones left out.</summary>
    internal static IReadOnlyList<Role> RolesOf(IEnumerable<string> appRoles) =>
    [
        .. appRoles
            .Select(role => role.StartsWith(RolePrefix, StringComparison.OrdinalIgnoreCase) ? role[RolePrefix.Length..] : role)
            .SelectMany(word => Enum.GetValues<Role>()
            .Where(role => string.Equals(role.ToString(), word, StringComparison.OrdinalIgnoreCase)))
            .Distinct()
            .OrderDescending(),
    ];

    /// <summary>Roles for some secrets only: <c>Rotunda.Operator@owner=platform</c>. What cannot be read is left out.</summary>
    internal static IReadOnlyList<Grant> GrantsOf(IEnumerable<string> appRoles) =>
    [
        .. appRoles
            .Select(word => word.Split('@', 2))
            .Where(parts => parts.Length == 2)
            .SelectMany(parts => RolesOf([parts[0]])
                .Where(role => role != Role.Admin)
                .Select(role => Selector.TryParse(parts[1]) is { } on ? new Grant(role, on) : null)
                .OfType<Grant>()),
    ];

    private static Caller? CallerOf(string? roleType, IReadOnlyList<ClientClaim> claims)
    {
        if ((ValueOf(claims, ObjectId) ?? ValueOf(claims, "oid")) is not { Length: > 0 } id)
        {
            return null;
        }

        var name = Names.Select(type => ValueOf(claims, type)).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? "someone";
        var words = claims.Where(claim => claim.Type == "roles" || claim.Type == roleType).Select(claim => claim.Value ?? "").ToList();
        var roles = RolesOf(words);
        return new Caller(PersonName.Of(name, id), roles.Count == 0 ? null : roles[0])
        {
            MoreRoles = [.. roles.Skip(1)],
            Grants = GrantsOf(words),
        };
    }

    private static string? ValueOf(IReadOnlyList<ClientClaim> claims, string type) =>
        claims.FirstOrDefault(claim => claim.Type == type)?.Value;
}

internal sealed record ClientPrincipalDocument(
    [property: JsonPropertyName("auth_typ")] string? AuthenticationType,
    [property: JsonPropertyName("role_typ")] string? RoleType,
    [property: JsonPropertyName("claims")] IReadOnlyList<ClientClaim>? Claims);

internal sealed record ClientClaim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);

[JsonSerializable(typeof(ClientPrincipalDocument))]
internal sealed partial class ClientPrincipalJson : JsonSerializerContext;
