namespace Rotunda.Reports.Signing;

/// <summary>One file of a report.</summary>
/// <param name="Text">Its contents as UTF-8 without a mark; of a ".sig", the bytes in base64.</param>
public sealed record ReportFile(string Name, string Text);

/// <summary>A report in all its forms.</summary>
/// <param name="Name">Of the folder or the incident.</param>
public sealed record ReportFiles(string Name, IReadOnlyList<ReportFile> Files);
