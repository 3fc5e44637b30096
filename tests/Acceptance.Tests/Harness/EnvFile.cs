namespace Rotunda.Acceptance.Tests.Harness;

internal static class EnvFile
{
    /// <summary>The value of a key, as an application reads it.</summary>
    public static string Read(string path, string key)
    {
        var line = File.ReadAllLines(path).Last(l => l.StartsWith(key + "=", StringComparison.Ordinal));
        return line[(key.Length + 1)..].Trim('\'', '"');
    }
}
