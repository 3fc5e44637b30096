namespace Rotunda.EnvFiles;

/// <summary>What a reader takes for the value, or why that is not sure. The problem repeats nothing of the value.</summary>
internal readonly record struct EnvReading(string? Value, string? Problem)
{
    public const string AfterQuotes = "something stands behind the closing quote";
    public const string Open = "its quote is never closed";
    public const string Expanded = "a $ may begin a variable";

    public static EnvReading Of(string value) => new(value, null);

    public static EnvReading Not(string problem) => new(null, problem);
}
