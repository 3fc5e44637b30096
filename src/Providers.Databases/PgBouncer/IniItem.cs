namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>One key of a pgbouncer.ini.</summary>
/// <param name="Key">Without its quotes.</param>
/// <param name="Start">Where its value begins, in characters of the text.</param>
/// <param name="Length">Of its value, without the blanks behind it.</param>
/// <param name="Line">1 for the first.</param>
internal sealed record IniItem(string Section, string Key, int Start, int Length, int Line);
