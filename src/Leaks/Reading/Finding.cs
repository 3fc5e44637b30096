using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.Reading;

/// <summary>A value that was found outside. Disposing clears it.</summary>
/// <param name="Values">As found; a scanner may give it in two forms.</param>
/// <param name="Where">For people and the record; never the value.</param>
public sealed record Finding(IReadOnlyList<SecretValue> Values, string Where) : IDisposable
{
    public void Dispose()
    {
        foreach (var value in Values)
        {
            value.Dispose();
        }
    }

    /// <summary>Values are not printed, also not how many.</summary>
    public override string ToString() => Where;
}
