using System.Text.Json.Serialization;

namespace Rotunda.Access;

/// <summary>What a token's holder is trusted with.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
public enum Role
{
    /// <summary>Reads everything (there are no values to read).</summary>
    [JsonStringEnumMemberName("viewer")] Viewer = 0,
    /// <summary>Reads, starts and steers rotations, emergencies included.</summary>
    [JsonStringEnumMemberName("operator")] Operator = 1,
    /// <summary>Reads, approves, rejects and ends grace periods early. Cannot start, so that asking and approving are two people's
    /// work.</summary>
    [JsonStringEnumMemberName("approver")] Approver = 2,
    /// <summary>All of it; still cannot approve what the same person asked for.</summary>
    [JsonStringEnumMemberName("admin")] Admin = 3,
}

/// <summary>What a route asks of its caller.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Permission>))]
public enum Permission
{
    [JsonStringEnumMemberName("read")] Read,
    [JsonStringEnumMemberName("start")] Start,
    [JsonStringEnumMemberName("control")] Control,
    [JsonStringEnumMemberName("approve")] Approve,

    /// <summary>What an administrator alone may do: who may come in, as what, and the keys of the installation itself.</summary>
    [JsonStringEnumMemberName("administer")] Administer,
}

public static class Roles
{
    /// <summary>The one place that says who may do what.</summary>
    public static bool May(this Role role, Permission permission) => role switch
    {
        Role.Admin => true,
        Role.Operator => permission is Permission.Read or Permission.Start or Permission.Control,
        Role.Approver => permission is Permission.Read or Permission.Approve,
        Role.Viewer => permission is Permission.Read,
        _ => false,
    };

    /// <summary>The roles that a permission needs, in words.</summary>
    public static string Needed(Permission permission) =>
        string.Join(" or ", Enum.GetValues<Role>().Where(role => role.May(permission)).Select(role => role.ToString().ToLowerInvariant()));
}
