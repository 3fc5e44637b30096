using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>What a notice tells. Histories and audits hold the names: never change one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    [JsonStringEnumMemberName("needs-approval")] NeedsApproval = 0,
    [JsonStringEnumMemberName("needs-value")] NeedsValue = 1,
    [JsonStringEnumMemberName("stuck")] Stuck = 2,
    [JsonStringEnumMemberName("failed")] Failed = 3,
    [JsonStringEnumMemberName("drifted")] Drifted = 4,
    [JsonStringEnumMemberName("due-soon")] DueSoon = 5,
    [JsonStringEnumMemberName("overdue")] Overdue = 6,
    [JsonStringEnumMemberName("near-expiry")] NearExpiry = 7,
    [JsonStringEnumMemberName("not-adopted")] NotAdopted = 8,
    [JsonStringEnumMemberName("not-in-catalog")] NotInCatalog = 9,
    [JsonStringEnumMemberName("emergency-opened")] EmergencyOpened = 10,
    [JsonStringEnumMemberName("emergency-ended")] EmergencyEnded = 11,
    [JsonStringEnumMemberName("succeeded")] Succeeded = 12,

    /// <summary>A scheduled rotation comes.</summary>
    [JsonStringEnumMemberName("change")] Change = 13,

    /// <summary>The calm ones of a day in one message. No route names it.</summary>
    [JsonStringEnumMemberName("digest")] Digest = 14,

    /// <summary>A person tries a channel. No route names it.</summary>
    [JsonStringEnumMemberName("test")] Test = 15,
    [JsonStringEnumMemberName("campaign-begun")] CampaignBegun = 16,
    [JsonStringEnumMemberName("campaign-needs-people")] CampaignNeedsPeople = 17,
    [JsonStringEnumMemberName("campaign-ended")] CampaignEnded = 18,

    /// <summary>Nobody has answered for so long that others are told.</summary>
    [JsonStringEnumMemberName("escalated")] Escalated = 19,

    /// <summary>Nobody answered in time.</summary>
    [JsonStringEnumMemberName("expired")] Expired = 20,
    [JsonStringEnumMemberName("catalog-broken")] CatalogBroken = 21,
    [JsonStringEnumMemberName("catalog-mended")] CatalogMended = 22,

    /// <summary>A lease cannot be renewed, or has ended before the next one was in place.</summary>
    [JsonStringEnumMemberName("lease-in-danger")] LeaseInDanger = 23,

    /// <summary>A leaked value works, and a person has to act.</summary>
    [JsonStringEnumMemberName("leak-found")] LeakFound = 30,
    [JsonStringEnumMemberName("leak-dead")] LeakDead = 31,
}
