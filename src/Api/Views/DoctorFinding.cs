using System.Text.Json.Serialization;

namespace Rotunda.Api.Views;

/// <summary>How much a finding matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingLevel>))]
public enum FindingLevel
{
    /// <summary>A rotation could not start, or not end well.</summary>
    [JsonStringEnumMemberName("problem")] Problem = 0,
    /// <summary>It could; a person should know.</summary>
    [JsonStringEnumMemberName("warning")] Warning = 1,
}

/// <summary>Something that the doctor found.</summary>
/// <param name="Area">ledger, store, values, references, provider, target, consumer, adoption, catalog, clock or disk.</param>
/// <param name="Secret">Null for what concerns all.</param>
/// <param name="Part">The target's, consumer's or store's name; null where there is none.</param>
/// <param name="Message">What is wrong, and what to do.</param>
public sealed record DoctorFinding(FindingLevel Level, string Area, string? Secret, string? Part, string Message);
