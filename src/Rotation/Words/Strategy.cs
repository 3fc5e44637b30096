using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>How the planner shapes a plan.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Strategy>))]
public enum Strategy
{
    /// <summary>Two credentials may live at once: issue, deliver, promote, grace, revoke the old.</summary>
    [JsonStringEnumMemberName("overlap")] Overlap = 0,
    /// <summary>Two accounts taken in turn: a new password on the idle one.</summary>
    [JsonStringEnumMemberName("alternate")] Alternate = 1,
    /// <summary>One account, one value; roll back re-applies the old value.</summary>
    [JsonStringEnumMemberName("in-place")] InPlace = 2,
    /// <summary>Values made here that consumers check: deliver old+new, then new+old, then new.</summary>
    [JsonStringEnumMemberName("dual-key")] DualKey = 3,
    /// <summary>A key over stored data: the data is moved from the old key to the new one, row by row.</summary>
    [JsonStringEnumMemberName("re-encrypt")] ReEncrypt = 4,
    /// <summary>Nothing new is made: the value in use is brought to its targets again. Not a way to rotate, so not in the
    /// catalog.</summary>
    [JsonStringEnumMemberName("deliver")] Deliver = 5,
    /// <summary>The secret's end: what is live is withdrawn and revoked. Not in the catalog either.</summary>
    [JsonStringEnumMemberName("retire")] Retire = 6,
    /// <summary>No API issues it: a person makes it and gives its value; from there on as overlap.</summary>
    [JsonStringEnumMemberName("supplied")] Supplied = 7,
    /// <summary>Credentials that end by themselves: take a lease and renew it, and have the next one in place before it ends.</summary>
    [JsonStringEnumMemberName("leased")] Leased = 8,
}
