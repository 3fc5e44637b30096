using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>The one line that a notice begins with.</summary>
internal static class NoticeTitles
{
    public static string Of(Notice notice) => notice.Title ?? $"{notice.Secret}: " + (notice.Kind switch
    {
        NoticeKind.NeedsApproval => $"rotation {notice.RotationId} waits for approval",
        NoticeKind.NeedsValue => $"rotation {notice.RotationId} waits for a value",
        NoticeKind.Escalated => $"nobody has answered what rotation {notice.RotationId} asks",
        NoticeKind.Expired => $"nobody answered in time, and rotation {notice.RotationId} was cancelled",
        NoticeKind.Stuck => $"rotation {notice.RotationId} is stuck",
        NoticeKind.Failed => $"rotation {notice.RotationId} failed and was undone",
        NoticeKind.Drifted => "drifted",
        NoticeKind.LeaseInDanger => "its lease is in danger",
        NoticeKind.DueSoon => "due soon",
        NoticeKind.Overdue => "overdue",
        NoticeKind.NearExpiry => "a value expires",
        NoticeKind.NotAdopted => "cannot be adopted",
        NoticeKind.NotInCatalog => "left the catalog, and its credentials live",
        NoticeKind.EmergencyOpened => $"emergency {notice.RotationId} was started",
        NoticeKind.EmergencyEnded => $"emergency {notice.RotationId} has ended",
        NoticeKind.Succeeded => $"rotation {notice.RotationId} succeeded",
        _ => NoticeKinds.NameOf(notice.Kind),
    });
}
