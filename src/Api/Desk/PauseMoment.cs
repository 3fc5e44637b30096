using System.Globalization;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Until when a person pauses.</summary>
internal static class PauseMoment
{
    /// <summary>A day, a moment, or a duration from now on; null for what is none.</summary>
    public static DateTimeOffset? TryParse(string? text, DateTimeOffset now) =>
        DurationText.TryParse(text, out var time) ? now + time
        : DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mmK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at
        : null;
}
