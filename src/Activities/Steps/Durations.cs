
namespace Rotunda.Activities.Steps;

/// <summary>Reads durations as plans may hold them: 1.02:03:04, PT36H or 1d12h.</summary>
internal static class Durations
{
    public static TimeSpan? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (text.StartsWith('P'))
        {
            return System.Xml.XmlConvert.ToTimeSpan(text);
        }

        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        }

        var (total, number) = (TimeSpan.Zero, 0L);
        foreach (var symbol in text)
        {
            if (char.IsAsciiDigit(symbol))
            {
                number = checked(number * 10 + symbol - '0');
                continue;
            }

            total += Unit(symbol, text) * number;
            number = 0;
        }

        return number == 0 ? total : throw new FormatException($"'{text}' is not a duration: it ends without a unit.");
    }

    private static TimeSpan Unit(char symbol, string text) => symbol switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => throw new FormatException($"'{text}' is not a duration: '{symbol}' is no unit."),
    };
}
