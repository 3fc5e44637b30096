namespace Rotunda.EnvFiles;

/// <summary>Node itself: <c>--env-file</c> and <c>util.parseEnv</c>. Its quotes know no escapes but <c>\n</c> in double ones.</summary>
internal sealed class NodeReader : EnvReader
{
    public override string Name => "node --env-file";

    public override EnvReading Read(EnvLine line)
    {
        var rest = line.Rest.TrimStart(' ');
        if (rest.Length > 0 && rest[0] is ('\'' or '"' or '`'))
        {
            var close = rest.IndexOf(rest[0], 1);
            return close < 0 ? EnvReading.Not(EnvReading.Open)
                : !EnvLine.IsTail(rest.AsSpan(close + 1)) ? EnvReading.Not(EnvReading.AfterQuotes)
                : EnvReading.Of(rest[0] == '"' ? rest[1..close].Replace("\\n", "\n", StringComparison.Ordinal) : rest[1..close]);
        }
        var comment = rest.IndexOf('#', StringComparison.Ordinal);
        var value = (comment < 0 ? rest : rest[..comment]).Trim(' ');
        return value.StartsWith('\t') || value.EndsWith('\t')
            ? EnvReading.Not("Node takes a tab before or behind the value for a part of it")
            : EnvReading.Of(value);
    }
}
