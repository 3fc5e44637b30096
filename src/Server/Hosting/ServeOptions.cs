namespace Rotunda.Server.Hosting;

/// <param name="JsonLogs">One JSON object per line instead of text.</param>
/// <param name="SweepEvery">How often the schedule is looked at.</param>
internal sealed record ServeOptions(string Data, string Catalog, string Urls, TimeSpan SweepEvery, bool JsonLogs);
