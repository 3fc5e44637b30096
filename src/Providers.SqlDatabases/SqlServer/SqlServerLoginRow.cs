namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>A login of an instance.</summary>
/// <param name="Sid">As 0x and hex digits.</param>
/// <param name="DaysLeft">Until its password expires; -1 if it does not, or the server does not tell.</param>
/// <param name="IsLocked">By too many failed logins.</param>
internal sealed record SqlServerLoginRow(
    string Name, string Sid, bool IsDisabled, string? Database, string? Language, bool Expires, int DaysLeft, bool IsLocked);
