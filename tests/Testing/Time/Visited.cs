namespace Rotunda.Testing.Time;

/// <summary>
/// Which points of a crash matrix a run visits: by default each second one, odd ones one day and even ones the next, so that the
/// whole of it is seen in two days and one run stays short. ROTUNDA_KILL_ALL=1 visits all.
/// </summary>
public static class Visited
{
    private const int DefaultStride = 2;

    /// <summary>1 if all are visited, else how many days it takes to visit all.</summary>
    public static int Stride => Environment.GetEnvironmentVariable("ROTUNDA_KILL_ALL") == "1" ? 1 : DefaultStride;

    /// <returns>The visited ones of <paramref name="count"/> points, from 0, in their order.</returns>
    public static IEnumerable<int> Of(int count, int? stride = null)
    {
        var step = Stride == 1 ? 1 : stride ?? Stride;
        var first = (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400 % step);
        for (var point = first; point < count; point += step)
        {
            yield return point;
        }
    }
}
