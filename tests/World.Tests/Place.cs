namespace Rotunda.World.Tests;

/// <summary>A target, and the clients that read it.</summary>
internal sealed class Place
{
    /// <summary>What stands there: one value, or two around a plus. Null: nothing.</summary>
    public string? Text { get; set; }

    /// <summary>What the clients have read of it.</summary>
    public string? Loaded { get; set; }

    /// <summary>Nobody reads it any more.</summary>
    public bool IsLeft { get; set; }

    /// <summary>A person has filled it, and Rotunda has delivered nothing there yet: what it accepts is told as drift, and is on no
    /// record.</summary>
    public bool IsByHand { get; set; }

    public static string? Primary(string? text) => text?.Split('+')[0];

    public static bool Accepts(string? text, string value) => text?.Split('+').Contains(value, StringComparer.Ordinal) == true;
}
