namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>A login of a <see cref="SqlWorld"/>.</summary>
internal sealed class SqlWorldLogin(string name, string password, string sid)
{
    public string Name { get; } = name;

    public string Password { get; set; } = password;

    public string Sid { get; set; } = sid;

    public bool IsDisabled { get; set; }

    public bool IsLocked { get; set; }

    /// <summary>18487 or 18488, which refuses a right password.</summary>
    public int? Refusal { get; set; }

    public string Database { get; set; } = "master";

    public string Language { get; set; } = "us_english";

    public bool Expires { get; set; }

    /// <summary>All that it had; a policy that remembers refuses them.</summary>
    public List<string> Past { get; } = [];

    /// <summary>Kind, state, name, target.</summary>
    public List<string[]> Rights { get; set; } = [["permission", "GRANT", "CONNECT SQL", ""]];

    public bool May(string permission) =>
        Rights.Any(right => right is ["permission", "GRANT" or "GRANT_WITH_GRANT_OPTION", var name, ""] && name == permission) || IsHighest;

    public bool IsHighest => Rights.Any(right => right[2] is "sysadmin" or "CONTROL SERVER");
}
