using System.Globalization;
using System.Text.Json.Nodes;

namespace Rotunda.Providers.Stores.Aws;

/// <summary>What DescribeSecret tells: labels, never values.</summary>
internal sealed class AwsSecret(JsonObject answer)
{
    /// <summary>On a version that AWS made current by itself, as the secret's first.</summary>
    public const string Unpromoted = "rotunda-unpromoted";

    /// <summary>On a version that was discarded and has to keep AWSCURRENT, as there is no other.</summary>
    public const string Discarded = "rotunda-discarded";

    /// <summary>How many labels AWS allows on all versions of a secret together.</summary>
    public const int MostLabels = 20;

    private const string Previous = "AWSPREVIOUS";
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _labels = (answer["VersionIdsToStages"] as JsonObject ?? [])
        .ToDictionary(
            pair => pair.Key,
            pair => (IReadOnlyList<string>)[.. pair.Value!.AsArray().Select(label => (string)label!)],
            StringComparer.Ordinal);

    /// <summary>A Lambda function rotates it, or the AWS service that owns it does.</summary>
    public bool IsRotatedByAws => (bool?)answer["RotationEnabled"] == true;

    /// <summary>Rotunda made it.</summary>
    public bool IsOurs => (string?)answer["Description"] == AwsClient.Ours;

    /// <summary>How many labels there will be, on all versions together, while a new version is pending and when it has become
    /// current.</summary>
    public int LabelsWithOneMore =>
        _labels.Values.SelectMany(labels => labels).Union([AwsClient.Current, AwsClient.Pending, Previous], StringComparer.Ordinal).Count()
            + 1;

    /// <summary>Nothing is kept there but this version: others are discarded, or were never labelled.</summary>
    public bool KeepsNothingBut(string version) =>
        _labels.All(other => other.Key == version || other.Value.Contains(Discarded, StringComparer.Ordinal));

    public bool IsDeleted => answer["DeletedDate"] is not null;

    /// <summary>Regions that are not in sync, with what AWS says of them.</summary>
    public IReadOnlyList<string> Behind { get; } = [.. (answer["ReplicationStatus"] as JsonArray ?? [])
        .Where(region => (string?)region!["Status"] != "InSync")
        .Select(region => $"{(string?)region!["Region"]} is {(string?)region["Status"]}")];

    /// <summary>The version with the label; null if none has it.</summary>
    public string? With(string label) => _labels.FirstOrDefault(version => version.Value.Contains(label, StringComparer.Ordinal)).Key;

    public IReadOnlyList<string> LabelsOf(string version) => _labels.GetValueOrDefault(version) ?? [];

    /// <summary>The current version in Rotunda's sense: promoted, or somebody else's.</summary>
    public string? Current =>
        With(AwsClient.Current) is { } version && !LabelsOf(version).Contains(Unpromoted) && !LabelsOf(version).Contains(Discarded)
            ? version
            : null;

    /// <summary>The versions of an owner with their numbers, oldest first.</summary>
    public IEnumerable<(string Version, int Number)> Of(string owner) => _labels
        .SelectMany(version => version.Value.Select(label => (version.Key, Number: NumberOf(owner, label))))
        .Where(found => found.Number > 0).OrderBy(found => found.Number);

    private static int NumberOf(string owner, string label) =>
        label.StartsWith(owner + "/", StringComparison.Ordinal)
            && int.TryParse(label.AsSpan(owner.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
