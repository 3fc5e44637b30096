using System.Globalization;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads the parts that a secret and the defaults have in common, and those that need no provider.</summary>
internal static class PolicyParts
{
    public static RetryBudget? Retry(CatalogMap parent, RetryBudget fallback) => Part(parent, "retry", CatalogWords.Retry, map =>
    {
        var retry = new RetryBudget(
            map.Integer("attempts", 1, CatalogWords.MaxAttempts) ?? fallback.Attempts,
            map.Duration("first") ?? fallback.First,
            map.Duration("max") ?? fallback.Max);
        if (retry.Max < retry.First && map.IsGood("first") && map.IsGood("max"))
        {
            map.Problem(
                "max",
                $"{DurationText.Format(retry.Max)} is shorter than the first pause, {DurationText.Format(retry.First)}. Make it at "
                    + "least as long.");
        }
        return retry;
    });

    public static EvidencePolicy? Evidence(CatalogMap parent) => Part(parent, "evidence", CatalogWords.Evidence, map =>
    {
        var evidence = new EvidencePolicy(
            map.Duration("quietFor", required: true) ?? TimeSpan.Zero,
            map.Duration("timeout", required: true) ?? TimeSpan.Zero,
            map.Choice("onTimeout", CatalogWords.TimeoutActions) ?? EvidenceTimeoutAction.Stuck);
        if (evidence.Timeout < evidence.QuietFor && map.IsGood("quietFor") && map.IsGood("timeout"))
        {
            map.Problem(
                "timeout",
                $"{DurationText.Format(evidence.Timeout)} is shorter than quietFor ({DurationText.Format(evidence.QuietFor)}), so the "
                    + "gate could never open. Make it longer.");
        }
        return evidence;
    });

    public static TimeSpan? DisableFor(CatalogMap parent)
    {
        TimeSpan? time = null;
        parent.Track("revoke", () => time = parent.Map("revoke", CatalogWords.Revoke)?.Duration("disableFor", required: true));
        return time;
    }

    public static RotationWindow? Window(CatalogMap parent, string key = "window") => Part(parent, key, CatalogWords.Window, map =>
    {
        var days = Days(map);
        var from = Time(map, "from");
        var to = Time(map, "to");
        var zone = ScheduleParts.TimeZone(map);
        if (from is not null && from == to)
        {
            map.Problem(
                "to",
                "is the same as \"from\", so the window would never be open. For the whole day leave out the window, or use days with "
                    + "00:00 and 23:59.");
        }
        return new RotationWindow(days, from ?? default, to ?? default, zone);
    });

    public static ValueRule? Value(CatalogMap parent) => Part(parent, "value", CatalogWords.Value, map =>
    {
        var format = map.Choice("format", CatalogWords.Formats) ?? ValueFormat.Text;
        var isText = format == ValueFormat.Text;
        if (format is ValueFormat.Uuid or ValueFormat.FernetKey or ValueFormat.SshEcdsa && map.Has("length"))
        {
            var name = format == ValueFormat.Uuid ? "a uuid" : format == ValueFormat.FernetKey ? "a fernet-key" : "an SSH key";
            map.Problem("length", $"has no effect on {name}. Remove it.");
        }
        if (format == ValueFormat.SshEcdsa && map.Has("prefix"))
        {
            map.Problem("prefix", "would make an SSH key unreadable. Remove it.");
        }
        var length = map.Integer("length", CatalogWords.MinLength, isText ? CatalogWords.MaxTextLength : CatalogWords.MaxBytesLength);
        var alphabet = map.Text("alphabet") is { } told ? Alphabets.Named(told) ?? told : null;
        var rule = new ValueRule(format, length ?? (isText ? ValueRule.Default.Length : 32), alphabet, map.Text("prefix"));
        if (rule.Alphabet is not null && map.IsGood("format"))
        {
            CheckAlphabet(map, rule);
        }
        if (rule.Prefix is { } prefix && (prefix.Length > 64 || !prefix.All(c => c is > ' ' and <= '~')))
        {
            map.Problem("prefix", "must be at most 64 printable ASCII characters without blanks.");
        }
        return rule;
    });

    private static void CheckAlphabet(CatalogMap map, ValueRule rule)
    {
        var alphabet = rule.Alphabet!;
        if (rule.Format != ValueFormat.Text)
        {
            map.Problem("alphabet", "is only for format: text. Remove it.");
        }
        else if (Alphabets.IsWord(alphabet))
        {
            map.Problem(
                "alphabet",
                $"is no alphabet that is known ({Alphabets.Names}). If you mean these characters, write them in order: "
                    + $"{string.Concat(alphabet.Distinct().Order())}.");
        }
        else if (!alphabet.All(c => c is > ' ' and <= '~') || alphabet.Distinct().Count() != alphabet.Length || alphabet.Length < 2)
        {
            map.Problem(
                "alphabet",
                $"must be at least 2 different printable ASCII characters, none twice and no blanks, or one of {Alphabets.Names}.");
        }
        else if (map.IsGood("length") && rule.Length * Math.Log2(alphabet.Length) < 64)
        {
            map.Problem(
                "alphabet",
                $"{rule.Length} characters out of {alphabet.Length} can be guessed (fewer than 64 bits). Allow more characters, or a "
                    + "greater length.");
        }
    }

    private static List<DayOfWeek> Days(CatalogMap map)
    {
        var names = map.Texts("days");
        if (names is { Count: 0 } && map.IsGood("days"))
        {
            map.Problem("days", "is empty, so the window would never be open. Name days, or leave it out for every day.");
        }
        var days = new List<DayOfWeek>();
        foreach (var name in names ?? [])
        {
            if (CatalogWords.Days.TryGetValue(name, out var day))
            {
                days.Add(day);
            }
            else
            {
                map.Problem("days", $"\"{name}\" is not a day. {Suggestion.For(name, CatalogWords.Days.Keys)}");
            }
        }
        return days;
    }

    public static TimeOnly? Time(CatalogMap map, string key)
    {
        if (map.Text(key, required: true) is not { } text)
        {
            return null;
        }
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }
        map.Problem(key, text == "24:00"
            ? "the end of a day is written \"00:00\"."
            : $"\"{text}\" is not a time of day. Write hours and minutes, 00:00 to 23:59, in quotes: \"09:30\".");
        return null;
    }

    internal static T? Part<T>(CatalogMap parent, string key, string[] known, Func<CatalogMap, T> read)
        where T : class
    {
        // Tracked, so that a problem inside the part marks the part as bad.
        T? part = null;
        parent.Track(key, () => part = parent.Map(key, known) is { } map ? read(map) : null);
        return part;
    }
}
