using System.Text.RegularExpressions;

namespace Rotunda.EnvFiles;

/// <summary>The npm packages dotenv and dotenv-expand together (Vite, Next.js, Create React App): variables are expanded in every kind of
/// quotes, and <c>\$</c> is a dollar sign.</summary>
internal sealed partial class DotenvExpandReader : NodeDotenvReader
{
    public override string Name => "dotenv-expand";

    public override EnvReading Read(EnvLine line)
    {
        var read = base.Read(line);
        return read.Value is not { } value ? read
            : Variable().IsMatch(value) ? EnvReading.Not(EnvReading.Expanded)
            : EnvReading.Of(value.Replace("\\$", "$", StringComparison.Ordinal));
    }

    /// <summary>Newer releases run <c>$(…)</c> as a command, also behind a backslash.</summary>
    [GeneratedRegex(@"(?<!\\)\$[A-Za-z_{]|\$\(", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Variable();
}
