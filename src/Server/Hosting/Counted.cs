namespace Rotunda.Server.Hosting;

/// <summary>So many of a thing, in words: "1 secret", "2 secrets".</summary>
internal static class Counted
{
    public static string Of(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
